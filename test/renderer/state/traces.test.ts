import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { TraceQuery } from '../../../main/contract/trace-list.ts';
import { onAnnouncement } from '../../../renderer/state/announcements.ts';
import {
  clearTraces,
  loadMoreTraces,
  refreshTraces,
  resetTraces,
  setTraceFilters,
  setTracesPaused,
  startTraces,
  traceStore,
} from '../../../renderer/state/traces.ts';
import { Refusal, type StubBridge, stubBridge, traceSummary } from '../support/stub-bridge.ts';

beforeEach(() => resetTraces());

/** A runtime that keeps `kept` and answers queries like the real one, text aside. */
function follow(kept: TraceSummary[]): StubBridge {
  const answer = ({ limit, before, plugin, outcome }: TraceQuery) => {
    const matches = kept
      .filter((trace) => (!plugin || trace.plugin === plugin) && (!outcome || trace.outcome === outcome))
      .sort((a, b) => b.seq - a.seq);
    const below = matches.filter(({ seq }) => before === undefined || seq < before);
    return { traces: below.slice(0, limit), matched: matches.length, kept: kept.length, dropped: 0 };
  };
  const stub = stubBridge({ traces: answer, clearTraces: () => null });
  onTestFinished(startTraces());
  return stub;
}

const seqs = () => traceStore.getState().rows.map(({ seq }) => seq);
const isReady = () => expect(traceStore.getState().load.state).toBe('ready');

async function loaded(kept: TraceSummary[]): Promise<StubBridge> {
  const stub = follow(kept);
  stub.connect('open');
  await vi.waitFor(isReady);
  return stub;
}

test('the list and the recent few are fetched when the connection opens, and again when it is back', async () => {
  const kept = [traceSummary(1), traceSummary(2)];
  const stub = await loaded(kept);
  expect(seqs()).toEqual([2, 1]);
  kept.push(traceSummary(3));
  stub.connect('lost');
  stub.connect('open');
  await vi.waitFor(() => expect(seqs()).toEqual([3, 2, 1]));
  await vi.waitFor(() => expect(traceStore.getState().recent).toMatchObject({ value: { length: 3 } }));
});

test('a batch lands on top, newest first, and what the first page already brought is not doubled', async () => {
  const stub = await loaded([traceSummary(1), traceSummary(2)]);
  stub.emit('traces', { traces: [traceSummary(2), traceSummary(3), traceSummary(4)], kept: 4, dropped: 7 });
  expect(seqs()).toEqual([4, 3, 2, 1]);
  expect(traceStore.getState()).toMatchObject({ matched: 4, kept: 4, dropped: 7 });
});

test('only traces that match the filters join the list, while the recent few hold all', async () => {
  const stub = await loaded([]);
  setTraceFilters({ plugin: 'whoami', outcome: 'ok' });
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
  expect(traceStore.getState().recent).toMatchObject({ value: [{ seq: 3 }, { seq: 2 }, { seq: 1 }] });
});

test('with a text only the runtime can tell what matches: it is asked again', async () => {
  const kept = [traceSummary(1)];
  const stub = await loaded(kept);
  setTraceFilters({ text: 'needle' });
  await vi.waitFor(() => expect(stub.calls.at(-1)?.argument).toMatchObject({ text: 'needle' }));
  const asked = stub.calls.length;
  kept.push(traceSummary(2));
  stub.emit('traces', { traces: [traceSummary(2)], kept: 2, dropped: 0 });
  expect(seqs()).toEqual([1]);
  await vi.waitFor(() => expect(seqs()).toEqual([2, 1]), 5000);
  expect(stub.calls.length).toBeGreaterThan(asked);
});

test('while paused new ones are counted and the list stands still; resuming fetches them', async () => {
  const kept = [traceSummary(1)];
  const stub = await loaded(kept);
  setTracesPaused(true);
  kept.push(traceSummary(2));
  stub.emit('traces', { traces: [traceSummary(2)], kept: 2, dropped: 0 });
  expect(seqs()).toEqual([1]);
  expect(traceStore.getState().waiting).toBe(1);
  setTracesPaused(false);
  await vi.waitFor(() => expect(seqs()).toEqual([2, 1]));
  expect(traceStore.getState().waiting).toBe(0);
});

test('older pages are fetched below the last row until there are none', async () => {
  const kept = Array.from({ length: 450 }, (_, index) => traceSummary(index + 1));
  await loaded(kept);
  expect(traceStore.getState()).toMatchObject({ more: true, matched: 450 });
  await loadMoreTraces();
  await loadMoreTraces();
  expect(seqs()).toEqual(Array.from({ length: 450 }, (_, index) => 450 - index));
  expect(traceStore.getState().more).toBe(false);
});

test('an answer that a newer question has overtaken is dropped', async () => {
  const pending: ((seq: number) => void)[] = [];
  stubBridge({
    traces: () =>
      new Promise((resolve) => {
        pending.push((seq) => resolve({ traces: [traceSummary(seq)], matched: 1, kept: 1, dropped: 0 }));
      }),
  });
  const older = refreshTraces();
  const newer = refreshTraces();
  pending[1]?.(2);
  await newer;
  pending[0]?.(1);
  await older;
  expect(seqs()).toEqual([2]);
});

test('a list that failed to load says why and is not empty by accident', async () => {
  stubBridge({
    traces: () => {
      throw new Refusal('INTERNAL_ERROR', 'the store is gone');
    },
  });
  await refreshTraces();
  expect(traceStore.getState().load).toEqual({
    state: 'failed',
    error: { code: 'INTERNAL_ERROR', message: 'the store is gone' },
  });
});

test('clearing empties the list; a refusal keeps it and is announced', async () => {
  const kept = [traceSummary(1)];
  const stub = await loaded(kept);
  const heard: string[] = [];
  onTestFinished(onAnnouncement(({ title, text }) => heard.push(`${title}: ${text}`)));
  stub.answers.clearTraces = () => {
    throw new Refusal('CONFLICT', 'not now');
  };
  await clearTraces();
  expect(heard).toEqual(['Traces not cleared: not now']);
  expect(seqs()).toEqual([1]);
  stub.answers.clearTraces = () => {
    kept.length = 0;
    return null;
  };
  await clearTraces();
  expect(seqs()).toEqual([]);
});
