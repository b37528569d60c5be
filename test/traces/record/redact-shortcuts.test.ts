import { expect, it } from 'vitest';
import { createRedactor, isSecretKey, MASK, TOKEN_MASK } from '../../../main/traces/record/redact.ts';
import { localToken } from '../../support/tokens.ts';

/**
 * The redactor skips patterns that can't match a text. Here every pattern is applied to every text, in the
 * same order, and both must agree on texts made of what the patterns look at.
 */
const PASSWORD = /(:(?:\\?\/){2}[^\s/?#:@"'`<>\\]*:)[^\s/?#"'`<>]+(?=@)/g;
const LONG_NAME = /(:(?:\\?\/){2})[^\s/?#:@"'`<>\\]{16,}(?=@)/g;
const ENCODED =
  /(%(?:25)*3A(?:\/|%(?:25)*2F){2}(?:[^\s/%&"'`<>]|%(?!(?:25)*(?:3A|40|2F))[\dA-F]{2})*%(?:25)*3A)(?:[^\s/%&"'`<>]|%(?!(?:25)*(?:40|2F))[\dA-F]{2})+(?=%(?:25)*40)/gi;
const TOKEN_SHAPE =
  /(?:(?<![\w-]{2})|(?<=%[\dA-Fa-f]{2}))eyJ[\w-]{4,}\.(?:[\w-]+\.[\w-]*(?:\.[\w-]+)*|eyJ[\w-]+)/g;
const QUOTED_PAIR = /(["']?)(?<![\w-])([\w-]{2,40})\1(\s*:\s*)("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')/g;
const ESCAPED_PAIR = /(\\")([\w-]{2,40})\1(\s*:\s*)(\\"(?:(?!\\")[^\n])*\\")/g;
const QUERY_PAIR = /(?<![\w-])([\w-]{2,40})=([^\s&;,"'<>\\]+)/g;

const token = localToken();
const [, , signature = ''] = token.split('.');
const SECRETS = [
  'p"a/ss wörd\\1234567890',
  'plain-secret_123.~',
  '12345678\ud800',
  'short',
  token,
  `Bearer ${token}`,
];

const WORDS = [
  ...SECRETS,
  ...SECRETS.map((secret) => JSON.stringify(secret)),
  ...SECRETS.map((secret) => encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd'))),
  ...[signature, signature.slice(1), token.slice(0, -40), token.slice(0, token.indexOf('.') + 8)],
  ...['mongodb://', 'app:', '@host', '%3A%2F%2F', '%3A', '%40', 'https:\\/\\/'],
  ...['eyJ', 'eyJhbGciOi', 'yJ', 'e', '.', '..', '%20', '\\n', ' ', '\n', '-', '_'],
  ...['"', "'", '\\"', '\\', ':', ' : ', '=', '&', ';', ',', '{', '}', '(masked)', '…'],
  ...['password', 'user_jwt', 'apiKey', 'note', 'tokens', 'x-api-key', 'jwt', 'hunter2', 'a', '1', 'ä', '💥'],
];

function everyPattern(raw: string): string {
  const values = [
    ...new Set(
      SECRETS.filter(({ length }) => length >= 8).flatMap((secret) => [
        secret,
        JSON.stringify(secret).slice(1, -1),
        encodeURIComponent(secret.replace(/\p{Surrogate}/gu, '\ufffd')),
        ...(secret.startsWith('eyJ') ? [signature] : []),
      ]),
    ),
  ].sort((a, b) => b.length - a.length);
  const exact = new RegExp(
    values.map((value) => value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'),
    'g',
  );
  return raw
    .replace(exact, maskOf)
    .replace(PASSWORD, '$1(masked)')
    .replace(LONG_NAME, '$1(masked)')
    .replace(ENCODED, '$1(masked)')
    .replace(TOKEN_SHAPE, TOKEN_MASK)
    .replace(QUOTED_PAIR, maskPair)
    .replace(ESCAPED_PAIR, maskPair)
    .replace(QUERY_PAIR, (pair, key: string) => (isSecretKey(key) ? `${key}=${MASK}` : pair));
}

function maskPair(pair: string, quote: string, key: string, colon: string, value: string): string {
  const mark = value.startsWith('\\"') ? '\\"' : value.slice(0, 1);
  const inner = value.slice(mark.length, -mark.length);
  if (!isSecretKey(key) || inner === '') return pair;
  return `${quote}${key}${quote}${colon}${mark}${maskOf(inner)}${mark}`;
}

function maskOf(value: string): string {
  return value.startsWith('eyJ') ? TOKEN_MASK : MASK;
}

/** The same numbers each time, so that a failure comes back (a linear congruential generator). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

it('masks every text as all patterns together would', () => {
  const redactor = createRedactor(SECRETS.slice(0, 4)).with(SECRETS.slice(4));
  const next = numbers(20_261_124);
  const others: string[] = [];
  let masked = 0;
  for (let round = 0; round < 40_000; round += 1) {
    const text = Array.from({ length: 1 + next(9) }, () => WORDS[next(WORDS.length)]).join('');
    const expected = everyPattern(text);
    if (expected !== text) masked += 1;
    if (redactor.text(text) !== expected) others.push(text);
  }
  expect(others).toEqual([]);
  // The words are chosen so that much is masked and much is not.
  expect(masked).toBeGreaterThan(10_000);
  expect(masked).toBeLessThan(39_000);
});
