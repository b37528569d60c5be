import { expect, it } from 'vitest';
import type { Authentication } from '../../main/auth/authentication.ts';
import { injectContext } from '../../main/auth/inject.ts';
import type { JsonObject } from '../../main/contract/http.ts';
import { APP, goodClaims, hmacToken, localAuthenticator } from './signing.ts';

type Accepted = Extract<Authentication, { ok: true }>;

async function accepted(...headers: string[]): Promise<Accepted> {
  const answer = await localAuthenticator().authenticate(headers);
  if (!answer.ok) throw new Error(answer.detail);
  return answer;
}

const NONE = { value: {}, provenance: [] };

const token = hmacToken({ ...goodClaims, username: 'dana', roles: ['a'] });
const sentBy = (value: JsonObject) => ({ value, text: JSON.stringify(value) });
const withToken = () => accepted(`Bearer ${token}`);

it('the client’s keys come first, in order, then the runtime’s', async () => {
  const { data } = injectContext(sentBy({ z: 1, a: { b: [2] } }), await withToken(), APP, NONE);
  expect(Object.keys(data)).toEqual(['z', 'a', 'app_id', 'user_id', 'user_jwt', '_entitlements', '_context']);
  expect(data).toEqual({
    z: 1,
    a: { b: [2] },
    app_id: 'dev_app',
    user_id: 'user-1',
    user_jwt: token,
    _entitlements: {},
    _context: { app_id: 'dev_app', user_id: 'user-1', username: 'dana', roles: ['a'], is_superadmin: false },
  });
});

const spoof: JsonObject = {
  user_jwt: 'x',
  user_id: 'victim',
  _entitlements: { tier: 'pro' },
  keep: true,
  _context: { is_superadmin: true, extra: 1 },
  app_id: 'x',
};

it('H7: reserved keys are the runtime’s, replaced and never merged', async () => {
  const { data, spoofs } = injectContext(sentBy(spoof), await withToken(), APP, NONE);
  expect(data).toMatchObject({ user_id: 'user-1', app_id: 'dev_app', user_jwt: token, keep: true });
  expect(data._context).toEqual({
    app_id: 'dev_app',
    user_id: 'user-1',
    username: 'dana',
    roles: ['a'],
    is_superadmin: false,
  });
  expect(Object.keys(data)).toEqual(['keep', 'app_id', 'user_id', 'user_jwt', '_entitlements', '_context']);
  expect(spoofs).toEqual([
    { key: 'user_jwt', sent: 'x', action: 'replaced' },
    { key: 'user_id', sent: 'victim', action: 'replaced' },
    { key: '_entitlements', sent: { tier: 'pro' }, action: 'replaced' },
    { key: '_context', sent: { is_superadmin: true, extra: 1 }, action: 'replaced' },
    { key: 'app_id', sent: 'x', action: 'replaced' },
  ]);
});

it('H7: without a token there is no user_jwt, whatever the client sends', async () => {
  const { data, spoofs, provenance } = injectContext(sentBy(spoof), await accepted(), APP, NONE);
  expect(Object.hasOwn(data, 'user_jwt')).toBe(false);
  expect(data.user_id).toBe('dev-user');
  expect(spoofs[0]).toEqual({ key: 'user_jwt', sent: 'x', action: 'removed' });
  expect(provenance.find(({ field }) => field === 'user_jwt')).toMatchObject({ present: false, value: null });
});

it('H8: no key of the client’s becomes a prototype, here or in a copy', async () => {
  const sent: JsonObject = JSON.parse(
    '{"__proto__":{"is_superadmin":true},"constructor":{"prototype":{"x":1}},"deep":{"__proto__":{"y":1}}}',
  );
  const { data, spoofs } = injectContext(sentBy(sent), await withToken(), APP, NONE);
  expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
  expect(data.is_superadmin).toBeUndefined();
  expect(Object.assign({}, data).is_superadmin).toBeUndefined();
  expect(Object.keys(data)).toEqual([
    'constructor',
    'deep',
    'app_id',
    'user_id',
    'user_jwt',
    '_entitlements',
    '_context',
  ]);
  expect(Object.getPrototypeOf(data.deep)).toBe(Object.prototype);
  expect(spoofs).toEqual([{ key: '__proto__', sent: { is_superadmin: true }, action: 'removed' }]);
  expect('x' in {} || 'y' in {}).toBe(false);
});

it('the client’s object and the identity stay as they were', async () => {
  const who = await withToken();
  const sent = structuredClone(spoof);
  const { data } = injectContext(sentBy(sent), who, APP, NONE);
  expect(sent).toEqual(spoof);
  expect(data._context).not.toBe(who.identity);
  const again = await accepted();
  const injected = injectContext(sentBy({}), again, APP, NONE).data._context as { roles: string[] };
  injected.roles.push('admin');
  expect((await accepted()).identity.roles).toEqual(['user']);
});

it('every number reaches the plugin as the client wrote it, and no way of writing a reserved key does', async () => {
  const text =
    '{"big":12345678901234567890, "one": 1.0,"zero":-0.0,"huge":1e400,"user\\u005fid":"victim","big":7,"__proto__":{"x":1.50}}';
  const { json } = injectContext({ value: JSON.parse(text), text }, await accepted(), APP, NONE);
  expect(json).toBe(
    '{"big":12345678901234567890,"one":1.0,"zero":-0.0,"huge":1e400,"big":7,"__proto__":{"x":1.50},"app_id":"dev_app","user_id":"dev-user","_entitlements":{},"_context":' +
      `${JSON.stringify(JSON.parse(json)._context)}}`,
  );
});

it('every injected field says where it came from', async () => {
  const { provenance } = injectContext(sentBy({}), await withToken(), APP, NONE);
  expect(provenance.map(({ field, value, source, name }) => [field, value, source, name])).toEqual([
    ['app_id', 'dev_app', 'setting', 'MOZAIKS_APP_ID'],
    ['user_id', 'user-1', 'claim', 'sub'],
    ['user_jwt', token, 'header', 'Authorization'],
    ['_context.app_id', 'dev_app', 'setting', 'MOZAIKS_APP_ID'],
    ['_context.user_id', 'user-1', 'claim', 'sub'],
    ['_context.username', 'dana', 'claim', 'username'],
    ['_context.roles', ['a'], 'claim', 'roles'],
    ['_context.is_superadmin', false, 'default', 'default'],
  ]);
  expect(provenance.every(({ rule }) => rule.startsWith('contract §'))).toBe(true);
});

it('H7: _entitlements is the resolved one, with its own provenance before that of _context', async () => {
  const part = { field: '_entitlements.tier', value: 'pro', present: true } as const;
  const from = {
    source: 'document',
    name: 'subscriptions',
    label: 'a document',
    rule: 'contract §4',
  } as const;
  const entitlements = { value: { tier: 'pro' }, provenance: [{ ...part, ...from }] };
  const { data, provenance } = injectContext(sentBy(spoof), await withToken(), APP, entitlements);
  expect(data._entitlements).toEqual({ tier: 'pro' });
  expect(provenance.map(({ field }) => field).slice(2, 5)).toEqual([
    'user_jwt',
    '_entitlements.tier',
    '_context.app_id',
  ]);
});

it('the token’s origin says whether one was sent; all else is always there', async () => {
  const rule = 'contract §4: user_jwt is the bearer token, absent when none was sent';
  const origin = { field: 'user_jwt', source: 'header', name: 'Authorization', rule };
  for (const [who, expected] of [
    [await withToken(), { ...origin, value: token, present: true, label: 'Authorization header' }],
    [
      await accepted(),
      { ...origin, value: null, present: false, label: 'absent: no Authorization header was sent' },
    ],
  ] as const) {
    const { provenance } = injectContext(sentBy({}), who, APP, NONE);
    expect(provenance.find(({ field }) => field === 'user_jwt')).toEqual(expected);
    const others = provenance.filter(({ field }) => field !== 'user_jwt');
    expect(others.map(({ present }) => present)).toEqual(others.map(() => true));
  }
});
