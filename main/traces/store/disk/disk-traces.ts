import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { WorkbenchError } from '../../../contract/errors.ts';
import { forgetLock } from '../../../system/lock.ts';
import type { Place } from '../index.ts';
import type { RetentionBuffer } from '../retention.ts';
import { createDiskThread, DiskFailure, type DiskThread } from './disk-thread.ts';
import { LOCK_FILE, segmentPath } from './folder-files.ts';
import { DISK_ERRORS } from './jobs.ts';
import { loadSegments } from './segment-loader.ts';
import { createSegmentSizes, type SegmentSizes } from './segment-sizes.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { TraceFolder } from './trace-folder.ts';

export interface DiskOptions {
  readonly folder: TraceFolder & { readonly lock: { readonly taken: true; readonly text: string } };
  /** The thread's script. */
  readonly script: string;
  readonly maxBytes: number;
  /** The notice, or whether earlier traces are being read, has changed. */
  readonly onChanged: () => void;
}

const FLUSH_MS = 3_000;
const CLOSE_MS = 300;

/**
 * The traces on disk: append-only segments of JSON lines in a folder of the user's own. Files are read and
 * written by a thread; rows are in the buffer's index, so that a list needs no file at all.
 */
export class DiskTraces {
  readonly #buffer: RetentionBuffer;
  readonly #options: DiskOptions;
  readonly #thread: DiskThread;
  readonly #sizes: SegmentSizes;
  readonly #writer: SegmentWriter;
  #reading = true;
  #droppedBefore = 0;
  #failure: DiskFailure | null = null;
  /** Segments of earlier runs. */
  readonly #unreadable: number[] = [];
  /** Counts clearings: what was running before one is void. */
  #generation = 0;
  #closed = false;

  constructor(buffer: RetentionBuffer, options: DiskOptions) {
    const { folder, maxBytes } = options;
    this.#buffer = buffer;
    this.#options = options;
    this.#thread = createDiskThread(options.script, { folder: folder.path, lock: folder.lock.text });
    this.#sizes = createSegmentSizes(folder.segments);
    this.#writer = new SegmentWriter({
      buffer,
      thread: this.#thread,
      sizes: this.#sizes,
      maxBytes,
      dropSegment: () => this.#dropSegment(),
      onOutcome: (failure) => this.#noteWrite(failure),
    });
    this.#load()
      .catch((failure: unknown) => this.#noteFailure(failure))
      .finally(() => {
        this.#reading = false;
        this.#removeUnused();
        options.onChanged();
      });
  }

  /** Earlier traces are still being read. */
  get reading(): boolean {
    return this.#reading;
  }

  /** Dropped by earlier runs. */
  get droppedBefore(): number {
    return this.#droppedBefore;
  }

  /** A trace was added to the buffer. */
  wake(): void {
    this.#writer.wake();
  }

  /**
   * The text of a record; null when it is gone. @throws {WorkbenchError} INTERNAL_ERROR when it can't be read
   */
  read(place: Place): Promise<string | null> {
    return this.#thread.ask('read', place).catch((failure: unknown) => this.#recover(failure, place));
  }

  /** The `seq` of each record of a run that contains the text. */
  search(run: Place, text: string): Promise<readonly number[]> {
    return this.#thread
      .ask('search', { run, text })
      .catch((failure: unknown) => this.#recover(failure, run) ?? []);
  }

  /**
   * Removes all files. The buffer is empty by then. @throws {WorkbenchError} INTERNAL_ERROR when they can't
   * be removed
   */
  async clear(): Promise<void> {
    this.#generation += 1;
    this.#droppedBefore = 0;
    this.#writer.forget();
    for (const segment of this.#sizes.numbers()) this.#sizes.delete(segment);
    try {
      await this.#thread.ask('clear', { base: this.#buffer.lastSeq + 1 });
    } catch (failure) {
      throw new WorkbenchError(
        'INTERNAL_ERROR',
        `The trace files were not removed: ${describeReason(failure)}`,
      );
    }
  }

  /** Writes what is left and gives the folder up; bounded. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.race([this.#writer.finish(Date.now() + FLUSH_MS), delay(FLUSH_MS)]);
    await Promise.race([this.#thread.ask('close', null).catch(() => null), delay(CLOSE_MS)]);
    await this.#thread.stop();
    forgetLock(join(this.#options.folder.path, LOCK_FILE));
  }

  notices(): readonly string[] {
    const notices: string[] = [];
    const { unwritten } = this.#buffer;
    if (this.#failure !== null) notices.push(describeFailure(this.#failure));
    if (unwritten > 0) notices.push(describeLoss(unwritten));
    if (this.#unreadable.length > 0) {
      notices.push(describeUnreadable(this.#options.folder.path, this.#unreadable));
    }
    return notices;
  }

  async #load(): Promise<void> {
    const { folder } = this.#options;
    const writer = this.#writer;
    const generation = this.#generation;
    const isWanted = () => this.#generation === generation && !this.#closed;
    if (this.#sizes.newest === 0) writer.resume(1, 0);
    const lowest = await loadSegments({
      buffer: this.#buffer,
      thread: this.#thread,
      sizes: this.#sizes,
      isWanted,
      segments: this.#sizes.numbers(),
      base: folder.base,
      onCleared: (segment) => this.#remove([segment]),
      // A file that can't be read is left alone.
      onNewest: (segment, bytes) =>
        bytes === null ? writer.resume(segment + 1, 0) : writer.resume(segment, bytes),
      onUnreadable: (segment) => this.#unreadable.push(segment),
    });
    if (isWanted() && lowest !== null) this.#droppedBefore = Math.max(0, lowest - folder.base);
  }

  #noteFailure(failure: unknown): void {
    if (this.#closed) return;
    this.#failure = failure instanceof DiskFailure ? failure : new DiskFailure('UNKNOWN', String(failure));
    this.#options.onChanged();
  }

  #noteWrite(failure: DiskFailure | null): void {
    if (!this.#reading) this.#removeUnused();
    if (failure?.code === DISK_ERRORS.moved || failure?.code === this.#failure?.code) return;
    this.#failure = failure;
    this.#options.onChanged();
  }

  /** A file that is gone takes its traces along; any other failure may pass. */
  #recover(failure: unknown, place: Place): null {
    const isGone =
      failure instanceof DiskFailure && (failure.code === 'ENOENT' || failure.code === DISK_ERRORS.moved);
    if (isGone) return this.#markDamaged(place);
    const reason = describeReason(failure);
    throw new WorkbenchError('INTERNAL_ERROR', `The trace files can’t be read: ${reason}`);
  }

  /** What can't be read is no longer a trace: its row is removed, and it is counted. */
  #markDamaged(place: Place): null {
    const { index } = this.#buffer;
    for (let at = 0; at < index.size; at += 1) {
      const found = index.placeAt(at);
      if (found?.segment !== place.segment || found.offset < place.offset) continue;
      if (found.offset >= place.offset + place.bytes) break;
      index.remove(at);
      this.#buffer.damaged += 1;
    }
    this.#options.onChanged();
    return null;
  }

  #remove(segments: readonly number[]): void {
    for (const segment of segments) this.#sizes.delete(segment);
    this.#thread.ask('remove', { segments }).catch((failure: unknown) => this.#noteFailure(failure));
  }

  /** Removes the oldest segment with its traces; false when none is left. */
  #dropSegment(): boolean {
    const buffer = this.#buffer;
    const { index } = buffer;
    const segment = this.#sizes.oldest;
    if (segment === 0) return false;
    while (index.size > 0 && (index.placeAt(0)?.segment === segment || !index.isStored(0)))
      buffer.dropOldest();
    this.#remove([segment]);
    return true;
  }

  /** Removes segments whose traces have all been dropped, since newer traces took their rows. */
  #removeUnused(): void {
    const { index, limits } = this.#buffer;
    const oldest = index.size < limits.maxTraces ? null : index.placeAt(0);
    if (oldest === null) return;
    const unused = this.#sizes.numbers().filter((segment) => segment < oldest.segment);
    if (unused.length > 0) this.#remove(unused);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EACCES: 'the folder can’t be written',
  EPERM: 'the folder can’t be written',
  EROFS: 'the disk is read-only',
  [DISK_ERRORS.lockLost]: 'another workbench has taken the folder',
};

function describeReason(failure: unknown): string {
  if (!(failure instanceof DiskFailure)) return String(failure);
  return `${REASONS[failure.code] ?? failure.message} (${failure.code})`;
}

function describeFailure(failure: DiskFailure): string {
  const next = failure.code === DISK_ERRORS.lockLost ? '' : '; writing is retried';
  return `Traces can’t be written to disk: ${describeReason(failure)}. The newest stay in memory${next}.`;
}

function describeLoss(count: number): string {
  return `${count.toLocaleString('en')} traces were dropped before they could be written to disk.`;
}

function describeUnreadable(path: string, segments: readonly number[]): string {
  const files = segments.map((segment) => segmentPath(path, segment)).join(', ');
  return `Traces of earlier runs can’t be read and are not shown: ${files}`;
}
