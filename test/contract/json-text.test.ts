import { describe, expect, it } from 'vitest';
import {
  duplicateKeys,
  formatJson,
  outerKeys,
  placeIn,
  problemWords,
  scanJson,
} from '../../main/contract/json-text.ts';
import { cpuTimeMs } from '../support/cpu-time.ts';

function wordsFor(text: string): string | null {
  const { problem } = scanJson(text);
  return problem === null ? null : problemWords(text, problem);
}

describe('scanJson', () => {
  it.each([
    '{}',
    '[]',
    ' {"a" : [1, -0.5e+10, true, false, null, "x", {"b": []}]} \n',
    '"\\u00e9\\n\\\\ \u{1f600} \ud800"',
    '0',
    '1E400',
    'null',
    '',
    ' ',
    '{',
    '[1,]',
    '{"a":1,}',
    '{,}',
    '[,1]',
    '01',
    '.5',
    '1.',
    '+1',
    'NaN',
    "{'a':1}",
    '{a:1}',
    '{"a" 1}',
    '{"a":1 "b":2}',
    '{"a":1}}',
    '{"a":1} x',
    '"\n"',
    '"\\x"',
    '"\\u12"',
    '"open',
    '[1 // no\n]',
    '\u00a0{}',
    '\ufeff{}',
    'truefalse',
    '1 2',
    '[1}',
    '{"a":]',
  ])('agrees with JSON.parse on %j', (text) => {
    let isJson = true;
    try {
      JSON.parse(text);
    } catch {
      isJson = false;
    }
    expect(scanJson(text).problem === null).toBe(isJson);
  });

  it.each([
    ['{\n  "a": 1\n  "b": 2\n}', 'Line 3, column 3: expected a comma or }, found "b"'],
    ['{"a": 1,}', 'Line 1, column 9: a comma with nothing after it'],
    ['[1, 2,\n]', 'Line 2, column 1: a comma with nothing after it'],
    ['{a: 1}', 'Line 1, column 2: a key needs double quotes'],
    ["{'a': 1}", 'Line 1, column 2: strings and keys need double quotes'],
    ['{"a": hello}', 'Line 1, column 7: expected a value, found hello'],
    ['{"a": 1', 'Line 1, column 8: expected a comma or }, but the text ends here'],
    ['{"a": "no end\n}', 'Line 1, column 7: this text has no closing quote'],
    ['{"a": "\\x"}', 'Line 1, column 7: this text holds a backslash that means nothing: write \\\\ for one'],
    ['{"a": "\t"}', 'Line 1, column 7: this text holds a control character: write it as \\t or \\u0000'],
    ['{} // note', 'Line 1, column 4: JSON has no comments'],
    ['{"a" 1}', 'Line 1, column 6: expected a colon, found 1'],
    ['{}\n{}', 'Line 2, column 1: expected nothing more, found {'],
    ['{"a": 01}', 'Line 1, column 7: expected a value, found 01'],
  ])('says of %j where and what', (text, words) => {
    expect(wordsFor(text)).toBe(words);
  });

  it('cuts what it found short', () => {
    expect(wordsFor(`{"a":1 "${'x'.repeat(500)}"}`)?.length).toBeLessThan(100);
  });

  it('reads any depth and a long text without its closing quote in one pass', () => {
    const depth = 200_000;
    expect(scanJson('['.repeat(depth) + ']'.repeat(depth)).problem).toBeNull();
    const took = cpuTimeMs(() => expect(scanJson(`"${'\\n'.repeat(500_000)}`).problem).not.toBeNull());
    expect(took).toBeLessThan(2_000);
  });
});

describe('formatJson', () => {
  it.each(['{"a":[1,{"b":[],"c":{}}],"d":"x"}', '[]', ' { } ', '"x"', '[[1,2],[3]]'])(
    'lays %j out as JSON.stringify does',
    (text) => {
      expect(formatJson(text)).toBe(JSON.stringify(JSON.parse(text), null, 2));
    },
  );

  it('leaves every value as it was typed', () => {
    expect(formatJson('{"n":12345678901234567890,"f":1.0,"e":1E2,"s":"\\u00e9","n":2}')).toBe(
      '{\n  "n": 12345678901234567890,\n  "f": 1.0,\n  "e": 1E2,\n  "s": "\\u00e9",\n  "n": 2\n}',
    );
  });

  it('is done after one time', () => {
    const once = formatJson('{"a":[1,{"b":2}]}') ?? '';
    expect(formatJson(once)).toBe(once);
  });

  it('has nothing for what is not JSON', () => {
    expect(formatJson('{oops')).toBeNull();
    expect(formatJson('')).toBeNull();
  });
});

describe('keys', () => {
  it('finds those that stand twice in one object, at the later place', () => {
    const text = '{"a":1,"b":{"a":2},"\\u0061":3,"__proto__":1,"__proto__":2}';
    const found = duplicateKeys(scanJson(text).tokens);
    expect(found.map(({ from, text: key }) => [from, key])).toEqual([
      [text.indexOf('"\\u0061"'), '"\\u0061"'],
      [text.lastIndexOf('"__proto__"'), '"__proto__"'],
    ]);
  });

  it('keeps two objects of a list apart', () => {
    expect(duplicateKeys(scanJson('[{"a":1},{"a":1}]').tokens)).toEqual([]);
  });

  it('lists the outermost object’s', () => {
    const keys = (text: string) => outerKeys(scanJson(text).tokens).map(({ text: key }) => key);
    expect(keys('{"a":{"b":1},"c":2')).toEqual(['"a"', '"c"']);
    expect(keys('[{"a":1}]')).toEqual([]);
    expect(keys('')).toEqual([]);
  });
});

describe('placeIn', () => {
  it('counts lines and columns from 1', () => {
    expect(placeIn('ab\ncd', 0)).toEqual({ line: 1, column: 1 });
    expect(placeIn('ab\ncd', 4)).toEqual({ line: 2, column: 2 });
    expect(placeIn('', 0)).toEqual({ line: 1, column: 1 });
  });
});
