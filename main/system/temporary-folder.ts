import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, readlink, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasErrorCode } from './errors.ts';
import { isRunning, startOf } from './process-identity.ts';

/**
 * Temporary folders whose name says which process they belong to, `mozaiks-<purpose>-<where>-<pid>-<start>-XXXXXX`:
 * one that was killed can't remove its own, so the next start does.
 */

/** @throws the system's error when the temporary folder can't be written */
export async function createTemporaryFolder(purpose: string): Promise<string> {
  const owner = `${await place()}-${process.pid}-${(await startOf(process.pid)) ?? UNKNOWN}`;
  return mkdtemp(join(tmpdir(), `mozaiks-${purpose}-${owner}-`));
}

/** Where no start is known. */
const UNKNOWN = '0';
const NAME = /^mozaiks-[a-z]+-([0-9a-f]{8})-(\d+)-(\d+)-[A-Za-z0-9]{6}$/;

/** Removes this user's folders of processes that are gone. @returns how many */
export async function clearAbandonedFolders(): Promise<number> {
  const names = await readdir(tmpdir()).catch(() => []);
  const here = await place();
  let cleared = 0;
  for (const name of names) {
    const path = join(tmpdir(), name);
    if (!(await isAbandoned(name, here)) || !(await isOwnFolder(path))) continue;
    await rm(path, { recursive: true, force: true });
    cleared += 1;
  }
  return cleared;
}

async function isAbandoned(name: string, here: string): Promise<boolean> {
  const [, where, pid, started] = NAME.exec(name) ?? [];
  if (where !== here) return false;
  if (!isRunning(Number(pid))) return true;
  const startedNow = await startOf(Number(pid));
  return started !== UNKNOWN && startedNow !== null && started !== startedNow;
}

/** Anyone may give a folder such a name, or a link. */
async function isOwnFolder(path: string): Promise<boolean> {
  try {
    const stats = await lstat(path);
    return stats.isDirectory() && stats.uid === (process.getuid?.() ?? stats.uid);
  } catch (error) {
    // Another start was faster.
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/** Pids mean nothing on another machine, or in another container, that shares the folder. */
async function place(): Promise<string> {
  const pids = await readlink('/proc/self/ns/pid').catch(() => '');
  return createHash('sha256').update(`${hostname()}\0${pids}`).digest('hex').slice(0, 8);
}
