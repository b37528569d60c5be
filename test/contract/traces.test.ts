import { describe, expect, it } from 'vitest';
import { callInspector } from '../support/inspector-call.ts';
import { rawExchange, rawRequest } from '../support/raw-socket.ts';
import { startRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** main/README.md §2: one trace for each request to an execute route, with everything in it. */

const plugins = {
  hello: `export const execute = async ({ name }) => {
    console.log('greeting', name);
    console.warn('careful');
    return { message: 'Hello, ' + name };
  };`,
};

describe('the trace of an execution', () => {
  it('holds request, identity, steps, what was injected, console and answer', async () => {
    const { execute, lastTrace } = await startRuntime({ plugins });
    const before = Date.now();
    const answer = await execute(
      'hello',
      { name: 'Ada', password: 'hunter2' },
      bearer(localToken({ sub: 'ada' })),
    );
    const trace = lastTrace();
    expect(trace).toMatchObject({
      seq: 1,
      plugin: 'hello',
      outcome: 'ok',
      status: 200,
      user: 'ada',
      timeoutMs: 30_000,
      spoofed: false,
      request: {
        method: 'POST',
        path: '/api/execute/hello',
        headers: { authorization: 'Bearer (masked)' },
        body: { json: { name: 'Ada', password: '(masked)' }, truncated: false },
      },
      response: {
        status: 200,
        headers: { 'x-mozaiks-runtime-version': '1.0.0', traceparent: answer.headers.get('traceparent') },
        body: { json: { message: 'Hello, Ada' }, bytes: answer.text.length, truncated: false },
      },
      identity: { kind: 'token', userId: 'ada' },
      token: { verified: true, claims: { sub: 'ada' } },
      received: { name: 'Ada', user_id: 'ada', app_id: 'dev_app', user_jwt: 'eyJ…(masked)' },
      error: null,
      pluginVersion: expect.stringMatching(/^[0-9a-f]{12}$/),
      pid: expect.any(Number),
    });
    expect(trace.startedAt).toBeGreaterThanOrEqual(before);
    expect(trace.console.map(({ level, text }) => [level, text])).toEqual([
      ['log', 'greeting Ada'],
      ['warn', 'careful'],
    ]);
    expect(trace.provenance.map(({ field }) => field)).toContain('_context.roles');
  });

  it('has its steps in order, inside the whole', async () => {
    const { execute, lastTrace } = await startRuntime({ plugins });
    await execute('hello', { name: 'Ada' });
    const { spans, durationMs } = lastTrace();
    expect(spans.map(({ step }) => step)).toEqual([
      ...['receive', 'origin', 'authenticate', 'find', 'body', 'inject', 'queue', 'run', 'check', 'respond'],
    ]);
    expect(spans.every(({ ok }) => ok)).toBe(true);
    let end = 0;
    for (const { step, startMs, durationMs: length } of spans) {
      // The engine's own clock times queue and run: a hair of tolerance.
      expect(startMs, step).toBeGreaterThanOrEqual(end - 2);
      end = startMs + length;
    }
    expect(end).toBeLessThanOrEqual(durationMs + 2);
  });
});

describe('a refused request', () => {
  it('leaves exactly one trace that fails at the step that refused it', async () => {
    const env = { MAX_REQUEST_BODY_BYTES: '100' };
    const { execute, runtime, baseUrl } = await startRuntime({ plugins, env });
    await execute('hello', {}, { authorization: 'Bearer x' });
    await execute('nowhere');
    await execute('hello', 'x'.repeat(101));
    await execute('hello', '[]');
    await fetch(`${baseUrl}/api/execute/hello`);
    const traces = runtime.traces.list({ limit: 20 }).traces.map(({ id }) => runtime.traces.get(id));
    const seen = traces.map((trace) => [
      trace?.seq,
      trace?.status,
      trace?.outcome,
      trace?.spans.find(({ ok }) => !ok)?.step,
    ]);
    expect(seen.reverse()).toEqual([
      [1, 401, 'refused', 'authenticate'],
      [2, 404, 'refused', 'find'],
      [3, 413, 'refused', 'body'],
      [4, 400, 'refused', 'body'],
      [5, 405, 'refused', undefined],
    ]);
    expect(traces.every((trace) => trace?.received === null && trace.pluginVersion === null)).toBe(true);
  });

  it('H12: by the host and origin check leaves none: it is counted, and the last hundred are kept', async () => {
    const shared = await startRuntime({ plugins });
    const { execute, runtime, port } = shared;
    const site = { 'sec-fetch-site': 'cross-site' };
    expect((await execute('hello', {}, { origin: 'https://evil.com' })).status).toBe(403);
    expect((await execute('hello', {}, site)).status).toBe(403);
    await rawExchange(port, rawRequest('POST', '/api/execute/hello', ['Host: evil.com'], '{}'));
    const token = localToken({ sub: 'ada' });
    for (let index = 0; index < 98; index += 1) {
      await rawExchange(port, rawRequest('POST', `/api/execute/hello?token=${token}`, [], '{}'));
    }
    expect(runtime.traces.counts().kept).toBe(0);
    const { refusedCount, notices } = runtime.snapshot();
    expect(refusedCount).toBe(101);
    expect(notices.join()).toContain('left no trace: The request has no Host header');
    const { latest, count } = await callInspector(shared, 'refusals', null);
    expect([count, latest.length]).toEqual([101, 100]);
    expect(latest.at(-1)).toMatchObject({ method: 'POST', path: '/api/execute/hello' });
    expect(latest.at(-1)?.reason).toBe('A page of another site may not use this runtime');
    expect(latest[0]?.path).toBe('/api/execute/hello?token=(masked)');
  });

  it('is not made by other routes', async () => {
    const { get, runtime } = await startRuntime({ plugins });
    for (const path of ['/health', '/api/plugins', '/api/execute', '/nothing']) await get(path);
    expect(runtime.traces.counts().kept).toBe(0);
  });
});

describe('before the first scan is done', () => {
  it('a request waits for it instead of answering 404', async () => {
    const { runtime, config } = await startRuntime({ plugins, start: false });
    expect(config.port).toBe(0);
    const started = runtime.start();
    await expect.poll(() => Number(new URL(runtime.baseUrl).port), { interval: 1 }).toBeGreaterThan(0);
    const early = await fetch(`${runtime.baseUrl}/api/execute/hello`, {
      method: 'POST',
      body: '{"name":"Ada"}',
    });
    expect({ status: early.status, body: await early.json() }).toEqual({
      status: 200,
      body: { message: 'Hello, Ada' },
    });
    await started;
  });
});
