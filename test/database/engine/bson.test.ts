import {
  Binary,
  BSONRegExp,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  serialize,
  Timestamp,
} from 'bson';
import { describe, expect, it } from 'vitest';
import { decode, encode } from '../../../main/database/engine/bson.ts';
import { DatabaseError } from '../../../main/database/engine/errors.ts';

/** One of each type. */
const ALL = serialize({
  int: 1,
  double: new Double(1),
  negativeZero: new Double(-0),
  fraction: 1.5,
  long: Long.MAX_VALUE,
  decimal: Decimal128.fromString('1.50'),
  text: 'Hä😀',
  list: [1, [2], { a: null }],
  document: { 'a.b': true, $c: false },
  date: new Date(-1),
  id: new ObjectId(),
  binary: new Binary(Buffer.from('x'), 4),
  old: new Binary(Buffer.from('x'), Binary.SUBTYPE_BYTE_ARRAY),
  pattern: new BSONRegExp('a', 'im'),
  time: new Timestamp({ t: 1, i: 2 }),
  code: new Code('x'),
  scoped: new Code('x', { y: new Double(1) }),
  low: new MinKey(),
  high: new MaxKey(),
});

function problemOf(bytes: Uint8Array): unknown {
  try {
    decode(bytes);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe('BSON', () => {
  it('is written as it was read, byte for byte', () => {
    expect(Buffer.from(encode(decode(ALL))).equals(Buffer.from(ALL))).toBe(true);
  });

  it('L12: that is cut off or has a wrong byte is refused or read, and nothing else', () => {
    const others: unknown[] = [];
    for (let at = 0; at < ALL.length; at++) {
      for (const wrong of [0, 1, 0x7f, 0xff]) {
        const bytes = Uint8Array.from(ALL);
        bytes[at] = wrong;
        others.push(problemOf(bytes));
      }
      const cut = problemOf(ALL.subarray(0, at));
      expect(cut).toBeInstanceOf(DatabaseError);
    }
    expect(others.filter((problem) => problem !== undefined && !(problem instanceof DatabaseError))).toEqual(
      [],
    );
  });

  it('with a date that JavaScript has not is refused, not changed', () => {
    const bytes = Buffer.from(serialize({ d: new Date(0) }));
    bytes.writeBigInt64LE(2n ** 60n, bytes.length - 9);
    expect(problemOf(bytes)).toMatchObject({ code: 238 });
  });
});
