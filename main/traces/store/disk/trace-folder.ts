import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { hasErrorCode } from '../../../system/errors.ts';
import { dropLock, type Lock, takeLock } from '../../../system/lock.ts';
import { decodeRow } from '../record.ts';
import { ABOUT_FILE, BASE_FILE, LOCK_FILE, segmentNumber, segmentPath } from './folder-files.ts';

/**
 * Whose traces a folder holds: each app over each plugins' folder has its own, so that unrelated work doesn't
 * mix.
 */
export interface TraceOwner {
  /** The watched folder, absolute. */
  readonly plugins: string;
  readonly app: string;
}

/** What a folder of traces contains when a runtime opens it. */
export interface TraceFolder {
  readonly path: string;
  readonly lock: Lock;
  /** Sizes in bytes by number, oldest first. */
  readonly segments: ReadonlyMap<number, number>;
  /** The highest `seq` given so far. */
  readonly lastSeq: number;
  /** The first `seq` that counts as dropped when it isn't there. */
  readonly base: number;
}

export function traceFolderPath(configPath: string, { plugins, app }: TraceOwner): string {
  const mark = createHash('sha256')
    .update(JSON.stringify([plugins, app]))
    .digest('hex')
    .slice(0, 12);
  const name = basename(plugins)
    .replace(/[^\w-]+/g, '_')
    .slice(0, 40);
  return join(configPath, 'traces', `${name}-${mark}`);
}

/**
 * Takes some milliseconds, regardless of its size: the traces are read later. @throws when the folder can't
 * be used
 */
export async function openTraceFolder(path: string, owner: TraceOwner): Promise<TraceFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const lock = await takeLock(join(path, LOCK_FILE));
  if (!lock.taken) return { path, lock, segments: new Map(), lastSeq: 0, base: 1 };
  try {
    await writeFile(join(path, ABOUT_FILE), `${JSON.stringify(owner)}\n`, { mode: 0o600 });
    const segments = await listSegments(path);
    const base = await readBase(path);
    return { path, lock, segments, base, lastSeq: Math.max(base - 1, await lastSeqIn(path, segments)) };
  } catch (error) {
    // The next runtime, in this process or another, may find it usable again.
    await dropLock(join(path, LOCK_FILE));
    throw error;
  }
}

async function listSegments(path: string): Promise<Map<number, number>> {
  const numbers = (await readdir(path)).map(segmentNumber).filter((segment) => segment !== null);
  const sized = numbers
    .sort((a, b) => a - b)
    .map(async (segment) => [segment, (await stat(segmentPath(path, segment))).size] as const);
  return new Map(await Promise.all(sized));
}

async function readBase(path: string): Promise<number> {
  try {
    const base = Number(await readFile(join(path, BASE_FILE), 'utf8'));
    return Number.isSafeInteger(base) && base > 0 ? base : 1;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return 1;
    throw error;
  }
}

/** By the last whole record of the last segment that has one. */
async function lastSeqIn(path: string, segments: ReadonlyMap<number, number>): Promise<number> {
  for (const [segment, size] of [...segments].reverse()) {
    for (let window = 64 * 1024; ; window *= 16) {
      const seq = lastRow(await readEnd(segmentPath(path, segment), size, window))?.seq;
      if (seq !== undefined) return seq;
      if (window >= size) break;
    }
  }
  return 0;
}

async function readEnd(path: string, size: number, window: number): Promise<string> {
  const length = Math.min(size, window);
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

function lastRow(text: string) {
  const lines = text.split('\n').slice(0, -1).reverse();
  for (const line of lines) {
    const row = decodeRow(line.slice(0, Math.max(0, line.indexOf('\t'))));
    if (row !== null) return row;
  }
  return null;
}
