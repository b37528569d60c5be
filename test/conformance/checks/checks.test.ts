import { describe, expect, it } from 'vitest';
import { CLAUSE_CHECKS } from '../../../main/conformance/checks/checks.ts';
import type { ClauseId } from '../../../main/conformance/clauses/clauses.ts';
import { ROUTES } from '../../../main/contract/http.ts';
import { answer, evaluate, evaluateVariants, report } from '../../support/answers.ts';
import { CONTEXT } from '../../support/check-target.ts';

/** Where answers are neither plainly right nor plainly wrong. */

const HOST = { executeRoute: ROUTES.hostExecute };
const version = (value: string) => ({ headers: { 'x-mozaiks-runtime-version': value } });

describe('the version header', () => {
  it.each([
    [['1.0.0', '1.0.0'], 'passed'],
    [['1.0.0', '1.0'], 'differs'],
    [['1.0.3'], 'differs'],
    [['1.0.0', '2.0.0'], 'failed'],
    [['1.1'], 'failed'],
    [[], 'failed'],
  ])('that says %s %s', (values, verdict) => {
    const answers = values.map((value) => answer(200, {}, version(value)));
    expect(evaluate('header.value', [...answers, answer(200)]).verdict).toBe(verdict);
  });

  it('is judged alone: another status is for another clause, and is no pass', () => {
    expect(evaluate('header.too-large', [answer(200, {}, version('1.0.0'))])).toMatchObject({
      verdict: 'skipped',
      reason: 'the target answered 200, so its 413 answer could not be checked',
    });
    expect(evaluate('header.too-large', [answer(200)]).verdict).toBe('failed');
    expect(evaluate('header.too-large', [answer(413, {}, version('7'))]).verdict).toBe('passed');
  });

  it('may be exposed by name', () => {
    const exposed = (names: string) =>
      answer(200, {}, { headers: { 'access-control-expose-headers': names } });
    const verdict = (names: string) => evaluate('header.exposed', [exposed(names)]).verdict;
    expect(verdict('traceparent, x-mozaiks-runtime-version')).toBe('passed');
    expect(verdict('*')).toBe('differs');
    expect(verdict('x-mozaiks-runtime-version-2')).toBe('failed');
    expect(evaluate('header.exposed', [answer(403)]).verdict).toBe('skipped');
  });
});

describe('plugins_loaded', () => {
  const count = (loaded: number, entries: readonly object[]) =>
    evaluate('health.counts', [answer(200, { plugins_loaded: loaded }), answer(200, { plugins: entries })])
      .verdict;

  it('counts what would execute; a plugin whose newest version is broken may still', () => {
    const [fine, off] = [
      { enabled: true, status: 'loaded' },
      { enabled: false, status: 'disabled' },
    ];
    expect([count(1, [fine, off]), count(2, [fine, off]), count(0, [fine])]).toEqual([
      'passed',
      'failed',
      'failed',
    ]);
    const failing = { enabled: true, status: 'failed' };
    expect([0, 1, 2, 3].map((loaded) => count(loaded, [fine, failing]))).toEqual([
      ...['failed', 'passed', 'passed', 'failed'],
    ]);
  });

  it('is not compared with what is not there', () => {
    expect(evaluate('health.counts', [answer(200, {}), answer(200, { plugins: [] })]).reason).toContain(
      'health.plugins-loaded',
    );
    expect(evaluate('health.counts', [answer(200, { plugins_loaded: 1 }), answer(500)]).reason).toContain(
      'plugins.list',
    );
  });
});

it('a list is sorted by code units; another order of letters differs', () => {
  const verdict = (...names: string[]) =>
    evaluate('plugins.sorted', [answer(200, { plugins: names.map((name) => ({ name })) })]).verdict;
  expect([verdict('Z', 'a'), verdict('a', 'Z'), verdict('b', 'a'), verdict()]).toEqual([
    ...['passed', 'differs', 'failed', 'skipped'],
  ]);
});

it('the alias may answer as the list was before or after it', () => {
  const list = (status: string) => answer(200, { plugins: [{ name: 'a', status }] });
  const verdict = (...answers: ReturnType<typeof answer>[]) => evaluate('plugins.alias', answers).verdict;
  expect(verdict(list('parked'), list('loaded'), list('loaded'))).toBe('passed');
  expect(verdict(list('loaded'), answer(200, {}), list('loaded'))).toBe('failed');
  expect(verdict(answer(401), answer(401), answer(401))).toBe('skipped');
});

describe('errors of a plugin host', () => {
  const words = { error: 'Plugin execution failed', details: 'the probe was told to fail' };
  const cases: readonly (readonly [ClauseId, number])[] = [
    ['execute.plugin-error', 500],
    ['execute.plugin-code', 500],
    ['execute.exception', 500],
    ['execute.invalid-result', 500],
    ['error.not-found', 404],
    ['error.shape', 404],
    ['limit.body', 413],
  ];

  it.each(cases)('differ for %s, and fail elsewhere', (id, status) => {
    expect(evaluate(id, [answer(status, words)], HOST).verdict).toBe('differs');
    expect(evaluate(id, [answer(status, words)]).verdict).toBe('failed');
  });

  it('fail with another status there, too', () => {
    expect(evaluate('execute.exception', [answer(200, words)], HOST).verdict).toBe('failed');
  });

  it('differ for no body, which is an empty object there', () => {
    const broken = answer(400, {
      detail: 'Invalid JSON payload',
      error_code: 'BAD_REQUEST',
      status_code: 400,
    });
    expect(evaluate('error.bad-json', [broken, report({})], HOST).verdict).toBe('differs');
    expect(evaluate('error.bad-json', [broken, report({})]).verdict).toBe('failed');
    expect(evaluate('error.bad-json', [broken, broken]).verdict).toBe('passed');
  });
});

describe('a caller without a token', () => {
  const verdict = (given: ReturnType<typeof answer>, context: Parameters<typeof evaluate>[2]) =>
    evaluate('identity.anonymous', [given], context).verdict;
  const open = { mode: 'local', anonymousAllowed: true } as const;
  const closed = { mode: 'external', anonymousAllowed: false } as const;

  it('gets a development identity, or 401 where a token is mandatory', () => {
    expect(verdict(report({}), open)).toBe('passed');
    expect(verdict(report({}, 'e3b0'), open)).toBe('failed');
    expect(verdict(answer(401), open)).toBe('failed');
    expect(verdict(answer(401), closed)).toBe('passed');
    expect(verdict(report({}), closed)).toBe('failed');
    expect(verdict(answer(500), open)).toBe('failed');
  });
});

it('a token for another service is refused in external mode alone', () => {
  const verdict = (status: number, mode: 'local' | 'external') =>
    evaluate('identity.audience', [answer(status)], { mode }).verdict;
  expect([verdict(401, 'external'), verdict(200, 'external'), verdict(200, 'local')]).toEqual([
    ...['passed', 'failed', 'passed'],
  ]);
});

describe('_context', () => {
  const context = { app_id: 'app', user_id: 'user', username: 'user', roles: [], is_superadmin: false };
  const given = (over: object, beside: object = {}) =>
    report({ user_id: 'user', app_id: 'app', _context: { ...context, ...over }, ...beside });

  it('may grow, and says into what', () => {
    expect(evaluate('context.grows', [given({ runtime_user_id: 7 })])).toMatchObject({
      verdict: 'passed',
      reason: 'It also has runtime_user_id',
    });
    expect(evaluate('context.grows', [given({ user_id: 'other' })]).verdict).toBe('failed');
  });

  it('leaves values of keys that can’t be read to context.keys', () => {
    const broken = given({ roles: 'admin', username: null, is_superadmin: 'false', app_id: 1, user_id: 2 });
    expect(evaluate('context.keys', [broken]).verdict).toBe('failed');
    const others: readonly ClauseId[] = ['context.profile', 'context.app', 'context.grows'];
    for (const id of others) {
      expect(evaluate(id, [broken, answer(200, { app_id: 'app' })])).toMatchObject({
        verdict: 'skipped',
        reason: expect.stringContaining('see context.keys'),
      });
    }
  });

  it('is not judged without the probe’s report', () => {
    expect(evaluate('context.keys', [answer(500, {})])).toMatchObject({
      verdict: 'skipped',
      reason: 'the probe’s report did not arrive; see execute.path',
    });
  });
});

describe('what a body claims', () => {
  const claim = 'claimed-by-the-client';
  const plain = report({ _context: { is_superadmin: false } });

  it('is found wherever it went', () => {
    expect(evaluate('spoof.user-id', [report({ user_id: 'user', note: [claim] })]).verdict).toBe('failed');
    expect(evaluate('spoof.user-id', [report({ user_id: 'user' })]).verdict).toBe('passed');
    expect(evaluate('spoof.user-id', [answer(400)]).verdict).toBe('failed');
  });

  it('makes nobody a superadmin who was none', () => {
    const raised = report({ _context: { is_superadmin: true } });
    expect(evaluate('spoof.context', [plain, raised]).verdict).toBe('failed');
    expect(evaluate('spoof.context', [raised, raised]).verdict).toBe('passed');
  });

  it('by __proto__ stays data, or is refused, and pollutes nothing', () => {
    const data = report({ constructor: { prototype: { polluted: claim } }, _context: {} });
    expect(evaluate('spoof.prototype', [plain, data, plain]).verdict).toBe('passed');
    expect(evaluate('spoof.prototype', [plain, answer(400), plain]).verdict).toBe('differs');
    expect(evaluate('spoof.prototype', [plain, data, report({ polluted: claim })]).verdict).toBe('failed');
    const polluted = report({ _context: { polluted: claim } });
    expect(evaluate('spoof.prototype', [plain, polluted, plain]).verdict).toBe('failed');
  });
});

describe('odd roles', () => {
  const roles = (...each: unknown[]) =>
    evaluate(
      'context.odd-roles',
      each.map((held) => report({ _context: { roles: held } })),
    ).verdict;

  it('are none for an object, and the stripped strings of a list', () => {
    expect(roles([], ['editor', 'user'])).toBe('passed');
    expect(roles(['editor'], ['editor', 'user'])).toBe('failed');
    expect(roles([], [' editor ', 'user'])).toBe('failed');
    expect(roles([], ['editor', '7', 'user'])).toBe('failed');
  });

  it('never refuse a token', () => {
    const answers = [report({ _context: { roles: [] } }), answer(401)];
    expect(evaluate('context.odd-roles', answers).reason).toBe('The token is refused');
    expect(evaluate('context.odd-roles', [answer(500), answer(500)]).verdict).toBe('skipped');
  });
});

describe('a plugin that doesn’t load', () => {
  const entries = {
    plugins: [
      { enabled: true, status: 'loaded' },
      { enabled: true, status: 'failed' },
    ],
  };
  const judge = (count: number, called: number) => {
    const observed = [answer(200, { plugins_loaded: count }), answer(200, entries), answer(called)];
    const on = ['probe', 5, ...observed] as const;
    return evaluateVariants('health.not-loaded', [on], { failing: 'broken' })?.verdict;
  };

  it('is not counted', () => {
    expect(judge(1, 500)).toBe('passed');
    expect(judge(1, 404)).toBe('passed');
    expect(judge(2, 500)).toBe('failed');
  });

  it('is not judged where an older version of it answers', () => expect(judge(2, 200)).toBe('skipped'));

  it('is called only where that is allowed', () => {
    const check = CLAUSE_CHECKS['health.not-loaded'];
    expect(check.send({ ...CONTEXT, failing: 'broken', allowDisruptive: false })).toEqual({
      skip: 'would call the plugin broken; allow it with --disruptive',
    });
  });
});

it('two faults are compared only where the first alone is answered as it should be', () => {
  const order = (...statuses: number[]) =>
    evaluate(
      'error.order',
      statuses.map((status) => answer(status)),
    );
  expect(order(401, 401, 404, 404, 413, 413).verdict).toBe('passed');
  expect(order(401, 401, 404, 404, 200, 400).verdict).toBe('passed');
  expect(order(401, 404, 404, 404, 413, 413).verdict).toBe('failed');
  expect(order(401, 401, 404, 400, 413, 413).reason).toContain('400 for broken JSON for an unknown plugin');
  expect(order(200, 404, 200, 400, 200, 400).verdict).toBe('skipped');
});

it('a preflight names the origin where other answers do', () => {
  const cors = (origin: string | undefined, more: Record<string, string> = {}) =>
    answer(204, '', {
      headers: { ...(origin === undefined ? {} : { 'access-control-allow-origin': origin }), ...more },
    });
  const origin = 'http://localhost:5173';
  const allowed = {
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'Authorization',
  };
  const verdict = (...answers: ReturnType<typeof answer>[]) => evaluate('cors.preflight', answers).verdict;
  expect(verdict(cors(origin), cors(origin, allowed))).toBe('passed');
  expect(verdict(cors(origin), cors(undefined, allowed))).toBe('failed');
  expect(verdict(cors('*'), cors('*', allowed))).toBe('passed');
  expect(verdict(cors(origin), cors(origin, { ...allowed, 'access-control-allow-headers': '*' }))).toBe(
    'failed',
  );
});
