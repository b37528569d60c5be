import { setTimeout as delay } from 'node:timers/promises';
import type { RetentionBuffer } from '../retention.ts';
import { DiskFailure, type DiskThread } from './disk-thread.ts';
import { DISK_ERRORS } from './jobs.ts';
import type { SegmentSizes } from './segment-sizes.ts';

/**
 * Writes new traces, a batch at a time and one batch after the other, behind the requests' backs. What can't be written stays in
 * memory, is tried again, and is dropped only when memory is full too.
 */
export interface SegmentWriter {
  /** There are new traces. */
  wake(): void;
  /** Where to go on; nothing is written before. */
  resume(segment: number, offset: number): void;
  /** What is in memory now is never written. */
  forget(): void;
  /** Writes what is there, until `deadline` (ms since the epoch) at most, and then no more. */
  finish(deadline: number): Promise<void>;
}

export interface WriterOptions {
  readonly shelf: RetentionBuffer;
  readonly thread: DiskThread;
  readonly sizes: SegmentSizes;
  readonly maxBytes: number;
  /** Makes room on disk by dropping the oldest segment; false when there is none to drop. */
  readonly dropSegment: () => boolean;
  /** How the last write went; null when it went well. */
  readonly onOutcome: (failure: DiskFailure | null) => void;
}

/** New traces wait this long for company. What is not written yet is what a killed process loses. */
const BATCH_MS = 40;
/** The most that is copied and handed over in one turn. */
const BATCH_BYTES = 4 * 1024 * 1024;
const RETRY_MS = 2_000;
/** The oldest traces leave the disk a segment at a time: one in sixteen, or a segment of this size at most. */
const MAX_SEGMENT_BYTES = 32 * 1024 * 1024;
/** How often the end looks whether the start has found out where to write. */
const WAIT_MS = 10;
const LINE_END = Buffer.from('\n');

interface Batch {
  readonly bytes: Buffer;
  /** Of the records, without their line's ends. */
  readonly lengths: readonly (readonly [seq: number, bytes: number])[];
}

export function createSegmentWriter(options: WriterOptions): SegmentWriter {
  const { shelf, thread, sizes, maxBytes } = options;
  const segmentBytes = Math.min(MAX_SEGMENT_BYTES, Math.ceil(maxBytes / 16));
  const batchBytes = Math.min(BATCH_BYTES, segmentBytes);
  /** Where the next batch goes; null before it is known. */
  let at: { segment: number; offset: number } | null = null;
  /** All up to here are written, or never will be. */
  let settled = shelf.lastSeq;
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<boolean> | null = null;
  let finished = false;

  function schedule(delayMs: number): void {
    if (timer !== null || at === null || finished) return;
    timer = setTimeout(() => {
      timer = null;
      writeSoon();
    }, delayMs);
    timer.unref();
  }

  function writeSoon(): void {
    if (writing !== null) return;
    writing = writeBatch();
    writing
      .then((went) => {
        writing = null;
        if (settled < shelf.lastSeq) schedule(went ? 0 : RETRY_MS);
      })
      .catch((error: unknown) => options.onOutcome(new DiskFailure('UNKNOWN', String(error))));
  }

  function nextBatch(): Batch | null {
    const parts: Buffer[] = [];
    const lengths: [number, number][] = [];
    let bytes = 0;
    for (let seq = settled + 1; seq <= shelf.lastSeq && bytes < batchBytes; seq += 1) {
      const record = shelf.recent.get(seq);
      // Memory was full before it could be written.
      if (record === undefined) continue;
      parts.push(record, LINE_END);
      lengths.push([seq, record.length]);
      bytes += record.length + 1;
    }
    return lengths.length === 0 ? null : { bytes: Buffer.concat(parts), lengths };
  }

  function makeRoom(bytes: number): void {
    while (sizes.total > 0 && sizes.total + bytes > maxBytes && options.dropSegment());
  }

  /** False when it failed. */
  async function writeBatch(): Promise<boolean> {
    const batch = nextBatch();
    if (batch === null || at === null) {
      settled = shelf.lastSeq;
      return true;
    }
    if (at.offset > 0 && at.offset + batch.bytes.length > segmentBytes)
      at = { segment: at.segment + 1, offset: 0 };
    makeRoom(batch.bytes.length);
    const target = at;
    const length = batch.bytes.length;
    const records = new Uint8Array(batch.bytes);
    try {
      await thread.ask('append', { ...target, records }, [records.buffer]);
    } catch (error) {
      if (!(error instanceof DiskFailure)) throw error;
      if (error.code === DISK_ERRORS.moved && at === target) at = { segment: target.segment + 1, offset: 0 };
      // For good: what stands in the files is someone else's from now on.
      if (error.code === DISK_ERRORS.lockLost) finished = true;
      options.onOutcome(error);
      return error.code === DISK_ERRORS.moved;
    }
    // Cleared meanwhile: the segment is gone with the rest.
    if (at !== target) return true;
    place(batch, target);
    at = { segment: target.segment, offset: target.offset + length };
    sizes.set(target.segment, at.offset);
    options.onOutcome(null);
    return true;
  }

  function place({ lengths }: Batch, { segment, offset }: { segment: number; offset: number }): void {
    let from = offset;
    for (const [seq, bytes] of lengths) {
      const position = shelf.index.positionOf(seq);
      if (position >= 0) shelf.index.setPlace(position, { segment, offset: from, bytes });
      from += bytes + 1;
      settled = seq;
    }
    shelf.trim();
  }

  return {
    wake: () => schedule(BATCH_MS),
    resume(segment, offset) {
      at = offset < segmentBytes ? { segment, offset } : { segment: segment + 1, offset: 0 };
      if (settled < shelf.lastSeq) schedule(0);
    },
    forget() {
      settled = shelf.lastSeq;
      if (at !== null) at = { segment: at.segment + 1, offset: 0 };
    },
    async finish(deadline) {
      if (timer !== null) clearTimeout(timer);
      const isLost = finished;
      finished = true;
      await writing;
      while (at === null && settled < shelf.lastSeq && Date.now() < deadline) await delay(WAIT_MS);
      while (
        !isLost &&
        at !== null &&
        settled < shelf.lastSeq &&
        Date.now() < deadline &&
        (await writeBatch())
      );
    },
  };
}
