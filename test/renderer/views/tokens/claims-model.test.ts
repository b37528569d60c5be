import { expect, it } from 'vitest';
import type { JsonObject } from '../../../../main/contract/http.ts';
import {
  audienceClaim,
  formatUntil,
  readFields,
  withClaim,
  withExpiry,
} from '../../../../renderer/views/tokens/claims-model.ts';

const NAMES = {
  userId: 'sub',
  username: 'username',
  roles: 'realm_access.roles',
  superadmin: 'is_superadmin',
  superadminRole: 'superadmin',
};
const NOW = 1_800_000_000_000;

it('fields are read as the runtime finds the claims: the very name first, then the path', () => {
  const nested = { sub: 'u', realm_access: { roles: ['a', 'b', 'a'] }, aud: ['x', 'y'], exp: 5 };
  expect(readFields(nested, NAMES)).toEqual({
    userId: 'u',
    username: '',
    roles: ['a', 'b'],
    superadmin: false,
    iss: '',
    aud: 'x, y',
    exp: 5,
  });
  expect(readFields({ 'realm_access.roles': 'p q', is_superadmin: true }, NAMES)).toMatchObject({
    roles: ['p', 'q'],
    superadmin: true,
  });
});

it('odd claims show as they are and elevate nobody', () => {
  const odd = { sub: 7, is_superadmin: 'true', exp: 'soon', roles: 5 } as JsonObject;
  expect(readFields(odd, { ...NAMES, roles: 'roles' })).toMatchObject({
    userId: '7',
    superadmin: false,
    exp: null,
    roles: [],
  });
});

it('a change keeps the order of the keys and everything else', () => {
  const claims = { iss: 'i', sub: 'u', deep: { a: [1, null] } };
  expect(JSON.stringify(withClaim(claims, 'sub', 'v'))).toBe('{"iss":"i","sub":"v","deep":{"a":[1,null]}}');
  expect(withClaim(claims, 'sub', undefined)).toEqual({ iss: 'i', deep: { a: [1, null] } });
  expect(claims.sub).toBe('u');
});

it('a dotted name is written where its path leads, else under the very name', () => {
  expect(withClaim({ realm_access: { roles: ['a'], x: 1 } }, 'realm_access.roles', ['b'])).toEqual({
    realm_access: { roles: ['b'], x: 1 },
  });
  expect(withClaim({}, 'https://x.test/roles', ['b'])).toEqual({ 'https://x.test/roles': ['b'] });
  expect(withClaim({ 'a.b': 1, a: { b: 2 } }, 'a.b', 3)).toEqual({ 'a.b': 3, a: { b: 2 } });
});

it('a claim called __proto__ stays data', () => {
  const claims = JSON.parse('{"__proto__":{"is_superadmin":true},"sub":"u"}') as JsonObject;
  const changed = withClaim(claims, 'sub', 'v');
  expect(JSON.stringify(changed)).toBe('{"__proto__":{"is_superadmin":true},"sub":"v"}');
  expect(readFields(changed, NAMES).superadmin).toBe(false);
});

it('expiry is set from now, in whole seconds, and iat never lies behind it', () => {
  const seconds = NOW / 1000;
  expect(withExpiry({ iat: 1, exp: 2 }, 3600, NOW + 500)).toEqual({ iat: seconds, exp: seconds + 3600 });
  expect(withExpiry({ sub: 'u' }, 60, NOW)).toEqual({ sub: 'u', exp: seconds + 60 });
  expect(withExpiry({ iat: 1 }, -3600, NOW)).toEqual({ iat: seconds - 3660, exp: seconds - 3600 });
  expect(withExpiry({ exp: 2, sub: 'u' }, null, NOW)).toEqual({ sub: 'u' });
});

it.each([
  ['', undefined],
  ['x', 'x'],
  ['x, y', ['x', 'y']],
])('the audience %j is the claim %j', (text, claim) => {
  expect(audienceClaim(text)).toEqual(claim);
});

it('a moment reads from now', () => {
  expect(formatUntil(NOW + 58 * 60_000, NOW)).toBe('in 58 min');
  expect(formatUntil(NOW - 12_000, NOW)).toBe('12 s ago');
});
