import { randomBytes } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { hasErrorCode } from '../../../system/errors.ts';
import { isRunning, startOf } from '../../../system/process-identity.ts';

/**
 * Who writes to a folder of traces: one runtime at a time. The lock is a file that names its process; it is
 * renewed every ten seconds, and checked before each write. One left behind by a process that is gone is
 * taken over.
 */
export type Lock =
  | { readonly taken: true; readonly text: string }
  /** Another runtime has it. */
  | { readonly taken: false; readonly pid: number | null };

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, as its system counts; null where unknown. */
  readonly started: string | null;
}

/** A holder that can't be checked, on another machine say, counts as gone after this long without renewal. */
const SILENCE_MS = 60_000;
/** Time to write the few bytes of a lock that was just created. */
const BIRTH_MS = 2_000;
const TRIES = 3;

/** Locks of this very process: its pid says nothing about them. */
const own = new Set<string>();

/** @throws when the folder can't be written or read */
export async function takeLock(path: string): Promise<Lock> {
  const holder: Holder = { pid: process.pid, host: hostname(), started: await startOf(process.pid) };
  const text = JSON.stringify({ ...holder, nonce: randomBytes(9).toString('base64url') });
  for (let left = TRIES; left > 0; left -= 1) {
    if (await create(path, text)) {
      own.add(path);
      return { taken: true, text };
    }
    const found = await inspectLock(path);
    if (found === 'gone') continue;
    if (found.alive) return { taken: false, pid: found.pid };
    await rm(path, { force: true });
  }
  return { taken: false, pid: null };
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

async function inspectLock(path: string): Promise<'gone' | { alive: boolean; pid: number | null }> {
  try {
    const [text, { mtimeMs }] = [await readFile(path, 'utf8'), await stat(path)];
    const silentMs = Date.now() - mtimeMs;
    const holder = parseHolder(text);
    if (holder === null) return { alive: silentMs < BIRTH_MS, pid: null };
    return { alive: await isAlive(holder, path, silentMs), pid: holder.pid };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return 'gone';
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
    const { pid, host, started } = JSON.parse(text) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || typeof host !== 'string') return null;
    return { pid: pid as number, host, started: typeof started === 'string' ? started : null };
  } catch {
    // Cut short: its writer may not have finished.
    return null;
  }
}
