import { Decimal128, type Document, Double, Int32, Long, ObjectId } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineUnderTest, openEngine } from '../../support/database-engine.ts';

/** What each expression is of this document; numbers with their types. */

const HEX = '0123456789abcdef01234567';
const DATE = new Date('2024-02-29T13:45:30.125Z');

const DOCUMENT: Document = {
  _id: 1,
  n: 7,
  d: new Double(2),
  l: Long.fromNumber(5),
  x: Decimal128.fromString('1.50'),
  s: 'Häagen',
  t: ' trim ',
  a: [3, 1, 2],
  o: { k: 1, v: 2 },
  list: [
    { k: 'p', v: 1 },
    { k: 'q', v: 2 },
  ],
  nil: null,
  at: DATE,
  id: new ObjectId(HEX),
};

const int = (value: number) => new Int32(value);
const double = (value: number) => new Double(value);
const ints = (...values: readonly number[]) => values.map(int);

function branch(test: unknown, value: unknown): Document {
  return Object.fromEntries([
    ['case', test],
    ['then', value],
  ]);
}

const ROWS: readonly [string, unknown, unknown][] = [
  ['int + int', { $add: ['$n', 1] }, int(8)],
  ['int + double', { $add: ['$n', '$d'] }, double(9)],
  ['int + long', { $add: ['$n', '$l'] }, Long.fromNumber(12)],
  ['decimal + int', { $add: ['$x', 1] }, Decimal128.fromString('2.50')],
  ['date + milliseconds', { $add: ['$at', 1000] }, new Date(DATE.getTime() + 1000)],
  ['null + int', { $add: ['$nil', 1] }, null],
  ['date - date', { $subtract: ['$at', '$at'] }, Long.fromNumber(0)],
  ['int * int beyond an int32', { $multiply: [100_000, 100_000] }, Long.fromNumber(1e10)],
  ['int / int', { $divide: [6, 3] }, double(2)],
  ['decimal / int', { $divide: ['$x', 3] }, Decimal128.fromString('0.50')],
  ['int % int', { $mod: ['$n', 4] }, int(3)],
  ['$abs', { $abs: -5 }, int(5)],
  ['$round to the even neighbour', { $round: [2.5, 0] }, double(2)],
  ['$round to a place', { $round: [2.675, 2] }, double(2.68)],
  ['$round before the point', { $round: [1250, -2] }, int(1200)],
  ['$floor', { $floor: -1.5 }, double(-2)],
  ['$pow', { $pow: [2, 10] }, int(1024)],
  ['$sqrt', { $sqrt: 16 }, double(4)],
  ['$bitXor', { $bitXor: [6, 3] }, int(5)],
  ['$eq of what is missing and null', { $eq: ['$missing', null] }, false],
  ['$eq of objects in another order', { $eq: ['$o', { v: 2, k: 1 }] }, false],
  ['$cmp of types', { $cmp: ['$s', '$n'] }, int(1)],
  ['$lt of a date and an ObjectId', { $lt: ['$at', '$id'] }, false],
  ['$lt of a bool and a date', { $lt: [true, '$at'] }, true],
  ['$and', { $and: ['$n', { $gt: ['$n', 3] }] }, true],
  ['$not of zero', { $not: [0] }, true],
  ['$cond', { $cond: [{ $gt: ['$n', 3] }, 'yes', 'no'] }, 'yes'],
  ['$ifNull', { $ifNull: ['$nil', '$missing', 'else'] }, 'else'],
  ['$switch', { $switch: { branches: [branch(false, 1), branch(true, 2)] } }, int(2)],
  ['$let', { $let: { vars: { y: '$n' }, in: { $add: ['$$y', 1] } } }, int(8)],
  ['$literal', { $literal: '$n' }, '$n'],
  ['$size', { $size: '$a' }, int(3)],
  ['$slice', { $slice: ['$a', 1, 2] }, ints(1, 2)],
  ['$slice of what is missing', { $slice: ['$missing', 1] }, null],
  ['$arrayElemAt', { $arrayElemAt: ['$a', -1] }, int(2)],
  ['$filter', { $filter: { input: '$a', as: 'i', cond: { $gte: ['$$i', 2] } } }, ints(3, 2)],
  ['$map', { $map: { input: '$a', in: { $multiply: ['$$this', 2] } } }, ints(6, 2, 4)],
  ['$reduce', { $reduce: { input: '$a', initialValue: 0, in: { $add: ['$$value', '$$this'] } } }, int(6)],
  ['$concatArrays', { $concatArrays: ['$a', [9]] }, ints(3, 1, 2, 9)],
  ['$in', { $in: [2, '$a'] }, true],
  ['$indexOfArray', { $indexOfArray: ['$a', 2] }, int(2)],
  ['$range', { $range: [0, 6, 2] }, ints(0, 2, 4)],
  ['$reverseArray', { $reverseArray: '$a' }, ints(2, 1, 3)],
  ['$sortArray', { $sortArray: { input: '$a', sortBy: 1 } }, ints(1, 2, 3)],
  ['$zip', { $zip: { inputs: ['$a', ['x']] } }, [[int(3), 'x']]],
  ['$firstN', { $firstN: { n: 2, input: '$a' } }, ints(3, 1)],
  ['$sum of a list', { $sum: '$a' }, int(6)],
  ['$avg of operands', { $avg: ['$n', 8] }, double(7.5)],
  ['$max', { $max: '$a' }, int(3)],
  ['a path through a list', '$list.v', ints(1, 2)],
  ['$arrayToObject', { $arrayToObject: '$list' }, { p: int(1), q: int(2) }],
  [
    '$objectToArray',
    { $objectToArray: '$o' },
    [
      { k: 'k', v: int(1) },
      { k: 'v', v: int(2) },
    ],
  ],
  ['$mergeObjects', { $mergeObjects: ['$o', { v: 3 }] }, { k: int(1), v: int(3) }],
  ['$getField', { $getField: { field: 'k', input: '$o' } }, int(1)],
  [
    '$setUnion',
    {
      $setUnion: [
        [1, 2],
        [2, 3],
      ],
    },
    ints(1, 2, 3),
  ],
  ['$setIntersection', { $setIntersection: ['$a', [2, 3, 9]] }, ints(2, 3)],
  ['$setIsSubset', { $setIsSubset: [[1], '$a'] }, true],
  ['$concat', { $concat: ['$s', '!'] }, 'Häagen!'],
  ['$toUpper', { $toUpper: '$s' }, 'HÄAGEN'],
  ['$strLenCP', { $strLenCP: '$s' }, int(6)],
  ['$strLenBytes', { $strLenBytes: '$s' }, int(7)],
  ['$substrCP', { $substrCP: ['$s', 1, 2] }, 'äa'],
  ['$indexOfCP', { $indexOfCP: ['$s', 'g'] }, int(3)],
  ['$split', { $split: ['a-b', '-'] }, ['a', 'b']],
  ['$trim', { $trim: { input: '$t' } }, 'trim'],
  ['$replaceAll', { $replaceAll: { input: 'aXbX', find: 'X', replacement: 'a$&' } }, 'aa$&ba$&'],
  ['$regexMatch', { $regexMatch: { input: '$s', regex: '^h', options: 'i' } }, true],
  [
    '$regexFind',
    { $regexFind: { input: 'ab12', regex: '([a-z])(\\d)' } },
    { match: 'b1', idx: int(1), captures: ['b', '1'] },
  ],
  ['$toString of an ObjectId', { $toString: '$id' }, HEX],
  ['$toObjectId', { $toObjectId: HEX }, new ObjectId(HEX)],
  ['$toInt', { $toInt: '12' }, int(12)],
  ['$toDouble', { $toDouble: '1.50' }, double(1.5)],
  ['$toDecimal', { $toDecimal: '1.50' }, Decimal128.fromString('1.50')],
  ['$convert with onError', { $convert: { input: 'x', to: 'int', onError: 'no' } }, 'no'],
  ['$type', { $type: '$d' }, 'double'],
  ['$type of what is missing', { $type: '$missing' }, 'missing'],
  ['$year', { $year: '$at' }, int(2024)],
  ['$hour in a time zone', { $hour: { date: '$at', timezone: 'America/New_York' } }, int(8)],
  ['$isoWeek', { $isoWeek: '$at' }, int(9)],
  ['$dayOfYear', { $dayOfYear: '$at' }, int(60)],
  [
    '$dateToString',
    { $dateToString: { date: '$at', format: '%Y-%m-%d %H:%M:%S.%L %z', timezone: '+02:00' } },
    '2024-02-29 15:45:30.125 +0200',
  ],
  [
    '$dateFromString',
    { $dateFromString: { dateString: '29/02/2024', format: '%d/%m/%Y' } },
    new Date('2024-02-29'),
  ],
  ['$dateFromParts', { $dateFromParts: { year: 2024, month: 2, day: 29 } }, new Date('2024-02-29')],
  [
    '$dateAdd of a month',
    { $dateAdd: { startDate: new Date('2024-01-31'), unit: 'month', amount: 1 } },
    new Date('2024-02-29'),
  ],
  [
    '$dateDiff',
    { $dateDiff: { startDate: new Date('2024-01-31'), endDate: '$at', unit: 'month' } },
    Long.fromNumber(1),
  ],
  ['$dateTrunc', { $dateTrunc: { date: '$at', unit: 'hour' } }, new Date('2024-02-29T13:00:00Z')],
  [
    '$dateTrunc to a week',
    { $dateTrunc: { date: '$at', unit: 'week', startOfWeek: 'monday' } },
    new Date('2024-02-26'),
  ],
];

const REFUSED: readonly [string, unknown, number][] = [
  ['$toObjectId of text that is none', { $toObjectId: 'x' }, 241],
  ['$toInt of text that is none', { $toInt: 'x' }, 241],
  ['$concat of a number', { $concat: ['a', 1] }, 16702],
  ['$arrayElemAt of text', { $arrayElemAt: ['x', 0] }, 28689],
  ['$filter of text', { $filter: { input: 'x', cond: true } }, 28651],
  ['$in of text', { $in: [1, 'x'] }, 40081],
  ['$slice of text', { $slice: ['x', 1] }, 28724],
  ['an unknown time zone', { $year: { date: '$at', timezone: 'Mars' } }, 40485],
  ['two operators', { $add: [1], $abs: 1 }, 15983],
  ['an unknown operand', { $dateAdd: { startDate: '$at', unit: 'day', amount: 1, foo: 1 } }, 9],
];

describe('expressions', () => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await openEngine({ cleanUp: afterAll });
    await engine.insert('c', DOCUMENT);
  });

  const command = (value: unknown): Document => ({
    aggregate: 'c',
    pipeline: [{ $project: { _id: 0, value } }],
    cursor: {},
  });

  it.each(ROWS)('computes %s', async (_, expression, expected) => {
    const [found] = await engine.exact(command(expression));
    expect(found?.value).toEqual(expected);
  });

  it.each(REFUSED)('refuses %s', async (_, expression, code) => {
    expect(await engine.run(command(expression))).toMatchObject({ ok: 0, code });
  });
});
