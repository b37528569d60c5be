import { describe, expect, it, vi } from 'vitest';
import { type Place, TraceIndex } from '../../../main/traces/store/index.ts';
import { encodeRecord } from '../../../main/traces/store/record.ts';
import { createTextSearches, type TextSources } from '../../../main/traces/store/search.ts';
import { traceOf } from '../../support/trace-fixture.ts';
import { openStore, readBack } from '../../support/traces.ts';

/** Rows 1 … `count`, each a record of a MiB on disk: four of them are one step. */
function slowDisk(count: number) {
  const index = new TraceIndex(count);
  for (let seq = 1; seq <= count; seq += 1) {
    index.push({ ...traceOf(seq), seq });
    index.setPlace(seq - 1, { segment: 1, offset: (seq - 1) * 1024 * 1024, bytes: 1024 * 1024 - 1 });
  }
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  const onDisk: TextSources['onDisk'] = (run: Place, text) =>
    new Promise((resolve) => {
      const first = run.offset / (1024 * 1024) + 1;
      const last = Math.round((run.offset + run.bytes) / (1024 * 1024));
      asked.push(`${text} ${first}–${last}`);
      waiting.push(() => resolve(Array.from({ length: last - first + 1 }, (_, at) => first + at)));
    });
  return {
    index,
    asked,
    answer: () => waiting.shift()?.(),
    searches: createTextSearches({ index, inMemory: () => undefined, onDisk }),
  };
}

describe('a search', () => {
  it('answers as soon as a page is full, newest first, and goes on', async () => {
    const { searches, asked, answer } = slowDisk(20);
    const page = searches.page({ text: 'a', limit: 3 });
    answer();
    expect(await page).toEqual({ seqs: [20, 19, 18], matched: 4, searched: 4 });
    expect(asked).toEqual(['a 17–20', 'a 13–16']);
    answer();
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    expect(await searches.page({ text: 'A', limit: 2, before: 18, skip: 1 })).toEqual({
      seqs: [16, 15],
      matched: 5,
      searched: 8,
    });
  });

  it('answers after a while with what there is', async () => {
    const { searches } = slowDisk(20);
    expect(await searches.page({ text: 'a', limit: 3 })).toEqual({ seqs: [], matched: 0, searched: 0 });
  });

  it('ends when another one is asked, and goes on from there when it is asked again', async () => {
    const { searches, asked, answer } = slowDisk(20);
    const overtaken = searches.page({ text: 'a', limit: 20 });
    const other = searches.page({ text: 'b', limit: 4 });
    answer();
    answer();
    expect((await other).seqs).toEqual([20, 19, 18, 17]);
    expect((await overtaken).searched).not.toBeNull();
    expect(asked).toEqual(['a 17–20', 'b 17–20', 'b 13–16']);
    const again = searches.page({ text: 'a', limit: 5 });
    await vi.waitFor(() => expect(asked.at(-1)).toBe('a 13–16'));
    answer();
    answer();
    expect((await again).seqs).toEqual([20, 19, 18, 17, 16]);
  });

  it('passes a failure on, and can be asked again', async () => {
    const { index } = slowDisk(4);
    const onDisk = vi
      .fn<TextSources['onDisk']>()
      .mockRejectedValueOnce(new Error('unreadable'))
      .mockResolvedValue([4]);
    const searches = createTextSearches({ index, inMemory: () => undefined, onDisk });
    await expect(searches.page({ text: 'a', limit: 1 })).rejects.toThrow('unreadable');
    expect(await searches.page({ text: 'a', limit: 1 })).toEqual({ seqs: [4], matched: 1, searched: null });
  });

  it('reads no more of the disk than the rows that the other filters leave', async () => {
    const { index, searches, asked, answer } = slowDisk(20);
    index.clear();
    for (let seq = 1; seq <= 20; seq += 1) {
      index.push({ ...traceOf(seq, seq === 3 || seq === 12 ? { plugin: 'rare' } : {}), seq });
      index.setPlace(seq - 1, { segment: 1, offset: (seq - 1) * 1024 * 1024, bytes: 1024 * 1024 - 1 });
    }
    const page = searches.page({ text: 'a', plugin: 'rare', limit: 5 });
    answer();
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    answer();
    expect(await page).toEqual({ seqs: [12, 3], matched: 2, searched: null });
    expect(asked).toEqual(['a 12–12', 'a 3–3']);
  });
});

it('finds texts on disk and in memory, in new traces too, and counts all of them', async () => {
  const first = await openStore({ maxBytes: 16 * 1024 * 1024 });
  const pale = { console: [{ atMs: 1, level: 'log' as const, text: 'x'.repeat(1_000) }] };
  first.add(1, 3_000, pale);
  first.add(3_001, 3_001, { error: { code: 'E', message: 'the Needle' } });
  await first.store.close();
  const { store, add, files } = await openStore({ configPath: first.configPath, maxBytes: 16 * 1024 * 1024 });
  await readBack({ ...first, store });
  expect(files().length).toBeGreaterThan(2);
  add(3_002, 4_000, pale);
  const whole = async (text: string) => {
    let page = await store.search({ limit: 5, text });
    while (page.searched !== undefined) page = await store.search({ limit: 5, text });
    return page;
  };
  expect(await whole('order-')).toMatchObject({
    matched: 4_000,
    traces: [{ seq: 4_000 }, {}, {}, {}, { seq: 3_996 }],
  });
  expect(await whole('NEEDLE')).toMatchObject({ matched: 1, traces: [{ seq: 3_001 }] });
  expect(await whole('zoË')).toMatchObject({ matched: 4_000 });
  expect(await whole('"order-2999"')).toMatchObject({ matched: 1 });
  expect(await whole('atMs')).toMatchObject({ matched: 0 });
  add(4_001, 4_001, { user: 'needle' });
  expect(await whole('needle')).toMatchObject({ matched: 2, traces: [{ seq: 4_001 }, { seq: 3_001 }] });
  expect(encodeRecord({ ...traceOf(1), seq: 1 }).split('\t')).toHaveLength(2);
});
