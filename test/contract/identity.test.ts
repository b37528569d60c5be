import { describe, expect, it } from 'vitest';
import { startRuntime } from '../support/runtime.ts';
import { SECRET } from '../support/server.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** CONTRACT.md §3 and §4: who the plugin is told the caller is, and that a client can't say otherwise. */

const mirror = 'export const execute = (data) => ({ data });';
const plugins = { mirror };
const who = { sub: 'ada', username: 'Ada', roles: ['user', 'editor'] };

const context = (userId: string, more: object) => ({
  app_id: 'dev_app',
  user_id: userId,
  _entitlements: {},
  _context: { app_id: 'dev_app', user_id: userId, ...more },
});
const developer = context('dev-user', { username: 'dev-user', roles: ['user'], is_superadmin: false });
const ada = context('ada', { username: 'Ada', roles: ['user', 'editor'], is_superadmin: false });

describe('what a plugin receives', () => {
  it('without a token: the development identity and no user_jwt', async () => {
    const { execute } = await startRuntime({ plugins });
    expect((await execute('mirror', { a: 1 })).json).toEqual({ data: { a: 1, ...developer } });
  });

  it('with a token: its identity and the token itself', async () => {
    const { execute, lastTrace } = await startRuntime({ plugins });
    const token = localToken(who);
    const { json } = await execute('mirror', { a: 1 }, bearer(token));
    expect(json).toEqual({ data: { a: 1, ...ada, user_jwt: token } });
    const trace = lastTrace();
    expect(trace).toMatchObject({ user: 'ada', spoofed: false, identity: { kind: 'token', userId: 'ada' } });
    expect(trace.provenance.find(({ field }) => field === 'user_id')).toMatchObject({
      source: 'claim',
      name: 'sub',
    });
  });

  const forged = {
    user_id: 'victim',
    app_id: 'x',
    user_jwt: 'x',
    _entitlements: { tier: 'pro', features: { all: true } },
    _context: { is_superadmin: true, extra: 1 },
    mine: 1,
  };
  it('H7: only the server’s values, whatever the client sends', async () => {
    const { execute, lastTrace } = await startRuntime({ plugins });
    expect((await execute('mirror', forged)).json).toEqual({ data: { mine: 1, ...developer } });
    expect(lastTrace().spoofs.map(({ key, action }) => [key, action])).toEqual([
      ['user_id', 'replaced'],
      ['app_id', 'replaced'],
      ['user_jwt', 'removed'],
      ['_entitlements', 'replaced'],
      ['_context', 'replaced'],
    ]);
    expect(lastTrace().spoofed).toBe(true);
    const token = localToken(who);
    expect((await execute('mirror', forged, bearer(token))).json).toEqual({
      data: { mine: 1, ...ada, user_jwt: token },
    });
  });

  it('H8: nothing inherited, in the runtime or the plugin', async () => {
    const probe = `export const execute = (data) => ({
      keys: Object.keys(data),
      inherited: [({}).is_superadmin, ({}).x, data.is_superadmin, data._context.isAdmin].map((value) => value ?? null),
      proto: Object.getPrototypeOf(data) === Object.prototype,
    });`;
    const { execute } = await startRuntime({ plugins: { probe } });
    const body =
      '{"__proto__":{"is_superadmin":true},"constructor":{"prototype":{"x":1}},"_context":{"__proto__":{"isAdmin":1}}}';
    expect((await execute('probe', body)).json).toEqual({
      keys: ['constructor', 'app_id', 'user_id', '_entitlements', '_context'],
      inherited: [null, null, null, null],
      proto: true,
    });
    expect(({} as Record<string, unknown>).is_superadmin).toBeUndefined();
  });

  it('P7: its own caller’s context, with 50 calls at once by two identities', async () => {
    const wait = `export const execute = async (data) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      return { asked: data.as, context: data._context.user_id, jwt: data.user_jwt };
    };`;
    const { execute, runtime } = await startRuntime({ plugins: { wait } });
    const tokens: Record<string, string> = {
      ada: localToken({ sub: 'ada' }),
      bob: localToken({ sub: 'bob' }),
    };
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const as = index % 2 === 0 ? 'ada' : 'bob';
        return { as, ...(await execute('wait', { as }, bearer(tokens[as] ?? ''))) };
      }),
    );
    for (const { as, json } of answers) expect(json).toEqual({ asked: as, context: as, jwt: tokens[as] });
    const traces = runtime.traces.list({ limit: 100 }).traces;
    expect(traces).toHaveLength(50);
    for (const { id, user } of traces) {
      expect(runtime.traces.get(id)).toMatchObject({ request: { body: { json: { as: user } } } });
    }
  });
});

describe('401', () => {
  it.each([
    ['a wrong signature', bearer(localToken({}, 'another-secret-of-more-than-32-bytes-000'))],
    ['an expired token', bearer(localToken({ exp: Math.floor(Date.now() / 1000) - 120 }))],
    ['no subject', bearer(localToken({ sub: undefined }))],
    ['another scheme', { authorization: 'Basic YWRhOmFkYQ==' }],
    ['no token at all', bearer('')],
    ['garbage', bearer('a.b.c')],
  ])('%s, on execute and on the lists', async (_title, headers: Record<string, string>) => {
    const { execute, get, lastTrace } = await startRuntime({ plugins });
    const answers = [
      await execute('mirror', {}, headers),
      await get('/api/plugins', headers),
      await get('/api/available-plugins', headers),
      await get('/api/check-plugin-access/mirror', headers),
    ];
    for (const answer of answers) {
      expect(answer.json).toEqual({
        detail: expect.any(String),
        error_code: 'UNAUTHORIZED',
        status_code: 401,
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
      expect(answer.headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
    }
    expect(lastTrace()).toMatchObject({
      outcome: 'refused',
      status: 401,
      errorCode: 'UNAUTHORIZED',
      received: null,
    });
  });

  it('where a token is mandatory and none is sent; open routes stay open', async () => {
    const { execute, get } = await startRuntime({ plugins, env: { MOZAIKS_REQUIRE_TOKEN: 'true' } });
    expect((await execute('mirror')).status).toBe(401);
    expect((await get('/api/plugins')).status).toBe(401);
    for (const path of ['/', '/health', '/ready', '/info', '/openapi.json'])
      expect((await get(path)).status).toBe(200);
    expect((await execute('mirror', {}, bearer(localToken()))).status).toBe(200);
  });

  it('ignores a token in the query or the body', async () => {
    const { execute } = await startRuntime({ plugins, env: { MOZAIKS_REQUIRE_TOKEN: 'true' } });
    const token = localToken();
    expect((await execute(`mirror?access_token=${token}`, { access_token: token })).status).toBe(401);
  });
});

describe('secrets', () => {
  it('P5: the token appears in no trace and no log, however the plugin spreads it', async () => {
    const leak = `export const execute = ({ how, user_jwt }) => {
      console.log('token', user_jwt);
      console.log({ user_jwt }, JSON.stringify({ user_jwt }));
      console.error(user_jwt.split('.')[2]);
      process.stdout.write('raw ' + user_jwt + '\\n');
      if (how === 'throw') throw new Error('bad ' + user_jwt);
      if (how === 'error') return { error: user_jwt, error_code: user_jwt };
      return { user_jwt, deep: [{ [user_jwt]: user_jwt }], url: 'https://x.test/?t=' + encodeURIComponent(user_jwt) };
    };`;
    const { execute, runtime, log } = await startRuntime({ plugins: { leak } });
    const token = localToken({ sub: 'ada' });
    const answer = await execute('leak', { how: 'return', note: token }, bearer(token));
    // The answer is the plugin's own: it reaches the client as it is.
    expect(answer.json).toMatchObject({ user_jwt: token });
    await execute('leak', { how: 'throw' }, bearer(token));
    await execute('leak', { how: 'error' }, bearer(token));
    await execute(`leak?token=${token}`, `not json ${token}`, bearer(token));
    await execute('leak', {}, bearer(`${token}x`));
    const traces = runtime.traces.list({ limit: 10 }).traces.map(({ id }) => runtime.traces.get(id));
    expect(traces).toHaveLength(5);
    const kept = JSON.stringify(traces) + JSON.stringify(runtime.snapshot()) + log.lines.join('\n');
    const signature = token.split('.')[2] ?? '';
    // Not toContain: on failure it would print all of it.
    expect(['eyJ…(masked)', signature, SECRET].map((text) => kept.includes(text))).toEqual([
      true,
      false,
      false,
    ]);
    const lines = traces.flatMap((trace) => trace?.console ?? []);
    expect(lines.length).toBeGreaterThan(0);
  });

  it('a configured secret is masked where a plugin prints it', async () => {
    const echo = 'export const execute = ({ text }) => { console.log(text); return { text }; };';
    const { execute, lastTrace } = await startRuntime({ plugins: { echo } });
    expect((await execute('echo', { text: SECRET })).json).toEqual({ text: SECRET });
    expect(JSON.stringify(lastTrace()).includes(SECRET)).toBe(false);
    expect(lastTrace().response?.body?.json).toEqual({ text: '(masked)' });
  });
});
