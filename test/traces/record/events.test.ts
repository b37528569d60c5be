import { expect, it } from 'vitest';
import type { EventKind } from '../../../main/contract/host.ts';
import type { NewTrace } from '../../../main/contract/trace.ts';
import { createRecorder } from '../../../main/traces/record/recorder.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { TraceStore } from '../../../main/traces/store/store.ts';
import { SECRET } from '../../support/server.ts';
import { localToken } from '../../support/tokens.ts';

const token = localToken({ sub: 'ada' });

interface Done {
  readonly kind?: EventKind;
  readonly name?: string;
  readonly detail: string;
  readonly at?: number;
}

/** The trace of a call that came with `token` and did these things through a stand-in. */
function traceOf(done: readonly Done[]): NewTrace {
  const recorder = createRecorder({
    ids: { id: '00f067aa0ba902b7', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
    plugin: 'tasks',
    method: 'POST',
    path: '/api/execute/tasks',
    rawHeaders: ['Authorization', `Bearer ${token}`],
    timeoutMs: 30_000,
    redactor: createRedactor([SECRET]),
  });
  const given = { kind: 'published', name: 'made', at: Date.now(), source: 'core.event_bus' } as const;
  recorder.ran({
    console: [],
    children: [],
    droppedChildren: 0,
    version: 'abc',
    pid: 1,
    events: done.map((event) => ({ ...given, ...event })),
  });
  return recorder.finish(null);
}

it('P5: no event shows the caller’s token or a configured secret, whole or in parts', () => {
  const signature = token.split('.')[2] ?? '';
  const { events } = traceOf([
    {
      name: `made ${token}`,
      detail: JSON.stringify({ user_jwt: token, deep: [{ text: `Bearer ${token}` }] }),
    },
    { kind: 'notified', detail: JSON.stringify({ message: `your token is ${token}`, [SECRET]: SECRET }) },
    { kind: 'sent', detail: `no JSON, but ${token}, ${signature} and ${SECRET}` },
    { kind: 'saved', detail: JSON.stringify({ settings: { cut: token.slice(0, -20) } }) },
  ]);
  const kept = JSON.stringify(events);
  // Not toContain: on failure it would print all of it.
  expect([token, signature, SECRET, token.slice(0, -20)].map((text) => kept.includes(text))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(['published', 'notified', 'sent', 'saved']);
});

it('masks by key whatever the value is, and keeps the rest', () => {
  const detail = { user_id: 'u1', settings: { api_key: 12_345, password: { of: ['x'] }, view: 'list' } };
  const [event] = traceOf([{ detail: JSON.stringify(detail) }]).events;
  expect(JSON.parse(event?.detail ?? '')).toEqual({
    user_id: 'u1',
    settings: { api_key: '(masked)', password: '(masked)', view: 'list' },
  });
});

it('tells when each happened since the start, and finds it by its text', async () => {
  const trace = traceOf([
    { detail: '{"title":"Water the ficus"}', at: Date.now() + 40 },
    { detail: '{}', at: 0 },
  ]);
  expect(trace.events[0]?.atMs).toBeGreaterThanOrEqual(39);
  expect(trace.events[1]?.atMs).toBe(0);
  const store = new TraceStore();
  store.add(trace);
  const matches = async (text: string) => (await store.search({ limit: 10, text })).traces.length;
  expect([await matches('FICUS'), await matches('made'), await matches('cactus')]).toEqual([1, 1, 0]);
});
