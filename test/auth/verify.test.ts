import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createVerifier } from '../../main/auth/verify.ts';
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

const verifier = createVerifier(local, () => NOW);

async function refusal(token: string, judge = verifier) {
  const verdict = await judge.verify(token);
  if (verdict.ok) throw new Error('the token was accepted');
  const failed = verdict.view.steps.filter((step) => step.verdict === 'failed');
  expect(failed.length).toBeGreaterThan(0);
  expect(verdict.view.verified).toBe(false);
  return { detail: verdict.detail, check: failed[0]?.check, reason: failed[0]?.detail ?? '', failed };
}

test('a good token passes every check, in order', async () => {
  const verdict = await verifier.verify(hmacToken({ ...goodClaims, roles: ['user'] }));
  expect(verdict).toMatchObject({
    ok: true,
    identity: { kind: 'token', userId: 'user-1', username: null, roles: ['user'], isSuperadmin: false },
    view: { verified: true, claims: { sub: 'user-1' }, header: { alg: 'HS256' } },
  });
  const steps = verdict.view.steps.map(({ check, verdict: word }) => `${check} ${word}`);
  expect(steps).toEqual([
    'shape passed',
    'algorithm passed',
    'key passed',
    'signature passed',
    'exp passed',
    'nbf passed',
    'iss skipped',
    'aud skipped',
    'user id passed',
    'username passed',
    'roles passed',
    'superadmin passed',
  ]);
  expect(verdict.view.steps.find(({ check }) => check === 'exp')?.detail).toBe('Expires in 10 min.');
});

describe('J1 alg none or missing', () => {
  for (const alg of ['none', 'nOnE', 'NONE', '', null, undefined, 1, ['HS256']]) {
    test(`${JSON.stringify(alg) ?? 'missing'}, signed and unsigned`, async () => {
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
  test.each([
    ['HS384', 'sha384'],
    ['HS512', 'sha512'],
  ])('%s with the right secret', async (alg, hash) => {
    const found = await refusal(hmacToken(goodClaims, { alg }, { hash }));
    expect(found).toMatchObject({ detail: 'Invalid token', check: 'algorithm' });
    expect(found.reason).toContain('JWT_ALGORITHM accepts HS256');
  });

  test('HS512 where HS512 is set, and then HS256 no more', async () => {
    const judge = createVerifier({ ...local, algorithm: 'HS512' }, () => NOW);
    expect((await judge.verify(hmacToken(goodClaims, { alg: 'HS512' }, { hash: 'sha512' }))).ok).toBe(true);
    expect((await refusal(hmacToken(goodClaims), judge)).check).toBe('algorithm');
  });

  test('RS256 in local mode', async () => {
    expect((await refusal(rsaToken(rsaKey('a'), goodClaims))).check).toBe('algorithm');
  });

  test('HS256 signed with the public key in external mode', async () => {
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

describe('J3 exp', () => {
  test.each<[string, string, string]>([
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

  test('59 s ago is within the tolerance; the far future is a time like any other', async () => {
    expect((await verifier.verify(hmacToken({ sub: 'u', exp: SECONDS - 59 }))).ok).toBe(true);
    expect((await verifier.verify(hmacToken({ sub: 'u', exp: Number.MAX_SAFE_INTEGER }))).ok).toBe(true);
  });
});

describe('J4 nbf', () => {
  test.each<[string, unknown, string]>([
    ['two minutes ahead', SECONDS + 120, 'Token not valid yet'],
    ['text', String(SECONDS), 'Token has no valid start (nbf)'],
    ['null', null, 'Token has no valid start (nbf)'],
  ])('%s is refused', async (_what, nbf, detail) => {
    expect(await refusal(hmacToken({ ...goodClaims, nbf }))).toMatchObject({ detail, check: 'nbf' });
  });

  test('60 s ahead is within the tolerance', async () => {
    expect((await verifier.verify(hmacToken({ ...goodClaims, nbf: SECONDS + 60 }))).ok).toBe(true);
  });
});

describe('J5 issuer and audience in external mode', () => {
  const key = rsaKey('a');
  const judged = async () => {
    const keys = await serveKeys(keySet(key.jwk));
    return createVerifier(external(keys.url), () => NOW);
  };

  test.each<[string, Record<string, unknown>, string]>([
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

  test('a list that holds ours is accepted; the reason names the setting', async () => {
    const judge = await judged();
    expect((await judge.verify(rsaToken(key, { ...goodExternal, aud: ['x', 'workbench'] }))).ok).toBe(true);
    const found = await refusal(rsaToken(key, { ...goodExternal, aud: 'other', iss: 'x' }), judge);
    expect(found.failed.map(({ detail }) => detail)).toEqual([
      'iss is "x", but MOZAIKS_ISSUER is "https://issuer.test".',
      'aud is "other", but MOZAIKS_AUDIENCE is "workbench".',
    ]);
  });
});

describe('J6 a token that names its own key', () => {
  test.each(['jku', 'x5u', 'jwk', 'x5c', 'crit', 'b64'])('%s, well signed', async (name) => {
    const trap = await serveKeys(keySet({ kty: 'oct', k: encode(SECRET) }));
    const header = { alg: 'HS256', [name]: name === 'jwk' ? { kty: 'oct', k: encode(SECRET) } : trap.url };
    expect(await refusal(hmacToken(goodClaims, header))).toMatchObject({
      detail: 'Invalid token',
      check: 'shape',
    });
    expect(trap.requests).toBe(0);
  });

  test.each(['../../dev/null', '..\\x', '', ' a', 'a\nb', 'x'.repeat(257), 5, null, { a: 1 }])(
    'kid %j, well signed',
    async (kid) => {
      expect((await refusal(hmacToken(goodClaims, { alg: 'HS256', kid }))).check).toBe('key');
    },
  );

  test('kid with slashes and dots as providers make them', async () => {
    const token = hmacToken(goodClaims, { alg: 'HS256', kid: 'keys/2026-01.a+b==' });
    expect((await verifier.verify(token)).ok).toBe(true);
  });

  test('kid ../../dev/null signed with nothing', async () => {
    const token = hmacToken(goodClaims, { alg: 'HS256', kid: '../../dev/null' }, { secret: '' });
    expect((await refusal(token)).detail).toBe('Invalid token');
  });
});

describe('J7 claims of the wrong type', () => {
  test.each<[string, string, string]>([
    ['a number as user id', '{"sub":7}', 'user id'],
    ['an empty user id', '{"sub":""}', 'user id'],
    ['a blank user id', '{"sub":"  "}', 'user id'],
    ['null as user id', '{"sub":null}', 'user id'],
    ['a list as user id', '{"sub":["admin"]}', 'user id'],
    ['no user id', '{"name":"x"}', 'user id'],
    ['a long user id', `{"sub":"${'x'.repeat(257)}"}`, 'user id'],
    ['control characters in a user id', '{"sub":"a\\nb"}', 'user id'],
    ['a number as username', '{"sub":"u","username":7}', 'username'],
    ['an object as email', '{"sub":"u","email":{}}', 'username'],
    ['a number as roles', '{"sub":"u","roles":7}', 'roles'],
    ['an object as roles', '{"sub":"u","roles":{"0":"admin"}}', 'roles'],
    ['a number among roles', '{"sub":"u","roles":["a",1]}', 'roles'],
    ['65 roles', JSON.stringify({ sub: 'u', roles: Array.from({ length: 65 }, (_, n) => `r${n}`) }), 'roles'],
  ])('%s is refused', async (_what, claims, check) => {
    const token = hmacToken(`{"exp":${SECONDS + 600},${claims.slice(1)}`);
    expect(await refusal(token)).toMatchObject({ check, detail: `Token has no usable ${check}` });
  });

  test('__proto__ and is_superadmin as text elevate nobody', async () => {
    const claims = `{"exp":${SECONDS + 600},"sub":"u","is_superadmin":"true","__proto__":{"is_superadmin":true,"roles":["superadmin"],"sub":"root"},"constructor":{"prototype":{"is_superadmin":true}}}`;
    const verdict = await verifier.verify(hmacToken(claims));
    expect(verdict).toMatchObject({ ok: true, identity: { userId: 'u', roles: [], isSuperadmin: false } });
    const noSubject = hmacToken(`{"exp":${SECONDS + 600},"__proto__":{"sub":"root"}}`);
    expect((await refusal(noSubject)).check).toBe('user id');
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect('is_superadmin' in {}).toBe(false);
  });
});

describe('J8 shape', () => {
  const good = hmacToken(goodClaims);
  const [head = '', body = '', signature = ''] = good.split('.');
  const resign = (header: string, payload: string) => {
    const signed = `${header}.${payload}`;
    return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`;
  };
  /** The last letter's spare bits changed: the same bytes in another spelling. */
  const respelled = (text: string) => {
    const bytes = Buffer.from(text, 'base64url');
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const other = [...letters].map((letter) => text.slice(0, -1) + letter);
    const found = other.find((one) => one !== text && Buffer.from(one, 'base64url').equals(bytes));
    if (found === undefined) throw new Error('this text has one spelling only');
    return found;
  };

  test.each<[string, string]>([
    ['9 KiB, well signed', hmacToken({ ...goodClaims, pad: 'x'.repeat(9000) })],
    ['= at the end', `${good}=`],
    ['a padded payload, well signed', resign(head, `${encode('{"a":1}')}==`)],
    ['a blank inside', `${head}.${body} .${signature}`],
    ['2 parts', `${head}.${body}`],
    ['4 parts', `${good}.${signature}`],
    ['5 parts', `${good}.x.y`],
    ['no part', ''],
    ['only dots', '..'],
    ['+ and / letters', `${head}.${body}.${signature.slice(0, -2)}+/`],
    ['another spelling of the signature', `${head}.${body}.${respelled(signature)}`],
    ['a payload that is a list, well signed', hmacToken('[]')],
    ['a payload that is null, well signed', hmacToken('null')],
    ['a payload that is no JSON, well signed', hmacToken('{"exp":')],
    [
      'a payload that is no UTF-8, well signed',
      resign(head, encode(Buffer.from('{"sub":"\xff"}', 'latin1'))),
    ],
    ['a header that is no object', hmacToken(goodClaims, '"HS256"')],
    ['deep nesting, well signed', hmacToken(`{"exp":1,"a":${'['.repeat(2500)}${']'.repeat(2500)}}`)],
  ])('%s is refused', async (_what, token) => {
    expect(await refusal(token)).toMatchObject({ detail: 'Invalid token', check: 'shape' });
  });

  test('up to 8 KiB are accepted', async () => {
    const token = hmacToken({ ...goodClaims, pad: 'x'.repeat(5900) });
    expect(token.length).toBeGreaterThan(7900);
    expect((await verifier.verify(token)).ok).toBe(true);
  });
});

describe('a signature that does not fit', () => {
  test('is told to the developer with the setting, to the sender not', async () => {
    const found = await refusal(
      hmacToken(goodClaims, undefined, { secret: 'another-secret-of-32-bytes-or-more!!' }),
    );
    expect(found).toMatchObject({ detail: 'Invalid token', check: 'signature' });
    expect(found.reason).toContain('JWT_SECRET');
    expect(found.reason).not.toContain(SECRET);
  });

  test('leaves the claims unjudged', async () => {
    const verdict = await verifier.verify(hmacToken({ sub: 'u', exp: 1 }, undefined, { secret: 'wrong' }));
    expect(verdict.view.steps.find(({ check }) => check === 'exp')).toMatchObject({
      verdict: 'skipped',
      detail: 'Not looked at, since signature failed.',
    });
  });

  test('and an unknown key give the same body', async () => {
    const [known, stranger] = [rsaKey('a'), rsaKey('b')];
    const keys = await serveKeys(keySet(known.jwk));
    const judge = createVerifier(external(keys.url), () => NOW);
    const forged = await refusal(rsaToken(stranger, goodExternal, { kid: 'a' }), judge);
    const unknown = await refusal(rsaToken(stranger), judge);
    expect(forged.check).toBe('signature');
    expect(unknown.check).toBe('key');
    expect(unknown.detail).toBe(forged.detail);
    expect(unknown.reason).toContain('"a"');
  });

  test('a body changed after signing', async () => {
    const token = hmacToken(goodClaims).split('.');
    const changed = [token[0], encode(JSON.stringify({ ...goodClaims, sub: 'root' })), token[2]].join('.');
    expect((await refusal(changed)).check).toBe('signature');
  });
});

test('jose’s objection stands where the judgement in words finds nothing', async () => {
  expect(await refusal(hmacToken({ ...goodClaims, iat: 'today' }))).toMatchObject({
    detail: 'Invalid token',
    check: 'iat',
  });
});

test('no refusal carries the token or the secret', async () => {
  const token = hmacToken({ ...goodClaims, exp: 1, sub: 5 });
  const answer = await localAuthenticator().authenticate([`Bearer ${token}`]);
  const { token: sent, ...told } = answer;
  expect(sent).toBe(token);
  expect(JSON.stringify(told)).not.toContain(token.split('.')[2]);
  expect(JSON.stringify(told)).not.toContain(SECRET);
});
