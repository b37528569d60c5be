import { expect, it } from 'vitest';
import { tokenizeJson } from '../../../../renderer/components/json/json-tokens.ts';

const kinds = (text: string) =>
  tokenizeJson(text)
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text: part }) => `${kind} ${part}`);

it('keys, strings, numbers and words are told apart', () => {
  expect(kinds('{"a" : "b:\\"c", "n": [-1.5e3, true, null]}')).toEqual([
    'key "a"',
    'string "b:\\"c"',
    'key "n"',
    'number -1.5e3',
    'word true',
    'word null',
  ]);
});

it.each(['', '{"cut": "in the mid', '<script>"x"</script>', '{"a":\n{"b":[1]}}'])(
  'nothing of %j is lost',
  (text) => {
    expect(
      tokenizeJson(text)
        .map((token) => token.text)
        .join(''),
    ).toBe(text);
  },
);

it('a long text of open quotes takes no time', () => {
  const text = '"\\'.repeat(10_000);
  expect(
    tokenizeJson(text)
      .map((token) => token.text)
      .join(''),
  ).toBe(text);
}, 10_000);
