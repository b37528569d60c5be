import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built files beside the running bundle (`out/main/index.cjs` or `out/main/serve.cjs`). */
const main = dirname(fileURLToPath(import.meta.url));

export const PRODUCT_FILES = {
  /** Runs in each plugin's process. */
  hostScript: resolve(main, 'node-host.cjs'),
  preload: resolve(main, '../preload/preload.cjs'),
  /** The React UI: index.html and its assets. */
  ui: resolve(main, '../renderer'),
} as const;
