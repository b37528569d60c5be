import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { WorkbenchError } from '../../../main/contract/errors.ts';
import type { Json } from '../../../main/contract/http.ts';
import { createRecorder } from '../../../main/traces/record/recorder.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';

const IDS = { id: '00f067aa0ba902b7', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' };
const OK = { status: 200, headers: {}, body: null };
/** So much earlier than the test began each of these calls, longer than any test takes. */
const EARLIER_MS = 1_000_000;
const LATER_MS = EARLIER_MS + 500_000;

function record(from = performance.now() - EARLIER_MS) {
  return createRecorder({
    ids: IDS,
    plugin: 'tasks',
    method: 'POST',
    path: '/api/execute/tasks',
    rawHeaders: [],
    timeoutMs: 30_000,
    redactor: createRedactor([]),
    from,
  });
}

describe('a recorder', () => {
  it('times a call from its arrival', () => {
    const before = Date.now();
    const recorder = record();
    const { id, traceId, startedAt, durationMs } = recorder.finish(OK);
    expect(recorder.ids).toEqual(IDS);
    expect({ id, traceId }).toEqual(IDS);
    expect(startedAt).toBeGreaterThanOrEqual(before);
    expect(startedAt).toBeLessThanOrEqual(Date.now());
    expect(durationMs).toBeGreaterThanOrEqual(EARLIER_MS);
    expect(durationMs).toBeLessThan(LATER_MS);
  });

  it('times a step, and keeps what it says', async () => {
    const recorder = record();
    expect(await recorder.step('body', () => 7)).toBe(7);
    await recorder.step('find', (span) => {
      span.ok = false;
      span.note = 'none of this name';
    });
    const { spans } = recorder.finish(OK);
    expect(spans).toEqual([
      { step: 'body', startMs: expect.any(Number), durationMs: expect.any(Number), ok: true },
      { ...spans[1], step: 'find', ok: false, note: 'none of this name' },
    ]);
    expect(spans[0]?.startMs).toBeGreaterThanOrEqual(EARLIER_MS);
    expect(spans[0]?.durationMs).toBeLessThan(EARLIER_MS);
  });

  it('says of a step that throws why, where its client is told too', async () => {
    const recorder = record();
    const known = new WorkbenchError('NOT_FOUND', "No plugin 'tasks'");
    const unknown = new Error('an inner matter');
    await expect(recorder.step('find', () => Promise.reject(known))).rejects.toBe(known);
    await expect(recorder.step('run', () => Promise.reject(unknown))).rejects.toBe(unknown);
    expect(recorder.finish(OK).spans).toMatchObject([
      { ok: false, note: "No plugin 'tasks'" },
      { ok: false, note: 'Internal server error' },
    ]);
  });

  it('adds steps that were timed elsewhere one after the other', () => {
    const recorder = record();
    recorder.addSpan('receive', 5);
    recorder.addSpan('origin', 7, { ok: false, note: 'not listed' });
    recorder.addSpan('respond', 1);
    expect(recorder.finish(OK).spans).toStrictEqual([
      { step: 'receive', startMs: 0, durationMs: 5, ok: true },
      { step: 'origin', startMs: 5, durationMs: 7, ok: false, note: 'not listed' },
      { step: 'respond', startMs: 12, durationMs: 1, ok: true },
    ]);
  });

  it('shows what it was told, of endings the first', () => {
    const recorder = record();
    const identity = {
      kind: 'anonymous',
      userId: 'a',
      username: null,
      roles: [],
      isSuperadmin: false,
    } as const;
    const token = { header: null, claims: { sub: 'a' }, steps: [], verified: true };
    recorder.identified(identity, token);
    recorder.read({ kind: 'text', text: 'body', bytes: 4 });
    recorder.injected({ data: { a: 1 }, provenance: [], spoofs: [], exactNumbers: false });
    recorder.ran({ console: [], children: [], droppedChildren: 0, events: [], version: 'abc', pid: 7 });
    for (const line of ['404', '200', '404']) recorder.inProduction(line);
    recorder.ended({ outcome: 'timeout', error: { code: 'PLUGIN_TIMEOUT', message: 'late' } });
    recorder.ended({ outcome: 'crashed', error: null });
    expect(recorder.finish(OK)).toMatchObject({
      identity,
      token,
      request: { body: { text: 'body' } },
      received: { a: 1 },
      pluginVersion: 'abc',
      inProduction: ['404', '200'],
      outcome: 'timeout',
      errorCode: 'PLUGIN_TIMEOUT',
    });
  });
});

describe('a sealed recorder', () => {
  /** Everything of an answer that its client takes slowly. */
  function sealed(from?: number) {
    const recorder = record(from);
    recorder.addSpan('receive', 5);
    recorder.ended({ outcome: 'ok', error: null });
    recorder.seal({ ...OK, headers: { server: 'a' } });
    return recorder;
  }

  it('completes the trace with what came later, and its time', () => {
    const from = performance.now();
    const recorder = sealed(from);
    recorder.addSpan('respond', 9);
    const least = performance.now() - from;
    const trace = recorder.finish(OK);
    expect(trace).toMatchObject({ outcome: 'ok', status: 200, response: { headers: { server: 'a' } } });
    expect(trace.spans.map(({ step, startMs }) => [step, startMs])).toEqual([
      ['receive', 0],
      ['respond', 5],
    ]);
    expect(trace.durationMs).toBeGreaterThanOrEqual(least);
  });

  it('has no answer when its client left before the end of it', () => {
    expect(sealed().finish(null)).toMatchObject({ outcome: 'aborted', status: null, response: null });
  });

  it('holds on to nothing that it was told', async () => {
    const recorder = record();
    const body = new WeakRef(told(recorder));
    // A reference that was just made, or read, counts until the next turn.
    await setImmediate();
    collectGarbage();
    expect(body.deref()).toBeDefined();
    recorder.seal(OK);
    await setImmediate();
    collectGarbage();
    expect(body.deref()).toBeUndefined();
    expect(recorder.finish(OK).request.body).toMatchObject({ json: { a: 'b' } });
  });
});

/** Not in the test itself, whose variables are kept. */
function told(recorder: ReturnType<typeof record>): Json & object {
  const value = { a: 'b' };
  recorder.read({ kind: 'json', value, text: JSON.stringify(value) });
  return value;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}
