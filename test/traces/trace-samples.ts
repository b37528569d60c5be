import type { Trace } from '../../main/contract/trace.ts';

/** A whole trace, as the runtime keeps one; each test says what is different. */
export function sampleTrace(seq: number, over: Partial<Trace> = {}): Trace {
  return {
    id: seq.toString(16).padStart(16, '0'),
    seq,
    startedAt: 1_780_000_000_000 + seq,
    durationMs: 10,
    plugin: 'whoami',
    outcome: 'ok',
    status: 200,
    errorCode: null,
    user: 'user_123',
    spoofed: true,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    timeoutMs: 30_000,
    spans: [
      { step: 'receive', startMs: 0, durationMs: 0, ok: true },
      { step: 'authenticate', startMs: 0, durationMs: 1, ok: true, note: 'HS256 verified' },
      { step: 'body', startMs: 1, durationMs: 2, ok: true },
      { step: 'queue', startMs: 3, durationMs: 1.5, ok: true },
      { step: 'run', startMs: 4.5, durationMs: 4, ok: true },
      { step: 'respond', startMs: 9, durationMs: 0.5, ok: true },
    ],
    request: {
      method: 'POST',
      path: '/api/execute/whoami?verbose=1',
      headers: {
        host: '127.0.0.1:8080',
        'content-type': 'application/json',
        authorization: 'Bearer (masked)',
      },
      body: { json: { user_id: 'evil', note: 'hi' }, bytes: 31, truncated: false },
    },
    response: {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { json: { greeting: 'hi' }, bytes: 17, truncated: false },
    },
    identity: {
      kind: 'token',
      userId: 'user_123',
      username: 'john',
      roles: ['user'],
      isSuperadmin: false,
    },
    token: {
      header: { alg: 'HS256' },
      claims: { sub: 'user_123' },
      steps: [{ check: 'signature', verdict: 'passed', detail: 'HS256' }],
      verified: true,
    },
    received: { user_id: 'user_123', user_jwt: 'eyJ…(masked)', note: 'hi' },
    provenance: [
      {
        field: 'user_id',
        value: 'user_123',
        present: true,
        source: 'claim',
        name: 'sub',
        label: 'JWT claim sub',
        rule: 'The user is the claim sub (contract §3)',
      },
    ],
    spoofs: [{ key: 'user_id', sent: 'evil', action: 'replaced' }],
    console: [{ atMs: 5, level: 'log', text: 'hello' }],
    events: [],
    error: null,
    pluginVersion: '3f9c0d',
    pid: 4711,
    ...over,
  };
}

/** Everything that an iteration gives. */
export async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

export async function* inTurn<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}
