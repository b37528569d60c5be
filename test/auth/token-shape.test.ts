import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
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
    expect((await refusal(token)).detail).toBe('Invalid token');
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
