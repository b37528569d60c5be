import { copyFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { build } from 'esbuild';
import type { Plugin } from 'vite';
import { CHROME_TARGET, NODE_TARGET } from './main/bin/fallback-electron/floor.ts';
import { hostBundle } from './main/hosts/node/bundle.ts';

const root = import.meta.dirname;

export default defineConfig({
  main: {
    plugins: [
      {
        name: 'plugin-host',
        async writeBundle() {
          await build(hostBundle(root, resolve(root, 'out/main/node-host.cjs')));
          await copyPythonHost(resolve(root, 'main/hosts/python'), resolve(root, 'out/main'));
        },
      },
    ],
    build: {
      outDir: 'out/main',
      target: NODE_TARGET,
      // Everything is bundled, since jose, chokidar and others are ES modules that a CommonJS main can't
      // require.
      externalizeDeps: false,
      rollupOptions: {
        input: {
          index: resolve(root, 'main/index.ts'),
          cli: resolve(root, 'main/cli.ts'),
          'trace-worker': resolve(root, 'main/traces/store/disk/disk-worker.ts'),
          'trace-file-worker': resolve(root, 'main/traces/files/file-worker.ts'),
          'database-process': resolve(root, 'main/database/database-process.ts'),
          'mongodb-download': resolve(root, 'main/database/mongodb/download-process.ts'),
          'check-worker': resolve(root, 'main/conformance/run/check-worker.ts'),
        },
        // esbuild ships a binary that it looks for beside its own files.
        external: ['electron', 'esbuild'],
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: NODE_TARGET,
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: resolve(root, 'main/desktop/preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    base: './',
    plugins: [react(), mantineStyles()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: CHROME_TARGET,
      minify: true,
      rollupOptions: {
        input: {
          index: resolve(root, 'renderer/index.html'),
          'startup-error': resolve(root, 'renderer/startup-error.html'),
        },
      },
    },
  },
});

/** The variables of the palettes that nothing here is painted with: a third of Mantine's base sheet. */
const UNUSED_PALETTES =
  /--mantine-color-(?:pink|grape|violet|indigo|cyan|green|lime|yellow|orange)-[\w-]+:[^;}]*;?/g;

/**
 * Reduces Mantine's style sheet (227 kB) to what the components in use need. Each component has a
 * `X.module.mjs` with its class names, and the styles of those classes in `styles/X.layer.css`: a module that
 * comes into the bundle brings its styles along, and of the whole sheet only what no component owns is left,
 * without the palettes that are not used. The layer lets our own styles win whatever the order in which
 * chunks arrive. The development server serves the whole sheet.
 */
function mantineStyles(): Plugin {
  const whole = '@mantine/core/styles.layer.css';
  const base = '\0mantine-base.js';
  const sheet = (name: string) => `import '@mantine/core/styles/${name}.layer.css';\n`;
  return {
    name: 'mantine-styles',
    apply: 'build',
    enforce: 'pre',
    resolveId: (id) => (id === whole ? base : null),
    load: (id) =>
      id === base
        ? {
            code: ['baseline', 'default-css-variables', 'global'].map(sheet).join(''),
            moduleSideEffects: true,
          }
        : null,
    transform(code, id) {
      if (id.endsWith('/default-css-variables.layer.css')) {
        return { code: code.replace(UNUSED_PALETTES, ''), map: null };
      }
      const name = /@mantine\/core\/esm\/.*\/(\w+)\.module\.mjs$/.exec(id)?.[1];
      return name === undefined ? null : { code: `${sheet(name)}${code}`, map: null };
    },
  };
}

/** Python needs no building: its host is the source, with the modules beside it. */
async function copyPythonHost(from: string, to: string): Promise<void> {
  const files = (await readdir(from)).filter((file) => file.endsWith('.py'));
  await Promise.all(files.map((file) => copyFile(join(from, file), join(to, file))));
}
