import { describe, expect, it } from 'vitest';
import { verifyClaims, verifyType } from '../../main/auth/claims.ts';
import { clockRemedy, timeClaimRemedy, typeRemedy } from '../../main/auth/remedies.ts';
import { createVerifier } from '../../main/auth/verify.ts';
import type { AuthConfig } from '../../main/config/types.ts';
import type { JsonObject } from '../../main/contract/http.ts';
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

describe('each verdict, word by word', () => {
  const verdictsOf = (claims: JsonObject, auth: AuthConfig = local) => verifyClaims(claims, auth, SECONDS);
  const passed = (check: string, detail: string) => ({ check, verdict: 'passed', detail });
  const skipped = (check: string, detail: string) => ({ check, verdict: 'skipped', detail });
  const now = 'the clock here says 2027-01-15 08:00:00 UTC; 60 s of difference are allowed.';

  it.each<[JsonObject, object]>([
    [{ exp: SECONDS + 600 }, passed('exp', 'Expires in 10 min.')],
    [{ exp: SECONDS + 1 }, passed('exp', 'Expires in 1 s.')],
    [{ exp: SECONDS }, passed('exp', 'Expired 0 s ago, within the 60 s allowed.')],
    [{ exp: SECONDS - 59 }, passed('exp', 'Expired 59 s ago, within the 60 s allowed.')],
    [
      { exp: SECONDS - 60 },
      {
        check: 'exp',
        verdict: 'failed',
        detail: `Expired 60 s ago: exp is 2027-01-15 07:59:00 UTC, ${now}`,
        refusal: 'Token expired',
        remedy: clockRemedy(60),
      },
    ],
    [
      { exp: SECONDS - 7200 },
      {
        check: 'exp',
        verdict: 'failed',
        detail: `Expired 2 h ago: exp is 2027-01-15 06:00:00 UTC, ${now}`,
        refusal: 'Token expired',
        remedy: clockRemedy(7200),
      },
    ],
    [
      {},
      {
        check: 'exp',
        verdict: 'failed',
        detail: 'The token has no exp; every token must expire.',
        refusal: 'Token has no expiry (exp)',
        remedy: timeClaimRemedy('exp'),
      },
    ],
    [
      { exp: 'soon' },
      {
        check: 'exp',
        verdict: 'failed',
        detail: 'exp is "soon"; it must be whole seconds since 1970.',
        refusal: 'Token has no valid expiry (exp)',
        remedy: timeClaimRemedy('exp'),
      },
    ],
  ])('J3: %j', (claims, verdict) => {
    expect(verdictsOf(claims)[0]).toEqual(verdict);
  });

  it.each<[JsonObject, object]>([
    [{}, passed('nbf', 'Not set: valid at once.')],
    [{ nbf: SECONDS + 60 }, passed('nbf', 'Valid already.')],
    [
      { nbf: SECONDS + 61 },
      {
        check: 'nbf',
        verdict: 'failed',
        detail: `Valid only in 61 s: nbf is 2027-01-15 08:01:01 UTC, ${now}`,
        refusal: 'Token not valid yet',
        remedy: clockRemedy(61),
      },
    ],
    [
      { nbf: null },
      {
        check: 'nbf',
        verdict: 'failed',
        detail: 'nbf is null; it must be whole seconds since 1970.',
        refusal: 'Token has no valid start (nbf)',
        remedy: timeClaimRemedy('nbf'),
      },
    ],
  ])('J4: %j', (claims, verdict) => {
    expect(verdictsOf(claims)[1]).toEqual(verdict);
  });

  it('J5: in local mode nobody’s issuer or audience is checked', () => {
    expect(verdictsOf({ iss: 'x', aud: 'y' }).slice(2)).toEqual([
      skipped('iss', 'Local mode checks no issuer.'),
      skipped('aud', 'Local mode checks no audience.'),
    ]);
  });

  it('J5: in external mode both are', () => {
    const auth = external('http://127.0.0.1:1/');
    const good = [passed('iss', 'Issued by https://issuer.test.'), passed('aud', 'Meant for workbench.')];
    expect(verdictsOf(goodExternal, auth).slice(2)).toEqual(good);
    expect(verdictsOf({ ...goodExternal, aud: ['x', 'workbench'] }, auth).slice(2)).toEqual(good);
    expect(verdictsOf({}, auth).slice(2)).toMatchObject([
      { check: 'iss', verdict: 'failed', refusal: 'Invalid token issuer' },
      { check: 'aud', verdict: 'failed', refusal: 'Invalid token audience' },
    ]);
  });

  const noAccessToken = {
    check: 'type',
    verdict: 'failed',
    refusal: 'Token is not an access token',
    remedy: typeRemedy(),
  };

  it.each<[JsonObject, JsonObject, object]>([
    [{}, {}, passed('type', 'Not set.')],
    [{ typ: 'at+JWT' }, {}, passed('type', 'at+JWT is accepted.')],
    [{}, { typ: 'ExternalID' }, passed('type', 'Not set.')],
    [{}, { typ: 'IDs' }, passed('type', 'Not set.')],
    [{}, { typ: ['ID'] }, passed('type', 'Not set.')],
    [
      { typ: ['JWT'] },
      {},
      { ...noAccessToken, detail: 'The header\'s typ is ["JWT"]; if it is there, it must be JWT or at+jwt.' },
    ],
    [
      {},
      { typ: 'refresh' },
      {
        ...noAccessToken,
        detail:
          'The claim typ is "refresh": the token is meant for its client or its provider, not for an API.',
      },
    ],
  ])('J13: header %j, claims %j', (header, claims, verdict) => {
    expect(verifyType(header, claims)).toEqual(verdict);
  });
});
