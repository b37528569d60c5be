import { resolve } from 'node:path';

/** Where the global set-up puts the plugin host's script, bundled from today's source. */
export const hostScript = resolve(
  import.meta.dirname,
  '../../node_modules/.cache/workbench-test/node-host.cjs',
);

/** What a runtime is given; the Python one needs no bundling. */
export const hostScripts = {
  node: hostScript,
  python: resolve(import.meta.dirname, '../../main/hosts/python/python_host.py'),
};

/** What runs in the local database's process, bundled by the global set-up too. */
export const databaseScript = resolve(
  import.meta.dirname,
  '../../node_modules/.cache/workbench-test/database-process.cjs',
);

/** What runs in threads, bundled by the global set-up too. */
export const threadScripts = {
  traces: resolve(import.meta.dirname, '../../node_modules/.cache/workbench-test/trace-worker.cjs'),
  traceFile: resolve(import.meta.dirname, '../../node_modules/.cache/workbench-test/trace-file-worker.cjs'),
  check: resolve(import.meta.dirname, '../../node_modules/.cache/workbench-test/check-worker.cjs'),
};
