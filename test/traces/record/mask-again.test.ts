import { describe, expect, it } from 'vitest';
import type { StoredBody, Trace } from '../../../main/contract/trace.ts';
import { maskAgain } from '../../../main/traces/record/mask-again.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { replacedTexts } from '../replaced-texts.ts';
import { sampleTrace } from '../trace-samples.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const SECRET = 'the-secret-of-the-runtime';
const redactor = createRedactor([SECRET]);
const step = { check: 'signature', verdict: 'failed', detail: 'none of the keys fits' } as const;
const [provenance] = sampleTrace(1).provenance;

/** Has everything that a trace may have. */
const full = sampleTrace(1, {
  errorCode: 'PLUGIN_EXCEPTION',
  error: { code: 'PLUGIN_EXCEPTION', message: 'no', stack: 'Error: no\n    at plugin.ts:1:1' },
  events: [{ atMs: 1, kind: 'published', name: 'made', detail: '{"a":"b"}', source: 'core.event_bus' }],
  inProduction: ['404 there'],
  provenance: provenance === undefined ? [] : [{ ...provenance, claims: ['realm_access.roles'] }],
  token: {
    header: { alg: 'HS256' },
    claims: { sub: 'user_123' },
    steps: [{ ...step, remedy: { text: 'Sign it with JWT_SECRET', setting: 'JWT_SECRET' } }, step],
    verified: false,
  },
  response: { status: 200, headers: { server: 'x' }, body: { text: 'plain', bytes: 5, truncated: false } },
});

/** Has nothing that a trace may go without. */
const bare = sampleTrace(2, {
  user: null,
  request: { method: 'POST', path: '/', headers: {}, body: null },
  response: null,
  identity: null,
  token: null,
  received: null,
  pluginVersion: null,
});

/** The words of which the format knows all. */
const KNOWN_WORDS = [
  ...['.id', '.outcome', '.identity.kind', '.token.steps.0.verdict', '.token.steps.1.verdict'],
  ...['.spans.0.step', '.spans.1.step', '.spans.2.step', '.spans.3.step', '.spans.4.step', '.spans.5.step'],
  ...['.provenance.0.source', '.spoofs.0.action', '.console.0.level', '.events.0.kind'],
];

const bodyAgain = (body: StoredBody) =>
  maskAgain(sampleTrace(1, { request: { ...bare.request, body } }), redactor).request.body;

describe('a trace of a file', () => {
  it.each<[string, Trace]>([
    ['everything', full],
    ['nothing that it may go without', bare],
    ['a response and a token with nothing in them', withEmpty()],
  ])('that is masked already stays as it is: one with %s', (_what, trace) => {
    const again = maskAgain(trace, redactor);
    expect(again).toEqual(trace);
    expect(JSON.stringify(again)).toHaveLength(JSON.stringify(trace).length);
  });

  it.each([TOKEN, SECRET])('shows no secret, in whatever text of it: %.10s', (secret) => {
    const shown = [...replacedTexts(full, `a ${secret} b`)]
      .filter(([, copy]) => JSON.stringify(maskAgain(copy, redactor)).includes(secret))
      .map(([place]) => place);
    expect(shown.toSorted()).toEqual(KNOWN_WORDS.toSorted());
  });

  it('shows no secret in the names of headers and fields', () => {
    const names = { [SECRET]: 'a', [TOKEN]: 'b' };
    const body = { json: names, bytes: 1, truncated: false };
    const trace = sampleTrace(1, {
      request: { ...bare.request, headers: names, body },
      response: { status: 200, headers: names, body },
      token: { header: names, claims: names, steps: [], verified: false },
      received: names,
    });
    const shown = JSON.stringify(maskAgain(trace, redactor)).toLowerCase();
    expect([SECRET, TOKEN].filter((secret) => shown.includes(secret.toLowerCase()))).toEqual([]);
  });

  it('masks by name what no shape tells', () => {
    const entry = { present: true, source: 'claim', name: 'a', label: 'a', rule: 'a' } as const;
    const { provenance, spoofs, events, request, ...rest } = maskAgain(
      sampleTrace(1, {
        provenance: [
          { ...entry, field: 'user_jwt', value: 'opaque' },
          { ...entry, field: 'user_id', value: 7 },
        ],
        spoofs: [
          { key: 'user_jwt', sent: 'opaque', action: 'removed' },
          { key: 'app_id', sent: 7, action: 'replaced' },
        ],
        events: [{ atMs: 1, kind: 'saved', name: 'a', detail: '{"password":7}', source: 'a' }],
        request: { ...bare.request, headers: { cookie: 'a=b', accept: 'c' } },
        received: { password: ['a'], note: 'b' },
      }),
      redactor,
    );
    expect(provenance.map(({ value }) => value)).toEqual(['(masked)', 7]);
    expect(spoofs.map(({ sent }) => sent)).toEqual(['(masked)', 7]);
    expect(events.map(({ detail }) => detail)).toEqual(['{"password":"(masked)"}']);
    expect(request.headers).toEqual({ cookie: '(masked)', accept: 'c' });
    expect(rest.received).toEqual({ password: '(masked)', note: 'b' });
  });

  it.each([
    ['JSON, whose numbers stay', '{"pwd":9.50,"id":1.0}', '{"pwd":"(masked)","id":1.0}'],
    ['the beginning of JSON', '{"pwd":"nine","id":', '{"pwd":"(masked)","id":'],
  ])('masks by name in the text of a body: %s', (_what, text, masked) => {
    const size = { bytes: 7, truncated: true };
    expect(bodyAgain({ text, ...size })).toEqual({ text: masked, ...size });
  });
});

function withEmpty(): Trace {
  return sampleTrace(3, {
    response: { status: 200, headers: {}, body: null },
    token: { header: null, claims: null, steps: [], verified: false },
    identity: { kind: 'token', userId: 'a', username: null, roles: [], isSuperadmin: false },
  });
}
