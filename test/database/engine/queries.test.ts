import { Binary, BSONRegExp, type Document, Double, Int32, Long, ObjectId } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineUnderTest, openEngine } from '../../support/database-engine.ts';

/** What each query finds among these, by `_id`. */

const DOCUMENTS: readonly Document[] = [
  { _id: 1, n: 1, s: 'alpha', a: [1, 2, 3], d: { x: 1, y: 2 } },
  { _id: 2, n: 2.5, s: 'Beta', a: [], d: { y: 2, x: 1 } },
  {
    _id: 3,
    n: Long.fromNumber(3),
    s: null,
    a: [
      { k: 1, v: 5 },
      { k: 2, v: 9 },
    ],
    b: true,
  },
  { _id: 4, s: 'gamma', a: 2, t: new Date(1000) },
  { _id: 5, n: new Double(1), a: [[1, 2], 'x'], o: new ObjectId('0123456789abcdef01234567') },
  { _id: 6, n: Number.NaN, bits: 6, bin: new Binary(Buffer.from([5])) },
];

const ROWS: readonly [string, Document, readonly number[]][] = [
  ['equality', { n: 1 }, [1, 5]],
  ['equality of text', { s: 'alpha' }, [1]],
  ['null is also what is missing', { s: null }, [3, 5, 6]],
  ['an element of an array', { a: 2 }, [1, 4]],
  ['a whole array', { a: [1, 2, 3] }, [1]],
  ['an array in an array', { a: [1, 2] }, [5]],
  ['objects by the order of their keys', { d: { x: 1, y: 2 } }, [1]],
  ['a path', { 'd.x': 1 }, [1, 2]],
  ['a path through an array', { 'a.k': 2 }, [3]],
  ['a position', { 'a.0': 1 }, [1, 5]],
  ['$gt', { n: { $gt: 1 } }, [2, 3]],
  ['$gte of a long', { n: { $gte: Long.fromNumber(3) } }, [3]],
  ['$lt is only for the same kind', { s: { $lt: 'b' } }, [1, 2]],
  ['$lte null', { s: { $lte: null } }, [3, 5, 6]],
  ['$lt finds no NaN', { n: { $lt: 2 } }, [1, 5]],
  ['NaN equals itself', { n: Number.NaN }, [6]],
  ['$ne', { n: { $ne: 1 } }, [2, 3, 4, 6]],
  ['$in', { n: { $in: [1, 3] } }, [1, 3, 5]],
  ['$in with a pattern', { s: { $in: [new BSONRegExp('^b', 'i'), 'alpha'] } }, [1, 2]],
  ['$in with null', { n: { $in: [null] } }, [4]],
  ['$nin', { n: { $nin: [1, 3] } }, [2, 4, 6]],
  ['$exists', { t: { $exists: true } }, [4]],
  ['$exists false', { n: { $exists: false } }, [4]],
  ['$type by name', { n: { $type: 'double' } }, [2, 5, 6]],
  ['$type int is not long', { n: { $type: 'int' } }, [1]],
  ['$type number', { n: { $type: 'number' } }, [1, 2, 3, 5, 6]],
  ['$type array', { a: { $type: 'array' } }, [1, 2, 3, 5]],
  ['$type of an element', { a: { $type: 'string' } }, [5]],
  ['$mod', { n: { $mod: [2, 1] } }, [1, 3, 5]],
  ['$regex', { s: { $regex: '^A', $options: 'i' } }, [1]],
  ['a pattern as value', { s: new BSONRegExp('a$') }, [1, 2, 4]],
  ["$regex with PCRE's anchors", { s: { $regex: '\\Aalpha\\Z' } }, [1]],
  ['$not', { n: { $not: { $gt: 1 } } }, [1, 4, 5, 6]],
  ['$not with a pattern', { s: { $not: new BSONRegExp('a') } }, [3, 5, 6]],
  ['$size', { a: { $size: 3 } }, [1]],
  ['$all', { a: { $all: [1, 3] } }, [1]],
  ['$all of nothing', { a: { $all: [] } }, []],
  ['$all with $elemMatch', { a: { $all: [{ $elemMatch: { k: 1 } }, { $elemMatch: { v: 9 } }] } }, [3]],
  ['$elemMatch of documents', { a: { $elemMatch: { k: 1, v: 5 } } }, [3]],
  ['$elemMatch needs one element for all', { a: { $elemMatch: { k: 1, v: 9 } } }, []],
  ['$elemMatch of values', { a: { $elemMatch: { $gt: 1, $lt: 3 } } }, [1]],
  ['$and', { $and: [{ n: 1 }, { s: 'alpha' }] }, [1]],
  ['$or', { $or: [{ n: 2.5 }, { b: true }] }, [2, 3]],
  ['$nor', { $nor: [{ n: 1 }, { s: 'gamma' }] }, [2, 3, 6]],
  ['$expr', { $expr: { $gt: ['$n', 2] } }, [2, 3, 6].filter((id) => id !== 6)],
  ['$expr: null is not what is missing', { $expr: { $eq: ['$s', null] } }, [3]],
  ['$bitsAllSet', { bits: { $bitsAllSet: [1, 2] } }, [6]],
  ['$bitsAnyClear', { bits: { $bitsAnyClear: 1 } }, [6]],
  ['an ObjectId', { o: new ObjectId('0123456789abcdef01234567') }, [5]],
  ['a date', { t: { $lte: new Date(1000) } }, [4]],
  ['$comment', { $comment: 'hello', b: true }, [3]],
];

const REFUSED: readonly [string, Document, number][] = [
  ['an unknown operator', { n: { $foo: 1 } }, 2],
  ['an unknown operator beside others', { n: { $gt: 1, $foo: 1 } }, 2],
  ['an unknown top level operator', { $foo: [] }, 2],
  ['$and without a list', { $and: {} }, 2],
  ['$or of nothing', { $or: [] }, 2],
  ['$in without a list', { n: { $in: 1 } }, 2],
  ['$nin without a list', { n: { $nin: 1 } }, 2],
  ['$mod by nothing', { n: { $mod: [0, 1] } }, 2],
  ['$size of text', { a: { $size: 'x' } }, 2],
  ['an unknown type', { n: { $type: 'number1' } }, 2],
  ['a pattern that is none', { s: { $regex: '(' } }, 51091],
  ['an unknown expression', { $expr: { $foo: 1 } }, 168],
  ['$where', { $where: 'true' }, 238],
  ['$text', { $text: { $search: 'x' } }, 238],
  ['$near', { l: { $near: [1, 2] } }, 238],
  ['$jsonSchema', { $jsonSchema: {} }, 238],
];

describe('queries', () => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await openEngine({ cleanUp: afterAll });
    await engine.insert('c', ...DOCUMENTS);
    await engine.insert('indexed', ...DOCUMENTS);
    const names = ['n', 's', 'd', 't', 'o', 'd.x', 'bits', 'b'];
    const indexes = names.map((name) => ({ key: { [name]: new Int32(1) }, name }));
    await engine.run({ createIndexes: 'indexed', indexes: [...indexes, { key: { a: 1 }, name: 'a' }] });
  });

  it.each(ROWS)('finds by %s', async (_, filter, ids) => {
    expect((await engine.find('c', filter)).map(({ _id }) => _id)).toEqual(ids);
  });

  it.each(ROWS)('finds the same with indexes: %s', async (_, filter, ids) => {
    expect((await engine.find('indexed', filter)).map(({ _id }) => _id).sort()).toEqual(ids);
  });

  it.each(REFUSED)('refuses %s', async (_, filter, code) => {
    expect(await engine.run({ find: 'c', filter })).toMatchObject({ ok: 0, code });
    expect(await engine.run({ find: 'missing', filter })).toMatchObject({ ok: 0, code });
  });
});
