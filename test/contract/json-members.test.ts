import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beginningOf,
  hasOnlyPlainNumbers,
  joinMembers,
  membersOf,
  numbersLostInJavaScript,
  replaceNumbers,
} from '../../main/contract/json-members.ts';

describe('membersOf', () => {
  it('gives every member as it is written, keys decoded', () => {
    const text = ' { "a" : 1.0 , "b\\u0063":{"x":[1,{"y":"}"}]} ,"a":"\\"," , "":-0.0e5 } ';
    expect(membersOf(text)).toEqual([
      { key: 'a', text: '1.0' },
      { key: 'bc', text: '{"x":[1,{"y":"}"}]}' },
      { key: 'a', text: '"\\","' },
      { key: '', text: '-0.0e5' },
    ]);
    expect(membersOf(' {} ')).toEqual([]);
  });

  it('is undone by joinMembers, for any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const text = JSON.stringify(object, null, 1);
        expect(JSON.parse(joinMembers(membersOf(text)))).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe('beginningOf', () => {
  it('ends after a whole value, with the brackets that are open there', () => {
    const text = '{"a,":[1.0,{"b":"],}"},[]],"c":{"d":2}}';
    const beginnings = Array.from({ length: text.length + 1 }, (_, length) => beginningOf(text, length));
    expect([...new Set(beginnings)]).toEqual([
      '{"a,":[1.0]}',
      '{"a,":[1.0,{"b":"],}"}]}',
      '{"a,":[1.0,{"b":"],}"},[]]}',
      text,
    ]);
    expect([beginningOf('[1,22,3]', 2), beginningOf('[1,22,3]', 3)]).toEqual(['[1]', '[1,22]']);
  });

  it('is JSON, and as long as it is asked to be, for any text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(200), (value, length) => {
        const text = JSON.stringify(value, null, length % 3);
        const beginning = beginningOf(text, length);
        expect(JSON.parse(beginning)).toBeDefined();
        expect(beginning.length).toBeGreaterThanOrEqual(Math.min(length, text.length));
      }),
    );
  });
});

describe('numbersLostInJavaScript', () => {
  it('names those that change, and no other way of writing a number', () => {
    const kept =
      '[0, -0.0, 0.0, 0e5, 1.0, 1.50, 1e3, 10e2, 0.000000012, 1E+2, 0.1, 0.00000000000000120, 9007199254740992, 1e21, 123456789012345680000, "9007199254740993"]';
    expect(numbersLostInJavaScript(kept)).toEqual([]);
    // As many digits as JavaScript holds of any number, and the first one that it doesn't.
    expect(numbersLostInJavaScript('[999999999999999,9007199254740993]')).toEqual(['9007199254740993']);
    expect(
      numbersLostInJavaScript(
        '{"id":9007199254740993,"k":[1e400,-12345678901234567890,0.12345678901234567890]}',
      ),
    ).toEqual(['9007199254740993', '1e400', '-12345678901234567890', '0.12345678901234567890']);
  });

  it('names those that become zero, whatever their sign', () => {
    expect(numbersLostInJavaScript('[1e-400,-1e-400]')).toEqual(['1e-400', '-1e-400']);
  });

  it('names no more than wanted', () => {
    const text = JSON.stringify(Array(6).fill(0)).replaceAll('0', '1e400');
    expect(numbersLostInJavaScript(text)).toEqual(Array(5).fill('1e400'));
    expect(numbersLostInJavaScript(text, 1)).toEqual(['1e400']);
  });
});

describe('replaceNumbers', () => {
  it('finds each number, and none in a string', () => {
    const text = '{"a1":-1.50,"b":["2",3e4,{"c":"\\"5,"}],"d":-0}';
    expect(replaceNumbers(text, (literal) => `<${literal}>`)).toBe(
      '{"a1":<-1.50>,"b":["2",<3e4>,{"c":"\\"5,"}],"d":<-0>}',
    );
    expect([text, '{"a":1,"b":[0.5,-2,1e+21,"1.0"]}'].map(hasOnlyPlainNumbers)).toEqual([false, true]);
  });
});
