import { describe, expect, it } from 'vitest';
import { createRedactor, isSecretKey, MASK, TOKEN_MASK } from '../../../main/traces/record/redact.ts';
import { cpuTimeMs } from '../../support/cpu-time.ts';
import { localToken } from '../../support/tokens.ts';

const SECRET = 'p"a/ss wörd\\1234567890';
const redactor = createRedactor([SECRET]);
const token = localToken();
const [header = '', payload = '', signature = ''] = token.split('.');

describe('masking by value', () => {
  it.each([
    ['as it is', SECRET],
    ['in JSON', JSON.stringify({ a: SECRET })],
    ['in a URL', `https://x.test/?a=${encodeURIComponent(SECRET)}`],
    ['twice', `${SECRET}${SECRET}`],
  ])('finds a secret %s', (_title, text) => {
    const masked = redactor.text(`before ${text} after`);
    expect(masked).toContain(MASK);
    expect(masked).not.toContain('1234567890');
    expect(masked).toMatch(/^before .* after$/);
  });

  it('finds the request’s token, wherever it is, and its signature alone', () => {
    const own = redactor.with([token]);
    expect(own.text(`got x${token}y`)).toBe(`got x${TOKEN_MASK}y`);
    expect(own.text(`signature ${signature}!`)).toBe(`signature ${MASK}!`);
    expect(own.text(SECRET)).toBe(MASK);
  });

  it('leaves values alone that are too short to be secrets', () => {
    expect(createRedactor(['a', '']).text('banana')).toBe('banana');
  });

  it('takes a value of eight characters for a secret', () => {
    expect(createRedactor(['12345678', 'abcdefg']).text('12345678 abcdefg')).toBe(`${MASK} abcdefg`);
  });

  it('masks the longer of two secrets that begin alike', () => {
    expect(createRedactor(['12345678', '123456789']).text('123456789')).toBe(MASK);
  });

  it('masks a very long secret whole, and a beginning of it as far as it goes', () => {
    const long = Array.from({ length: 100 }, (_, index) => String(index).padStart(3, '0')).join('');
    const own = createRedactor([long, `${'x'.repeat(250)}y`]);
    expect(own.text(`a ${long}b`)).toBe(`a ${MASK}b`);
    expect(own.text(`a ${long.slice(0, 260)}!${long}`)).toBe(`a ${MASK}!${MASK}`);
    expect(own.text(long.slice(0, 249))).toBe(long.slice(0, 249));
  });

  it('takes a secret with a lone surrogate', () => {
    expect(createRedactor(['12345678\ud800']).text('12345678\ud800')).toBe(MASK);
  });
});

describe('masking passwords in addresses', () => {
  it.each([
    ['mongodb://app:pw@host', 'mongodb://app:(masked)@host'],
    ['see redis://:p@ss:w@rd@cache:6379/0, please', 'see redis://:(masked)@cache:6379/0, please'],
    ['mongodb+srv://us%40er:p%2Fw@a,b:1/?x=y@z', 'mongodb+srv://us%40er:(masked)@a,b:1/?x=y@z'],
    ['https://ghp_0123456789abcdef@github.com/x', 'https://(masked)@github.com/x'],
    [String.raw`{"u":"https:\/\/a:pw@b\/c"}`, String.raw`{"u":"https:\/\/a:(masked)@b\/c"}`],
    ['?u=mongodb%3A%2F%2Fapp%3Ap%25w%40host%2Fdb', '?u=mongodb%3A%2F%2Fapp%3A(masked)%40host%2Fdb'],
    ['%253A%252F%252Fapp%253Apw%2540host', '%253A%252F%252Fapp%253A(masked)%2540host'],
    ['http://localhost:8080/@x, mail a@b', 'http://localhost:8080/@x, mail a@b'],
    ['http://user@host and "http://a:80","x@y"', 'http://user@host and "http://a:80","x@y"'],
  ])('T2: makes of %s %s', (text, masked) => {
    expect(redactor.text(text)).toBe(masked);
    expect(redactor.text(masked)).toBe(masked);
  });

  it('T2: shows what is not secret of an address that is a secret', () => {
    const address = `mongodb://app:p'w "quoted"@db.internal/a`;
    const own = createRedactor([address]);
    expect(own.text(`no answer of ${address}!`)).toBe('no answer of mongodb://app:(masked)@db.internal/a!');
    expect(own.json({ password: address })).toEqual({ password: MASK });
  });
});

describe('masking by shape', () => {
  it.each([
    ['a token', token],
    ['after %20', `%20${token}`],
    ['after \\n in JSON text', `\\n${token}`],
    ['cut in the signature', token.slice(0, -5)],
    ['without its signature', `${header}.${payload}`],
    ['without its signature, with the dot', `${header}.${payload}.`],
  ])('masks %s', (_title, text) => {
    expect(redactor.text(text)).toContain(TOKEN_MASK);
    expect(redactor.text(text)).not.toContain(payload);
  });

  it('takes linear time on long text that nearly matches', () => {
    const took = cpuTimeMs(() => {
      for (const part of ['eyJ', 'a:"', `ab:'`, 'a=', 'eyJaaaa.', '\\"a\\":\\"', 'a '.repeat(20)]) {
        redactor.text(part.repeat(300_000 / part.length));
      }
    });
    expect(took).toBeLessThan(5_000);
  });
});

describe('masking by name', () => {
  it.each([
    'password',
    'PASSWORD',
    'db_password',
    'apiKey',
    'API_KEY',
    'x-api-key',
    'user_jwt',
    'accessToken',
    'client-secret',
    'Cookie',
  ])('knows %s', (key) => expect(isSecretKey(key)).toBe(true));

  it.each(['tokens', 'max_tokens', 'name', 'passwordless', 'author', 'keyboard', 'secretary'])(
    'leaves %s',
    (key) => expect(isSecretKey(key)).toBe(false),
  );

  it('masks values below secret keys at any depth, but not that they are there', () => {
    const value = {
      list: [{ password: 'hunter2', token: null, secret: true, api_key: { id: 5 }, pwd: 1234, jwt: '' }],
      user_jwt: token,
      note: 'plain',
    };
    expect(redactor.json(value)).toEqual({
      list: [{ password: MASK, token: null, secret: true, api_key: MASK, pwd: MASK, jwt: '' }],
      user_jwt: TOKEN_MASK,
      note: 'plain',
    });
  });

  it.each([
    ['{"password":"hunter2"}', `{"password":"${MASK}"}`],
    ["{ password: 'hunter2', n: 1 }", `{ password: '${MASK}', n: 1 }`],
    ['{"a":"{\\"password\\":\\"hunter2\\"}"}', `{"a":"{\\"password\\":\\"${MASK}\\"}"}`],
    ['{"password":"hun\\"ter2"}', `{"password":"${MASK}"}`],
    ['/x?access_token=hunter2&n=1', `/x?access_token=${MASK}&n=1`],
    ['the token is fine', 'the token is fine'],
    ['{"password":""}', '{"password":""}'],
  ])('in text: %s', (text, masked) => expect(redactor.text(text)).toBe(masked));

  it('masks headers, keeping the scheme', () => {
    const headers = {
      Authorization: `Bearer ${token}`,
      'Proxy-Authorization': 'Basic YTpi',
      Cookie: ['a=1', 'b=2'],
      'Set-Cookie': 'c=3',
      Accept: ['a', 'b'],
      'X-Api-Key': 'k',
      'X-Note': `see ${token}`,
      Missing: undefined,
    };
    expect(redactor.headers(headers)).toEqual({
      authorization: `Bearer ${MASK}`,
      'proxy-authorization': `Basic ${MASK}`,
      cookie: MASK,
      'set-cookie': MASK,
      accept: 'a, b',
      'x-api-key': MASK,
      'x-note': `see ${TOKEN_MASK}`,
    });
  });
});

describe('the beginning of a value', () => {
  it('is all of what fits', () => {
    expect(redactor.beginning({ a: ['b', 1] }, 100)).toEqual({ json: { a: ['b', 1] }, isWhole: true });
  });

  it('leaves out what comes after its length, in lists and objects', () => {
    const list = Array.from({ length: 50 }, () => 'abc');
    const { json, isWhole } = redactor.beginning(list, 40);
    expect([json, isWhole]).toEqual([list.slice(0, 10), false]);
    const object = Object.fromEntries(list.map((text, index) => [`k${index}`, text]));
    expect(redactor.beginning(object, 20)).toEqual({
      json: { k0: 'abc', k1: 'abc', k2: 'abc', k3: 'abc' },
      isWhole: false,
    });
  });
});

describe('hostile values', () => {
  it('keeps __proto__ as data and changes no prototype', () => {
    const masked = redactor.json(JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}'));
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('stops at a depth instead of overflowing the stack', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(JSON.stringify(redactor.json(deep))).toContain('nested deeper');
  });

  it('masks a key that is the token', () => {
    expect(redactor.with([token]).json({ [token]: 1 })).toEqual({ [TOKEN_MASK]: 1 });
  });
});
