import { expect, it, onTestFinished, vi } from 'vitest';
import type { RuntimeSnapshot } from '../../../../main/contract/snapshot.ts';
import type { TraceSummary } from '../../../../main/contract/trace.ts';
import type { TraceQuery } from '../../../../main/contract/trace-list.ts';
import { indexOfTrace, listLength, rowAt } from '../../../../renderer/state/traces/trace-pages.ts';
import { type Answers, Refusal, traceSummary } from '../../support/stub-bridge.ts';
import { type StubStores, stubStores } from '../../support/stub-stores.ts';

let stub: StubStores;

/** Stores that follow a runtime with these answers. */
function open(answers: Answers): void {
  stub = stubStores(answers);
  onTestFinished(stub.stores.traces.start());
}

/** A runtime that keeps `kept` and answers queries like the real one, text aside. */
function follow(kept: TraceSummary[]): void {
  const answer = ({ limit, before, skip = 0, plugin, outcome }: TraceQuery) => {
    const matches = kept
      .filter((trace) => (!plugin || trace.plugin === plugin) && (!outcome || trace.outcome === outcome))
      .sort((a, b) => b.seq - a.seq);
    const below = matches.filter(({ seq }) => before === undefined || seq < before);
    const traces = below.slice(skip, skip + limit);
    return { traces, matched: below.length, kept: kept.length, dropped: 0 };
  };
  open({ traces: answer, clearTraces: () => null });
}

const list = () => stub.stores.traces.store.getState();
const seqs = () => list().rows.map(({ seq }) => seq);
const isReady = () => expect(list().load.state).toBe('ready');

async function loaded(kept: TraceSummary[]): Promise<void> {
  follow(kept);
  stub.connect('open');
  await vi.waitFor(isReady);
}

it('fetches the list and the recent few when the connection opens, and again when it is back', async () => {
  const kept = [traceSummary(1), traceSummary(2)];
  await loaded(kept);
  expect(seqs()).toEqual([2, 1]);
  kept.push(traceSummary(3));
  stub.connect('lost');
  stub.connect('open');
  await vi.waitFor(() => expect(seqs()).toEqual([3, 2, 1]));
  await vi.waitFor(() => expect(list().recent).toMatchObject({ value: { length: 3 } }));
});

it('puts a batch on top, newest first, without duplicating what the first page brought', async () => {
  await loaded([traceSummary(1), traceSummary(2)]);
  stub.emit('traces', { traces: [traceSummary(2), traceSummary(3), traceSummary(4)], kept: 4, dropped: 7 });
  expect(seqs()).toEqual([4, 3, 2, 1]);
  expect(list()).toMatchObject({ matched: 4, kept: 4, dropped: 7 });
});

it('adds only traces that match the filters, while the recent few include all', async () => {
  await loaded([]);
  stub.stores.traces.setFilters({ plugin: 'whoami', outcome: 'ok' });
  await vi.waitFor(() =>
    expect(stub.calls.at(-1)?.argument).toMatchObject({ plugin: 'whoami', outcome: 'ok' }),
  );
  await vi.waitFor(isReady);
  stub.emit('traces', {
    traces: [
      traceSummary(1),
      traceSummary(2, { plugin: 'whoami' }),
      traceSummary(3, { plugin: 'whoami', outcome: 'timeout' }),
    ],
    kept: 3,
    dropped: 0,
  });
  expect(seqs()).toEqual([2]);
  expect(list().recent).toMatchObject({ value: [{ seq: 3 }, { seq: 2 }, { seq: 1 }] });
});

it('asks the runtime again when a text is searched', async () => {
  const kept = [traceSummary(1)];
  await loaded(kept);
  stub.stores.traces.setFilters({ text: 'needle' });
  await vi.waitFor(() => expect(stub.calls.at(-1)?.argument).toMatchObject({ text: 'needle' }));
  const asked = stub.calls.length;
  kept.push(traceSummary(2));
  stub.emit('traces', { traces: [traceSummary(2)], kept: 2, dropped: 0 });
  expect(seqs()).toEqual([1]);
  await vi.waitFor(() => expect(seqs()).toEqual([2, 1]), 5000);
  expect(stub.calls.length).toBeGreaterThan(asked);
});

it('counts new ones while paused without moving the list; resuming fetches them', async () => {
  const kept = [traceSummary(1)];
  await loaded(kept);
  stub.stores.traces.setPaused(true);
  kept.push(traceSummary(2));
  stub.emit('traces', { traces: [traceSummary(2)], kept: 2, dropped: 0 });
  expect(seqs()).toEqual([1]);
  expect(list().waiting).toBe(1);
  stub.stores.traces.setPaused(false);
  await vi.waitFor(() => expect(seqs()).toEqual([2, 1]));
  expect(list().waiting).toBe(0);
});

/** The `seq` of the row at a place; undefined where it isn't fetched. */
const seqAt = (place: number) => rowAt(list(), place)?.seq;

it('is as long as there are matches, and fetches a page when it comes into view', async () => {
  const kept = Array.from({ length: 100_000 }, (_, index) => traceSummary(index + 1));
  await loaded(kept);
  expect(listLength(list())).toBe(100_000);
  const calls = stub.calls.length;
  await stub.stores.tracePages.fetchRows(99_700, 99_999);
  expect([seqAt(199), seqAt(200), seqAt(99_700), seqAt(99_999)]).toEqual([99_801, undefined, 300, 1]);
  await stub.stores.tracePages.fetchRows(99_700, 99_999);
  expect(stub.calls.length - calls).toBe(2);
  expect(indexOfTrace(list(), traceSummary(3).id)).toBe(99_997);
});

it('fetches a distant row to select it, and pins the list while new ones arrive', async () => {
  const kept = Array.from({ length: 1_000 }, (_, index) => traceSummary(index + 1));
  await loaded(kept);
  const fetched = stub.stores.tracePages.fetchRow(999);
  stub.emit('traces', batch(1_001, 1_005, kept));
  expect(await fetched).toMatchObject({ seq: 1 });
  expect(seqAt(999)).toBe(1);
  // Let go, places mean something else: what was fetched for the old ones is gone.
  stub.stores.traces.pin(false);
  await vi.waitFor(() => expect(seqAt(0)).toBe(1_005));
  expect(seqAt(999)).toBeUndefined();
});

it('asks again while the runtime is searching or reading, and grows below a fixed top', async () => {
  const all = Array.from({ length: 300 }, (_, index) => traceSummary(300 - index));
  const asked: TraceQuery[] = [];
  open({
    traces(query) {
      if (query.text === undefined) return { traces: [], matched: 0, kept: 300, dropped: 0 };
      asked.push(query);
      const found = asked.length * 100;
      const more = found < 300 ? { searched: found } : {};
      return {
        traces: all.slice(0, Math.min(found, query.limit)),
        matched: found,
        kept: 300,
        dropped: 0,
        ...more,
      };
    },
  });
  stub.connect('open');
  await vi.waitFor(isReady);
  stub.stores.traces.setFilters({ text: 'x' });
  await vi.waitFor(() => expect(list()).toMatchObject({ matched: 100, searched: 100 }));
  stub.stores.traces.pin(true);
  await vi.waitFor(() => expect(list()).toMatchObject({ matched: 300, searched: null }));
  expect(asked.map(({ before }) => before)).toEqual([undefined, 301, 301]);
  expect(list().rows).toHaveLength(200);
});

it('fetches again when another folder is watched', async () => {
  const kept = [traceSummary(7)];
  await loaded(kept);
  const watch = (path: string) => stub.emit('snapshot', { folder: { path } } as RuntimeSnapshot);
  watch('/one');
  kept.splice(0, 1, traceSummary(2));
  watch('/two');
  await vi.waitFor(() => expect(seqs()).toEqual([2]));
});

it('drops an answer overtaken by a newer query', async () => {
  const pending: ((seq: number) => void)[] = [];
  open({
    traces: () =>
      new Promise((resolve) => {
        pending.push((seq) => resolve({ traces: [traceSummary(seq)], matched: 1, kept: 1, dropped: 0 }));
      }),
  });
  const older = stub.stores.traces.refresh();
  const newer = stub.stores.traces.refresh();
  pending[1]?.(2);
  await newer;
  pending[0]?.(1);
  await older;
  expect(seqs()).toEqual([2]);
});

it('shows why a list failed to load instead of an empty list', async () => {
  open({
    traces: () => {
      throw new Refusal('INTERNAL_ERROR', 'the store is gone');
    },
  });
  await stub.stores.traces.refresh();
  expect(list().load).toEqual({
    state: 'failed',
    error: { code: 'INTERNAL_ERROR', message: 'the store is gone' },
  });
});

it('clears the list; a refusal leaves it and is announced', async () => {
  const kept = [traceSummary(1)];
  await loaded(kept);
  stub.answers.clearTraces = () => {
    throw new Refusal('CONFLICT', 'not now');
  };
  await stub.stores.traces.clear();
  expect(stub.announced).toMatchObject([{ title: 'Traces not cleared', text: 'not now' }]);
  expect(seqs()).toEqual([1]);
  stub.answers.clearTraces = () => {
    kept.length = 0;
    return null;
  };
  await stub.stores.traces.clear();
  expect(seqs()).toEqual([]);
});

const batch = (from: number, to: number, kept: TraceSummary[]) => {
  const traces = Array.from({ length: to - from + 1 }, (_, index) => traceSummary(from + index));
  kept.push(...traces);
  return { traces, kept: kept.length, dropped: 0 };
};
/** Newest first, none left out. */
const countingDown = (from: number, rows: number) => Array.from({ length: rows }, (_, index) => from - index);

it('fetches the list again when some were left out, leaving no gap', async () => {
  const kept: TraceSummary[] = [];
  await loaded(kept);
  stub.emit('traces', batch(1, 3, kept));
  expect(seqs()).toEqual([3, 2, 1]);
  // Hidden for long: the runtime kept 4 to 300 to itself.
  batch(4, 300, kept);
  stub.emit('traces', batch(301, 310, kept));
  await vi.waitFor(() => expect(seqs()).toEqual(countingDown(310, 200)));
  await vi.waitFor(() =>
    expect(list().recent).toMatchObject({
      value: [{ seq: 310 }, { seq: 309 }, { seq: 308 }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
    }),
  );
  expect(list()).toMatchObject({ matched: 310, kept: 310 });
});

it('neither loses nor duplicates what arrives during a query', async () => {
  const kept = countingDown(5, 5)
    .reverse()
    .map((seq) => traceSummary(seq));
  follow(kept);
  let release: () => void = () => undefined;
  const { traces: answer } = stub.answers;
  stub.answers.traces = async (query) => {
    const page = await answer?.(query);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    return page as never;
  };
  const refreshed = stub.stores.traces.refresh();
  await vi.waitFor(() => expect(stub.calls).toHaveLength(1));
  await Promise.resolve();
  stub.emit('traces', { traces: [traceSummary(5), traceSummary(6)], kept: 6, dropped: 0 });
  stub.emit('traces', { traces: [traceSummary(7)], kept: 7, dropped: 0 });
  release();
  await refreshed;
  expect(seqs()).toEqual([7, 6, 5, 4, 3, 2, 1]);
  expect(list().matched).toBe(7);
});

it('does not move while pinned, and has everything when released', async () => {
  const kept: TraceSummary[] = [];
  await loaded(kept);
  stub.emit('traces', batch(1, 50, kept));
  stub.stores.traces.pin(true);
  const rows = list().rows;
  stub.emit('traces', batch(51, 60, kept));
  expect(list().rows).toBe(rows);
  expect(list().waiting).toBe(10);
  batch(61, 100, kept);
  stub.emit('traces', batch(101, 110, kept));
  expect(list().rows).toBe(rows);
  stub.stores.traces.pin(false);
  await vi.waitFor(() => expect(seqs()).toEqual(countingDown(110, 110)));
  expect(list().waiting).toBe(0);
});

it('stays bounded as new ones arrive; what left it can be fetched', async () => {
  const kept: TraceSummary[] = [];
  await loaded(kept);
  for (let from = 1; from < 5_000; from += 250) stub.emit('traces', batch(from, from + 249, kept));
  const { rows, matched } = list();
  expect(rows.length).toBeLessThanOrEqual(2_000);
  expect(seqs()).toEqual(countingDown(5_000, rows.length));
  expect(matched).toBe(5_000);
  expect(await stub.stores.tracePages.fetchRow(4_999)).toMatchObject({ seq: 1 });
});
