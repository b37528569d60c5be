import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { hasErrorCode } from '../../../system/errors.ts';
import type { Place } from '../index.ts';
import { createTextMatcher } from '../record.ts';
import { BASE_FILE, LOCK_FILE, segmentNumber, segmentPath } from './folder-files.ts';
import { type Append, DISK_ERRORS, type DiskJobs, type DiskThreadData, type LoadedSegment } from './jobs.ts';

/** The jobs, over real files; each throws an error with a `code`. Runs in the thread that holds the files. */
export type SegmentFiles = {
  readonly [N in keyof DiskJobs]: (argument: DiskJobs[N]['argument']) => DiskJobs[N]['answer'];
} & {
  /** Shows other runtimes that the folder is in use. */
  beat(): void;
};

class DiskError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function createSegmentFiles({ folder, lock }: DiskThreadData): SegmentFiles {
  const lockFile = new LockFile(folder, lock);
  const open = new OpenSegment(folder);

  /** Before each write: two runtimes must never write the same files, whatever happened to the lock. */
  function assertLock(): void {
    if (lockFile.isOurs()) return;
    open.close();
    lockFile.retake();
  }

  function remove(segments: readonly number[]): void {
    assertLock();
    if (open.segment !== null && segments.includes(open.segment)) open.close();
    for (const segment of segments) rmSync(segmentPath(folder, segment), { force: true });
  }

  return {
    append(records) {
      assertLock();
      append(open, records);
      return null;
    },
    remove({ segments }) {
      remove(segments);
      return null;
    },
    load: ({ segment }) => load(folder, segment),
    read: (place) => readText(folder, place),
    search: ({ run, text }) => search(readText(folder, run), text),
    clear({ base }) {
      assertLock();
      const isRemembered = rememberBase(folder, base);
      // From the folder itself: a segment begun a moment ago is not in any list yet.
      remove(
        readdirSync(folder)
          .map(segmentNumber)
          .filter((segment) => segment !== null),
      );
      // A full disk has room now.
      if (!isRemembered) rememberBase(folder, base);
      return null;
    },
    close() {
      open.close();
      lockFile.release();
      return null;
    },
    beat: () => lockFile.touch(),
  };
}

/** The file that shows which runtime a folder of traces belongs to. */
class LockFile {
  readonly #folder: string;
  readonly #path: string;
  /** What it contains while it is ours. */
  readonly #content: string;

  constructor(folder: string, content: string) {
    this.#folder = folder;
    this.#path = join(folder, LOCK_FILE);
    this.#content = content;
  }

  isOurs(): boolean {
    return readLock(this.#path) === this.#content;
  }

  /**
   * After the folder or the lock was removed by hand.
   * @throws {DiskError} `lockLost` when another runtime was faster.
   */
  retake(): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    try {
      writeFileSync(this.#path, this.#content, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
      throw new DiskError(DISK_ERRORS.lockLost, 'another runtime has taken this folder');
    }
  }

  touch(): void {
    const now = new Date();
    if (this.isOurs()) utimesSync(this.#path, now, now);
  }

  release(): void {
    if (this.isOurs()) rmSync(this.#path, { force: true });
  }
}

/** The segment that records are appended to: one at most is open. */
class OpenSegment {
  readonly #folder: string;
  #open: { readonly segment: number; readonly fd: number } | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The number of the open segment, null when none is open. */
  get segment(): number | null {
    return this.#open?.segment ?? null;
  }

  /** Opens a segment, closing any other; returns its file descriptor. */
  open(segment: number): number {
    if (this.#open?.segment === segment) return this.#open.fd;
    this.close();
    const fd = openSync(segmentPath(this.#folder, segment), 'a', 0o600);
    this.#open = { segment, fd };
    return fd;
  }

  /** Flushes it to the disk first. */
  close(): void {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    fsyncSync(open.fd);
    closeSync(open.fd);
  }

  /** After a failed write, which flushing could only repeat. */
  closeUnflushed(): void {
    const open = this.#open;
    this.#open = null;
    if (open !== null) closeSync(open.fd);
  }
}

function append(open: OpenSegment, { segment, offset, records }: Append): void {
  const fd = open.open(segment);
  const { size } = fstatSync(fd);
  if (size < offset) {
    open.close();
    throw new DiskError(DISK_ERRORS.moved, `segment ${segment} has ${size} bytes instead of ${offset}`);
  }
  // The lock is ours, so the surplus is what a crash or a full disk left of our own writing.
  if (size > offset) ftruncateSync(fd, offset);
  try {
    for (let written = 0; written < records.length; ) {
      written += writeSync(fd, records, written, records.length - written);
    }
  } catch (error) {
    // The next try reopens the file: the problem may be with this handle alone.
    open.closeUnflushed();
    throw error;
  }
}

/**
 * False when it can't be written: a later start may then count the cleared traces as dropped, which is not a
 * reason to retain them.
 */
function rememberBase(folder: string, base: number): boolean {
  try {
    writeFileSync(join(folder, BASE_FILE), String(base), { mode: 0o600 });
    return true;
  } catch {
    return false;
  }
}

function load(folder: string, segment: number): LoadedSegment {
  return parseRows(readFileSync(segmentPath(folder, segment)));
}

function readText(folder: string, { segment, offset, bytes }: Place): string {
  const fd = openSync(segmentPath(folder, segment), 'r');
  try {
    const buffer = Buffer.allocUnsafe(bytes);
    let read = 0;
    while (read < bytes) {
      const count = readSync(fd, buffer, read, bytes - read, offset + read);
      if (count === 0) throw new DiskError(DISK_ERRORS.moved, `segment ${segment} ends early`);
      read += count;
    }
    return buffer.toString();
  } finally {
    closeSync(fd);
  }
}

/** Most runs don't contain the text at all, which one pass over the whole run shows. */
function search(run: string, text: string): number[] {
  const matcher = createTextMatcher(text);
  const lowerCase = run.toLowerCase();
  if (!matcher.mayMatch(lowerCase)) return [];
  const records = run.split('\n');
  const found: number[] = [];
  lowerCase.split('\n').forEach((line, index) => {
    const record = records[index] ?? '';
    if (!matcher.mayMatch(line)) return;
    const seq = seqIfMatch(record, matcher.match);
    if (seq !== null) found.push(seq);
  });
  return found;
}

function seqIfMatch(record: string, match: (record: string) => number | null): number | null {
  try {
    return match(record);
  } catch {
    // A damaged record: it is counted when it is read.
    return null;
  }
}

function readLock(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return null;
    throw error;
  }
}

const [NUL, TAB, LINE_END, BRACE] = [0, 9, 10, 0x7d];
/** The most that a row takes; a tab further away belongs to a later record, so this one is damaged. */
const MAX_ROW_BYTES = 16 * 1024;

/**
 * Takes the rows out of a segment's bytes. A line that can't be a record is counted and skipped: one without
 * a row at its start or an end behind it, or one with zeros, which file systems leave where a crash lost the
 * data.
 */
export function parseRows(segment: Buffer): LoadedSegment {
  const size = segment.lastIndexOf(LINE_END) + 1;
  const starts: number[] = [];
  const lengths: number[] = [];
  const rows: Buffer[] = [];
  let damaged = size < segment.length ? 1 : 0;
  let nextNul = segment.indexOf(NUL);
  for (let start = 0; start < size; ) {
    const end = segment.indexOf(LINE_END, start);
    if (nextNul !== -1 && nextNul < start) nextNul = segment.indexOf(NUL, start);
    const tab = segment.subarray(start, Math.min(end, start + MAX_ROW_BYTES)).indexOf(TAB);
    if (tab === -1 || segment[end - 1] !== BRACE || (nextNul !== -1 && nextNul < end)) {
      damaged += 1;
    } else {
      starts.push(start);
      lengths.push(end - start);
      rows.push(segment.subarray(start, start + tab), LINE);
    }
    start = end + 1;
  }
  return {
    rows: Uint8Array.from(Buffer.concat(rows)),
    offsets: Uint32Array.from(starts),
    bytes: Uint32Array.from(lengths),
    size,
    damaged,
  };
}

const LINE = Buffer.from('\n');
