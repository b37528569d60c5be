import { expect, it } from 'vitest';
import { createVerifier } from '../../main/auth/verify.ts';
import {
  external,
  goodClaims,
  goodExternal,
  hmacToken,
  keySet,
  local,
  localAuthenticator,
  NOW,
  rsaKey,
  rsaToken,
  SECONDS,
  SECRET,
  serveKeys,
} from './signing.ts';

/**
 * Every way a token can fail: the exact reason, the setting to change, and what the sender is told instead.
 */

const key = rsaKey('known');
const stranger = rsaKey('stranger');

interface Told {
  readonly check: string;
  readonly reason: string | RegExp;
  readonly setting: string | null;
  readonly remedy: string | RegExp;
  /** The 401's detail. */
  readonly wire: string;
}

async function told(token: string, judge: ReturnType<typeof createVerifier>) {
  const verdict = await judge.verify(token);
  if (verdict.ok) throw new Error('accepted');
  const failed = verdict.view.steps.find((step) => step.verdict === 'failed');
  return { ...failed, wire: verdict.detail };
}

const like = ({ check, reason, setting, remedy, wire }: Told) => ({
  check,
  verdict: 'failed',
  detail: typeof reason === 'string' ? expect.stringContaining(reason) : expect.stringMatching(reason),
  remedy: {
    setting,
    text: typeof remedy === 'string' ? expect.stringContaining(remedy) : expect.stringMatching(remedy),
  },
  wire,
});

const OTHER = { secret: 'another-secret-of-32-bytes-or-more!!' };
const ago = (seconds: number) => ({ ...goodClaims, exp: SECONDS - seconds });

it.each<[string, string, Told]>([
  [
    'not a token',
    'hello',
    {
      check: 'shape',
      reason: 'has 3 parts',
      setting: null,
      remedy: 'Copy the whole token',
      wire: 'Invalid token',
    },
  ],
  [
    'an unsigned token',
    `${hmacToken(goodClaims, { alg: 'none' }).split('.').slice(0, 2).join('.')}.`,
    { check: 'shape', reason: 'unsigned tokens', setting: null, remedy: 'Copy', wire: 'Invalid token' },
  ],
  [
    'RS256 in local mode',
    rsaToken(key, goodClaims),
    {
      check: 'algorithm',
      reason: 'alg is "RS256", but local mode takes HS256 (JWT_ALGORITHM).',
      setting: 'MOZAIKS_AUTH_MODE',
      remedy: 'set MOZAIKS_AUTH_MODE=external (with MOZAIKS_JWKS_URL',
      wire: 'Invalid token',
    },
  ],
  [
    'HS512 where HS256 is set',
    hmacToken(goodClaims, { alg: 'HS512' }, { hash: 'sha512' }),
    {
      check: 'algorithm',
      reason: 'alg is "HS512"',
      setting: 'JWT_ALGORITHM',
      remedy: 'Set JWT_ALGORITHM=HS512',
      wire: 'Invalid token',
    },
  ],
  [
    'alg none with a signature',
    hmacToken(goodClaims, { alg: 'none' }),
    {
      check: 'algorithm',
      reason: 'alg is "none"',
      setting: 'JWT_ALGORITHM',
      remedy: 'unsigned tokens are never accepted',
      wire: 'Invalid token',
    },
  ],
  [
    'another secret',
    hmacToken(goodClaims, undefined, OTHER),
    {
      check: 'signature',
      reason: 'signed with another secret than JWT_SECRET',
      setting: 'JWT_SECRET',
      remedy: 'set JWT_SECRET to the signer’s',
      wire: 'Invalid token',
    },
  ],
  [
    'expired long ago',
    hmacToken(ago(3600)),
    {
      check: 'exp',
      reason: 'exp is 2027-01-15 07:00:00 UTC, the clock here says 2027-01-15 08:00:00 UTC',
      setting: null,
      remedy: /^Take a new token/,
      wire: 'Token expired',
    },
  ],
  [
    'expired just now: the clocks may differ',
    hmacToken(ago(65)),
    {
      check: 'exp',
      reason:
        'Expired 65 s ago: exp is 2027-01-15 07:58:55 UTC, the clock here says 2027-01-15 08:00:00 UTC; 60 s',
      setting: null,
      remedy: 'one of the two clocks is wrong',
      wire: 'Token expired',
    },
  ],
  [
    'a time beyond all calendars',
    hmacToken({ ...goodClaims, nbf: Number.MAX_SAFE_INTEGER }),
    {
      check: 'nbf',
      reason: `nbf is ${Number.MAX_SAFE_INTEGER} s after 1970`,
      setting: null,
      remedy: 'new token',
      wire: 'Token not valid yet',
    },
  ],
  [
    'not valid yet',
    hmacToken({ ...goodClaims, nbf: SECONDS + 120 }),
    {
      check: 'nbf',
      reason: 'nbf is 2027-01-15 08:02:00 UTC, the clock here says 2027-01-15 08:00:00 UTC',
      setting: null,
      remedy: 'clocks',
      wire: 'Token not valid yet',
    },
  ],
  [
    'no exp',
    hmacToken({ sub: 'u' }),
    {
      check: 'exp',
      reason: 'has no exp',
      setting: null,
      remedy: 'whole seconds since 1970',
      wire: 'Token has no expiry (exp)',
    },
  ],
  [
    'no user',
    hmacToken({ exp: SECONDS + 60 }),
    {
      check: 'user id',
      reason: 'looked for sub, user_id, uid',
      setting: 'MOZAIKS_USER_ID_CLAIM',
      remedy: 'set MOZAIKS_USER_ID_CLAIM',
      wire: 'Token has no usable user id',
    },
  ],
  [
    'a user id of a wrong type',
    hmacToken({ ...goodClaims, sub: 7 }),
    {
      check: 'user id',
      reason: 'The claim sub is a number, not text.',
      setting: 'MOZAIKS_USER_ID_CLAIM',
      remedy: 'set MOZAIKS_USER_ID_CLAIM',
      wire: 'Token has no usable user id',
    },
  ],
  [
    'too many roles',
    hmacToken({ ...goodClaims, roles: Array.from({ length: 65 }, (_, n) => `r${n}`) }),
    {
      check: 'roles',
      reason: 'names 65 roles',
      setting: 'MOZAIKS_ROLES_CLAIM',
      remedy: 'send 64 roles at most',
      wire: 'Token has no usable roles',
    },
  ],
])('local mode, %s', async (_what, token, expected) => {
  const found = await told(
    token,
    createVerifier(local, () => NOW),
  );
  expect(found).toEqual(like(expected));
  expect(JSON.stringify(found)).not.toContain(SECRET);
});

it.each<[string, string, Told]>([
  [
    'HS256',
    hmacToken(goodExternal),
    {
      check: 'algorithm',
      reason: 'alg is "HS256", but external mode takes RS256 (MOZAIKS_JWT_ALGORITHMS).',
      setting: 'MOZAIKS_AUTH_MODE',
      remedy: 'set MOZAIKS_AUTH_MODE=local',
      wire: 'Invalid token',
    },
  ],
  [
    'ES256 that is not listed',
    rsaToken(key, goodExternal, { alg: 'ES256' }),
    {
      check: 'algorithm',
      reason: 'alg is "ES256"',
      setting: 'MOZAIKS_JWT_ALGORITHMS',
      remedy: 'MOZAIKS_JWT_ALGORITHMS=RS256,ES256',
      wire: 'Invalid token',
    },
  ],
  [
    'a kid that is a path',
    rsaToken(key, goodExternal, { kid: '../../dev/null' }),
    {
      check: 'key',
      reason: 'plain id, not a path',
      setting: null,
      remedy: 'visible characters',
      wire: 'Invalid token',
    },
  ],
  [
    'a kid that is not in the key set',
    rsaToken(stranger),
    {
      check: 'key',
      reason: 'No RS256 key fits a token with kid "stranger"; the key set has "known".',
      setting: 'MOZAIKS_JWKS_URL',
      remedy: 'key rotation',
      wire: 'Invalid token',
    },
  ],
  [
    'another key under a known kid',
    rsaToken(stranger, goodExternal, { kid: 'known' }),
    {
      check: 'signature',
      reason: 'fit the key that the token names',
      setting: 'MOZAIKS_JWKS_URL',
      remedy: 'another provider’s',
      wire: 'Invalid token',
    },
  ],
  [
    'another issuer',
    rsaToken(key, { ...goodExternal, iss: 'https://x.test' }),
    {
      check: 'iss',
      reason: 'iss is "https://x.test", but this runtime wants "https://issuer.test" (MOZAIKS_ISSUER).',
      setting: 'MOZAIKS_ISSUER',
      remedy: 'set MOZAIKS_ISSUER=https://x.test if',
      wire: 'Invalid token issuer',
    },
  ],
  [
    'an issuer with a slash too many',
    rsaToken(key, { ...goodExternal, iss: 'https://issuer.test/' }),
    {
      check: 'iss',
      reason: 'iss is "https://issuer.test/"',
      setting: 'MOZAIKS_ISSUER',
      remedy: 'differ in the slash at the end: set MOZAIKS_ISSUER=https://issuer.test/',
      wire: 'Invalid token issuer',
    },
  ],
  [
    'no issuer',
    rsaToken(key, { ...goodClaims, aud: 'workbench' }),
    {
      check: 'iss',
      reason: 'iss is missing',
      setting: 'MOZAIKS_ISSUER',
      remedy: '"https://issuer.test"',
      wire: 'Invalid token issuer',
    },
  ],
  [
    'another audience',
    rsaToken(key, { ...goodExternal, aud: ['x', 'y'] }),
    {
      check: 'aud',
      reason: 'aud is ["x","y"], but this runtime wants "workbench" (MOZAIKS_AUDIENCE).',
      setting: 'MOZAIKS_AUDIENCE',
      remedy: 'set MOZAIKS_AUDIENCE=x if',
      wire: 'Invalid token audience',
    },
  ],
])('external mode, %s', async (_what, token, expected) => {
  const keys = await serveKeys(keySet(key.jwk));
  expect(
    await told(
      token,
      createVerifier(external(keys.url), () => NOW),
    ),
  ).toEqual(like(expected));
});

it('external mode, keys that can’t be fetched', async () => {
  const keys = await serveKeys((_request, response) => void response.writeHead(503).end());
  const found = await told(
    rsaToken(key),
    createVerifier(external(keys.url), () => NOW),
  );
  expect(found).toEqual(
    like({
      check: 'key',
      reason: `Signing keys can't be fetched from ${keys.url} (MOZAIKS_JWKS_URL): HTTP 503.`,
      setting: 'MOZAIKS_JWKS_URL',
      remedy: `curl ${keys.url}`,
      wire: "Signing keys can't be fetched from the identity provider",
    }),
  );
});

it('no passed or skipped check has a remedy, and the 401’s body has neither reason nor remedy', async () => {
  const token = hmacToken({ ...goodClaims, sub: 7 }, undefined, OTHER);
  const report = await localAuthenticator().inspectToken(token);
  expect(report.steps.filter(({ remedy }) => remedy).map(({ check }) => check)).toEqual(['signature']);
  const answer = await localAuthenticator().authenticate([`Bearer ${token}`]);
  expect(answer).toMatchObject({ ok: false, detail: 'Invalid token' });
});
