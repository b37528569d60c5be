import { createTraceIndex, type TraceIndex } from './index.ts';

/** Rows and records of the kept traces, and the account of those that could not be kept. */
export interface RetentionBuffer {
  readonly index: TraceIndex;
  readonly recent: RecentTraces;
  readonly limits: ShelfLimits;
  /** The `seq` given last. */
  lastSeq: number;
  /** Dropped since start because newer ones needed the room. */
  dropped: number;
  /** Of them: dropped from memory before they could be written. */
  unwritten: number;
  /** Records on disk that turned out to be unreadable. */
  damaged: number;
  /** Takes the oldest row away. */
  dropOldest(): void;
  /** Forgets all of it, for traces whose numbers go on after `lastSeq`. */
  empty(lastSeq: number): void;
  /** Drops what memory has no room for; what is written stays on disk. */
  trim(): void;
}

export interface TraceLimits {
  readonly maxTraces: number;
  /** Of the traces as JSON. */
  readonly maxBytes: number;
}

export interface ShelfLimits {
  /** Of traces that are only in memory. */
  readonly memory: TraceLimits;
  /** Of written traces that stay in memory too, since the newest are what one looks at. */
  readonly copies: TraceLimits;
  /** Of all together. */
  readonly maxTraces: number;
}

export function createTraceShelf(limits: ShelfLimits): RetentionBuffer {
  const index = createTraceIndex(limits.maxTraces + 1);
  const recent = createRecentTraces();
  const isOver = ({ maxTraces, maxBytes }: TraceLimits) =>
    recent.count > maxTraces || recent.bytes > maxBytes;
  function dropUnwritten(position: number, seq: number): void {
    if (position === 0) {
      shelf.dropOldest();
      return;
    }
    recent.drop(seq);
    index.remove(position);
    shelf.dropped += 1;
    shelf.unwritten += 1;
  }
  const shelf: RetentionBuffer = {
    ...{ index, recent, limits, lastSeq: 0, dropped: 0, unwritten: 0, damaged: 0 },
    empty(lastSeq) {
      index.clear();
      recent.clear();
      Object.assign(shelf, { lastSeq, dropped: 0, unwritten: 0, damaged: 0 });
    },
    dropOldest() {
      const seq = index.seqAt(0);
      if (index.isKept(0) && index.placeAt(0) === null) shelf.unwritten += 1;
      recent.drop(seq);
      if (index.dropOldest()) shelf.dropped += 1;
    },
    trim() {
      while (index.size > limits.maxTraces) shelf.dropOldest();
      // The newest stays even when it is larger than the whole limit: it is what someone waits for.
      while (recent.count > 1) {
        const seq = recent.oldest() ?? 0;
        const position = index.positionOf(seq);
        const isWritten = position >= 0 && index.placeAt(position) !== null;
        if (!isOver(isWritten ? limits.copies : limits.memory)) return;
        if (isWritten || position < 0) recent.drop(seq);
        else dropUnwritten(position, seq);
      }
    },
  };
  return shelf;
}

/** The newest traces' records, in memory: as bytes outside of the engine's heap, where objects took three times the room. */
export interface RecentTraces {
  readonly count: number;
  /** Of the records. */
  readonly bytes: number;
  add(seq: number, record: Buffer): void;
  get(seq: number): Buffer | undefined;
  /** The oldest one here. */
  oldest(): number | undefined;
  drop(seq: number): void;
  clear(): void;
}

export function createRecentTraces(): RecentTraces {
  // A Map keeps the order of insertion: its first entry is the oldest.
  const records = new Map<number, Buffer>();
  let bytes = 0;
  return {
    get count() {
      return records.size;
    },
    get bytes() {
      return bytes;
    },
    add(seq, record) {
      records.set(seq, record);
      bytes += record.length;
    },
    get: (seq) => records.get(seq),
    oldest: () => records.keys().next().value,
    drop(seq) {
      bytes -= records.get(seq)?.length ?? 0;
      records.delete(seq);
    },
    clear() {
      records.clear();
      bytes = 0;
    },
  };
}
