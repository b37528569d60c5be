import { describe, expect, it } from 'vitest';
import { buildTrace } from '../../../main/traces/record/build.ts';
import type { Facts, RecordedRequest } from '../../../main/traces/record/facts.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { cpuTimeMs } from '../../support/cpu-time.ts';
import { replacedTexts } from '../replaced-texts.ts';

const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';
const SECRET = 'the-secret-of-the-runtime';
const IDS = { id: '00f067aa0ba902b7', traceId: '4bf92f3577b34da6a3ce929d0e0e4736' };
const time = { startedAt: 1_000, durationMs: 12 };
const step = { check: 'signature', verdict: 'failed', detail: 'none fits' } as const;
const remedy = { text: 'Sign it with JWT_SECRET', setting: 'JWT_SECRET' };
const claim = {
  present: true,
  source: 'claim',
  name: 'sub',
  label: 'JWT claim sub',
  rule: 'from the token',
} as const;

/** What a trace has as it was learnt. */
const identity = {
  kind: 'token',
  userId: 'ada',
  username: 'Ada',
  roles: ['user'],
  isSuperadmin: false,
} as const;
const token = { header: { alg: 'HS256' }, claims: null, steps: [{ ...step, remedy }, step], verified: false };
const error = { code: 'PLUGIN_EXCEPTION', message: 'no', stack: 'Error: no\n    at plugin.ts:1:1' };
const provenance = [{ ...claim, field: 'user_id', value: 'ada', claims: ['sub'] }];
const spoofs = [{ key: 'user_id', sent: 'evil', action: 'replaced' as const }];
const span = { step: 'run' as const, startMs: 1, durationMs: 2, ok: false, note: 'ended early' };

const request: Omit<RecordedRequest, 'redactor'> = {
  ids: IDS,
  plugin: 'tasks',
  method: 'POST',
  path: '/api/execute/tasks?a=1',
  rawHeaders: ['Host', '127.0.0.1:8080', 'Accept', 'text/plain', 'accept', 'text/html', 'ACCEPT', '*/*'],
  timeoutMs: 30_000,
};
const facts: Omit<Facts, 'inProduction'> = {
  spans: [span],
  identity,
  token,
  body: { kind: 'text', text: 'not JSON', bytes: 8 },
  injected: { data: { user_id: 'ada', note: 'hi' }, provenance, spoofs, exactNumbers: true },
  ran: {
    console: [{ at: 1_005, level: 'warn', text: 'careful' }],
    events: [{ at: 1_007, kind: 'published', name: 'made', detail: '{"a":1}', source: 'core.event_bus' }],
    children: [],
    droppedChildren: 0,
    version: '3f9c0d',
    pid: 4711,
  },
  judge: () => [{ rule: 'raised', text: 'Raised an\nexception', collection: null }],
  ending: { outcome: 'exception', error },
};
const answer = {
  status: 500,
  headers: { 'Content-Type': 'application/json', 'x-list': ['a', 'b'], 'x-none': undefined },
  json: { detail: 'no' },
};
const all = { request, facts, answer, inProduction: ['404 there'] };
const nothing: Facts = {
  spans: [],
  identity: null,
  token: null,
  body: null,
  injected: null,
  ran: null,
  inProduction: new Set(),
  judge: null,
  ending: null,
};

function build({ request, facts, answer: { json, ...answer }, inProduction }: typeof all) {
  const recorded = { ...request, redactor: createRedactor([SECRET]) };
  const body = { kind: 'json', value: json, text: JSON.stringify(json) } as const;
  return buildTrace(recorded, { ...facts, inProduction: new Set(inProduction) }, { ...answer, body }, time);
}

/** What a call that came with these headers and wrote this on its console shows of it. */
function shownOf(rawHeaders: readonly string[], text: string): string | undefined {
  const console = [{ at: 0, level: 'log' as const, text }];
  const ran = { console, events: [], children: [], droppedChildren: 0, version: null, pid: null };
  return build({ ...all, request: { ...request, rawHeaders }, facts: { ...facts, ran } }).console[0]?.text;
}

describe('a trace', () => {
  it('has all that was learnt', () => {
    expect(build(all)).toStrictEqual({
      ...IDS,
      ...time,
      timeoutMs: 30_000,
      plugin: 'tasks',
      outcome: 'exception',
      identity,
      user: 'ada',
      status: 500,
      error,
      errorCode: 'PLUGIN_EXCEPTION',
      spoofed: true,
      spans: [span],
      request: {
        method: 'POST',
        path: '/api/execute/tasks?a=1',
        headers: { host: '127.0.0.1:8080', accept: 'text/plain, text/html, */*' },
        body: { text: 'not JSON', bytes: 8, truncated: false },
      },
      response: {
        status: 500,
        headers: { 'content-type': 'application/json', 'x-list': 'a, b' },
        body: { json: { detail: 'no' }, bytes: 15, truncated: false },
      },
      token,
      received: { user_id: 'ada', note: 'hi' },
      exactNumbers: true,
      provenance,
      spoofs,
      console: [{ atMs: 5, level: 'warn', text: 'careful' }],
      events: [{ atMs: 7, kind: 'published', name: 'made', detail: '{"a":1}', source: 'core.event_bus' }],
      children: undefined,
      droppedChildren: undefined,
      findings: [{ rule: 'raised', text: 'Raised an exception', collection: null }],
      inProduction: ['404 there'],
      pluginVersion: '3f9c0d',
      pid: 4711,
    });
  });

  it('has little of a request of which little was learnt', () => {
    const bare = { ...request, rawHeaders: [], redactor: createRedactor([]) };
    expect(buildTrace(bare, nothing, null, time)).toStrictEqual({
      ...IDS,
      ...time,
      timeoutMs: 30_000,
      plugin: 'tasks',
      outcome: 'aborted',
      identity: null,
      user: null,
      status: null,
      error: null,
      errorCode: null,
      spoofed: false,
      spans: [],
      request: { method: 'POST', path: '/api/execute/tasks?a=1', headers: {}, body: null },
      response: null,
      token: null,
      received: null,
      exactNumbers: undefined,
      provenance: [],
      spoofs: [],
      console: [],
      events: [],
      children: undefined,
      droppedChildren: undefined,
      findings: undefined,
      inProduction: undefined,
      pluginVersion: null,
      pid: null,
    });
  });

  it('may have less of each part', () => {
    const plain = { step: 'body', startMs: 0, durationMs: 1, ok: true } as const;
    const trace = build({
      ...all,
      facts: {
        ...facts,
        spans: [plain],
        identity: { ...identity, username: null },
        injected: { data: {}, provenance: [], spoofs: [], exactNumbers: false },
        ending: { outcome: 'ok', error: { code: 'A', message: 'b' } },
      },
    });
    expect(trace).toMatchObject({ spoofed: false, exactNumbers: undefined, spans: [plain], outcome: 'ok' });
    expect(trace.identity?.username).toBeNull();
    expect(trace.error).toEqual({ code: 'A', message: 'b' });
  });

  it('says that a call without an ending was an exception', () => {
    const recorded = { ...request, redactor: createRedactor([]) };
    const trace = buildTrace(recorded, nothing, { status: 500, headers: {}, body: null }, time);
    expect([trace.outcome, trace.error]).toEqual(['exception', null]);
    expect(trace.response).toEqual({ status: 500, headers: {}, body: null });
  });

  it('has no time before its start', () => {
    const ran = {
      console: [{ at: 900, level: 'log' as const, text: '' }],
      events: [{ at: 900, kind: 'sent' as const, name: '', detail: '', source: '' }],
      children: [],
      droppedChildren: 0,
      version: null,
      pid: null,
    };
    const trace = build({ ...all, facts: { ...facts, ran } });
    expect([trace.console[0]?.atMs, trace.events[0]?.atMs]).toEqual([0, 0]);
  });

  it('names a plugin, and an error, by the first 128 letters, masked before', () => {
    const long = `${'a'.repeat(120)}${SECRET}`;
    const ending = { outcome: 'plugin_error' as const, error: { code: long, message: 'no' } };
    const trace = build({ ...all, request: { ...request, plugin: long }, facts: { ...facts, ending } });
    const shown = `${'a'.repeat(120)}(masked)`;
    expect([trace.plugin, trace.errorCode]).toEqual([shown, shown]);
    const longer = 'b'.repeat(300);
    const other = build({
      ...all,
      request: { ...request, plugin: longer },
      facts: { ...facts, ending: { ...ending, error: { code: longer, message: 'no' } } },
    });
    expect([other.plugin, other.errorCode]).toEqual([longer.slice(0, 128), longer.slice(0, 128)]);
    expect(other.error?.code).toBe(longer);
  });

  it('has twenty differences at most, on one line each, of 500 letters at most', () => {
    const lines = ['x'.repeat(500), 'y'.repeat(501), ' a \n\t b'];
    expect(build({ ...all, inProduction: lines }).inProduction).toEqual([
      'x'.repeat(500),
      `${'y'.repeat(499)}…`,
      ' a b',
    ]);
    const many = Array.from({ length: 30 }, (_, at) => `line ${at}`);
    expect(build({ ...all, inProduction: many }).inProduction).toEqual(many.slice(0, 20));
  });

  it('has findings about its children, masked, on one line of 500 letters at most', () => {
    const work = {
      kind: 'database',
      command: 'find',
      database: 'db',
      filter: null,
      documents: null,
    } as const;
    const begun = (at: number, collection: string) => ({
      at,
      durationMs: 1,
      error: null,
      work: { ...work, collection },
    });
    const children = [begun(1_009, 'b'), begun(1_002, SECRET)];
    const ran = { console: [], events: [], children, droppedChildren: 0, version: null, pid: null };
    const judge: Facts['judge'] = (seenChildren) =>
      seenChildren.map(({ work: seen }, child) => {
        const collection = seen.kind === 'database' ? seen.collection : null;
        return { rule: 'not-scoped', text: `${collection}\n${'x'.repeat(600)}`, collection, child };
      });
    const trace = build({ ...all, facts: { ...facts, ran, judge } });
    expect(trace.findings).toEqual([
      { rule: 'not-scoped', text: `(masked) ${'x'.repeat(490)}…`, collection: '(masked)', child: 0 },
      { rule: 'not-scoped', text: `b ${'x'.repeat(497)}…`, collection: 'b', child: 1 },
    ]);
    expect(trace.children?.map(({ startMs }) => startMs)).toEqual([2, 9]);
  });
});

describe('secrets', () => {
  /** The runtime's own words, the parser's, and those of the configuration. */
  const OWN_WORDS = [
    ...['.request.ids.id', '.request.ids.traceId', '.request.method', '.facts.spans.0.step'],
    ...['.facts.identity.kind', '.facts.token.steps.0.verdict', '.facts.token.steps.1.verdict'],
    ...['.facts.token.steps.0.check', '.facts.token.steps.1.check', '.facts.injected.provenance.0.field'],
    ...['source', 'name', 'label', 'rule', 'claims.0'].map((key) => `.facts.injected.provenance.0.${key}`),
    ...['.facts.injected.spoofs.0.key', '.facts.injected.spoofs.0.action', '.facts.ran.console.0.level'],
    ...['.facts.ran.events.0.kind', '.facts.ran.version', '.facts.ending.outcome'],
  ];

  it.each([TOKEN, SECRET])('P5: are in none of its texts: %.10s', (secret) => {
    const shown = [...replacedTexts(all, `a ${secret} b`)]
      .filter(([, copy]) => JSON.stringify(build(copy)).includes(secret))
      .map(([place]) => place);
    expect(shown.toSorted()).toEqual(OWN_WORDS.toSorted());
  });

  it.each([
    ['a token that is none', ['Authorization', 'Bearer opaque-credential'], 'got opaque-credential!'],
    [
      'whole, with its scheme',
      ['Authorization', 'Bearer opaque-credential'],
      'got Bearer opaque-credential!',
    ],
    ['without a scheme', ['AUTHORIZATION', 'opaque-credential'], 'got opaque-credential!'],
    ['among blanks', ['authorization', '  Basic \t opaque-credential '], 'got opaque-credential!'],
    [
      'sent a second time',
      [
        'Authorization',
        'Bearer another-credential',
        'Accept',
        '*/*',
        'authorization',
        'Basic opaque-credential',
      ],
      'got opaque-credential!',
    ],
  ])('P5: are those of the request too: %s', (_what, rawHeaders, text) => {
    expect(shownOf(rawHeaders, text)).toBe('got (masked)!');
  });

  it('P10: are masked in linear time, however many a client sends', () => {
    const alike = 'a'.repeat(9);
    const headers = Array.from({ length: 400 }, (_, at) => ['Authorization', `${alike}${at}`]).flat();
    const text = `${alike}!`.repeat(100_000);
    expect(cpuTimeMs(() => shownOf(headers, text))).toBeLessThan(400);
  });

  it('are not what other headers hold', () => {
    const headers = [
      'X-Note',
      'authorization',
      'X-More',
      'Bearer some-other-text',
      'Accept',
      'some-other-text',
    ];
    expect(shownOf(headers, 'got some-other-text!')).toBe('got some-other-text!');
    expect(shownOf(['Authorization', 'Bearer two opaque-words'], 'two, opaque-words')).toBe(
      'two, opaque-words',
    );
  });

  it('are masked by name, whatever they look like', () => {
    const injected = {
      data: { user_jwt: 'opaque' },
      provenance: [{ ...claim, field: 'user_jwt', value: 'opaque' }],
      spoofs: [
        { key: 'user_jwt', sent: 'opaque', action: 'removed' as const },
        { key: 'app_id', sent: 7, action: 'removed' as const },
      ],
      exactNumbers: false,
    };
    const event = { at: 0, kind: 'saved' as const, name: '', source: '' };
    const ran = {
      console: [],
      events: [
        { ...event, detail: '{"password":7, "a":1}' },
        { ...event, detail: '{"password":"opaque",' },
      ],
      children: [],
      droppedChildren: 0,
      version: null,
      pid: null,
    };
    const trace = build({ ...all, facts: { ...facts, injected, ran } });
    expect(trace.received).toEqual({ user_jwt: '(masked)' });
    expect(trace.provenance[0]?.value).toBe('(masked)');
    expect(trace.spoofs.map(({ sent }) => sent)).toEqual(['(masked)', 7]);
    expect(trace.events.map(({ detail }) => detail)).toEqual([
      '{"password":"(masked)","a":1}',
      '{"password":"(masked)",',
    ]);
  });
});
