import { copyFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { build } from 'esbuild';
import { hostBundle } from './main/hosts/host-bundle.ts';

const root = import.meta.dirname;

/** Node 18 and Chrome 114: the oldest Electron this project runs on (see README, "Which Electron"). */
export default defineConfig({
  main: {
    plugins: [
      {
        name: 'plugin-host',
        async writeBundle() {
          await build(hostBundle(root, resolve(root, 'out/main/node-host.cjs')));
          await copyPythonHost(resolve(root, 'main/hosts'), resolve(root, 'out/main'));
        },
      },
    ],
    build: {
      outDir: 'out/main',
      target: 'node18',
      // Everything is bundled, since jose, chokidar and others are ES modules that a CommonJS main can't require.
      externalizeDeps: false,
      rollupOptions: {
        input: {
          index: resolve(root, 'main/index.ts'),
          serve: resolve(root, 'main/serve.ts'),
          cli: resolve(root, 'main/cli.ts'),
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
      target: 'node18',
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: resolve(root, 'main/preload.ts') },
        external: ['electron'],
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: resolve(root, 'renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      target: 'chrome114',
      minify: true,
      rollupOptions: { input: resolve(root, 'renderer/index.html') },
    },
  },
});

/** Python needs no building: its host is the source, with the modules beside it. */
async function copyPythonHost(from: string, to: string): Promise<void> {
  const files = (await readdir(from)).filter((file) => file.endsWith('.py'));
  await Promise.all(files.map((file) => copyFile(join(from, file), join(to, file))));
}
