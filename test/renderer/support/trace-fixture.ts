import type { DatabaseSpan, HttpSpan } from '../../../main/contract/child-span.ts';
import type { Provenance, Trace } from '../../../main/contract/trace.ts';

/** A provenance entry for tests; what isn't given is as for the claim `sub`. */
export function provenance(over: Partial<Provenance> & Pick<Provenance, 'field'>): Provenance {
  return {
    value: 'user_123',
    present: true,
    source: 'claim',
    name: 'sub',
    label: 'JWT claim sub',
    rule: 'The user is the claim sub (contract §3).',
    ...over,
  };
}

/** A call that went well, with a token and no spoofing; each test says what is different. */
export function aTrace(over: Partial<Trace> = {}): Trace {
  return {
    id: '00f067aa0ba902b7',
    seq: 1,
    startedAt: 1_780_000_000_000,
    durationMs: 3.1,
    plugin: 'whoami',
    outcome: 'ok',
    status: 200,
    errorCode: null,
    user: 'user_123',
    spoofed: false,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    timeoutMs: 30_000,
    spans: [
      { step: 'receive', startMs: 0, durationMs: 0.1, ok: true },
      { step: 'queue', startMs: 0.5, durationMs: 0, ok: true },
      { step: 'run', startMs: 0.5, durationMs: 2.3, ok: true },
    ],
    request: { method: 'POST', path: '/api/execute/whoami', headers: {}, body: null },
    response: { status: 200, headers: {}, body: null },
    identity: null,
    token: null,
    received: {},
    provenance: [],
    spoofs: [],
    console: [],
    events: [],
    error: null,
    pluginVersion: null,
    pid: null,
    ...over,
  };
}

/** A query that went well; each test says what is different. */
export function aDatabaseSpan(over: Partial<DatabaseSpan> = {}): DatabaseSpan {
  return {
    kind: 'database',
    startMs: 1,
    durationMs: 0.8,
    error: null,
    command: 'find',
    database: 'MozaiksCore',
    collection: 'tasks',
    filter: '{"user_id":"user_123"}',
    documents: 3,
    ...over,
  };
}

/** A request that was answered; each test says what is different. */
export function anHttpSpan(over: Partial<HttpSpan> = {}): HttpSpan {
  return {
    kind: 'http',
    startMs: 2,
    durationMs: 12,
    error: null,
    method: 'GET',
    url: 'http://127.0.0.1:9/weather',
    status: 200,
    requestBytes: 0,
    responseBytes: 1200,
    carriesUserJwt: false,
    ...over,
  };
}
