import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openStore, readBack } from '../../../support/traces.ts';

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
