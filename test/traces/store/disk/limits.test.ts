import { existsSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openStore, readBack, type TestStore, traceOf, userFolder } from '../../../support/traces.ts';

const MIB = 1024 * 1024;
const sizeOf = ({ files }: TestStore) => files().reduce((sum, file) => sum + statSync(file).size, 0);

async function reopened(configPath: string, limits: { maxTraces?: number; maxBytes?: number } = {}) {
  const kept = await openStore({ configPath, ...limits });
  await readBack(kept);
  return kept;
}

describe('the oldest are dropped', () => {
  it('beyond a number of traces, the drops counted, also by the next run', async () => {
    const limits = { maxTraces: 1_000, maxBytes: MIB };
    const first = await openStore(limits);
    for (let from = 1; from <= 2_401; from += 100) {
      first.add(from, from + 99);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(first.store.counts()).toEqual({ kept: 1_000, dropped: 1_500 });
    await first.store.close();
    const second = await reopened(first.configPath, limits);
    expect(second.store.counts()).toEqual({ kept: 1_000, dropped: 1_500 });
    expect(second.store.list({ limit: 1, skip: 999 }).traces[0]?.seq).toBe(1_501);
    second.add(5_000, 5_009);
    expect(second.store.counts()).toEqual({ kept: 1_000, dropped: 1_510 });
  });

  it('beyond the room on disk, which is never exceeded', async () => {
    const limits = { maxBytes: MIB };
    const first = await openStore(limits);
    for (let from = 1; from <= 3_000; from += 100) {
      first.add(from, from + 99);
      await vi.waitFor(() => expect(sizeOf(first)).toBeGreaterThan(0));
      expect(sizeOf(first)).toBeLessThanOrEqual(MIB);
    }
    await first.store.close();
    expect(sizeOf(first)).toBeLessThanOrEqual(MIB);
    const { kept, dropped } = first.store.counts();
    expect(kept + dropped).toBe(3_000);
    expect(dropped).toBeGreaterThan(500);
    const second = await reopened(first.configPath, limits);
    expect(second.store.counts()).toEqual({ kept, dropped });
    expect(await second.store.read(traceOf(3_000).id)).toMatchObject({ seq: 3_000 });
  });
});

it('clearing removes the files; numbers go on, and what was cleared does not count as dropped', async () => {
  const first = await openStore();
  first.add(1, 50);
  await vi.waitFor(() => expect(first.files()).toHaveLength(1));
  await first.store.clear();
  expect(first.files()).toEqual([]);
  expect(first.store.list({ limit: 9 })).toMatchObject({ traces: [], kept: 0, matched: 0 });
  first.add(51, 53);
  await first.store.close();
  const second = await reopened(first.configPath);
  expect(second.store.list({ limit: 9 })).toMatchObject({
    traces: [{ seq: 53 }, { seq: 52 }, { seq: 51 }],
    kept: 3,
    dropped: 0,
  });
});

it.runIf(existsSync('/dev/full'))(
  'what a full disk refuses stays in memory as far as it fits; writing resumes by itself',
  async () => {
    const kept = await openStore({ memory: { maxTraces: 10, maxBytes: MIB } });
    const changed = vi.fn();
    kept.store.onChanged(changed);
    const file = join(kept.folder, '00000001.jsonl');
    // Each write to this device fails as on a full disk.
    symlinkSync('/dev/full', file);
    kept.add(1, 25);
    const loss = '15 traces were dropped before they could be written to disk.';
    const refusal = expect.stringContaining('the disk is full (ENOSPC)');
    await vi.waitFor(() => expect(kept.store.notices()).toEqual([refusal, loss]));
    expect(changed).toHaveBeenCalled();
    expect(kept.store.counts()).toEqual({ kept: 10, dropped: 15 });
    expect(await kept.store.read(traceOf(20).id)).toMatchObject({ seq: 20 });
    expect(await kept.store.search({ limit: 20, text: 'order-2' })).toMatchObject({ matched: 6 });
    rmSync(file);
    await vi.waitFor(() => expect(kept.store.notices()).toEqual([loss]), 10_000);
    await kept.store.close();
    const second = await reopened(kept.configPath);
    expect(second.store.counts()).toEqual({ kept: 10, dropped: 15 });
  },
);

it('files that are removed while it runs take their traces along; new ones are stored in new files', async () => {
  const kept = await openStore();
  kept.add(1, 2_100);
  await vi.waitFor(() => expect(kept.store.get(traceOf(1).id)).toBeUndefined(), 10_000);
  rmSync(kept.folder, { recursive: true });
  expect(await kept.store.read(traceOf(1).id)).toBeUndefined();
  expect(kept.store.list({ limit: 1 })).toMatchObject({ kept: 2_099, damaged: 1 });
  kept.add(3_000, 3_001);
  await vi.waitFor(() => expect(readdirSync(kept.folder)).toContain('00000002.jsonl'), 10_000);
  await kept.store.close();
  const second = await reopened(kept.configPath);
  expect(second.store.counts().kept).toBe(2);
});

it.skipIf(process.platform === 'win32')(
  'a folder that can’t be used leaves the traces in memory, and says why',
  async () => {
    const configPath = await userFolder();
    symlinkSync('/dev/null', join(configPath, 'traces'));
    const kept = await openStore({ configPath });
    kept.add(1, 3);
    expect(kept.store.counts().kept).toBe(3);
    expect(kept.store.notices()).toEqual([
      expect.stringMatching(/^Traces are stored in memory only: .* can’t be used: /),
    ]);
  },
);
