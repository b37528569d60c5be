import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Json, JsonObject } from '../../main/contract/http.ts';
import { verifier } from './refusal.ts';
import { encode, goodClaims, hmacToken, SECONDS } from './signing.ts';

/** Whatever a token says: fast-check prints the seed of a failure, and `{ seed }` repeats it. */

const good = hmacToken({ ...goodClaims, roles: ['user'] });

/** One change to a text: at a place, some characters are replaced by others. */
const edit = fc.tuple(
  fc.nat({ max: good.length }),
  fc.nat({ max: 6 }),
  fc.oneof(
    fc.string({ maxLength: 6 }),
    fc.constantFrom('.', '=', 'A', '-', '_', '+', '/', ' ', '\0', '\ud800', 'ı', '..'),
    fc.base64String({ maxLength: 12 }),
  ),
);

const changed = fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
  return edits.reduce((text, [at, length, put]) => text.slice(0, at) + put + text.slice(at + length), good);
});

const segment = fc.oneof(
  fc.constantFrom(...good.split('.')),
  fc.json().map(encode),
  fc.string().map(encode),
  fc.string(),
);
const rebuilt = fc.array(segment, { maxLength: 5 }).map((segments) => segments.join('.'));

it('J17: no change of a good token is accepted, and none makes the verifier throw', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(changed, rebuilt, fc.string({ unit: 'binary' })), async (token) => {
      fc.pre(token !== good);
      const verdict = await verifier.verify(token);
      expect(verdict.ok).toBe(false);
      expect(verdict.view.verified).toBe(false);
    }),
    { numRuns: 30_000 },
  );
});

const anyName = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom(
    'ann',
    ' ann ',
    'a\u202enn',
    'ann\u200b',
    'ann@example.com',
    'superadmin',
    'SuperAdmin',
    '',
  ),
);
const anyClaim: fc.Arbitrary<Json> = fc.oneof(
  anyName,
  fc.array(fc.oneof(anyName, fc.integer(), fc.constant(null)), { maxLength: 5 }),
  fc.constantFrom<Json>(true, 'true', 1, 0, null, {}, []),
);
const anyClaims = fc.record(
  {
    sub: fc.oneof({ weight: 4, arbitrary: fc.constant<Json>('u') }, { weight: 1, arbitrary: anyClaim }),
    user_id: anyClaim,
    uid: anyClaim,
    username: anyClaim,
    preferred_username: anyClaim,
    email: anyClaim,
    roles: anyClaim,
    is_superadmin: anyClaim,
    __proto__: fc.constant<Json>({ sub: 'root', is_superadmin: true, roles: ['superadmin'] }),
  },
  { requiredKeys: [] },
);

/** CONTRACT.md §3 once more, in other words than the code's. */
function contextOf(claims: JsonObject) {
  const isName = (value: Json | undefined): value is string =>
    typeof value === 'string' && /^(?!\s)[^\p{C}\p{Zl}\p{Zp}]{1,256}(?<!\s)$/u.test(value);
  const subject = ['sub', 'user_id', 'uid'].find((name) => Object.hasOwn(claims, name));
  const userId = subject === undefined ? undefined : claims[subject];
  if (!isName(userId)) return null;
  const local = isName(claims.email) ? claims.email.match(/^[^@]+(?=@)/)?.[0] : undefined;
  const username = [claims.username, claims.preferred_username, local, userId].find(isName);
  const listed = typeof claims.roles === 'string' ? claims.roles.split(/[\s,]+/) : claims.roles;
  const stripped = (Array.isArray(listed) ? listed : []).map((role) =>
    typeof role === 'string' ? role.trim() : role,
  );
  const roles = [...new Set(stripped.filter(isName))];
  const isSuperadmin =
    claims.is_superadmin === true || roles.some((role) => role.toLowerCase() === 'superadmin');
  return { kind: 'token', userId, username, roles, isSuperadmin };
}

it('J7: any claims give the identity of the contract, or none', async () => {
  await fc.assert(
    fc.asyncProperty(anyClaims, async (claims) => {
      const verdict = await verifier.verify(hmacToken({ exp: SECONDS + 600, ...claims }));
      expect(verdict.ok ? verdict.identity : null).toEqual(contextOf(claims));
    }),
    { numRuns: 3_000 },
  );
});
