import { describe, expect, it } from 'vitest';
import { createVerifier } from '../../main/auth/verify.ts';
import { refusal, verifier } from './refusal.ts';
import {
  external,
  goodClaims,
  goodExternal,
  hmacToken,
  keySet,
  local,
  NOW,
  rsaKey,
  rsaToken,
  SECONDS,
  serveKeys,
} from './signing.ts';

describe('J3 exp', () => {
  it.each<[string, string, string]>([
    ['missing', '{"sub":"u"}', 'Token has no expiry (exp)'],
    ['text', `{"sub":"u","exp":"${SECONDS + 600}"}`, 'Token has no valid expiry (exp)'],
    ['null', '{"sub":"u","exp":null}', 'Token has no valid expiry (exp)'],
    ['1e999', '{"sub":"u","exp":1e999}', 'Token has no valid expiry (exp)'],
    ['beyond safe integers', '{"sub":"u","exp":9007199254740993}', 'Token has no valid expiry (exp)'],
    ['a fraction', `{"sub":"u","exp":${SECONDS + 600}.5}`, 'Token has no valid expiry (exp)'],
    ['-1', '{"sub":"u","exp":-1}', 'Token expired'],
    ['61 s ago', `{"sub":"u","exp":${SECONDS - 61}}`, 'Token expired'],
    ['60 s ago', `{"sub":"u","exp":${SECONDS - 60}}`, 'Token expired'],
  ])('%s is refused', async (_what, claims, detail) => {
    expect(await refusal(hmacToken(claims))).toMatchObject({ detail, check: 'exp' });
  });

  it('59 s ago is within the tolerance; the far future is a time like any other', async () => {
    expect((await verifier.verify(hmacToken({ sub: 'u', exp: SECONDS - 59 }))).ok).toBe(true);
    expect((await verifier.verify(hmacToken({ sub: 'u', exp: Number.MAX_SAFE_INTEGER }))).ok).toBe(true);
  });
});

describe('J4 nbf', () => {
  it.each<[string, unknown, string]>([
    ['two minutes ahead', SECONDS + 120, 'Token not valid yet'],
    ['text', String(SECONDS), 'Token has no valid start (nbf)'],
    ['null', null, 'Token has no valid start (nbf)'],
  ])('%s is refused', async (_what, nbf, detail) => {
    expect(await refusal(hmacToken({ ...goodClaims, nbf }))).toMatchObject({ detail, check: 'nbf' });
  });

  it('60 s ahead is within the tolerance', async () => {
    expect((await verifier.verify(hmacToken({ ...goodClaims, nbf: SECONDS + 60 }))).ok).toBe(true);
  });
});

describe('J13 type', () => {
  it.each<[string, unknown]>([
    ['a logout token', 'logout+jwt'],
    ['a proof of possession', 'dpop+jwt'],
    ['an ID token with a type', 'id_token+jwt'],
    ['a number', 1],
    ['nothing', ''],
    ['two types', 'JWT, at+jwt'],
  ])('a header that says %s is refused', async (_what, typ) => {
    const token = hmacToken(goodClaims, { alg: 'HS256', typ });
    expect(await refusal(token)).toMatchObject({ detail: 'Token is not an access token', check: 'type' });
  });

  it.each(['ID', 'Refresh', 'Offline', 'Logout'])('Keycloak’s claim typ %s is refused', async (typ) => {
    const token = hmacToken({ ...goodClaims, typ });
    expect(await refusal(token)).toMatchObject({ detail: 'Token is not an access token', check: 'type' });
  });

  it.each(['JWT', 'jwt', 'at+jwt', 'AT+JWT', 'application/at+jwt'])(
    'a header that says %s passes',
    async (typ) => {
      expect((await verifier.verify(hmacToken(goodClaims, { alg: 'HS256', typ }))).ok).toBe(true);
    },
  );

  it('no type, and Keycloak’s Bearer, pass', async () => {
    expect((await verifier.verify(hmacToken({ ...goodClaims, typ: 'Bearer' }, { alg: 'HS256' }))).ok).toBe(
      true,
    );
  });

  it('production looks at none, which the trace says', async () => {
    const verdict = await verifier.verify(hmacToken({ ...goodClaims, typ: 'ID' }));
    expect(verdict).toMatchObject({ ok: false, differences: ['token-type'] });
  });
});

describe('J5 issuer and audience in external mode', () => {
  const key = rsaKey('a');
  const judged = async () => {
    const keys = await serveKeys(keySet(key.jwk));
    return createVerifier(external(keys.url), () => NOW);
  };

  it.each<[string, Record<string, unknown>, string]>([
    ['iss missing', { iss: undefined }, 'Invalid token issuer'],
    ['another iss', { iss: 'https://issuer.test/' }, 'Invalid token issuer'],
    ['a list of iss', { iss: ['https://issuer.test'] }, 'Invalid token issuer'],
    ['aud missing', { aud: undefined }, 'Invalid token audience'],
    ['another aud', { aud: 'other' }, 'Invalid token audience'],
    ['aud empty', { aud: [] }, 'Invalid token audience'],
    ['aud an object', { aud: { workbench: true } }, 'Invalid token audience'],
    ['aud a mixed list', { aud: ['workbench', 5] }, 'Invalid token audience'],
  ])('%s is refused', async (_what, change, detail) => {
    expect((await refusal(rsaToken(key, { ...goodExternal, ...change }), await judged())).detail).toBe(
      detail,
    );
  });

  it('a list that holds ours is accepted; the reason names the setting', async () => {
    const judge = await judged();
    expect((await judge.verify(rsaToken(key, { ...goodExternal, aud: ['x', 'workbench'] }))).ok).toBe(true);
    const found = await refusal(rsaToken(key, { ...goodExternal, aud: 'other', iss: 'x' }), judge);
    expect(found.failed.map(({ detail }) => detail)).toEqual([
      'iss is "x", but this runtime wants "https://issuer.test" (MOZAIKS_ISSUER).',
      'aud is "other", but this runtime wants "workbench" (MOZAIKS_AUDIENCE).',
    ]);
  });
});

it.each([undefined, 0, 1.5, SECONDS + 1_000_000])(
  'iat is a number or absent, and any time: %j',
  async (iat) => {
    expect((await verifier.verify(hmacToken({ ...goodClaims, iat }))).ok).toBe(true);
    expect((await refusal(hmacToken({ ...goodClaims, iat: String(iat) }))).detail).toBe('Invalid token');
  },
);

it('without leeway a token ends at its exp and begins at its nbf', async () => {
  const strict = createVerifier({ ...local, leewaySeconds: 0 }, () => NOW);
  const verify = async (claims: object) => {
    const verdict = await strict.verify(hmacToken({ sub: 'u', exp: SECONDS + 1, ...claims }));
    return verdict.ok ? verdict.differences : verdict.detail;
  };
  expect(await verify({})).toEqual([]);
  expect(await verify({ exp: SECONDS })).toBe('Token expired');
  expect(await verify({ nbf: SECONDS })).toEqual([]);
  expect(await verify({ nbf: SECONDS + 1 })).toBe('Token not valid yet');
});
