import { describe, expect, it } from 'vitest';
import { HOST_LIMITS } from '../../main/contract/host.ts';
import { isHostMessage } from '../../main/contract/host-guards.ts';
import { type ChildMessage, type EventMessage, outcomeOf, PendingCall } from '../../main/hosts/pending.ts';
import { returned } from '../support/returned.ts';

const line = (text: string) => ({ type: 'console', id: 1, level: 'log', text, at: 1 }) as const;
const event: EventMessage = {
  type: 'event',
  id: 1,
  at: 1,
  kind: 'published',
  name: 'n',
  detail: '{}',
  source: 'core.event_bus',
};

const command = {
  kind: 'database',
  command: 'find',
  database: 'd',
  collection: 'tasks',
  filter: '{}',
  documents: 2,
} as const;
const request = {
  kind: 'http',
  method: 'GET',
  url: 'http://127.0.0.1/',
  status: 200,
  requestBytes: null,
  responseBytes: 3,
  carriesUserJwt: true,
} as const;
const child: ChildMessage = { type: 'child', id: 1, at: 1, durationMs: 2, error: null, work: command };

describe('a call in a process that is not trusted', () => {
  it('settles once: what comes later changes nothing', async () => {
    const call = new PendingCall();
    call.addLine(line('seen'));
    call.addEvent(event);
    call.addChild({ ...child, scope: '{}' });
    call.settle({ kind: 'timeout' });
    call.settle(returned({}));
    call.addLine(line('late'));
    call.addEvent({ ...event, name: 'late' });
    call.addChild({ ...child, error: 'late' });
    expect(await call.report).toEqual({
      outcome: { kind: 'timeout' },
      console: [{ at: 1, level: 'log', text: 'seen' }],
      events: [{ at: 1, kind: 'published', name: 'n', detail: '{}', source: 'core.event_bus' }],
      children: [{ at: 1, durationMs: 2, error: null, work: command, scope: '{}' }],
      droppedChildren: 0,
      blockedMs: 0,
      absent: [],
      unawaited: [],
    });
    expect(call.isWaiting).toBe(false);
  });

  it('enforces the limit on lines against a process that ignores it', async () => {
    const call = new PendingCall();
    for (let n = 0; n < 5_000; n += 1) call.addLine(line('x'));
    call.settle({ kind: 'aborted' });
    expect((await call.report).console).toHaveLength(HOST_LIMITS.consoleLines + 1);
  });

  it('enforces the limit on events', async () => {
    const call = new PendingCall();
    for (let n = 0; n < 1_000; n += 1) call.addEvent(event);
    call.settle({ kind: 'aborted' });
    expect((await call.report).events).toHaveLength(HOST_LIMITS.events);
  });

  it('enforces the limit on child spans, and counts the rest', async () => {
    const call = new PendingCall();
    for (let n = 0; n < 1_000; n += 1) call.addChild(child);
    call.settle({ kind: 'aborted' });
    const { children, droppedChildren } = await call.report;
    expect([children.length, droppedChildren]).toEqual([HOST_LIMITS.children, 1_000 - HOST_LIMITS.children]);
  });

  it('enforces the limit on bytes', async () => {
    const call = new PendingCall();
    for (let n = 0; n < 20; n += 1) call.addLine(line('x'.repeat(50_000)));
    call.settle({ kind: 'aborted' });
    expect((await call.report).console).toHaveLength(5);
  });

  it.each(['[1]', 'null', '"x"', '{', ''])('treats the forged result %s as invalid', (json) => {
    expect(outcomeOf({ kind: 'returned', json })).toMatchObject({ kind: 'invalid' });
  });
});

describe('messages from a process', () => {
  it.each([
    { type: 'up' },
    { type: 'loaded', handler: 'execute' },
    { type: 'load-failed', message: 'm', stack: '' },
    { type: 'console', id: null, level: 'warn', text: '', at: 0 },
    event,
    { ...event, id: null, kind: 'saved' },
    child,
    { ...child, id: null, error: 'refused', scope: '{}' },
    { ...child, work: { ...command, collection: null, filter: null, documents: null } },
    { ...child, work: request },
    { ...child, work: { ...request, status: null, requestBody: 'a', responseBody: 'b' } },
    { type: 'result', id: 1, result: { kind: 'returned', json: '{}' } },
    { type: 'result', id: 1, result: { kind: 'threw', message: 'm', stack: '' } },
    { type: 'dying', reason: 'r' },
  ])('accepts %j', (message) => {
    expect(isHostMessage(message)).toBe(true);
  });

  it.each([
    null,
    'up',
    [],
    { type: 'other' },
    { type: 'loaded', handler: 'constructor' },
    { type: 'console', id: '1', level: 'log', text: '', at: 0 },
    { type: 'console', id: 1, level: 'fatal', text: '', at: 0 },
    { type: 'console', id: 1, level: 'log', text: 'x'.repeat(300_000), at: 0 },
    { type: 'console', id: 1, level: 'log', text: '', at: Number.NaN },
    { ...event, id: '1' },
    { ...event, at: Number.NaN },
    { ...event, kind: 'deleted' },
    { ...event, name: 'x'.repeat(HOST_LIMITS.eventName + 1) },
    { ...event, source: null },
    { ...event, detail: {} },
    { ...event, detail: 'x'.repeat(HOST_LIMITS.eventDetail + 1) },
    { ...child, id: '1' },
    { ...child, at: Number.NaN },
    { ...child, durationMs: -1 },
    { ...child, error: 'x'.repeat(HOST_LIMITS.childText + 1) },
    { ...child, scope: {} },
    { ...child, scope: 'x'.repeat(HOST_LIMITS.childScope + 1) },
    { ...child, work: null },
    { ...child, work: { ...command, kind: 'file' } },
    { ...child, work: { ...command, command: 1 } },
    { ...child, work: { ...command, database: 'x'.repeat(HOST_LIMITS.eventName + 1) } },
    { ...child, work: { ...command, collection: {} } },
    { ...child, work: { ...command, filter: 'x'.repeat(HOST_LIMITS.childText + 1) } },
    { ...child, work: { ...command, documents: '2' } },
    { ...child, work: { ...request, method: null } },
    { ...child, work: { ...request, url: 'x'.repeat(HOST_LIMITS.childText + 1) } },
    { ...child, work: { ...request, status: 2 } },
    { ...child, work: { ...request, status: '200' } },
    { ...child, work: { ...request, requestBytes: -1 } },
    { ...child, work: { ...request, responseBytes: 'many' } },
    { ...child, work: { ...request, carriesUserJwt: 1 } },
    { ...child, work: { ...request, requestBody: {} } },
    { ...child, work: { ...request, responseBody: 'x'.repeat(HOST_LIMITS.childText + 1) } },
    { type: 'result', id: 1.5, result: { kind: 'returned', json: '{}' } },
    { type: 'result', id: 1, result: { kind: 'returned', json: { toString: 1 } } },
    { type: 'result', id: 1, result: { kind: 'returned', json: 'x'.repeat(6_000_000) } },
    { type: 'result', id: 1, result: { kind: 'timeout' } },
    { type: 'dying', reason: 5 },
  ])('refuses a message of another shape (%#)', (message) => {
    expect(isHostMessage(message)).toBe(false);
  });
});
