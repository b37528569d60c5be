import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ProductFiles {
  /** Runs in each plugin's process. */
  readonly hostScript: string;
  readonly preload: string;
  /** The React UI: index.html and its assets. */
  readonly ui: string;
}

/** The built files around an entry (`out/main/index.cjs`, `out/main/serve.cjs`), which gives its own `import.meta.url`. */
export function productFiles(entry: string): ProductFiles {
  const main = dirname(fileURLToPath(entry));
  return {
    hostScript: resolve(main, 'node-host.cjs'),
    preload: resolve(main, '../preload/preload.cjs'),
    ui: resolve(main, '../renderer'),
  };
}
