import {
  closeSync,
  copyFileSync,
  fstatSync,
  fsync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { errorMessage, hasErrorCode } from '../../../system/errors.ts';
import type { Log } from '../../../system/log.ts';
import { DatabaseError } from '../errors.ts';
import { decodeEntry, type Entry, encodeEntry, HEAD_BYTES } from './entry.ts';

/**
 * All data on disk: one file to which every change is appended before it is acknowledged. It is written
 * synchronously, so a process that is killed afterwards loses nothing; a machine that fails, at most a
 * second. When the file has grown to four times what it holds, the present state takes its place by one
 * rename.
 */

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const MAGIC = Buffer.from('MOZDB001', 'latin1');
const SYNC_WITHIN_MS = 1000;
const COMPACT_FROM_BYTES = 4 * 1024 * 1024;
const COMPACT_AT_TIMES = 4;
const CHUNK_BYTES = 4 * 1024 * 1024;
/** More than a document and its name can take: a length beyond it was never written. */
const MAX_ENTRY_BYTES = 48 * 1024 * 1024;

export class LogFile {
  private readonly path: string;
  private readonly log: Log;
  private descriptor: number;
  private size = 0;
  private compactFrom = COMPACT_FROM_BYTES;
  private syncTimer: NodeJS.Timeout | undefined;
  /** Set when what was written by half could not be taken back: nothing may follow it. */
  private isBroken = false;

  constructor(folder: string, log: Log) {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    this.path = join(folder, 'data.log');
    this.log = log;
    this.descriptor = openSync(this.path, 'a+', FILE_MODE);
  }

  /**
   * Hands over what the file holds, and cuts off an end that was written by half. To be called once, first.
   */
  replay(apply: (entry: Entry) => void): void {
    const length = fstatSync(this.descriptor).size;
    const end = readEntries(this.descriptor, this.path, apply);
    if (end < length) this.cut(end, length);
    this.size = end;
    if (end === 0) this.write(MAGIC);
  }

  /**
   * A copy of another such file takes the place of this one, by one rename: once `apply` has had every entry of
   * it, and `finish` has made something of them.
   * @throws when that file is damaged or can't be copied: then nothing has changed
   */
  replaceBy(path: string, apply: (entry: Entry) => void, finish: () => void): void {
    try {
      copyFileSync(path, this.draftPath);
      const size = readWhole(this.draftPath, apply);
      finish();
      this.takeDraft(size);
    } catch (error) {
      rmSync(this.draftPath, { force: true });
      throw error instanceof DatabaseError ? error : describeWriteError(this.path, error);
    }
  }

  /** @throws {DatabaseError} OutOfDiskSpace, InternalError: then nothing was stored */
  append(entry: Entry): void {
    this.write(encodeEntry(entry));
    this.syncTimer ??= setTimeout(() => this.sync(), SYNC_WITHIN_MS).unref();
  }

  /** Replaces the file by `entries` when it has grown large against `liveBytes`, what they take. */
  compactIfLarge(liveBytes: number, entries: () => Iterable<Entry>): void {
    if (this.size < this.compactFrom || this.size < COMPACT_AT_TIMES * liveBytes) return;
    try {
      this.compact(entries());
      this.compactFrom = COMPACT_FROM_BYTES;
    } catch (error) {
      // The data is safe where it is; with more room it is tried again.
      this.compactFrom = this.size * 2;
      rmSync(this.draftPath, { force: true });
      this.log.warn('Could not compact the database', { path: this.path, reason: errorMessage(error) });
    }
  }

  close(): void {
    clearTimeout(this.syncTimer);
    fsyncSync(this.descriptor);
    closeSync(this.descriptor);
  }

  private get draftPath(): string {
    return `${this.path}.new`;
  }

  private sync(): void {
    this.syncTimer = undefined;
    fsync(this.descriptor, (error) => {
      // EBADF: compacted or closed meanwhile, which both sync.
      if (error !== null && error.code !== 'EBADF') {
        this.log.error('Could not bring the database to disk', error);
      }
    });
  }

  private write(bytes: Uint8Array): void {
    if (this.isBroken) {
      throw new DatabaseError('InternalError', `${this.path} is damaged at its end: restart to repair it`);
    }
    try {
      writeFully(this.descriptor, bytes);
      this.size += bytes.length;
    } catch (error) {
      this.takeBack();
      throw describeWriteError(this.path, error);
    }
  }

  private takeBack(): void {
    try {
      ftruncateSync(this.descriptor, this.size);
    } catch (error) {
      this.isBroken = true;
      this.log.error('Could not take back what was written by half', error);
    }
  }

  /** The rest is copied first: it may be more than an entry by half. */
  private cut(end: number, length: number): void {
    const copy = `${this.path}.damaged`;
    copyFileSync(this.path, copy);
    ftruncateSync(this.descriptor, end);
    this.log.warn('Cut a damaged end off the database', {
      path: this.path,
      bytes: length - end,
      copy,
    });
  }

  private compact(entries: Iterable<Entry>): void {
    this.takeDraft(writeEntries(this.draftPath, entries));
  }

  /** The draft, of this size and on disk, becomes the file. */
  private takeDraft(size: number): void {
    // Closed first: Windows replaces no file that is open.
    closeSync(this.descriptor);
    try {
      renameSync(this.draftPath, this.path);
      this.size = size;
      this.isBroken = false;
    } finally {
      this.descriptor = openSync(this.path, 'a+', FILE_MODE);
    }
    syncFolder(dirname(this.path));
  }
}

/** Writes such a file, and brings it to disk. @returns its size */
export function writeEntries(path: string, entries: Iterable<Entry>): number {
  const descriptor = openSync(path, 'w+', FILE_MODE);
  let size = 0;
  try {
    for (const chunk of chunksOf(entries)) {
      writeFully(descriptor, chunk);
      size += chunk.length;
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return size;
}

/** Hands over what a copy holds, and brings it to disk. @returns its size @throws when not all is as written */
function readWhole(path: string, apply: (entry: Entry) => void): number {
  const descriptor = openSync(path, 'r+', FILE_MODE);
  try {
    const { size } = fstatSync(descriptor);
    if (readEntries(descriptor, path, apply) < size) throw new Error('the snapshot is damaged');
    fsyncSync(descriptor);
    return size;
  } finally {
    closeSync(descriptor);
  }
}

/** @returns where the last whole entry ends @throws for a file of another program */
function readEntries(descriptor: number, path: string, apply: (entry: Entry) => void): number {
  const length = fstatSync(descriptor).size;
  const magic = Buffer.alloc(MAGIC.length);
  readFully(descriptor, magic, 0);
  if (length > 0 && !magic.equals(MAGIC.subarray(0, Math.min(length, MAGIC.length)))) {
    throw new Error(`${path} is not a database of this program: move it away to start with an empty one`);
  }
  if (length < MAGIC.length) return 0;
  let at = MAGIC.length;
  for (const { head, content } of entriesIn(descriptor, at, length)) {
    const entry = decodeEntry(content, head.readUInt32LE(4));
    if (entry === undefined) break;
    apply(entry);
    at += head.length + content.length;
  }
  return at;
}

function* chunksOf(entries: Iterable<Entry>): Generator<Buffer> {
  let parts: Buffer[] = [MAGIC];
  let size = MAGIC.length;
  for (const entry of entries) {
    const bytes = encodeEntry(entry);
    parts.push(bytes);
    size += bytes.length;
    if (size < CHUNK_BYTES) continue;
    yield Buffer.concat(parts);
    parts = [];
    size = 0;
  }
  yield Buffer.concat(parts);
}

/**
 * The entries between two positions as they lie there, the last only if it is whole. Read by large pieces:
 * their bytes are good until the next entry.
 */
function* entriesIn(
  descriptor: number,
  from: number,
  to: number,
): Generator<{ readonly head: Buffer; readonly content: Buffer }> {
  let [piece, start] = [Buffer.alloc(0), from];
  let at = from;
  const read = (count: number): Buffer => {
    if (at + count > start + piece.length) {
      start = at;
      piece = Buffer.allocUnsafeSlow(Math.min(Math.max(count, CHUNK_BYTES), to - at));
      readFully(descriptor, piece, start);
    }
    const bytes = piece.subarray(at - start, at - start + count);
    at += count;
    return bytes;
  };
  while (at + HEAD_BYTES <= to) {
    const head = read(HEAD_BYTES);
    const size = head.readUInt32LE(0);
    if (size > MAX_ENTRY_BYTES || at + size > to) return;
    yield { head, content: read(size) };
  }
}

function readFully(descriptor: number, buffer: Buffer, position: number): void {
  let done = 0;
  while (done < buffer.length) {
    const count = readSync(descriptor, buffer, done, buffer.length - done, position + done);
    if (count === 0) return;
    done += count;
  }
}

function writeFully(descriptor: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) done += writeSync(descriptor, bytes, done, bytes.length - done);
}

/** So that a rename outlives a failing machine. */
export function syncFolder(folder: string): void {
  // Windows opens no folders.
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

export function describeWriteError(path: string, error: unknown): DatabaseError {
  if (hasErrorCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) {
    return new DatabaseError('OutOfDiskSpace', `${path} could not grow: the disk is full; free some space`);
  }
  return new DatabaseError('InternalError', `${path} could not be written: ${errorMessage(error)}`);
}
