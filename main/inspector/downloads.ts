import { randomBytes } from 'node:crypto';

/** Files that a browser fetches: made when they are fetched, and only once. */
export interface Download {
  readonly name: string;
  readonly chunks: AsyncIterable<string>;
}

export interface Downloads {
  /** Returns the id to fetch it by. */
  offer(download: Download): string;
  /** Null for one that was fetched already, or offered too long ago. */
  take(id: string): Download | null;
}

/** A page fetches what it asked for at once. */
const PATIENCE_MS = 60_000;

export function createDownloads(): Downloads {
  const offered = new Map<string, { readonly download: Download; readonly timer: NodeJS.Timeout }>();
  return {
    offer(download) {
      const id = randomBytes(16).toString('hex');
      const timer = setTimeout(() => offered.delete(id), PATIENCE_MS);
      timer.unref();
      offered.set(id, { download, timer });
      return id;
    },
    take(id) {
      const found = offered.get(id);
      if (found === undefined) return null;
      clearTimeout(found.timer);
      offered.delete(id);
      return found.download;
    },
  };
}
