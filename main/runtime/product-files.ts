import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ThreadScripts } from './parts.ts';

export interface ProductFiles {
  /** What runs in plugins' processes: the Node one bundled, the Python one with its siblings beside it. */
  readonly hostScripts: { readonly node: string; readonly python: string };
  readonly threadScripts: ThreadScripts;
  readonly databaseScript: string;
  readonly preload: string;
  /** The React UI: index.html and its assets. */
  readonly ui: string;
  /** The README. */
  readonly documentation: string;
}

/**
 * The built files around an entry (`out/main/index.cjs`, `out/main/cli.cjs`), which gives its own
 * `import.meta.url`.
 */
export function productFiles(entry: string): ProductFiles {
  const main = dirname(fileURLToPath(entry));
  return {
    hostScripts: { node: resolve(main, 'node-host.cjs'), python: resolve(main, 'python_host.py') },
    threadScripts: {
      traces: resolve(main, 'trace-worker.cjs'),
      traceFile: resolve(main, 'trace-file-worker.cjs'),
      check: resolve(main, 'check-worker.cjs'),
    },
    databaseScript: resolve(main, 'database-process.cjs'),
    preload: resolve(main, '../preload/preload.cjs'),
    ui: resolve(main, '../renderer'),
    documentation: resolve(main, '../../README.md'),
  };
}
