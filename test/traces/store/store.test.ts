import { describe, expect, it } from 'vitest';
import type { Finding, FindingRule } from '../../../main/contract/finding.ts';
import type { Trace } from '../../../main/contract/trace.ts';
import type { TraceLimits } from '../../../main/traces/store/retention.ts';
import { type AddedTrace, TraceStore } from '../../../main/traces/store/store.ts';

const NOW = 1_800_000_000_000;
const roomy: TraceLimits = { maxTraces: 1_000, maxBytes: 1e9 };

let made = 0;

function trace(more: Partial<Trace> = {}): Trace {
  made += 1;
  return {
    id: made.toString(16).padStart(16, '0'),
    traceId: 'a'.repeat(32),
    seq: made,
    startedAt: NOW,
    durationMs: 10,
    plugin: 'hello',
    outcome: 'ok',
    status: 200,
    errorCode: null,
    user: 'u',
    spoofed: false,
    timeoutMs: 30_000,
    spans: [],
    response: null,
    identity: null,
    token: null,
    received: null,
    request: { method: 'POST', path: '/api/execute/hello', headers: {}, body: null },
    provenance: [],
    spoofs: [],
    console: [],
    events: [],
    error: null,
    pluginVersion: null,
    pid: null,
    ...more,
  };
}

describe('bounds', () => {
  it('keeps a number of traces and counts what it drops, oldest first', () => {
    const store = new TraceStore({ maxTraces: 3, maxBytes: 1e9 });
    const traces = Array.from({ length: 5 }, () => trace());
    for (const each of traces) store.add(each);
    expect(store.counts()).toEqual({ kept: 3, dropped: 2 });
    expect(store.get(traces[1]?.id ?? '')).toBeUndefined();
    expect(store.list({ limit: 10 }).traces.map(({ id }) => id)).toEqual(
      traces
        .slice(2)
        .reverse()
        .map(({ id }) => id),
    );
  });

  it('keeps a number of bytes, and the newest however large', () => {
    const store = new TraceStore({ maxTraces: 100, maxBytes: 10_000 });
    const large = () => trace({ console: [{ atMs: 0, level: 'log', text: 'x'.repeat(4_000) }] });
    for (let count = 0; count < 5; count += 1) store.add(large());
    expect(store.counts()).toEqual({ kept: 2, dropped: 3 });
    store.add(trace({ console: [{ atMs: 0, level: 'log', text: 'x'.repeat(40_000) }] }));
    expect(store.counts()).toEqual({ kept: 1, dropped: 5 });
    store.add(large());
    store.add(large());
    expect(store.counts().kept).toBe(2);
  });

  it('has room again once cleared; the numbers stay', async () => {
    const store = new TraceStore({ maxTraces: 2, maxBytes: 1e9 });
    for (let count = 0; count < 3; count += 1) store.add(trace());
    await store.clear();
    expect(store.counts()).toEqual({ kept: 0, dropped: 1 });
    expect(store.activity(NOW).total).toBe(3);
    expect(store.pluginStats('hello').calls).toBe(3);
    store.add(trace());
    expect(store.counts()).toEqual({ kept: 1, dropped: 1 });
  });
});

describe('list', () => {
  it.each([
    ['JSON as it was sent', '"Total": 7'.replace(' ', '')],
    ['a quote inside of a text', 'said "hi'],
    ['a backslash', 'C:\\temp'],
    ['a letter beyond ASCII', 'ÄRGER'],
  ])('finds %s', async (_title, text) => {
    const store = new TraceStore(roomy);
    const body = { json: { Total: 7 }, bytes: 11, truncated: false };
    const line = 'she said "hi" in C:\\temp, ärger';
    store.add(trace());
    store.add(
      trace({
        request: { method: 'POST', path: '/', headers: {}, body },
        console: [{ atMs: 0, level: 'log', text: line }],
      }),
    );
    expect(await store.search({ limit: 10, text })).toMatchObject({ matched: 1, traces: [{ seq: 2 }] });
    expect((await store.search({ limit: 10, text: `${text}!` })).matched).toBe(0);
  });

  it('filters by plugin, outcome and text, and pages by seq', async () => {
    const store = new TraceStore(roomy);
    const kept = [
      trace({ plugin: 'tasks', outcome: 'timeout' }),
      trace({
        request: {
          method: 'POST',
          path: '/',
          headers: {},
          body: { json: { q: 'Zebra' }, bytes: 1, truncated: false },
        },
      }),
      trace({ console: [{ atMs: 1, level: 'log', text: 'saw a ZEBRA' }], user: 'ada' }),
      trace({ error: { code: 'X', message: 'zebra missing' }, outcome: 'exception' }),
    ];
    for (const each of kept) store.add(each);
    const found = async (query: object) =>
      (await store.search({ limit: 50, ...query })).traces.map(({ seq }) => seq - 1);
    expect(await found({})).toEqual([3, 2, 1, 0]);
    expect(await found({ skip: 1, limit: 2 })).toEqual([2, 1]);
    expect(await found({ plugin: 'tasks' })).toEqual([0]);
    expect(await found({ plugin: 'never-called' })).toEqual([]);
    expect(await found({ outcome: 'exception' })).toEqual([3]);
    expect(await found({ text: 'zebra' })).toEqual([3, 2, 1]);
    expect(await found({ text: 'zebra', skip: 1, limit: 1 })).toEqual([2]);
    expect(await found({ text: 'zebra', outcome: 'ok' })).toEqual([2, 1]);
    expect(await found({ text: 'ADA' })).toEqual([2]);
    expect(await found({ text: 'atMs' })).toEqual([]);
    expect(await found({ text: kept[1]?.id })).toEqual([1]);
    expect(await found({ text: 'zebra', before: 4 })).toEqual([2, 1]);
    store.add(trace({ user: 'zebra' }));
    expect(await found({ text: 'zebra' })).toEqual([4, 3, 2, 1]);
    expect(store.list({ limit: 2 })).toMatchObject({ matched: 5, kept: 5, dropped: 0 });
    expect(store.list({ limit: 2 }).traces).toHaveLength(2);
  });

  it('hands over each trace until the listener unsubscribes', () => {
    const store = new TraceStore(roomy);
    const seen: AddedTrace[] = [];
    const unsubscribe = store.onAdded((added) => seen.push(added));
    const first = trace({ traceId: 'b'.repeat(32) });
    store.add(first);
    unsubscribe();
    store.add(trace());
    expect(seen).toEqual([{ summary: store.list({ limit: 2 }).traces[1], trace: store.get(first.id) }]);
    expect(seen[0]?.summary.id).toBe(first.id);
  });
});

describe('activity', () => {
  it('counts the last five minutes in buckets of ten seconds', () => {
    const store = new TraceStore(roomy);
    store.add(trace({ startedAt: NOW - 301_000 }));
    store.add(trace({ startedAt: NOW - 20_000, outcome: 'timeout' }));
    store.add(trace({ startedAt: NOW - 20_000, outcome: 'crashed' }));
    store.add(trace({ startedAt: NOW, outcome: 'refused', durationMs: 999 }));
    store.add(trace({ startedAt: NOW }));
    const activity = store.activity(NOW);
    expect(activity).toMatchObject({ windowMs: 300_000, total: 4, p50Ms: 10, p95Ms: 10 });
    expect(activity.buckets).toHaveLength(30);
    expect(activity.buckets.at(-1)).toEqual({ at: NOW, ok: 1, error: 0, timeout: 0, refused: 1 });
    expect(activity.buckets.at(-3)).toEqual({ at: NOW - 20_000, ok: 0, error: 1, timeout: 1, refused: 0 });
    expect(store.activity(NOW + 400_000)).toMatchObject({ total: 0, p50Ms: null, p95Ms: null });
  });

  it('has percentiles by nearest rank', () => {
    const store = new TraceStore(roomy);
    for (let ms = 1; ms <= 100; ms += 1) store.add(trace({ durationMs: ms }));
    expect(store.activity(NOW)).toMatchObject({ p50Ms: 50, p95Ms: 95 });
  });
});

describe('pluginStats', () => {
  it('counts what reached the plugin', () => {
    const store = new TraceStore(roomy);
    for (const outcome of [
      'ok',
      'plugin_error',
      'exception',
      'crashed',
      'timeout',
      'refused',
      'aborted',
    ] as const) {
      store.add(trace({ outcome }));
    }
    expect(store.pluginStats('hello')).toEqual({
      calls: 5,
      errors: 3,
      timeouts: 1,
      p50Ms: 10,
      p95Ms: 10,
      findings: [],
    });
    expect(store.pluginStats('other')).toEqual({
      calls: 0,
      errors: 0,
      timeouts: 0,
      p50Ms: null,
      p95Ms: null,
      findings: [],
    });
  });

  it('counts the calls of the newest version with each finding, until the traces are cleared', async () => {
    const finding = (rule: FindingRule, collection: string | null = null) => ({
      rule,
      collection,
      text: 'x',
    });
    const store = new TraceStore(roomy);
    const [tasks, notes] = [finding('not-scoped', 'tasks'), finding('not-scoped', 'notes')];
    const call = (pluginVersion: string, startedAt: number, findings?: readonly Finding[]) => {
      const one = trace({ pluginVersion, startedAt, findings });
      store.add(one);
      return one.id;
    };
    call('old', NOW, [tasks]);
    const latest = call('new', NOW + 1, [tasks, tasks, notes]);
    call('old', NOW, [tasks]);
    call('new', NOW + 2);
    const found = { rule: 'not-scoped', calls: 1, latestTrace: latest };
    expect(store.pluginStats('hello').findings).toEqual([
      { ...found, collection: 'tasks' },
      { ...found, collection: 'notes' },
    ]);
    const newest = call('new', NOW + 3, [notes]);
    expect(store.pluginStats('hello').findings[1]).toMatchObject({ calls: 2, latestTrace: newest });
    call(
      'new',
      NOW + 4,
      Array.from({ length: 500 }, (_, at) => finding('not-scoped', `c${at}`)),
    );
    expect(store.pluginStats('hello').findings).toHaveLength(100);
    await store.clear();
    expect(store.pluginStats('hello').findings).toEqual([]);
  });

  it('is not grown by names that clients invent', () => {
    const store = new TraceStore(roomy);
    store.add(trace({ plugin: 'constructor', outcome: 'refused' }));
    expect(store.pluginStats('constructor').calls).toBe(0);
  });

  it('forgets old durations, not calls', () => {
    const store = new TraceStore({ maxTraces: 1, maxBytes: 1e9 });
    for (let count = 0; count < 1_000; count += 1) store.add(trace({ durationMs: 500 }));
    for (let count = 0; count < 1_000; count += 1) store.add(trace({ durationMs: 5 }));
    expect(store.pluginStats('hello')).toMatchObject({ calls: 2_000, p50Ms: 5, p95Ms: 5 });
  });
});
