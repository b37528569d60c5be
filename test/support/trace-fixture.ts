import type { Trace } from '../../main/contract/trace.ts';

/** Whose traces tests keep. */
export const OWNER = { plugins: '/made-up/plugins', app: 'dev_app' };

/** A trace like a runtime's, with an id of its own. */
export function traceOf(number: number, more: Partial<Trace> = {}): Trace {
  return {
    id: number.toString(16).padStart(16, '0'),
    traceId: 'a'.repeat(32),
    seq: 0,
    startedAt: 1_800_000_000_000,
    durationMs: 10,
    plugin: 'hello',
    outcome: 'ok',
    status: 200,
    errorCode: null,
    user: 'ada',
    spoofed: false,
    timeoutMs: 30_000,
    spans: [],
    response: null,
    identity: null,
    token: null,
    received: null,
    request: {
      method: 'POST',
      path: '/api/execute/hello',
      headers: {},
      body: { json: { order: `order-${number}`, name: 'Zoë' }, bytes: 40, truncated: false },
    },
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
