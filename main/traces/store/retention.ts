import { TraceIndex } from './index.ts';

export interface TraceLimits {
  readonly maxTraces: number;
  /** Of the traces as JSON. */
  readonly maxBytes: number;
}

export interface RetentionLimits {
  /** Of traces that are only in memory. */
  readonly memory: TraceLimits;
  /** Of traces on disk that stay in memory too, since the newest are the ones people look at. */
  readonly copies: TraceLimits;
  /** Of all together. */
  readonly maxTraces: number;
}

/** Rows and records of the traces, and counts of those that had to be dropped. */
export class RetentionBuffer {
  readonly index: TraceIndex;
  readonly recent = new RecentTraces();
  readonly limits: RetentionLimits;
  /** The `seq` given last. */
  lastSeq = 0;
  /** Dropped since start because newer ones needed the room. */
  dropped = 0;
  /** Of them: dropped from memory before they could be written. */
  unwritten = 0;
  /** Records on disk that turned out to be unreadable. */
  damaged = 0;

  constructor(limits: RetentionLimits) {
    this.limits = limits;
    this.index = new TraceIndex(limits.maxTraces + 1);
  }

  /** Takes the oldest row away. */
  dropOldest(): void {
    const { index, recent } = this;
    if (index.isStored(0) && index.placeAt(0) === null) this.unwritten += 1;
    recent.drop(index.seqAt(0));
    if (index.dropOldest()) this.dropped += 1;
  }

  /** Forgets everything, for traces whose numbers continue after `lastSeq`. */
  reset(lastSeq: number): void {
    this.index.clear();
    this.recent.clear();
    this.lastSeq = lastSeq;
    this.dropped = 0;
    this.unwritten = 0;
    this.damaged = 0;
  }

  /** Drops what memory has no room for; what is written stays on disk. */
  trim(): void {
    const { index, recent, limits } = this;
    while (index.size > limits.maxTraces) this.dropOldest();
    // The newest stays even when it is larger than the whole limit: someone is waiting for it.
    while (recent.count > 1) {
      const seq = recent.oldest() ?? 0;
      const position = index.positionOf(seq);
      const isWritten = position >= 0 && index.placeAt(position) !== null;
      if (!this.#isOver(isWritten ? limits.copies : limits.memory)) return;
      if (isWritten || position < 0) recent.drop(seq);
      else this.#dropUnwritten(position, seq);
    }
  }

  #isOver({ maxTraces, maxBytes }: TraceLimits): boolean {
    return this.recent.count > maxTraces || this.recent.bytes > maxBytes;
  }

  #dropUnwritten(position: number, seq: number): void {
    if (position === 0) {
      this.dropOldest();
      return;
    }
    this.recent.drop(seq);
    this.index.remove(position);
    this.dropped += 1;
    this.unwritten += 1;
  }
}

/**
 * The newest traces' records, in memory: as bytes outside the JavaScript heap, where objects would take three
 * times the space.
 */
class RecentTraces {
  // A Map keeps the order of insertion: its first entry is the oldest.
  readonly #records = new Map<number, Buffer>();
  #bytes = 0;

  get count(): number {
    return this.#records.size;
  }

  /** Of the records. */
  get bytes(): number {
    return this.#bytes;
  }

  add(seq: number, record: Buffer): void {
    this.#records.set(seq, record);
    this.#bytes += record.length;
  }

  get(seq: number): Buffer | undefined {
    return this.#records.get(seq);
  }

  /** The oldest one here. */
  oldest(): number | undefined {
    return this.#records.keys().next().value;
  }

  drop(seq: number): void {
    this.#bytes -= this.#records.get(seq)?.length ?? 0;
    this.#records.delete(seq);
  }

  clear(): void {
    this.#records.clear();
    this.#bytes = 0;
  }
}
