import { expect, it } from 'vitest';
import { maskTokens } from '../../main/system/jwt-pattern.ts';
import { cpuTimeMs } from '../support/cpu-time.ts';

const [head, claims] = ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJ1In0'];

it.each([
  ['a signed token', `${head}.${claims}.c2ln`],
  ['one without its signature', `${head}.${claims}`],
  ['an empty signature', `${head}.${claims}.`],
  ['an encrypted one, whole', `${head}.a2V5.aXY.dGV4dA.dGFn`],
])('masks %s', (_, token) => {
  expect(maskTokens(`bad token ${token}, sorry`)).toBe('bad token [token], sorry');
});

it('leaves other text alone', () => {
  const text = 'eyJ is not a token, nor is a.b.c or monkeyJournal.open.now';
  expect(maskTokens(text)).toBe(text);
});

it('takes a long word in linear time', () => {
  expect(cpuTimeMs(() => maskTokens('eyJ'.repeat(300_000)))).toBeLessThan(1_000);
});
