import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { hasErrorCode } from './errors.ts';
import { isRunning, startOf } from './process-identity.ts';

/**
 * Who writes to a folder: one runtime at a time. The lock is a file that names its process, for its user's eyes
 * alone; it is renewed every ten seconds. One left behind by a process that is gone is taken over.
 */
export type Lock = { readonly taken: true; readonly text: string } | LockHeld;

/** Another runtime has it. */
export interface LockHeld {
  readonly taken: false;
  /** Null while its holder is still writing its name. */
  readonly pid: number | null;
  /** The machine that it runs on. */
  readonly host: string | null;
  /** What the holder tells others. */
  readonly note: string | null;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as its system counts; null where unknown. */
  readonly started: string | null;
  readonly note?: string | undefined;
}

/** How often a holder renews its lock. */
export const LOCK_RENEWAL_MS = 10_000;

/** A holder that can't be checked, on another machine say, counts as gone after this long without renewal. */
const SILENCE_MS = 60_000;
/** Time to write the few bytes of a lock that was just created. */
const BIRTH_MS = 2_000;
const TRIES = 3;

/** Locks of this very process: its pid says nothing about them. */
const own = new Set<string>();

/**
 * @param note what others read who don't get the lock
 * @throws when the folder can't be written or read
 */
export async function takeLock(path: string, note?: string): Promise<Lock> {
  const holder: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid), note };
  const text = JSON.stringify({ ...holder, nonce: randomBytes(9).toString('base64url') });
  for (let left = TRIES; left > 0; left -= 1) {
    if (await create(path, text)) {
      own.add(path);
      return { taken: true, text };
    }
    const found = await readLock(path);
    if (found !== null) return found;
    await rm(path, { force: true });
  }
  return { taken: false, pid: null, host: null, note: null };
}

/** Who holds a lock; null where it is free, or was left behind. @throws when it can't be read */
export async function readLock(path: string): Promise<LockHeld | null> {
  try {
    const [text, { mtimeMs }] = [await readFile(path, 'utf8'), await stat(path)];
    const silentMs = Date.now() - mtimeMs;
    const holder = parseHolder(text);
    if (holder === null) {
      return silentMs < BIRTH_MS ? { taken: false, pid: null, host: null, note: null } : null;
    }
    const { pid, host, note = null } = holder;
    return (await isAlive(holder, path, silentMs)) ? { taken: false, pid, host, note } : null;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return null;
    throw error;
  }
}

/** Whether the lock is still the one that was taken: its file may have been deleted, or taken over. */
export async function holdsLock(path: string, text: string): Promise<boolean> {
  try {
    return (await readFile(path, 'utf8')) === text;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** To be called when the thread that held the files has ended. */
export function forgetLock(path: string): void {
  own.delete(path);
}

/** Gives up a lock that nothing was done under. */
export async function dropLock(path: string): Promise<void> {
  forgetLock(path);
  await rm(path, { force: true });
}

async function create(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: 'wx' });
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'EEXIST')) return false;
    // On a full disk the file is there, and empty.
    await rm(path, { force: true }).catch(() => null);
    throw error;
  }
}

async function isAlive({ pid, host, started }: Holder, path: string, silentMs: number): Promise<boolean> {
  if (host !== hostname()) return silentMs < SILENCE_MS;
  if (pid === process.pid) return own.has(path);
  if (!isRunning(pid)) return false;
  const startedNow = await startOf(pid);
  // A pid can be reused; where the start time is known, it identifies the process.
  if (started !== null && startedNow !== null) return started === startedNow;
  return silentMs < SILENCE_MS;
}

function parseHolder(text: string): Holder | null {
  try {
    const { pid, host, started, note } = JSON.parse(text) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || typeof host !== 'string') return null;
    return {
      pid: pid as number,
      host,
      started: typeof started === 'string' ? started : null,
      note: typeof note === 'string' ? note : undefined,
    };
  } catch {
    // Cut short: its writer may not have finished.
    return null;
  }
}
