import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BusEvent } from '../../main/contract/event-bus.ts';
import type { InspectorEventName, InspectorEvents } from '../../main/contract/inspector.ts';
import type { RuntimeSnapshot } from '../../main/contract/snapshot.ts';
import type { SocketMessage } from '../../main/contract/sockets.ts';
import type { TraceSummary } from '../../main/contract/trace.ts';
import { createEventHub, type Subscriber } from '../../main/inspector/event-hub.ts';

type Sent = { [E in InspectorEventName]: { event: E; payload: InspectorEvents[E] } }[InspectorEventName];

function trace(seq: number): TraceSummary {
  return {
    id: String(seq).padStart(16, '0'),
    seq,
    startedAt: 0,
    durationMs: 1,
    plugin: 'hello',
    outcome: 'ok',
    status: 200,
    errorCode: null,
    user: null,
    spoofed: false,
  };
}

function hub() {
  const events = createEventHub({
    snapshot: () => ({ contractVersion: '1.0.0' }) as RuntimeSnapshot,
    counts: () => ({ kept: 7, dropped: 2 }),
    sockets: () => ({ connections: [], ends: [], test: null }),
    busEvents: (seqs) => [...seqs].map((seq) => ({ seq }) as BusEvent),
  });
  onTestFinished(() => events.stop());
  return events;
}

function subscriber(isVisible: () => boolean): Subscriber & { readonly sent: Sent[] } {
  const sent: Sent[] = [];
  return { sent, isVisible, send: (event, payload) => sent.push({ event, payload } as Sent) };
}

const seqs = (sent: readonly Sent[]) =>
  sent.flatMap((entry) => (entry.event === 'traces' ? entry.payload.traces.map((row) => row.seq) : []));

describe('event hub', () => {
  it('gives a new subscriber the snapshot', async () => {
    const events = hub();
    const window = subscriber(() => true);
    events.subscribe(window);
    await vi.waitFor(() => expect(window.sent.map(({ event }) => event)).toEqual(['snapshot']));
  });

  it('sends many traces as few batches, in order, with the counts', async () => {
    const events = hub();
    const window = subscriber(() => true);
    events.subscribe(window);
    for (let seq = 1; seq <= 500; seq++) events.traceAdded(trace(seq));
    await vi.waitFor(() =>
      expect(seqs(window.sent)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1)),
    );
    const batches = window.sent.filter(({ event }) => event === 'traces');
    expect(batches.length).toBe(1);
    expect(batches[0]?.payload).toMatchObject({ kept: 7, dropped: 2 });
  });

  it('sends a hidden window nothing, and all of it when it is shown', async () => {
    const events = hub();
    let shown = false;
    const hidden = subscriber(() => shown);
    const other = subscriber(() => true);
    events.subscribe(hidden);
    events.subscribe(other);
    events.traceAdded(trace(1));
    await vi.waitFor(() => expect(seqs(other.sent)).toEqual([1]));
    events.traceAdded(trace(2));
    await vi.waitFor(() => expect(seqs(other.sent)).toEqual([1, 2]));
    expect(hidden.sent).toEqual([]);
    shown = true;
    await vi.waitFor(() => expect(seqs(hidden.sent)).toEqual([1, 2]));
  });

  it('sends messages of sockets in batches, with who is connected, and the news of a hidden window later', async () => {
    const events = hub();
    let shown = false;
    const window = subscriber(() => shown);
    events.subscribe(window);
    const message = (seq: number) => ({ seq, text: '{}' }) as SocketMessage;
    for (const seq of [1, 2, 3]) events.socketMessageSent(message(seq));
    events.socketsChanged();
    shown = true;
    await vi.waitFor(() => expect(window.sent.map(({ event }) => event)).toContain('sockets'));
    expect(window.sent.filter(({ event }) => event === 'sockets').map(({ payload }) => payload)).toEqual([
      { messages: [message(1), message(2), message(3)], connections: [], ends: [], test: null },
    ]);
  });

  it('shows by a gap in the numbers what a window that was hidden for long has missed', async () => {
    const events = hub();
    let shown = false;
    const hidden = subscriber(() => shown);
    events.subscribe(hidden);
    for (let seq = 1; seq <= 4_500; seq++) events.traceAdded(trace(seq));
    shown = true;
    await vi.waitFor(() => expect(seqs(hidden.sent).at(-1)).toBe(4_500));
    const [first = 0, ...rest] = seqs(hidden.sent);
    expect(first).toBeGreaterThan(1);
    expect(rest.length).toBeLessThan(2_000);
    // What is there is whole: the next batch follows it.
    expect(rest).toEqual(rest.map((_, index) => first + index + 1));
    events.traceAdded(trace(4_501));
    await vi.waitFor(() => expect(seqs(hidden.sent).slice(-2)).toEqual([4_500, 4_501]));
  });

  it('sends a changed snapshot at once, and activity alone once a second', async () => {
    const events = hub();
    const window = subscriber(() => true);
    events.subscribe(window);
    const snapshots = () => window.sent.filter(({ event }) => event === 'snapshot').length;
    await vi.waitFor(() => expect(snapshots()).toBe(1));
    const began = performance.now();
    events.traceAdded(trace(1));
    await vi.waitFor(() => expect(seqs(window.sent)).toEqual([1]));
    expect(snapshots()).toBe(1);
    events.snapshotChanged();
    await vi.waitFor(() => expect(snapshots()).toBe(2));
    events.traceAdded(trace(2));
    await vi.waitFor(() => expect(snapshots()).toBe(3), 5_000);
    expect(performance.now() - began).toBeGreaterThan(1_000);
  });

  it('names each plugin whose samples changed once', async () => {
    const events = hub();
    const window = subscriber(() => true);
    events.subscribe(window);
    for (const plugin of ['tasks', 'hello', 'tasks']) events.samplesChanged(plugin);
    const told = () => window.sent.filter(({ event }) => event === 'samples').map(({ payload }) => payload);
    await vi.waitFor(() => expect(told()).toEqual([{ plugins: ['tasks', 'hello'] }]));
  });

  it('sends an event of the bus once a batch, as it is then', async () => {
    const events = hub();
    const window = subscriber(() => true);
    events.subscribe(window);
    for (const seq of [3, 4, 3]) events.busChanged(seq);
    const batches = () => window.sent.filter(({ event }) => event === 'busEvents');
    await vi.waitFor(() => expect(batches()).toMatchObject([{ payload: [{ seq: 3 }, { seq: 4 }] }]));
  });

  it('stops sending once unsubscribed', async () => {
    const events = hub();
    const gone = subscriber(() => true);
    const other = subscriber(() => true);
    const release = events.subscribe(gone);
    events.subscribe(other);
    release();
    events.traceAdded(trace(1));
    await vi.waitFor(() => expect(seqs(other.sent)).toEqual([1]));
    expect(gone.sent).toEqual([]);
  });

  it('sends every step of a run of the checks, in order, since each brings a verdict', async () => {
    const events = hub();
    const window = subscriber(() => true);
    events.subscribe(window);
    const step = (done: number) => ({ runId: 'r', done, total: 73, title: '', check: null });
    for (let done = 0; done <= 73; done++) events.checkProgressed(step(done));
    await vi.waitFor(() => expect(window.sent.map(({ event }) => event)).toContain('checkProgress'));
    const steps = window.sent.flatMap((one) => (one.event === 'checkProgress' ? [one.payload.done] : []));
    expect(steps).toEqual(Array.from({ length: 74 }, (_, done) => done));
  });
});
