import { Decimal128, Long, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { cutText, shortJson, wholeJson } from '../../../../main/hosts/node/child/spans/short-text.ts';

/** The texts of child spans, before they leave the plugin's process. */

describe('a text', () => {
  it('never cuts a word in two', () => {
    expect(cutText('https://a.test/?q=tea&key=abcdefgh', 30)).toBe('https://a.test/?q=tea&…');
    expect(cutText('one two', 7)).toBe('one two');
    expect(cutText('one twos', 7)).toBe('one …');
    expect(cutText('abcdefgh', 7)).toBe('(8 characters)');
  });
});

describe('a value', () => {
  it('is relaxed Extended JSON', () => {
    const value = {
      _id: new ObjectId('0123456789abcdef01234567'),
      n: [1, 1.5, new Long(7), new Decimal128('1.50'), 8n, Number.NaN],
      at: new Date(0),
      like: /^tea/i,
      bytes: new Uint8Array([1, 2]),
      left: undefined,
      none: null,
      map: new Map([['a', true]]),
    };
    expect(JSON.parse(shortJson(value) ?? '')).toEqual({
      _id: { $oid: '0123456789abcdef01234567' },
      n: [1, 1.5, 7, { $numberDecimal: '1.50' }, { $numberLong: '8' }, { $numberDouble: 'NaN' }],
      at: { $date: '1970-01-01T00:00:00.000Z' },
      like: { $regularExpression: { pattern: '^tea', options: 'i' } },
      bytes: { $binary: { base64: 'AQI=', subType: '00' } },
      none: null,
      map: { a: true },
    });
  });

  it('is shortened inside and stays JSON', () => {
    const long = Object.fromEntries([...Array(500).keys()].map((n) => [`key${n}`, 'word '.repeat(1_000)]));
    const json = shortJson({ user_id: 'ann', ids: Array(101).fill(1), long }) ?? '';
    expect(json.length).toBeLessThanOrEqual(4_096);
    const { user_id, ids, long: kept } = JSON.parse(json);
    expect(user_id).toBe('ann');
    expect([ids.length, ids.at(-1)]).toEqual([101, '… 1 more']);
    expect(kept.key0).toMatch(/^word .* …$/);
    expect(kept['…']).toMatch(/^\d+ more$/);
    expect(wholeJson({ long }, 4_096)).toBeNull();
    expect(wholeJson({ user_id: 'ann' }, 4_096)).toBe('{"user_id":"ann"}');
  });

  it('may be without end, or fail', () => {
    const circle: Record<string, unknown> = {};
    circle.again = circle;
    expect(shortJson(circle)).toContain('"…"');
    const hostile = Object.defineProperty({}, 'a', {
      enumerable: true,
      get: () => {
        throw new Error('no');
      },
    });
    expect(shortJson(hostile)).toBeNull();
  });
});
