import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  type Authorization,
  type DecodedToken,
  decodeToken,
  isObject,
  readAuthorization,
} from '../../main/auth/token-shape.ts';
import { refusal, verifier } from './refusal.ts';
import { encode, goodClaims, hmacToken, keySet, SECRET, serveKeys } from './signing.ts';

describe('J6 a token that names its own key', () => {
  it.each(['jku', 'x5u', 'jwk', 'x5c', 'crit', 'b64', 'enc', 'zip'])('%s, well signed', async (name) => {
    const trap = await serveKeys(keySet({ kty: 'oct', k: encode(SECRET) }));
    const header = { alg: 'HS256', [name]: name === 'jwk' ? { kty: 'oct', k: encode(SECRET) } : trap.url };
    expect(await refusal(hmacToken(goodClaims, header))).toMatchObject({
      detail: 'Invalid token',
      check: 'shape',
    });
    expect(trap.requests).toBe(0);
  });

  it.each(['../../dev/null', '..\\x', '', ' a', 'a\nb', 'x'.repeat(257), 5, null, { a: 1 }])(
    'kid %j, well signed',
    async (kid) => {
      expect((await refusal(hmacToken(goodClaims, { alg: 'HS256', kid }))).check).toBe('key');
    },
  );

  it('kid with slashes and dots as providers make them', async () => {
    const token = hmacToken(goodClaims, { alg: 'HS256', kid: 'keys/2026-01.a+b==' });
    expect((await verifier.verify(token)).ok).toBe(true);
  });

  it('kid ../../dev/null signed with nothing', async () => {
    const token = hmacToken(goodClaims, { alg: 'HS256', kid: '../../dev/null' }, { secret: '' });
    expect(await refusal(token)).toMatchObject({
      detail: 'Invalid token',
      reason: 'kid is "../../dev/null"; it must be a plain id, not a path.',
    });
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

  it.each<[string, string]>([
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
    ['a payload that is not JSON, well signed', hmacToken('{"exp":')],
    [
      'a payload that is no UTF-8, well signed',
      resign(head, encode(Buffer.from('{"sub":"\xff"}', 'latin1'))),
    ],
    ['a header that is not an object', hmacToken(goodClaims, '"HS256"')],
    ['deep nesting, well signed', hmacToken(`{"exp":1,"a":${'['.repeat(2500)}${']'.repeat(2500)}}`)],
  ])('%s is refused', async (_what, token) => {
    expect(await refusal(token)).toMatchObject({ detail: 'Invalid token', check: 'shape' });
  });

  it('up to 8 KiB are accepted', async () => {
    const token = hmacToken({ ...goodClaims, pad: 'x'.repeat(5900) });
    expect(token.length).toBeGreaterThan(7900);
    expect((await verifier.verify(token)).ok).toBe(true);
  });
});

describe('J8: what could be decoded, and the reason why not more', () => {
  const [header, claims] = [{ alg: 'HS256' }, { sub: 'u' }];
  const written = (text: string | Buffer) => encode(text);
  const token = (head: string, body: string, signature = 'c2ln') => `${head}.${body}.${signature}`;
  const [head, body] = [written('{"alg":"HS256"}'), written('{"sub":"u"}')];
  const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
  const nothing = { header: null, claims: null };

  it.each<[string, DecodedToken]>([
    ['x'.repeat(8192), { ...nothing, reason: 'A token has 3 parts between dots; this one has 1.' }],
    ['x'.repeat(8193), { ...nothing, reason: 'The token has 8193 bytes; at most 8192 are accepted.' }],
    ['é'.repeat(4097), { ...nothing, reason: 'The token has 8194 bytes; at most 8192 are accepted.' }],
    ['a.b.c.d.e', { ...nothing, reason: 'This is an encrypted token (JWE); only signed ones are accepted.' }],
    ['a.b.c.d', { ...nothing, reason: 'A token has 3 parts between dots; this one has 4.' }],
    [token(head, body), { header, claims, reason: null }],
    [token('', body), { header: null, claims, reason: 'The header is not canonical base64url.' }],
    [token(written('[]'), body), { header: null, claims, reason: 'The header is not a JSON object.' }],
    [token(head, written('null')), { header, claims: null, reason: 'The payload is not a JSON object.' }],
    [token(head, written('{"exp":')), { header, claims: null, reason: 'The payload is not JSON.' }],
    [token(head, written('\ufeff{}')), { header, claims: null, reason: 'The payload is not JSON.' }],
    [
      token(head, written(Buffer.from([0x7b, 0xff]))),
      { header, claims: null, reason: 'The payload is not UTF-8.' },
    ],
    [
      token(head, written(nested(102))),
      { header, claims: null, reason: 'The payload is nested deeper than 100.' },
    ],
    [
      token(head, body, ''),
      { header, claims, reason: 'The signature is empty; unsigned tokens are never accepted.' },
    ],
    [token(head, body, 'a='), { header, claims, reason: 'The signature is not canonical base64url.' }],
    [
      token(written('{"jku":1}'), body),
      {
        header: { jku: 1 },
        claims,
        reason: 'The header parameter jku is not accepted: keys and rules come from the settings alone.',
      },
    ],
  ])('%.60s', (text, expected) => {
    expect(decodeToken(text)).toEqual(expected);
  });

  it('takes what is nested as deep as allowed', () => {
    expect(decodeToken(token(head, written(nested(101)))).reason).toBeNull();
  });

  it('takes neither null nor a list for an object', () => {
    expect([{}, null, [], 'a', undefined].map(isObject)).toEqual([true, false, false, false, false]);
  });
});

it.each<[readonly string[], Authorization]>([
  [[], { kind: 'none' }],
  [['Bearer abc'], { kind: 'bearer', token: 'abc' }],
  [[' bEaReR  abc '], { kind: 'bearer', token: 'abc' }],
  [
    ['Bearer abc', 'Bearer abc'],
    { kind: 'malformed', detail: 'Send exactly one Authorization header', token: 'abc' },
  ],
])('J9: the headers %j', (values, expected) => {
  expect(readAuthorization(values)).toEqual(expected);
});

it.each<[string, string | null]>([
  ['Bearer a b', 'a b'],
  ['x Bearer abc', 'Bearer abc'],
  ['  Basic   abc ', 'abc'],
  ['abc', 'abc'],
  ['Bearer ', null],
])('J9: what the malformed header "%s" holds is handed back for masking', (header, token) => {
  const detail = 'The Authorization header must be "Bearer <token>"';
  expect(readAuthorization([header])).toEqual({ kind: 'malformed', detail, token });
});
