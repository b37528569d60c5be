import { setTimeout as delay } from 'node:timers/promises';
import type { RetentionBuffer } from '../retention.ts';
import { DiskFailure, type DiskThread } from './disk-thread.ts';
import { DISK_ERRORS } from './jobs.ts';
import type { SegmentSizes } from './segment-sizes.ts';

export interface WriterOptions {
  readonly buffer: RetentionBuffer;
  readonly thread: DiskThread;
  readonly sizes: SegmentSizes;
  readonly maxBytes: number;
  /** Makes room on disk by dropping the oldest segment; false when there is none to drop. */
  readonly dropSegment: () => boolean;
  /** How the last write went; null when it went well. */
  readonly onOutcome: (failure: DiskFailure | null) => void;
}

/** New traces wait this long to be written in one batch. A killed process loses what is not written yet. */
const BATCH_MS = 40;
/** The most that is copied and handed over in one turn. */
const BATCH_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 2_000;
/**
 * The oldest traces leave the disk a segment at a time: one in sixteen, or a segment of this size at most.
 */
const MAX_SEGMENT_BYTES = 32 * 1024 * 1024;
const LINE_END = Buffer.from('\n');

interface Batch {
  readonly bytes: Buffer;
  /** Of the records, without their line ends. */
  readonly lengths: readonly (readonly [seq: number, bytes: number])[];
}

/** Where a batch goes. */
interface Target {
  readonly segment: number;
  readonly offset: number;
}

/**
 * Writes new traces in the background, one batch after the other. What can't be written stays in memory, is
 * tried again, and is dropped only when memory is full too.
 */
export class SegmentWriter {
  readonly #options: WriterOptions;
  readonly #segmentBytes: number;
  readonly #batchBytes: number;
  /** Where the next batch goes; null until it is known. */
  #target: Target | null = null;
  /** Everything up to here is written, or never will be. */
  #settled: number;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<boolean> | null = null;
  #finished = false;
  #onResumed: () => void = () => {};
  readonly #resumed = new Promise<void>((resolve) => {
    this.#onResumed = resolve;
  });

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#segmentBytes = Math.min(MAX_SEGMENT_BYTES, Math.ceil(options.maxBytes / 16));
    this.#batchBytes = Math.min(BATCH_BYTES, this.#segmentBytes);
    this.#settled = options.buffer.lastSeq;
  }

  /** There are new traces. */
  wake(): void {
    this.#schedule(BATCH_MS);
  }

  /** Where to continue; nothing is written before this call. */
  resume(segment: number, offset: number): void {
    this.#target = offset < this.#segmentBytes ? { segment, offset } : { segment: segment + 1, offset: 0 };
    this.#onResumed();
    if (this.#hasUnsettled()) this.#schedule(0);
  }

  /** What is in memory now is never written. */
  forget(): void {
    this.#settled = this.#options.buffer.lastSeq;
    if (this.#target !== null) this.#target = { segment: this.#target.segment + 1, offset: 0 };
  }

  /** Writes what is there, until `deadline` (ms since the epoch) at most, and then no more. */
  async finish(deadline: number): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const isLost = this.#finished;
    this.#finished = true;
    await this.#writing;
    if (isLost) return;
    if (this.#target === null && this.#hasUnsettled()) {
      await Promise.race([this.#resumed, delay(Math.max(0, deadline - Date.now()))]);
    }
    while (this.#target !== null && this.#hasUnsettled() && Date.now() < deadline) {
      if (!(await this.#writeBatch())) return;
    }
  }

  #hasUnsettled(): boolean {
    return this.#settled < this.#options.buffer.lastSeq;
  }

  #schedule(delayMs: number): void {
    if (this.#timer !== null || this.#target === null || this.#finished) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#startWriting();
    }, delayMs);
    this.#timer.unref();
  }

  #startWriting(): void {
    if (this.#writing !== null) return;
    this.#writing = this.#writeBatch();
    this.#writing
      .then((isDone) => {
        this.#writing = null;
        if (this.#hasUnsettled()) this.#schedule(isDone ? 0 : RETRY_MS);
      })
      .catch((error: unknown) => this.#options.onOutcome(new DiskFailure('UNKNOWN', String(error))));
  }

  #nextBatch(): Batch | null {
    const { buffer } = this.#options;
    const parts: Buffer[] = [];
    const lengths: [number, number][] = [];
    let bytes = 0;
    for (let seq = this.#settled + 1; seq <= buffer.lastSeq && bytes < this.#batchBytes; seq += 1) {
      const record = buffer.recent.get(seq);
      // Memory was full before it could be written.
      if (record === undefined) continue;
      parts.push(record, LINE_END);
      lengths.push([seq, record.length]);
      bytes += record.length + 1;
    }
    return lengths.length === 0 ? null : { bytes: Buffer.concat(parts), lengths };
  }

  #makeRoom(bytes: number): void {
    const { sizes, maxBytes, dropSegment } = this.#options;
    while (sizes.total > 0 && sizes.total + bytes > maxBytes && dropSegment());
  }

  /** False when it failed. */
  async #writeBatch(): Promise<boolean> {
    const { buffer, thread, sizes, onOutcome } = this.#options;
    const batch = this.#nextBatch();
    if (batch === null || this.#target === null) {
      this.#settled = buffer.lastSeq;
      return true;
    }
    const length = batch.bytes.length;
    const target = this.#targetFor(this.#target, length);
    this.#target = target;
    this.#makeRoom(length);
    const records = new Uint8Array(batch.bytes);
    try {
      await thread.ask('append', { segment: target.segment, offset: target.offset, records }, [
        records.buffer,
      ]);
    } catch (error) {
      if (!(error instanceof DiskFailure)) throw error;
      return this.#noteFailure(error, target);
    }
    // Cleared in the meantime: the segment is gone with the rest.
    if (this.#target !== target) return true;
    this.#place(batch, target);
    const end = target.offset + length;
    this.#target = { segment: target.segment, offset: end };
    sizes.set(target.segment, end);
    onOutcome(null);
    return true;
  }

  #targetFor(target: Target, length: number): Target {
    const isFull = target.offset > 0 && target.offset + length > this.#segmentBytes;
    return isFull ? { segment: target.segment + 1, offset: 0 } : target;
  }

  /** True when writing can continue at once, in another segment. */
  #noteFailure(failure: DiskFailure, target: Target): boolean {
    const isMoved = failure.code === DISK_ERRORS.moved;
    if (isMoved && this.#target === target) this.#target = { segment: target.segment + 1, offset: 0 };
    // For good: the files belong to another process from now on.
    if (failure.code === DISK_ERRORS.lockLost) this.#finished = true;
    this.#options.onOutcome(failure);
    return isMoved;
  }

  #place({ lengths }: Batch, { segment, offset }: Target): void {
    const { buffer } = this.#options;
    let from = offset;
    for (const [seq, bytes] of lengths) {
      const position = buffer.index.positionOf(seq);
      if (position >= 0) buffer.index.setPlace(position, { segment, offset: from, bytes });
      from += bytes + 1;
      this.#settled = seq;
    }
    buffer.trim();
  }
}
