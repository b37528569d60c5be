import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';

/** A compiled addon can't be bundled: it stays where it is and is required by its absolute path. */
export const nativeAddons: Plugin = {
  name: 'native-addons',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\.node$/ }, ({ path, resolveDir }) => ({
      path: resolve(resolveDir, path),
      external: true,
    }));
  },
};

/**
 * Packages that read files beside their own code ask for `__dirname` or `import.meta.url`, which inside of a bundle would
 * be the plugin's: each such file is given its own. The author's files keep their text, so that positions stay true.
 */
export const ownPlaces: Plugin = {
  name: 'own-places',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = withPlaces(source, path);
      return contents === source ? null : { contents, loader: 'js', resolveDir: dirname(path) };
    });
  },
};

/** Pure. */
function withPlaces(source: string, path: string): string {
  const url = JSON.stringify(pathToFileURL(path).href);
  const text = source.replaceAll(/\bimport\.meta\.url\b/g, url);
  // An ES module has no such names unless it declares them itself, and then a second declaration would clash.
  if (!/\b__(dirname|filename)\b/.test(text) || /\b(const|let|var)\s+__(dirname|filename)\b/.test(text))
    return text;
  const names = `var __filename = ${JSON.stringify(path)}, __dirname = ${JSON.stringify(dirname(path))};`;
  return text.startsWith('#!') ? text.replace('\n', `\n${names}`) : `${names}${text}`;
}
