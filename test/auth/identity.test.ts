import { expect, it } from 'vitest';
import {
  ANONYMOUS,
  ANONYMOUS_PROVENANCE,
  allowsAnonymous,
  extractRoles,
  extractSuperadmin,
  extractUserId,
  extractUsername,
  type Found,
  findClaim,
} from '../../main/auth/identity.ts';
import { claimRemedy, manyRolesRemedy } from '../../main/auth/remedies.ts';
import type { ClaimNames } from '../../main/config/types.ts';
import type { JsonObject } from '../../main/contract/http.ts';
import { external, local } from './signing.ts';

const NONE: ClaimNames = { superadminRole: 'superadmin' };
const USER: Found<string> = {
  ok: true,
  value: 'u-1',
  origin: { source: 'claim', name: 'sub', claims: ['sub'], label: 'JWT claim sub', rule: '' },
};
const named = (names: Partial<ClaimNames>): ClaimNames => ({ ...NONE, ...names });

/** The value and the claim it came from. */
const told = (found: ReturnType<typeof extractUserId | typeof extractUsername | typeof extractRoles>) =>
  found.ok ? [found.value, found.origin.name] : found.detail;

it.each<[JsonObject, ClaimNames, unknown]>([
  [{ sub: 'a', user_id: 'b', uid: 'c' }, NONE, ['a', 'sub']],
  [{ user_id: 'b', uid: 'c' }, NONE, ['b', 'user_id']],
  [{ uid: 'c' }, NONE, ['c', 'uid']],
  [{ sub: 'a', oid: 'd' }, named({ userId: 'oid' }), ['d', 'oid']],
  [{ sub: 'a' }, named({ userId: 'oid' }), ['a', 'sub']],
  [{ sub: 'a', who: { id: 'e' } }, named({ userId: 'who.id' }), ['e', 'who.id']],
  [{ sub: 5, user_id: 'b' }, NONE, 'The claim sub is a number, not text.'],
])('user id of %j', (claims, names, expected) => {
  expect(told(extractUserId(claims, names))).toEqual(expected);
});

it.each<[JsonObject, ClaimNames, unknown]>([
  [{ username: 'a', preferred_username: 'b', email: 'c@x' }, NONE, ['a', 'username']],
  [{ username: null, preferred_username: 'b', email: 'c@x' }, NONE, ['b', 'preferred_username']],
  [{ email: 'c.d+e@x.test' }, NONE, ['c.d+e', 'email']],
  [{ email: 'no-at-sign' }, NONE, ['u-1', 'sub']],
  [{ email: '@x.test' }, NONE, ['u-1', 'sub']],
  [{}, NONE, ['u-1', 'sub']],
  [{ username: 'a', nick: 'f' }, named({ username: 'nick' }), ['f', 'nick']],
  [{ mail: 'g@x', email: 'c@x' }, named({ email: 'mail' }), ['g', 'mail']],
])('username of %j', (claims, names, expected) => {
  expect(told(extractUsername(claims, names, USER))).toEqual(expected);
});

it.each<[JsonObject, ClaimNames, unknown]>([
  [{ username: 7, preferred_username: 'b' }, NONE, ['b', 'preferred_username']],
  [{ username: '', preferred_username: {}, email: 'c@x' }, NONE, ['c', 'email']],
  [{ username: ' a' }, NONE, ['u-1', 'sub']],
  [{ username: 'x'.repeat(257) }, NONE, ['u-1', 'sub']],
  [{ username: 'a\nb', email: ['c@x'] }, NONE, ['u-1', 'sub']],
  [{ nick: true, username: 'a' }, named({ username: 'nick' }), ['a', 'username']],
  [{ mail: 5, email: 'c@x' }, named({ email: 'mail' }), ['c', 'email']],
])('J7: an odd username or email is passed over: %j', (claims, names, expected) => {
  expect(told(extractUsername(claims, names, USER))).toEqual(expected);
});

it('J7: what was passed over stands beside the origin', () => {
  expect(extractUsername({ username: 7, email: 'c@x' }, NONE, USER).origin.label).toBe(
    'JWT claim email, the part before @ (username is passed over, it is a number, not text)',
  );
  expect(extractUsername({}, NONE, USER).origin.label).toBe('the user id, JWT claim sub');
  const label = (claims: JsonObject) => {
    const roles = extractRoles(claims, NONE);
    return roles.ok && roles.origin.label;
  };
  expect(label({ roles: 7 })).toBe(
    'JWT claim roles (roles is passed over, it is neither a list nor a string)',
  );
  expect(label({ roles: ['a', 1, {}] })).toBe('JWT claim roles (2 in roles dropped)');
});

it.each<[JsonObject, ClaimNames, unknown]>([
  [{ roles: ['b', 'a', 'b'] }, NONE, [['b', 'a'], 'roles']],
  [{ roles: ' b, a  c,b ' }, NONE, [['b', 'a', 'c'], 'roles']],
  [{ roles: '' }, NONE, [[], 'roles']],
  [{}, NONE, [[], 'default']],
  [{ roles: ['a'], realm_access: { roles: ['k'] } }, NONE, [['a'], 'roles']],
  [
    {
      realm_access: { roles: ['k', 'l'] },
      resource_access: { 'app.one': { roles: ['m', 'k'] }, two: { roles: ['n'] }, three: {} },
    },
    NONE,
    [['k', 'l', 'm', 'n'], 'realm_access.roles, resource_access.app.one.roles, resource_access.two.roles'],
  ],
  [{ realm_access: 'x', resource_access: ['y'] }, NONE, [[], 'default']],
  [{ roles: ['a'], x: { y: ['z'] } }, named({ roles: 'x.y' }), [['z'], 'x.y']],
  [
    { 'https://x.test/roles': ['z'] },
    named({ roles: 'https://x.test/roles' }),
    [['z'], 'https://x.test/roles'],
  ],
  [{ roles: ['a'] }, named({ roles: 'x.y' }), [['a'], 'roles']],
  [{ realm_access: { roles: 5 } }, NONE, [[], 'realm_access.roles']],
  [{ roles: 7, realm_access: { roles: ['k'] } }, NONE, [[], 'roles']],
  [{ roles: { 0: 'admin' } }, NONE, [[], 'roles']],
  [{ roles: true }, NONE, [[], 'roles']],
  [
    { realm_access: { roles: 5 }, resource_access: { one: { roles: ['m'] } } },
    NONE,
    [['m'], 'realm_access.roles, resource_access.one.roles'],
  ],
  [{ roles: ['a', '', '  ', null, 1, true, ['b'], { c: 1 }, 'd'] }, NONE, [['a', 'd'], 'roles']],
  [{ roles: [' a ', 'a', '\tb\n'] }, NONE, [['a', 'b'], 'roles']],
  [{ roles: ['a b', 'x'.repeat(257), 'c\u0007'] }, NONE, [['a b'], 'roles']],
])('roles of %j', (claims, names, expected) => {
  expect(told(extractRoles(claims, names))).toEqual(expected);
});

it.each<[JsonObject, readonly string[], ClaimNames, boolean]>([
  [{ is_superadmin: true }, [], NONE, true],
  [{ is_superadmin: 'true' }, [], NONE, false],
  [{ is_superadmin: 1 }, [], NONE, false],
  [{}, ['SuperAdmin'], NONE, true],
  [{}, ['super', 'admin', 'superadmin2'], NONE, false],
  [{}, ['Root'], named({ superadminRole: 'ROOT' }), true],
  [{}, ['superadmin'], named({ superadminRole: 'ROOT' }), false],
  [{ flags: { su: true } }, [], named({ superadmin: 'flags.su' }), true],
  [{ is_superadmin: true }, [], named({ superadmin: 'flags.su' }), false],
])('superadmin of %j with roles %j', (claims, roles, names, expected) => {
  const origin = { source: 'claim', name: 'roles', label: 'JWT claim roles', rule: '' } as const;
  expect(extractSuperadmin(claims, { value: roles, origin }, names).value).toBe(expected);
});

it('an origin names each claim behind the value on its own', () => {
  const keycloak: JsonObject = {
    realm_access: { roles: ['superadmin'] },
    resource_access: { 'a, b': { roles: ['m'] } },
  };
  const roles = extractRoles(keycloak, NONE);
  if (!roles.ok) throw new Error(roles.detail);
  const claims = ['realm_access.roles', 'resource_access.a, b.roles'];
  expect(roles.origin.claims).toEqual(claims);
  expect(extractSuperadmin(keycloak, roles, NONE).origin.claims).toEqual(claims);
  expect(extractUserId({ sub: 'a' }, NONE)).toMatchObject({ origin: { claims: ['sub'] } });
  expect(extractUsername({ email: 'a@x' }, NONE, USER)).toMatchObject({ origin: { claims: ['email'] } });
  expect(extractUsername({}, NONE, USER)).toMatchObject({ origin: { claims: ['sub'] } });
});

it('a claim is looked for among own properties alone', () => {
  const claims: JsonObject = JSON.parse('{"a":{"b":1},"__proto__":{"c":2},"list":["x"]}');
  expect(findClaim(claims, 'a.b')).toBe(1);
  expect(findClaim(claims, 'c')).toBeUndefined();
  expect(findClaim(claims, 'constructor')).toBeUndefined();
  expect(findClaim(claims, 'a.constructor.name')).toBeUndefined();
  expect(findClaim({}, '__proto__.c')).toBeUndefined();
  expect(findClaim(claims, 'list.0')).toBeUndefined();
  expect(findClaim(claims, 'list.length')).toBeUndefined();
});

it('the development identity is an ordinary user, and says why it is there', () => {
  expect(ANONYMOUS).toEqual({
    kind: 'anonymous',
    userId: 'dev-user',
    username: 'dev-user',
    roles: ['user'],
    isSuperadmin: false,
  });
  const origin = {
    source: 'identity',
    name: 'development identity',
    label: 'development identity: no token was sent',
    rule: 'contract §3: local mode without a token gives the development identity',
  };
  expect(ANONYMOUS_PROVENANCE).toEqual({
    userId: origin,
    username: origin,
    roles: origin,
    isSuperadmin: origin,
  });
});

it('only local mode lets callers without a token in, and only where none is mandatory', () => {
  const modes = [local, { ...local, requireToken: true }, external('http://127.0.0.1:1/')];
  expect(modes.map(allowsAnonymous)).toEqual([true, false, false]);
});

it('J7: a token without a user id is told what was looked for, and the setting', () => {
  expect(extractUserId({}, named({ userId: 'oid' }))).toEqual({
    ok: false,
    detail: 'No claim names the user (looked for oid, sub, user_id, uid).',
    remedy: claimRemedy('MOZAIKS_USER_ID_CLAIM', 'user id'),
  });
});

it.each<[JsonObject[string], string]>([
  [null, 'is null, not text'],
  [5, 'is a number, not text'],
  [' ', 'is empty'],
  ['a ', 'begins or ends with a blank'],
  ['x'.repeat(257), 'is longer than 256 characters'],
  ['a\u200bb', 'contains control, direction or zero-width characters'],
])('J7 J15: the user id %j is refused with the reason', (sub, reason) => {
  expect(told(extractUserId({ sub }, NONE))).toBe(`The claim sub ${reason}.`);
});

it('J7: 64 roles and names of 256 characters are allowed, 65 roles are not', () => {
  const roles = (count: number) => Array.from({ length: count }, (_, index) => `r${index}`);
  expect(extractRoles({ roles: roles(64) }, NONE)).toMatchObject({ ok: true, value: roles(64) });
  expect(extractRoles({ roles: roles(65) }, NONE)).toEqual({
    ok: false,
    detail: 'The token names 65 roles; at most 64 are accepted.',
    remedy: manyRolesRemedy(64),
  });
  expect(told(extractUserId({ sub: 'x'.repeat(256) }, NONE))).toEqual(['x'.repeat(256), 'sub']);
});

it.each<[JsonObject, unknown]>([
  [{ email: '@a@b' }, ['u-1', 'sub']],
  [{ email: 'Ann @x.test' }, ['u-1', 'sub']],
])('J15: no name is taken from the email of %j', (claims, expected) => {
  expect(told(extractUsername(claims, NONE, USER))).toEqual(expected);
});

it('each origin says which claim or which rule gave the value', () => {
  const claim = (name: string, rule: string) => ({
    source: 'claim',
    name,
    claims: [name],
    label: `JWT claim ${name}`,
    rule: expect.stringContaining(rule),
  });
  const none = { source: 'default', name: 'default' };
  expect(extractUserId({ sub: 'a' }, NONE)).toMatchObject({ origin: claim('sub', 'user_id is') });
  expect(extractRoles({ roles: ' a,, b,' }, NONE)).toEqual({
    ok: true,
    value: ['a', 'b'],
    origin: claim('roles', 'roles are'),
  });
  const rolesRule = expect.stringContaining('roles are');
  expect(extractRoles({ realm_access: { roles: null } }, NONE)).toEqual({
    ok: true,
    value: [],
    origin: { ...none, label: 'default: no claim', rule: rolesRule },
  });
  const superadmin = (claims: JsonObject, value: string[]) =>
    extractSuperadmin(claims, { value, origin: USER.origin }, NONE).origin;
  const superadminRule = expect.stringContaining('is_superadmin is');
  expect(superadmin({ is_superadmin: true }, [])).toEqual(claim('is_superadmin', 'is_superadmin is'));
  expect(superadmin({}, ['a'])).toEqual({
    ...none,
    label: 'default: no claim, no role',
    rule: superadminRule,
  });
  expect(superadmin({}, ['a', 'Superadmin'])).toEqual({
    ...USER.origin,
    label: 'role "Superadmin", JWT claim sub',
    rule: superadminRule,
  });
});

it('J7: notes are told apart', () => {
  const { label } = extractUsername({ username: 7, preferred_username: '' }, NONE, USER).origin;
  expect(label).toBe(
    'the user id, JWT claim sub (username is passed over, it is a number, not text; preferred_username is passed over, it is empty)',
  );
});

it.each<[JsonObject, unknown]>([
  [{ resource_access: { one: null, two: 'roles', three: { roles: null } } }, [[], 'default']],
  [{ roles: null, realm_access: { roles: ['k'] } }, [['k'], 'realm_access.roles']],
])('clients without roles give none: %j', (claims, expected) => {
  expect(told(extractRoles(claims, NONE))).toEqual(expected);
});
