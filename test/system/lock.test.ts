import { spawn } from 'node:child_process';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { dropLock, readLock, takeLock } from '../../main/system/lock.ts';
import { temporaryFolder } from '../support/folders.ts';

async function lockPath(): Promise<string> {
  const { path, remove } = await temporaryFolder('workbench-lock');
  onTestFinished(remove);
  return join(path, 'lock');
}

async function lockBy(holder: object, ageMs = 0): Promise<string> {
  const path = await lockPath();
  writeFileSync(path, JSON.stringify(holder));
  const at = new Date(Date.now() - ageMs);
  utimesSync(path, at, at);
  return path;
}

async function sleeper(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.once('spawn', resolve));
  return child.pid ?? 0;
}

it('is taken over from a process that is gone', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  const path = await lockBy({ pid: child.pid, host: hostname(), started: null });
  const lock = await takeLock(path);
  expect(lock.taken && lock.text).toBe(readFileSync(path, 'utf8'));
});

it('is respected while its process lives', async () => {
  const pid = await sleeper();
  const lock = await takeLock(await lockBy({ pid, host: hostname(), started: null }));
  expect(lock).toEqual({ taken: false, pid, host: hostname(), note: null });
});

it('is taken over when its number belongs to a younger process, or it was not renewed for long', async () => {
  const pid = await sleeper();
  if (process.platform === 'linux') {
    expect(await takeLock(await lockBy({ pid, host: hostname(), started: '1' }))).toMatchObject({
      taken: true,
    });
  }
  const silent = { pid, host: 'another-machine', started: null };
  expect(await takeLock(await lockBy(silent))).toMatchObject({ taken: false, pid, host: 'another-machine' });
  expect(await takeLock(await lockBy(silent, 90_000))).toMatchObject({ taken: true });
});

it('tells others what its holder has to say, and nobody but its user', async () => {
  const path = await lockPath();
  expect(await readLock(path)).toBeNull();
  expect(await takeLock(path, 'mongodb://here')).toMatchObject({ taken: true });
  const held = { taken: false, pid: process.pid, host: hostname(), note: 'mongodb://here' };
  expect([await takeLock(path, 'mongodb://there'), await readLock(path)]).toEqual([held, held]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await dropLock(path);
  expect(await readLock(path)).toBeNull();
});

it('that is just being written is held, and one left half-written is not', async () => {
  const path = await lockPath();
  writeFileSync(path, '{"pid":');
  expect(await readLock(path)).toEqual({ taken: false, pid: null, host: null, note: null });
  const before = new Date(Date.now() - 90_000);
  utimesSync(path, before, before);
  expect(await readLock(path)).toBeNull();
});
