import { constants, type Stats, statSync } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { errorCode, errorMessage, hasErrorCode } from './errors.ts';

/**
 * Reading of files that others may have made: whatever stands at the path, the answer comes at once and takes no
 * more memory than its limit. A FIFO would otherwise hold one of the few threads for files until somebody
 * writes to it, and a device or a file in /proc may never end.
 */

export interface ReadLimits {
  readonly maxBytes: number;
  /** False: a link is a problem of its own, and never followed. Default: true. */
  readonly followLinks?: boolean;
}

/** Something is there, but not a file that can be read whole. */
export class UnreadableFileError extends Error {
  readonly path: string;
  /** A clause about "it": "it is a FIFO, not a regular file". */
  readonly reason: string;
  /** What the user can do, without a full stop. */
  readonly remedy: string;

  constructor(path: string, reason: string, remedy: string) {
    super(`${path} can't be read: ${reason}; ${remedy}`);
    this.name = 'UnreadableFileError';
    this.path = path;
    this.reason = reason;
    this.remedy = remedy;
  }
}

/** What is there is larger than the reader's limit. */
export class FileTooLargeError extends UnreadableFileError {
  constructor(path: string, maxBytes: number) {
    super(path, `it is larger than the limit of ${formatBytes(maxBytes)}`, 'make it smaller');
    this.name = 'FileTooLargeError';
  }
}

/**
 * What the file holds. It is looked at before it is opened, since opening a device may do something; what counts
 * is what the descriptor says then, for it may be another file by now. The size is bounded while it is read,
 * too: that of a file that grows, or lies in /proc, is not known before.
 * @throws {UnreadableFileError} for a link that is not followed, what is not a regular file, and what is larger
 *   than the limit; the system's error (ENOENT, EACCES …) for anything else
 */
export async function readBoundedFile(
  path: string,
  { maxBytes, followLinks = true }: ReadLimits,
): Promise<Buffer> {
  requireFile(path, await (followLinks ? stat(path) : lstat(path)), maxBytes);
  const file = await openWithoutWaiting(path, followLinks);
  try {
    const stats = await file.stat();
    requireFile(path, stats, maxBytes);
    const content = await readUpTo(file, stats.size, maxBytes + 1);
    if (content.length > maxBytes) throw new FileTooLargeError(path, maxBytes);
    return content;
  } finally {
    await file.close();
  }
}

/**
 * Looks at a file without opening it, for a reader that isn't this one.
 * @returns why {@link readBoundedFile} would refuse it; null for any other file, and for one that isn't there
 */
export function inspectFile(
  path: string,
  { maxBytes }: Pick<ReadLimits, 'maxBytes'>,
): UnreadableFileError | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats !== undefined) requireFile(path, stats, maxBytes);
    return null;
  } catch (error) {
    // Whatever else is wrong, its reader will say.
    return error instanceof UnreadableFileError ? error : null;
  }
}

/** Why a file could not be read, without its name: `ENOENT`, or a clause about "it" with the remedy. */
export function describeReadError(error: unknown): string {
  if (error instanceof UnreadableFileError) return `${error.reason}; ${error.remedy}`;
  return errorCode(error) ?? errorMessage(error);
}

async function openWithoutWaiting(path: string, followLinks: boolean): Promise<FileHandle> {
  // Windows has neither of the two flags.
  const noFollow = followLinks ? 0 : (constants.O_NOFOLLOW ?? 0);
  try {
    return await open(path, constants.O_RDONLY | noFollow | (constants.O_NONBLOCK ?? 0));
  } catch (error) {
    // It was replaced since it was looked at: by a link, or by a socket.
    if (!followLinks && hasErrorCode(error, 'ELOOP')) throw isLink(path);
    if (hasErrorCode(error, 'ENXIO')) throw notRegular(path, 'a socket or a device');
    throw error;
  }
}

/** @throws {UnreadableFileError} unless it is a regular file that is not too large as far as is known */
function requireFile(path: string, stats: Stats, maxBytes: number): void {
  if (stats.isSymbolicLink()) throw isLink(path);
  if (!stats.isFile()) throw notRegular(path, describeKind(stats));
  if (stats.size > maxBytes) throw new FileTooLargeError(path, maxBytes);
}

/** At most `most` bytes; `expected` only saves memory and calls. */
async function readUpTo(file: FileHandle, expected: number, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  let size = expected + 1;
  while (total < most) {
    const chunk = Buffer.allocUnsafe(Math.min(size, most - total));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    chunks.push(chunk.subarray(0, bytesRead));
    total += bytesRead;
    // A file whose size is known gives less than it was asked for at its end alone; those in /proc have none.
    if (bytesRead === 0 || (expected > 0 && bytesRead < chunk.length)) break;
    size = CHUNK_BYTES;
  }
  return Buffer.concat(chunks);
}

const CHUNK_BYTES = 64 * 1024;

function describeKind(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder';
  if (stats.isFIFO()) return 'a FIFO';
  return stats.isSocket() ? 'a socket' : 'a device';
}

function isLink(path: string): UnreadableFileError {
  return new UnreadableFileError(
    path,
    'it is a link, which is not followed here',
    'put the file itself there',
  );
}

function notRegular(path: string, kind: string): UnreadableFileError {
  return new UnreadableFileError(path, `it is ${kind}, not a regular file`, 'put a regular file there');
}

function formatBytes(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${bytes / 1024 / 1024} MiB`;
  return bytes >= 1024 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}
