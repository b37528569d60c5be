import { describe, expect, it } from 'vitest';
import { createVerifier, verify } from '../../main/auth/verify.ts';
import { refusal, verifier } from './refusal.ts';
import {
  encode,
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

it('a good token passes every check, in order', async () => {
  const verdict = await verifier.verify(hmacToken({ ...goodClaims, roles: ['user'] }));
  expect(verdict).toMatchObject({
    ok: true,
    identity: { kind: 'token', userId: 'user-1', username: 'user-1', roles: ['user'], isSuperadmin: false },
    view: { verified: true, claims: { sub: 'user-1' }, header: { alg: 'HS256' } },
  });
  const steps = verdict.view.steps.map(({ check, verdict: word }) => `${check} ${word}`);
  expect(steps).toEqual([
    'shape passed',
    'algorithm passed',
    'key passed',
    'signature passed',
    'type passed',
    'exp passed',
    'nbf passed',
    'iss skipped',
    'aud skipped',
    'user id passed',
    'username passed',
    'roles passed',
    'superadmin passed',
  ]);
  expect(verdict.view.steps.map(({ detail }) => detail)).toEqual([
    'Three parts, canonical base64url, JSON.',
    'HS256 is accepted.',
    'JWT_SECRET.',
    'HS256 verified.',
    'JWT is accepted.',
    'Expires in 10 min.',
    'Not set: valid at once.',
    'Local mode checks no issuer.',
    'Local mode checks no audience.',
    '"user-1" from JWT claim sub.',
    '"user-1" from the user id, JWT claim sub.',
    '["user"] from JWT claim roles.',
    'false (default: no claim, no role).',
  ]);
  expect(verdict).toMatchObject({
    provenance: {
      userId: { name: 'sub' },
      username: { label: 'the user id, JWT claim sub' },
      roles: { name: 'roles' },
      isSuperadmin: { name: 'default' },
    },
  });
});

describe('J1 alg none or missing', () => {
  for (const alg of ['none', 'nOnE', 'NONE', '', null, undefined, 1, ['HS256']]) {
    it(`${JSON.stringify(alg) ?? 'missing'}, signed and unsigned`, async () => {
      const signed = hmacToken(goodClaims, { alg, typ: 'JWT' });
      const unsigned = `${signed.slice(0, signed.lastIndexOf('.'))}.`;
      expect(await refusal(signed)).toMatchObject({ detail: 'Invalid token', check: 'algorithm' });
      expect(await refusal(unsigned)).toMatchObject({
        detail: 'Invalid token',
        check: 'shape',
        reason: expect.stringContaining('unsigned tokens are never accepted'),
      });
    });
  }
});

describe('J2 another algorithm', () => {
  it.each([
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ])('%s with the right secret', async (alg, hash) => {
    const found = await refusal(hmacToken(goodClaims, { alg }, { hash }));
    expect(found).toMatchObject({ detail: 'Invalid token', check: 'algorithm' });
    expect(found.reason).toContain('local mode takes HS256 (JWT_ALGORITHM)');
  });

  it('HS512 where HS512 is set, and then HS256 no more', async () => {
    const judge = createVerifier({ ...local, algorithm: 'HS512' }, () => NOW);
    expect((await judge.verify(hmacToken(goodClaims, { alg: 'HS512' }, { hash: 'sha512' }))).ok).toBe(true);
    expect((await refusal(hmacToken(goodClaims), judge)).check).toBe('algorithm');
  });

  it('one of several in external mode, and none but these', async () => {
    const key = rsaKey('a');
    const keys = await serveKeys(keySet(key.jwk));
    const judge = createVerifier(external(keys.url, { algorithms: ['ES256', 'RS256'] }), () => NOW);
    expect(await judge.verify(rsaToken(key, goodExternal))).toMatchObject({ ok: true });
    expect((await refusal(hmacToken(goodExternal), judge)).reason).toBe(
      'alg is "HS256", but external mode takes ES256, RS256 (MOZAIKS_JWT_ALGORITHMS).',
    );
  });

  it('RS256 in local mode', async () => {
    expect((await refusal(rsaToken(rsaKey('a'), goodClaims))).check).toBe('algorithm');
  });

  it('HS256 signed with the public key in external mode', async () => {
    const key = rsaKey('a');
    const keys = await serveKeys(keySet(key.jwk));
    const judge = createVerifier(external(keys.url), () => NOW);
    const pem = key.publicKey.export({ type: 'spki', format: 'pem' });
    for (const secret of [pem, String(pem).trim(), JSON.stringify(key.jwk), String(key.jwk.n)]) {
      const token = hmacToken(goodExternal, { alg: 'HS256', kid: 'a' }, { secret });
      expect(await refusal(token, judge)).toMatchObject({ detail: 'Invalid token', check: 'algorithm' });
    }
    expect(keys.requests).toBe(0);
  });
});

it.each([
  ['absent', undefined],
  ['a day ahead', SECONDS + 86_400],
  ['ten years ago', SECONDS - 315_360_000],
  ['negative', -1],
])('iat is not checked: %s', async (_what, iat) => {
  expect(await verifier.verify(hmacToken({ ...goodClaims, iat }))).toMatchObject({ ok: true });
});

describe('J7 claims of the wrong type', () => {
  it.each<[string, string, string]>([
    ['a number as user id', '{"sub":7}', 'user id'],
    ['an empty user id', '{"sub":""}', 'user id'],
    ['a blank user id', '{"sub":"  "}', 'user id'],
    ['null as user id', '{"sub":null}', 'user id'],
    ['a list as user id', '{"sub":["admin"]}', 'user id'],
    ['no user id', '{"name":"x"}', 'user id'],
    ['a long user id', `{"sub":"${'x'.repeat(257)}"}`, 'user id'],
    ['control characters in a user id', '{"sub":"a\\nb"}', 'user id'],
    ['blanks around a user id', '{"sub":" a"}', 'user id'],
    ['J15: a user id that is read backwards', '{"sub":"a\\u202enimda"}', 'user id'],
    ['J15: a user id with a character of no width', '{"sub":"admin\\u200b"}', 'user id'],
    ['J15: a user id with half a character', '{"sub":"a\\ud800"}', 'user id'],
    ['J15: a user id with a no-break blank behind it', '{"sub":"admin\\u00a0"}', 'user id'],
    ['65 roles', JSON.stringify({ sub: 'u', roles: Array.from({ length: 65 }, (_, n) => `r${n}`) }), 'roles'],
  ])('%s is refused', async (_what, claims, check) => {
    const token = hmacToken(`{"exp":${SECONDS + 600},${claims.slice(1)}`);
    expect(await refusal(token)).toMatchObject({ check, detail: `Token has no usable ${check}` });
  });

  it.each<[string, string, string, readonly string[]]>([
    ['a number as username', '{"sub":"u","username":7}', 'u', []],
    ['an object as email', '{"sub":"u","email":{}}', 'u', []],
    ['a number as roles', '{"sub":"u","roles":7}', 'u', []],
    ['an object as roles', '{"sub":"u","roles":{"0":"superadmin"}}', 'u', []],
    ['a number among roles', '{"sub":"u","roles":["a",1]}', 'u', ['a']],
    ['J15: a username that is read backwards', '{"sub":"u","username":"a\\u202enimda"}', 'u', []],
    ['J15: an email with a character of no width', '{"sub":"u","email":"a\\u200b@b"}', 'u', []],
    ['J15: an email whose name ends with a blank', '{"sub":"u","email":"a @b"}', 'u', []],
    ['J15: a role with a mark of direction', '{"sub":"u","roles":["a","superadmin\\u200f"]}', 'u', ['a']],
  ])('%s is passed over', async (_what, claims, username, roles) => {
    const verdict = await verifier.verify(hmacToken(`{"exp":${SECONDS + 600},${claims.slice(1)}`));
    const identity = { kind: 'token', userId: 'u', username, roles, isSuperadmin: false };
    expect(verdict).toMatchObject({ ok: true, identity });
  });

  it('__proto__ and is_superadmin as text elevate nobody', async () => {
    const claims = `{"exp":${SECONDS + 600},"sub":"u","is_superadmin":"true","__proto__":{"is_superadmin":true,"roles":["superadmin"],"sub":"root"},"constructor":{"prototype":{"is_superadmin":true}}}`;
    const verdict = await verifier.verify(hmacToken(claims));
    expect(verdict).toMatchObject({ ok: true, identity: { userId: 'u', roles: [], isSuperadmin: false } });
    const noSubject = hmacToken(`{"exp":${SECONDS + 600},"__proto__":{"sub":"root"}}`);
    expect((await refusal(noSubject)).check).toBe('user id');
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('is_superadmin' in {}).toBe(false);
  });
});

describe('a signature that does not fit', () => {
  it('is told to the developer with the setting, to the sender not', async () => {
    const found = await refusal(
      hmacToken(goodClaims, undefined, { secret: 'another-secret-of-32-bytes-or-more!!' }),
    );
    expect(found).toMatchObject({ detail: 'Invalid token', check: 'signature' });
    expect(found.reason).toContain('JWT_SECRET');
    expect(found.reason).not.toContain(SECRET);
  });

  it('leaves the claims unjudged', async () => {
    const verdict = await verifier.verify(hmacToken({ sub: 'u', exp: 1 }, undefined, { secret: 'wrong' }));
    expect(verdict.view.steps.find(({ check }) => check === 'exp')).toMatchObject({
      verdict: 'skipped',
      detail: 'Not checked, since signature failed.',
      reached: false,
    });
  });

  it('and an unknown key give the same body', async () => {
    const [known, stranger] = [rsaKey('a'), rsaKey('b')];
    const keys = await serveKeys(keySet(known.jwk));
    const judge = createVerifier(external(keys.url), () => NOW);
    const forged = await refusal(rsaToken(stranger, goodExternal, { kid: 'a' }), judge);
    const unknown = await refusal(rsaToken(stranger), judge);
    expect(forged.check).toBe('signature');
    expect(forged.reason).toBe(
      "The RS256 signature doesn't fit the key that the token names: it was signed with another one, or changed afterwards.",
    );
    expect(unknown.check).toBe('key');
    expect(unknown.detail).toBe(forged.detail);
    expect(unknown.reason).toContain('"a"');
  });

  it('a body changed after signing', async () => {
    const token = hmacToken(goodClaims).split('.');
    const changed = [token[0], encode(JSON.stringify({ ...goodClaims, sub: 'root' })), token[2]].join('.');
    expect((await refusal(changed)).check).toBe('signature');
  });
});

it('jose’s objection is shown where our own explanation finds nothing', async () => {
  expect(await refusal(hmacToken({ ...goodClaims, iat: 'today' }))).toMatchObject({
    detail: 'Invalid token',
    check: 'iat',
    reason: 'Refused by the claim check (ERR_JWT_CLAIM_VALIDATION_FAILED).',
  });
});

it('a key that fits no signature of this kind refuses the token, and says so', async () => {
  const keys = { find: async () => ({ ok: true, key: new Uint8Array(32), detail: '' }) as const };
  const token = rsaToken(rsaKey('a'), goodExternal);
  const verdict = await verify(token, external('http://127.0.0.1:1/'), keys, () => SECONDS);
  expect(verdict).toMatchObject({ ok: false, detail: 'Invalid token' });
  expect(verdict.view.steps.find(({ check }) => check === 'signature')).toMatchObject({
    verdict: 'failed',
    detail: "The signature can't be checked (TypeError).",
  });
});

it('has no keys and no notices in local mode; in external mode a notice once keys can’t be fetched', async () => {
  expect([verifier.keys(), verifier.notices()]).toEqual([null, []]);
  const judge = createVerifier(external('http://127.0.0.1:1/'), () => NOW);
  expect(judge.notices()).toEqual([]);
  await judge.verify(rsaToken(rsaKey('a'), goodExternal));
  expect(judge.notices()).toEqual([expect.any(String)]);
});

it('no refusal carries the token or the secret', async () => {
  const token = hmacToken({ ...goodClaims, exp: 1, sub: 5 });
  const answer = await localAuthenticator().authenticate([`Bearer ${token}`]);
  const { token: sent, ...told } = answer;
  expect(sent).toBe(token);
  expect(JSON.stringify(told)).not.toContain(token.split('.')[2]);
  expect(JSON.stringify(told)).not.toContain(SECRET);
});

describe('one verdict a second', () => {
  it('a token that was good is refused from the second in which it has expired', async () => {
    let now = NOW;
    const judge = createVerifier(local, () => now);
    const token = hmacToken({ ...goodClaims, exp: SECONDS + 1 });
    const first = await judge.verify(token);
    expect(first.ok).toBe(true);
    now = NOW + 999;
    expect(await judge.verify(token)).toBe(first);
    // exp has a tolerance of 60 s.
    now = NOW + 60_000;
    expect((await judge.verify(token)).ok).toBe(true);
    now = NOW + 61_000;
    expect(await judge.verify(token)).toMatchObject({ ok: false, detail: 'Token expired' });
  });

  it('a token not valid yet is accepted as soon as it is', async () => {
    let now = NOW;
    const judge = createVerifier(local, () => now);
    const token = hmacToken({ ...goodClaims, nbf: SECONDS + 61 });
    expect((await judge.verify(token)).ok).toBe(false);
    now = NOW + 1_000;
    expect((await judge.verify(token)).ok).toBe(true);
  });

  it('tells tokens apart by their last letter, many of them in one second', async () => {
    const judge = createVerifier(local, () => NOW);
    for (let user = 0; user < 600; user += 1) {
      const good = hmacToken({ ...goodClaims, sub: `user-${user}` });
      expect(await judge.verify(good)).toMatchObject({ ok: true, identity: { userId: `user-${user}` } });
      const changed = good.slice(0, -1) + (good.endsWith('A') ? 'E' : 'A');
      expect((await judge.verify(changed)).ok).toBe(false);
    }
  });

  it('holds a bounded number of them, and none of a clock that went back', async () => {
    let now = NOW;
    const judge = createVerifier(local, () => now);
    const token = hmacToken({ ...goodClaims, exp: SECONDS + 10 });
    const first = await judge.verify(token);
    for (let other = 0; other < 254; other += 1) await judge.verify(`${token}${other}`);
    expect(await judge.verify(token)).toBe(first);
    await judge.verify(`${token}255`);
    expect(await judge.verify(token)).not.toBe(first);
    now = NOW + 100_000;
    expect((await judge.verify(token)).ok).toBe(false);
    now = NOW;
    expect((await judge.verify(token)).ok).toBe(true);
  });
});
