import { randomBytes } from 'node:crypto';
import type { SaveOutcome } from '../contract/save.ts';

/** Files that a browser fetches: made when they are fetched, and only once. */
interface Download {
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

export interface SaveDeps {
  /** Null in a browser. */
  readonly desktop: { saveFile(name: string, chunks: AsyncIterable<string>): Promise<string | null> } | null;
  readonly downloads: Downloads;
}

/**
 * Has a file saved under a name that the user may change: by the desktop's dialog, or as what a browser
 * fetches.
 */
export async function saveFile(
  { desktop, downloads }: SaveDeps,
  name: string,
  chunks: AsyncIterable<string>,
): Promise<SaveOutcome> {
  if (desktop === null) return { state: 'download', id: downloads.offer({ name, chunks }), name };
  const path = await desktop.saveFile(name, chunks);
  return path === null ? { state: 'cancelled' } : { state: 'saved', path };
}
