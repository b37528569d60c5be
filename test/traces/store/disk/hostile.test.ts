import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createSegmentFiles } from '../../../../main/traces/store/disk/segment-files.ts';
import { TraceStore } from '../../../../main/traces/store/store.ts';
import { openStore, readBack, traceOf, userFolder } from '../../../support/traces.ts';

it('loses no trace that ends while its folder is left for another', async () => {
  const kept = await openStore();
  const { store } = kept;
  let added = 0;
  const add = () => {
    added += 1;
    store.add(traceOf(added));
  };
  for (let count = 0; count < 500; count += 1) add();
  const moved = store.follow('/made-up/other').then(() => true);
  // Fewer than memory takes, however slow the disk is.
  while (!(await Promise.race([moved, new Promise((resolve) => setImmediate(resolve))]))) {
    if (added < 5_000) add();
  }
  add();
  const there = store.counts().kept;
  await store.follow('/made-up/plugins');
  await readBack(kept);
  expect(there + store.counts().kept).toBe(added);
});

it('brings back nothing that was cleared, also what was being written just then', async () => {
  const first = await openStore();
  for (let round = 0; round < 20; round += 1) {
    first.add(round * 10 + 1, round * 10 + 10);
    // Around the moment at which the batch is handed over.
    await new Promise((resolve) => setTimeout(resolve, 36 + round / 2));
    await first.store.clear();
  }
  expect(first.store.counts().kept).toBe(0);
  await first.store.close();
  expect(first.files()).toEqual([]);
});

it('finishes a clearing that a crash cut short', async () => {
  const first = await openStore();
  first.add(1, 5);
  await first.store.close();
  const [file = ''] = first.files();
  const before = readFileSync(file);
  const second = await openStore({ configPath: first.configPath });
  await readBack(second);
  await second.store.clear();
  await second.store.close();
  // What is there when the process ends between the two steps.
  writeFileSync(file, before);
  const third = await openStore({ configPath: first.configPath });
  await readBack(third);
  expect(third.store.counts()).toEqual({ kept: 0, dropped: 0 });
  await vi.waitFor(() => expect(third.files()).toEqual([]));
  third.add(6, 6);
  expect(third.store.list({ limit: 1 }).traces[0]?.seq).toBe(6);
});

it('T6: brings back nothing that was cleared where its files could not be removed', async () => {
  const first = await openStore();
  first.add(1, 5);
  await vi.waitFor(() => expect(first.files()).toHaveLength(1));
  // The first that is to be removed, and none that can be.
  const blocker = join(first.folder, '00000000.jsonl');
  mkdirSync(blocker);
  await expect(first.store.clear()).rejects.toThrow('The trace files were not removed');
  rmSync(blocker, { recursive: true });
  first.add(6, 6);
  await first.store.close();
  const second = await openStore({ configPath: first.configPath });
  await readBack(second);
  expect(second.store.list({ limit: 9 }).traces.map(({ seq }) => seq)).toEqual([6]);
});

it('removes nothing of the runtime that took the folder', async () => {
  const folder = await userFolder();
  const segment = join(folder, '00000001.jsonl');
  writeFileSync(segment, 'theirs\n');
  writeFileSync(join(folder, 'lock'), 'theirs');
  const files = createSegmentFiles({ folder, lock: 'ours' });
  expect(() => files.remove({ segments: [1] })).toThrow('another runtime has taken this folder');
  expect(readFileSync(segment, 'utf8')).toBe('theirs\n');
});

it('gives the folder free again when it turns out to be of no use', async () => {
  const kept = await openStore();
  await kept.store.close();
  const blocker = join(kept.folder, '00000001.jsonl');
  mkdirSync(blocker);
  const second = new TraceStore(undefined, kept.settings);
  await second.open();
  onTestFinished(() => second.close());
  expect(second.notices()[0]).toContain('can’t be used');
  rmSync(blocker, { recursive: true });
  const third = await openStore({ configPath: kept.configPath });
  expect(third.store.notices()).toEqual([]);
});

it.runIf(process.platform === 'linux')(
  'makes room by clearing, also where not a byte more can be written',
  async () => {
    const kept = await openStore();
    kept.add(1, 5);
    await vi.waitFor(() => expect(kept.files()).toHaveLength(1));
    symlinkSync('/dev/full', join(kept.folder, 'base'));
    await kept.store.clear();
    expect(kept.files()).toEqual([]);
    rmSync(join(kept.folder, 'base'));
    kept.add(6, 6);
    await vi.waitFor(() => expect(kept.files()).toHaveLength(1));
  },
);
