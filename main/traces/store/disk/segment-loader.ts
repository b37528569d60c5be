import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { decodeRow } from '../record.ts';
import type { RetentionBuffer } from '../retention.ts';
import type { DiskThread } from './disk-thread.ts';
import type { LoadedSegment } from './jobs.ts';
import type { SegmentSizes } from './segment-sizes.ts';

/** Rows taken into the index in one turn: about a millisecond, so that requests pass in between. */
const ROWS_A_TURN = 500;

export interface LoadOptions {
  readonly buffer: RetentionBuffer;
  readonly thread: DiskThread;
  readonly sizes: SegmentSizes;
  /** False once the traces were cleared, or the runtime stops. */
  readonly isWanted: () => boolean;
  /** The segments that were there at start. */
  readonly segments: readonly number[];
  /** The newest segment's size without a torn end; null when it can't be read. */
  readonly onNewest: (segment: number, bytes: number | null) => void;
  /** Traces below this `seq` were cleared. */
  readonly base: number;
  /** All of a segment's traces were cleared: a crash prevented its removal. */
  readonly onCleared: (segment: number) => void;
  /** A segment can't be read; the others are. */
  readonly onUnreadable: (segment: number, failure: unknown) => void;
}

/**
 * Reads the rows of earlier runs into the index, newest first, until it is full. Answers with the lowest
 * `seq` seen; null when there was none.
 */
export async function loadSegments(options: LoadOptions): Promise<number | null> {
  const { buffer, sizes, isWanted } = options;
  let lowest: number | null = null;
  const newestFirst = [...options.segments].reverse();
  for (const segment of newestFirst) {
    if (!isWanted() || buffer.index.size >= buffer.limits.maxTraces) break;
    // Dropped meanwhile, to make room for new ones.
    if (!sizes.has(segment)) break;
    const loaded = await load(segment, options);
    if (segment === newestFirst[0]) options.onNewest(segment, loaded?.size ?? null);
    if (loaded === null || !isWanted()) continue;
    if (isCleared(loaded, options.base)) {
      options.onCleared(segment);
      continue;
    }
    buffer.damaged += loaded.damaged;
    lowest = (await takeRows(segment, loaded, options)) ?? lowest;
  }
  return lowest;
}

async function load(segment: number, { thread, onUnreadable }: LoadOptions): Promise<LoadedSegment | null> {
  try {
    return await thread.ask('load', { segment });
  } catch (failure) {
    onUnreadable(segment, failure);
    return null;
  }
}

/** By its last record: a clearing begins a new segment, so none holds traces of before and after. */
function isCleared({ rows, offsets }: LoadedSegment, base: number): boolean {
  if (offsets.length === 0) return false;
  const lines = Buffer.from(rows.buffer, rows.byteOffset, rows.length).toString().trimEnd().split('\n');
  const last = decodeRow(lines.at(-1) ?? '');
  return last !== null && last.seq < base;
}

async function takeRows(
  segment: number,
  { rows, offsets, bytes }: LoadedSegment,
  { buffer, sizes, isWanted }: LoadOptions,
): Promise<number | null> {
  const { index, limits } = buffer;
  const lines = Buffer.from(rows.buffer, rows.byteOffset, rows.length).toString().split('\n');
  let lowest: number | null = null;
  for (let at = offsets.length - 1; at >= 0; at -= 1) {
    if (at % ROWS_A_TURN === 0) await yieldToEventLoop();
    if (!isWanted() || !sizes.has(segment) || index.size >= limits.maxTraces) break;
    const row = decodeRow(lines[at] ?? '');
    // Numbers fall from record to record; one that doesn't was copied here by someone.
    if (row === null || (index.size > 0 && row.seq >= index.seqAt(0))) {
      buffer.damaged += 1;
      continue;
    }
    index.prepend(row, { segment, offset: offsets[at] ?? 0, bytes: bytes[at] ?? 0 });
    lowest = row.seq;
  }
  return lowest;
}
