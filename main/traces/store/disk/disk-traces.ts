import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkbenchError } from '../../../contract/errors.ts';
import type { Place } from '../index.ts';
import type { RetentionBuffer } from '../retention.ts';
import { createDiskThread, DiskFailure, type DiskThread } from './disk-thread.ts';
import { LOCK_FILE, segmentPath } from './folder-files.ts';
import { DISK_ERRORS } from './jobs.ts';
import { forgetLock } from './lock.ts';
import { loadSegments } from './segment-loader.ts';
import { createSegmentSizes, type SegmentSizes } from './segment-sizes.ts';
import { createSegmentWriter, type SegmentWriter } from './segment-writer.ts';
import type { TraceFolder } from './trace-folder.ts';

/**
 * The traces on disk: append-only segments of JSON lines in a folder of the user's own. Files are read and written by a thread; rows
 * are in the shelf's index, so that a list needs no file at all.
 */
export interface DiskTraces {
  /** A trace was put on the shelf. */
  wake(): void;
  /** The text of a record; null when it is gone. @throws {WorkbenchError} INTERNAL_ERROR when it can't be read */
  read(place: Place): Promise<string | null>;
  /** The `seq` of each record of a run that holds the text. */
  search(run: Place, text: string): Promise<readonly number[]>;
  /** Removes all files. The shelf is empty by then. @throws {WorkbenchError} INTERNAL_ERROR when they can't be removed */
  clear(): Promise<void>;
  /** Writes what is left and gives the folder up; bounded. */
  close(): Promise<void>;
  readonly reading: boolean;
  /** Dropped by earlier runs. */
  readonly droppedBefore: number;
  notices(): readonly string[];
}

export interface DiskOptions {
  readonly folder: TraceFolder & { readonly lock: { readonly taken: true; readonly text: string } };
  /** The thread's script. */
  readonly script: string;
  readonly maxBytes: number;
  /** The notice, or whether earlier traces are being read, has changed. */
  readonly onChanged: () => void;
}

const FLUSH_MS = 1_000;
const CLOSE_MS = 300;

interface State {
  reading: boolean;
  droppedBefore: number;
  failure: DiskFailure | null;
  /** Segments of earlier runs. */
  readonly unreadable: number[];
  /** Counts clearings: what was under way before one is void. */
  era: number;
  closed: boolean;
}

export function createDiskTraces(shelf: RetentionBuffer, options: DiskOptions): DiskTraces {
  const { folder, maxBytes, onChanged } = options;
  const thread = createDiskThread(options.script, { folder: folder.path, lock: folder.lock.text });
  const sizes = createSegmentSizes(folder.segments);
  const state: State = {
    reading: true,
    droppedBefore: 0,
    failure: null,
    unreadable: [],
    era: 0,
    closed: false,
  };
  const remove = (segments: readonly number[]) => {
    for (const segment of segments) sizes.delete(segment);
    thread.ask('remove', { segments }).catch(fail);
  };
  function fail(failure: unknown): void {
    if (state.closed) return;
    state.failure = failure instanceof DiskFailure ? failure : new DiskFailure('UNKNOWN', String(failure));
    onChanged();
  }
  const writer = createSegmentWriter({
    ...{ shelf, thread, sizes, maxBytes },
    dropSegment: () => dropSegment(shelf, sizes, remove),
    onOutcome(failure) {
      if (!state.reading) removeUnused(shelf, sizes, remove);
      if (failure?.code === DISK_ERRORS.moved || (failure === null && state.failure === null)) return;
      if (failure?.code === state.failure?.code) return;
      state.failure = failure;
      onChanged();
    },
  });
  load({ shelf, thread, sizes, folder, writer, state, remove })
    .catch(fail)
    .finally(() => {
      state.reading = false;
      removeUnused(shelf, sizes, remove);
      onChanged();
    });

  /** What can't be read is no trace any more: its row goes, and it is counted. */
  function damage(place: Place): null {
    const { index } = shelf;
    for (let at = 0; at < index.size; at += 1) {
      const found = index.placeAt(at);
      if (found?.segment !== place.segment || found.offset < place.offset) continue;
      if (found.offset >= place.offset + place.bytes) break;
      index.remove(at);
      shelf.damaged += 1;
    }
    onChanged();
    return null;
  }

  /** A file that is gone takes its traces along; anything else may pass. */
  function judge(failure: unknown, place: Place): null {
    if (failure instanceof DiskFailure && (failure.code === 'ENOENT' || failure.code === DISK_ERRORS.moved)) {
      return damage(place);
    }
    throw unreadable(failure);
  }

  return {
    wake: () => writer.wake(),
    read: (place) => thread.ask('read', place).catch((failure) => judge(failure, place)),
    search: (run, text) => thread.ask('search', { run, text }).catch((failure) => judge(failure, run) ?? []),
    async clear() {
      state.era += 1;
      state.droppedBefore = 0;
      writer.forget();
      for (const segment of sizes.numbers()) sizes.delete(segment);
      await thread.ask('clear', { base: shelf.lastSeq + 1 }).catch((failure: unknown) => {
        throw new WorkbenchError(
          'INTERNAL_ERROR',
          `The files of the traces were not removed: ${reasonOf(failure)}`,
        );
      });
    },
    async close() {
      state.closed = true;
      await Promise.race([writer.finish(Date.now() + FLUSH_MS), delay(FLUSH_MS)]);
      await Promise.race([thread.ask('close', null).catch(() => null), delay(CLOSE_MS)]);
      await thread.stop();
      forgetLock(join(folder.path, LOCK_FILE));
    },
    get reading() {
      return state.reading;
    },
    get droppedBefore() {
      return state.droppedBefore;
    },
    notices() {
      return [
        ...(state.failure === null ? [] : [describeFailure(state.failure)]),
        ...(shelf.unwritten === 0 ? [] : [describeLoss(shelf.unwritten)]),
        ...(state.unreadable.length === 0 ? [] : [describeUnreadable(folder.path, state.unreadable)]),
      ];
    },
  };
}

interface LoadParts {
  readonly shelf: RetentionBuffer;
  readonly thread: DiskThread;
  readonly sizes: SegmentSizes;
  readonly folder: TraceFolder;
  readonly writer: SegmentWriter;
  readonly state: State;
  readonly remove: (segments: readonly number[]) => void;
}

async function load({ shelf, thread, sizes, folder, writer, state, remove }: LoadParts): Promise<void> {
  const { era } = state;
  const isWanted = () => state.era === era && !state.closed;
  if (sizes.newest === 0) writer.resume(1, 0);
  const lowest = await loadSegments({
    ...{ shelf, thread, sizes, isWanted, segments: sizes.numbers(), base: folder.base },
    onCleared: (segment) => remove([segment]),
    // A file that can't be read is left alone.
    onNewest: (segment, bytes) =>
      bytes === null ? writer.resume(segment + 1, 0) : writer.resume(segment, bytes),
    onUnreadable: (segment) => state.unreadable.push(segment),
  });
  if (isWanted() && lowest !== null) state.droppedBefore = Math.max(0, lowest - folder.base);
}

/** Takes the oldest segment away with its traces; false when none is left. */
function dropSegment(
  { index, dropOldest }: RetentionBuffer,
  sizes: SegmentSizes,
  remove: (segments: readonly number[]) => void,
): boolean {
  const segment = sizes.oldest;
  if (segment === 0) return false;
  while (index.size > 0 && (index.placeAt(0)?.segment === segment || !index.isKept(0))) dropOldest();
  remove([segment]);
  return true;
}

/** Segments of which no trace is kept any more, since newer traces took their rows. */
function removeUnused(
  { index, limits }: RetentionBuffer,
  sizes: SegmentSizes,
  remove: (segments: readonly number[]) => void,
): void {
  const oldest = index.size < limits.maxTraces ? null : index.placeAt(0);
  if (oldest === null) return;
  const unused = sizes.numbers().filter((segment) => segment < oldest.segment);
  if (unused.length > 0) remove(unused);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'the folder can’t be written',
  EPERM: 'the folder can’t be written',
  EROFS: 'the disk is read-only',
  [DISK_ERRORS.lockLost]: 'another workbench has taken the folder',
};

function reasonOf(failure: unknown): string {
  if (!(failure instanceof DiskFailure)) return String(failure);
  return `${REASONS[failure.code] ?? failure.message} (${failure.code})`;
}

function unreadable(failure: unknown): WorkbenchError {
  return new WorkbenchError('INTERNAL_ERROR', `The traces’ files can’t be read: ${reasonOf(failure)}`);
}

function describeFailure(failure: DiskFailure): string {
  const next = failure.code === DISK_ERRORS.lockLost ? '' : ', and writing is tried again';
  return `Traces can’t be written to disk: ${reasonOf(failure)}. The newest stay in memory${next}.`;
}

function describeLoss(count: number): string {
  return `${count.toLocaleString('en')} traces were dropped before they could be written to disk.`;
}

function describeUnreadable(path: string, segments: readonly number[]): string {
  const files = segments.map((segment) => segmentPath(path, segment)).join(', ');
  return `Traces of earlier runs can’t be read and are not shown: ${files}`;
}
