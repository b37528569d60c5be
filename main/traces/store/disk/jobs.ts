import type { Place } from '../index.ts';

/**
 * What the runtime asks of the thread that holds the traces' files. It does one thing after the other, in the
 * order asked, with plain blocking calls: nothing it waits for holds up a request.
 */
export interface DiskJobs {
  /** Reads the rows of a segment. */
  load: { argument: { readonly segment: number }; answer: LoadedSegment };
  /**
   * Writes records, each with its line's end, at `offset`, where the segment must end; what is beyond it is
   * torn.
   */
  append: { argument: Append; answer: null };
  /** The text of one record. */
  read: { argument: Place; answer: string };
  /** The `seq` of each record in a run of them that holds a text. */
  search: { argument: { readonly run: Place; readonly text: string }; answer: readonly number[] };
  /** Removes segments; ones that are already gone are not a failure. */
  remove: { argument: { readonly segments: readonly number[] }; answer: null };
  /** Removes every segment there is and remembers that traces are counted from `base` on. */
  clear: { argument: { readonly base: number }; answer: null };
  /** Flushes everything to the disk and releases the folder. */
  close: { argument: null; answer: null };
}

export interface Append {
  readonly segment: number;
  readonly offset: number;
  readonly records: Uint8Array;
}

export interface LoadedSegment {
  /** Each record's row with a line's end, oldest first. */
  readonly rows: Uint8Array;
  readonly offsets: Uint32Array;
  readonly bytes: Uint32Array;
  /** Up to the end of the last whole record. */
  readonly size: number;
  /** Lines that are not records, a torn last one included. */
  readonly damaged: number;
}

export type DiskJob = keyof DiskJobs;

export interface DiskRequest {
  readonly id: number;
  readonly job: DiskJob;
  readonly argument: unknown;
}

export type DiskReply =
  | { readonly id: number; readonly ok: true; readonly answer: unknown }
  /** `code` as of the system (ENOSPC), or one of `DISK_ERRORS`. */
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };

export const DISK_ERRORS = {
  /** Another runtime has taken the folder. */
  lockLost: 'LOCK_LOST',
  /** A segment is shorter than what was written to it: someone replaced or removed it. */
  moved: 'MOVED',
} as const;

/** What the thread is started with. */
export interface DiskThreadData {
  readonly folder: string;
  /** What the lock's file holds while it is ours. */
  readonly lock: string;
}
