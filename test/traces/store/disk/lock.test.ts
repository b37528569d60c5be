import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { takeLock } from '../../../../main/traces/store/disk/lock.ts';
import { openStore, readBack, userFolder } from '../../../support/traces.ts';

it('keeps a second runtime on the same folder in memory, and says so', async () => {
  const first = await openStore();
  first.add(1, 2);
  const second = await openStore({ configPath: first.configPath });
  second.add(7, 9);
  expect(second.store.notices()).toEqual([
    `Another workbench (process ${process.pid}) stores the traces of this plugins’ folder on disk. The traces of this one stay in memory until it exits.`,
  ]);
  expect(second.store.list({ limit: 9 })).toMatchObject({ kept: 3 });
  expect(second.store.list({ limit: 9 }).place).toBeUndefined();
  await second.store.close();
  await first.store.close();
  const third = await openStore({ configPath: first.configPath });
  await readBack(third);
  expect(third.store.counts().kept).toBe(2);
  expect(third.store.notices()).toEqual([]);
});

async function lockBy(holder: object, ageMs = 0): Promise<string> {
  const path = join(await userFolder(), 'traces/lock');
  mkdirSync(dirname(path), { recursive: true });
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
  expect(await takeLock(await lockBy({ pid, host: hostname(), started: null }))).toEqual({
    taken: false,
    pid,
  });
});

it('is taken over when its number belongs to a younger process, or it was not renewed for long', async () => {
  const pid = await sleeper();
  if (process.platform === 'linux') {
    expect(await takeLock(await lockBy({ pid, host: hostname(), started: '1' }))).toMatchObject({
      taken: true,
    });
  }
  const silent = { pid, host: 'another-machine', started: null };
  expect(await takeLock(await lockBy(silent))).toEqual({ taken: false, pid });
  expect(await takeLock(await lockBy(silent, 90_000))).toMatchObject({ taken: true });
});

it('is checked before each write: the one that lost it stops writing, and touches nothing of the other’s', async () => {
  const first = await openStore();
  first.add(1, 2);
  // The file is there before its records are.
  await vi.waitFor(() => expect(readFileSync(first.files()[0] ?? '', 'utf8')).toMatch(/"seq":2,.*\n$/));
  const [file = ''] = first.files();
  const theirs = JSON.stringify({ pid: 1, host: 'another-machine', nonce: 'theirs' });
  writeFileSync(join(first.folder, 'lock'), theirs);
  const before = readFileSync(file, 'utf8');
  first.add(3, 4);
  await vi.waitFor(() =>
    expect(first.store.notices()[0]).toContain('another workbench has taken the folder'),
  );
  await first.store.close();
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(readFileSync(join(first.folder, 'lock'), 'utf8')).toBe(theirs);
  expect(first.store.counts().kept).toBe(4);
});
