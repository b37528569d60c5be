import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../main/contract/http.ts';
import {
  createRedactor,
  isMasked,
  isSecretKey,
  MASK,
  TOKEN_MASK,
} from '../../../main/traces/record/redact.ts';
import { cpuTimeMs } from '../../support/cpu-time.ts';
import { localToken } from '../../support/tokens.ts';

const SECRET = 'p"a/ss wörd\\1234567890';
/** One for each test: a mistake in making it fails them, and not the file. */
const makeRedactor = () => createRedactor([SECRET]);
const token = localToken();
const [header = '', payload = '', signature = ''] = token.split('.');

it('shows that something was masked, and what was a token', () => {
  const { text } = makeRedactor();
  expect([text(SECRET), text(token), text('plain')]).toEqual(['(masked)', 'eyJ…(masked)', 'plain']);
  expect([text(SECRET), text(token), text('plain')].map(isMasked)).toEqual([true, true, false]);
});

describe('masking by value', () => {
  it.each([
    ['as it is', SECRET, MASK],
    ['in JSON', JSON.stringify({ a: `see ${SECRET}!` }), `{"a":"see ${MASK}!"}`],
    ['in a URL', `https://x.test/?a=1${encodeURIComponent(SECRET)}2`, `https://x.test/?a=1${MASK}2`],
    ['twice', `${SECRET}${SECRET}`, MASK + MASK],
  ])('finds a secret %s', (_title, text, masked) => {
    expect(makeRedactor().text(`before ${text} after`)).toBe(`before ${masked} after`);
  });

  // The last four as Python writes it: json.dumps, quote, quote(safe=''), quote_plus.
  it.each([
    ['as a form of JavaScript', 'a%7Eb%21c*d+%27e%2Ff%C3%B6'],
    ['in JSON of ASCII', "a~b!c*d 'e/f\\u00f6"],
    ['in a path', 'a~b%21c%2Ad%20%27e/f%C3%B6'],
    ['in a URL by RFC 3986', 'a~b%21c%2Ad%20%27e%2Ff%C3%B6'],
    ['as a form', 'a~b%21c%2Ad+%27e%2Ff%C3%B6'],
  ])('finds a secret %s', (_title, written) => {
    expect(createRedactor(["a~b!c*d 'e/fö"]).text(`before ${written} after`)).toBe(`before ${MASK} after`);
  });

  it('finds a secret with half a character in a URL', () => {
    expect(createRedactor(['half \ud800 of it']).text('?a=half%20%EF%BF%BD%20of%20it')).toBe(`?a=${MASK}`);
  });

  it('finds a secret without a letter in JSON', () => {
    const secret = '"+"/"+"/"';
    expect(createRedactor([secret]).text(JSON.stringify(`a${secret}b`))).toBe(`"a${MASK}b"`);
  });

  it('finds the request’s token, wherever it is, and its signature alone', () => {
    const own = makeRedactor().with([token]);
    expect(own.text(`got x${token}y`)).toBe(`got x${TOKEN_MASK}y`);
    expect(own.text(`signature ${signature}!`)).toBe(`signature ${MASK}!`);
    expect(own.text(SECRET)).toBe(MASK);
  });

  it('masks what it learns later, beside what it knew, and for a request too', () => {
    const redactor = makeRedactor();
    redactor.learn('made later');
    expect(redactor.text(`made later, ${SECRET}`)).toBe(`${MASK}, ${MASK}`);
    expect(redactor.with(['of a call']).text('made later of a call')).toBe(`${MASK} ${MASK}`);
  });

  it('finds a signature alone that is long enough, of a token alone', () => {
    const shown = (secret: string, text: string) => createRedactor([secret]).text(text);
    const last = 's'.repeat(16);
    expect(shown(`${header}.${payload}.${last}`, last)).toBe(MASK);
    expect(shown(`${header}.${payload}.${last.slice(1)}`, last.slice(1))).toBe(last.slice(1));
    expect(shown(`database.internal.${last}`, last)).toBe(last);
    expect(shown('eyJ-and-no.more', 'see eyJ-and-no.more')).toBe(`see ${TOKEN_MASK}`);
  });

  it('leaves values alone that are too short to be secrets', () => {
    expect(createRedactor(['a', '']).text('banana')).toBe('banana');
  });

  it('takes a value of eight characters for a secret', () => {
    expect(createRedactor(['12345678', 'abcdefg']).text('12345678 abcdefg')).toBe(`${MASK} abcdefg`);
  });

  it('masks the longer of two secrets that begin alike, and as much of it as there is', () => {
    const own = createRedactor(['12345678', '123456789abc']);
    expect(own.text('123456789abc, 123456789a! 12345678!')).toBe(`${MASK}, ${MASK}! ${MASK}!`);
  });

  it('masks a very long secret whole, and a beginning of it as far as it goes', () => {
    const long = Array.from({ length: 100 }, (_, index) => String(index).padStart(3, '0')).join('');
    const own = createRedactor([long, `${'x'.repeat(250)}y`]);
    expect(own.text(`a ${long}b`)).toBe(`a ${MASK}b`);
    expect(own.text(`a ${long.slice(0, 260)}!${long}`)).toBe(`a ${MASK}!${MASK}`);
    expect(own.text(long.slice(0, 249))).toBe(long.slice(0, 249));
  });

  it('takes a secret with a lone surrogate', () => {
    const own = createRedactor(['12345678\ud800']);
    expect(own.text('12345678\ud800')).toBe(MASK);
    expect(own.text(`${new URLSearchParams({ a: '12345678\ud800' })}`)).toBe(`a=${MASK}`);
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
    expect(makeRedactor().text(text)).toBe(masked);
    expect(makeRedactor().text(masked)).toBe(masked);
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
    ['a token', token, TOKEN_MASK],
    ['after %20', `%20${token}`, `%20${TOKEN_MASK}`],
    ['after \\n in JSON text', `\\n${token}`, `\\n${TOKEN_MASK}`],
    ['cut in the signature', token.slice(0, -5), TOKEN_MASK],
    ['without its signature', `${header}.${payload}`, TOKEN_MASK],
    ['without its signature, with the dot', `${header}.${payload}.`, TOKEN_MASK],
    ['an encrypted one', `${header}.key.vector.${signature}.tag`, TOKEN_MASK],
  ])('masks %s', (_title, text, masked) => expect(makeRedactor().text(text)).toBe(masked));

  it('takes linear time on long text that nearly matches', () => {
    const took = cpuTimeMs(() => {
      for (const part of ['eyJ', 'a:"', `ab:'`, 'a=', 'eyJaaaa.', '\\"a\\":\\"', 'a '.repeat(20)]) {
        makeRedactor().text(part.repeat(300_000 / part.length));
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
    'set_cookie',
    'credential',
    'credentials',
    'proxy-authorization',
  ])('knows %s', (key) => expect(isSecretKey(key)).toBe(true));

  it.each([
    ...['tokens', 'max_tokens', 'name', 'passwordless', 'author', 'keyboard', 'secretary'],
    ...['fortune_cookie', 'cookies', 'no_pwd_here'],
  ])('leaves %s', (key) => expect(isSecretKey(key)).toBe(false));

  it('knows a key by its end, however long it is', () => {
    expect(isSecretKey(`${'x'.repeat(1_000_000)}_password`)).toBe(true);
    expect(isSecretKey(`password${'x'.repeat(1_000_000)}`)).toBe(false);
  });

  it('remembers neither many keys nor long ones: clients choose them', () => {
    const before = bytesInUse();
    for (let at = 0; at < 60_000; at += 1) isSecretKey(`${at}`.padEnd(70, 'x'));
    for (let at = 0; at < 60; at += 1) isSecretKey(`${at}`.padEnd(100_000, 'x'));
    expect(bytesInUse() - before).toBeLessThan(2_000_000);
  });

  it('masks values below secret keys at any depth, but not that they are there', () => {
    const value = {
      list: [{ password: 'hunter2', token: null, secret: true, api_key: { id: 5 }, pwd: 1234, jwt: '' }],
      user_jwt: token,
      note: 'plain',
      nothing: null,
    };
    expect(makeRedactor().json(value)).toEqual({
      list: [{ password: MASK, token: null, secret: true, api_key: MASK, pwd: MASK, jwt: '' }],
      user_jwt: TOKEN_MASK,
      note: 'plain',
      nothing: null,
    });
  });

  it.each([
    ['{"password":"hunter2"}', `{"password":"${MASK}"}`],
    ["{ password: 'hunter2', n: 1 }", `{ password: '${MASK}', n: 1 }`],
    ['{"a":"{\\"password\\":\\"hunter2\\"}"}', `{"a":"{\\"password\\":\\"${MASK}\\"}"}`],
    ['{"password":"hun\\"ter2"}', `{"password":"${MASK}"}`],
    ['/x?access_token=hunter2&n=1', `/x?access_token=${MASK}&n=1`],
    ['{"password" : "hunter2"}', `{"password" : "${MASK}"}`],
    ['{\\"password\\" : \\"hunter2\\"}', `{\\"password\\" : \\"${MASK}\\"}`],
    ['{"password":"ends with \\\\"}', `{"password":"${MASK}"}`],
    ['/x?jwt=hunter2', `/x?jwt=${MASK}`],
    ['the token is fine', 'the token is fine'],
    ['{"password":""}', '{"password":""}'],
  ])('in text: %s', (text, masked) => expect(makeRedactor().text(text)).toBe(masked));

  it('masks one field as it is in an object', () => {
    const own = makeRedactor().with([token]);
    const values: Json[] = [null, true, '', 7, 'plain', token, { password: 'hunter2', note: [token] }];
    for (const key of ['user_jwt', 'note', '__proto__', 'password', token]) {
      for (const value of values) {
        const text = `{${JSON.stringify(key)}:${JSON.stringify(value)}}`;
        const [whole] = Object.values(own.json(JSON.parse(text)) as object);
        expect(own.field(key, value), text).toEqual(whole);
      }
    }
  });

  it('masks headers, keeping the scheme', () => {
    const headers = {
      Authorization: `Bearer ${token}`,
      'Proxy-Authorization': 'Basic YTpi',
      Cookie: ['a=1', 'b=2'],
      'Set-Cookie': 'c=3',
      Accept: ['a', 'b'],
      'X-Api-Key': 'k',
      'X-Token': 'not a bearer token',
      'X-Note': `see ${token}`,
      Missing: undefined,
    };
    expect(makeRedactor().headers(headers)).toEqual({
      authorization: `Bearer ${MASK}`,
      'proxy-authorization': `Basic ${MASK}`,
      cookie: MASK,
      'set-cookie': MASK,
      accept: 'a, b',
      'x-api-key': MASK,
      'x-token': MASK,
      'x-note': `see ${TOKEN_MASK}`,
    });
  });
});

describe('the beginning of a value', () => {
  it('is all of what fits', () => {
    const { beginning } = makeRedactor();
    expect(beginning({ a: ['b', 1] }, 6)).toEqual({ json: { a: ['b', 1] }, isWhole: true });
    expect(beginning({ a: ['b', 1] }, 5).isWhole).toBe(false);
  });

  it('leaves out what comes after its length, in lists and objects', () => {
    const { beginning } = makeRedactor();
    const list = Array.from({ length: 50 }, () => 'abc');
    const { json, isWhole } = beginning(list, 40);
    expect([json, isWhole]).toEqual([list.slice(0, 10), false]);
    const object = Object.fromEntries(list.map((text, index) => [`k${index}`, text]));
    expect(beginning(object, 20)).toEqual({
      json: { k0: 'abc', k1: 'abc', k2: 'abc', k3: 'abc' },
      isWhole: false,
    });
  });

  it('is as long as it was asked for, or whole', () => {
    const { beginning } = makeRedactor();
    const value = { a: 'b', list: [1, [2], { c: 'd', e: null }, [3, 4]], f: { g: [], h: true, i: 'j' } };
    for (let length = 0; length < 60; length += 1) {
      const { json, isWhole } = beginning(value, length);
      if (isWhole) expect(json).toEqual(value);
      else expect(JSON.stringify(json).length).toBeGreaterThan(length);
    }
  });
});

describe('hostile values', () => {
  it('keeps __proto__ as data and changes no prototype', () => {
    const masked = makeRedactor().json(
      JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}'),
    );
    expect(JSON.stringify(masked)).toBe('{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}}');
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])(
    'stops at a depth of %s instead of overflowing the stack: 100 levels, as a body may have',
    (_of, open, close) => {
      const nested = (depth: number, inmost: string) => open.repeat(depth) + inmost + close.repeat(depth);
      const shown = (text: string) => JSON.stringify(makeRedactor().json(JSON.parse(text)));
      const whole = nested(99, open === '[' ? '[]' : '{}');
      expect(shown(whole)).toBe(whole);
      const note = '"(nested deeper than 100 levels)"';
      expect(shown(nested(50_000, '1'))).toBe(nested(100, note));
    },
  );

  it('masks a key that is the token', () => {
    expect(
      makeRedactor()
        .with([token])
        .json({ [token]: 1 }),
    ).toEqual({ [TOKEN_MASK]: 1 });
  });
});

/** Of what something still holds. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}
