import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OnResolveArgs, PartialMessage, Plugin } from 'esbuild';
import { MONGO_CLIENT_HOOK } from '../../contract/child-span.ts';
import { errorMessage } from '../../system/errors.ts';
import { inspectFile, readBoundedFile } from '../../system/read-file.ts';

/**
 * Reads what a build is made of. The compiler itself would wait for a FIFO, and read a device until the memory is
 * full: each source is read here, and the JSON files that it reads by itself are looked at before it does.
 */

const MAX_SOURCE_BYTES = 32 * 1024 * 1024;
const MAX_SETTINGS_BYTES = 1024 * 1024;

const PACKAGE = 'package.json';
/** What the compiler reads in a folder outside of packages. */
const SETTINGS = [PACKAGE, 'tsconfig.json', 'jsconfig.json'];
/** A package's own code. */
const PACKAGED = /[\\/]node_modules[\\/].*\.[cm]?js$/;

export const boundedSources: Plugin = {
  name: 'bounded-sources',
  setup: ({ onResolve, onLoad }) => {
    /** Each is looked at once in a build. */
    const known = new Map<string, PartialMessage | null>();
    // Not in turns: a hundred looks at files that mostly aren't there take less time than one wait for a thread.
    const inspect = (path: string): PartialMessage | null => {
      const inspected = known.has(path) ? (known.get(path) ?? null) : inspectSettings(path);
      known.set(path, inspected);
      return inspected;
    };
    onResolve({ filter: /.*/ }, (args) => {
      const problems = [...settingsOf(args)].map(inspect);
      return { errors: problems.filter((problem) => problem !== null).slice(0, 1) };
    });
    onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
      try {
        const content = await readBoundedFile(path, { maxBytes: MAX_SOURCE_BYTES });
        const contents = PACKAGED.test(path) ? withLocations(content.toString('utf8'), path) : content;
        return { contents, loader: 'default' };
      } catch (error) {
        return { errors: [{ text: errorMessage(error) }] };
      }
    });
  },
};

/** Where the compiler looks for settings while it resolves an import. */
function settingsOf({ path, resolveDir }: OnResolveArgs): Set<string> {
  const isPath = /^(\.|[A-Za-z]:[\\/]|[\\/])/.test(path);
  const targets = isPath
    ? upwards(resolve(resolveDir, path))
    : upwards(resolveDir).flatMap((folder) => packageFolders(join(folder, 'node_modules'), path));
  const folders = isPath ? [...targets, ...upwards(resolveDir)] : upwards(resolveDir);
  return new Set([
    ...folders.flatMap((folder) => SETTINGS.map((file) => join(folder, file))),
    ...targets.map((folder) => join(folder, PACKAGE)),
  ]);
}

/** The folder and all above it. */
function upwards(folder: string): string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upwards(above)];
}

/** `a/b/c` of a package, then `a/b`, then `a`. */
function packageFolders(modules: string, name: string): string[] {
  const parts = name.split('/');
  return parts.map((_, index) => join(modules, ...parts.slice(0, index + 1)));
}

/** Null for one that can be read, and for one that isn't there. */
function inspectSettings(path: string): PartialMessage | null {
  const problem = inspectFile(path, { maxBytes: MAX_SETTINGS_BYTES });
  return problem === null ? null : { text: problem.message };
}

/**
 * Packages that read files beside their own code use `__dirname` or `import.meta.url`, which would be the
 * plugin's inside a bundle: each such file is given its own. The author's files stay unchanged, so that
 * positions are correct. Pure.
 */
function withLocations(source: string, path: string): string {
  const url = JSON.stringify(pathToFileURL(path).href);
  const text = source.replaceAll(/\bimport\.meta\.url\b/g, url);
  // An ES module has no such names unless it declares them itself; then a second declaration would clash.
  if (!/\b__(dirname|filename)\b/.test(text) || /\b(const|let|var)\s+__(dirname|filename)\b/.test(text))
    return observed(text, path);
  const names = `var __filename = ${JSON.stringify(path)}, __dirname = ${JSON.stringify(dirname(path))};`;
  return observed(text.startsWith('#!') ? text.replace('\n', `\n${names}`) : `${names}${text}`, path);
}

/** In every version of the driver since 4. */
const MONGO_CLIENT = /[\\/]node_modules[\\/]mongodb[\\/]lib[\\/](mongo_client|cmap[\\/]connection_pool)\.js$/;

/** The driver's commands are the only thing of a plugin's database that nothing outside the driver can tell. */
function observed(text: string, path: string): string {
  if (!MONGO_CLIENT.test(path)) return text;
  return `${text}\n;globalThis[Symbol.for(${JSON.stringify(MONGO_CLIENT_HOOK)})]?.(exports);\n`;
}
