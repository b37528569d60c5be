import { getOS } from 'mongodb-memory-server-core/lib/util/getos';
import { MongoBinaryDownload } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload';
import { errorCode, errorMessage } from '../../system/errors.ts';

/**
 * Downloads a MongoDB server in a process of its own, which can be ended at any time, and whose environment and
 * working directory are chosen: the downloader takes settings from both.
 */

export type FromDownload =
  | { readonly type: 'progress'; readonly received: number; readonly total: number }
  /** `path`: of the program. */
  | { readonly type: 'done'; readonly path: string }
  | { readonly type: 'failed'; readonly message: string; readonly code: string | null };

const PROGRESS_MS = 200;

class Download extends MongoBinaryDownload {
  #toldAt = 0;

  override printDownloadProgress(chunk: { readonly length: number }): void {
    this.dlProgress.current += chunk.length;
    const now = performance.now();
    if (now - this.#toldAt < PROGRESS_MS) return;
    this.#toldAt = now;
    tell({ type: 'progress', received: this.dlProgress.current, total: this.dlProgress.length });
  }
}

function tell(message: FromDownload): void {
  process.send?.(message);
}

process.on('disconnect', () => process.exit(1));
const [version = '', downloadDir = ''] = process.argv.slice(2);
getOS()
  .then((os) => new Download({ version, downloadDir, os, checkMD5: true }).getMongodPath())
  .then(
    (path) => tell({ type: 'done', path }),
    (error: unknown) =>
      tell({ type: 'failed', message: errorMessage(error), code: errorCode(error) ?? null }),
  )
  .finally(() => process.disconnect());
