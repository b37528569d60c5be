import { Decimal128, type Document, Double, Int32, Long, serialize, Timestamp } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineUnderTest, openEngine } from '../../support/database-engine.ts';

/** What each update makes of a document, and what it refuses with MongoDB's code. */

interface Row {
  readonly title: string;
  readonly before: Document;
  readonly update: Document | Document[];
  readonly after: Document;
  readonly q?: Document;
  readonly options?: Document;
}

const ROWS: readonly Row[] = [
  { title: '$set', before: { a: 1 }, update: { $set: { a: 2, 'b.c': 3 } }, after: { a: 2, b: { c: 3 } } },
  {
    title: '$set puts new fields in the order of their names',
    before: {},
    update: { $set: { b: 1, a10: 1, a9: 1 }, $inc: { aa: 1 } },
    after: { a10: 1, a9: 1, aa: 1, b: 1 },
  },
  {
    title: '$set at a position, null before it',
    before: { a: [1] },
    update: { $set: { 'a.3': 4 } },
    after: { a: [1, null, null, 4] },
  },
  { title: '$set of the same _id', before: { a: 1 }, update: { $set: { _id: 1, a: 2 } }, after: { a: 2 } },
  {
    title: '$unset',
    before: { a: 1, b: { c: 1, d: 2 } },
    update: { $unset: { a: '', 'b.c': '' } },
    after: { b: { d: 2 } },
  },
  {
    title: '$unset of an element leaves null',
    before: { a: [1, 2] },
    update: { $unset: { 'a.0': '' } },
    after: { a: [null, 2] },
  },
  { title: '$inc', before: { a: 1 }, update: { $inc: { a: 2, b: 5 } }, after: { a: 3, b: 5 } },
  { title: '$mul', before: { a: 3 }, update: { $mul: { a: 2, b: 5 } }, after: { a: 6, b: 0 } },
  {
    title: '$min and $max',
    before: { a: 3, b: 3 },
    update: { $min: { a: 2, c: 1 }, $max: { b: 2 } },
    after: { a: 2, b: 3, c: 1 },
  },
  {
    title: '$rename',
    before: { a: 1, z: 0 },
    update: { $rename: { a: 'b.c' } },
    after: { z: 0, b: { c: 1 } },
  },
  {
    title: '$setOnInsert of what is there',
    before: { a: 1 },
    update: { $setOnInsert: { a: 9 }, $set: { b: 1 } },
    after: { a: 1, b: 1 },
  },
  { title: '$push', before: { a: [1] }, update: { $push: { a: 2, b: 3 } }, after: { a: [1, 2], b: [3] } },
  {
    title: '$push on a missing field obeys $sort and $slice',
    before: {},
    update: { $push: { a: { $each: [3, 1, 2], $sort: 1, $slice: 2 } } },
    after: { a: [1, 2] },
  },
  {
    title: '$push at a position, the last two stay',
    before: { a: [1, 2] },
    update: { $push: { a: { $each: [9], $position: 0, $slice: -2 } } },
    after: { a: [1, 2] },
  },
  {
    title: '$push sorted by a field',
    before: { a: [{ k: 2 }] },
    update: { $push: { a: { $each: [{ k: 3 }, { k: 1 }], $sort: { k: -1 } } } },
    after: { a: [{ k: 3 }, { k: 2 }, { k: 1 }] },
  },
  {
    title: '$addToSet',
    before: { a: [1] },
    update: { $addToSet: { a: { $each: [1, 2, 2] } } },
    after: { a: [1, 2] },
  },
  {
    title: '$addToSet compares documents with their order',
    before: { a: [{ x: 1, y: 2 }] },
    update: { $addToSet: { a: { y: 2, x: 1 } } },
    after: {
      a: [
        { x: 1, y: 2 },
        { y: 2, x: 1 },
      ],
    },
  },
  { title: '$pull of a value', before: { a: [1, 2, 1] }, update: { $pull: { a: 1 } }, after: { a: [2] } },
  {
    title: '$pull by operators',
    before: { a: [1, 5, 9] },
    update: { $pull: { a: { $gte: 5 } } },
    after: { a: [1] },
  },
  {
    title: '$pull by fields',
    before: { a: [{ k: 1, v: 1 }, { k: 2 }] },
    update: { $pull: { a: { k: 1 } } },
    after: { a: [{ k: 2 }] },
  },
  { title: '$pullAll', before: { a: [1, 2, 3] }, update: { $pullAll: { a: [1, 3] } }, after: { a: [2] } },
  {
    title: '$pop',
    before: { a: [1, 2, 3], b: [1, 2] },
    update: { $pop: { a: 1, b: -1 } },
    after: { a: [1, 2], b: [2] },
  },
  { title: '$bit', before: { a: 5 }, update: { $bit: { a: { and: 4, or: 8 } } }, after: { a: 12 } },
  {
    title: '$',
    before: { a: [1, 2, 3] },
    q: { a: 2 },
    update: { $set: { 'a.$': 9 } },
    after: { a: [1, 9, 3] },
  },
  {
    title: '$ by $elemMatch',
    before: { a: [{ k: 1 }, { k: 2 }] },
    q: { a: { $elemMatch: { k: 2 } } },
    update: { $inc: { 'a.$.k': 5 } },
    after: { a: [{ k: 1 }, { k: 7 }] },
  },
  { title: '$[]', before: { a: [1, 2] }, update: { $inc: { 'a.$[]': 1 } }, after: { a: [2, 3] } },
  {
    title: '$[name]',
    before: { a: [{ k: 1 }, { k: 5 }] },
    update: { $set: { 'a.$[big].k': 0 } },
    options: { arrayFilters: [{ 'big.k': { $gt: 2 } }] },
    after: { a: [{ k: 1 }, { k: 0 }] },
  },
  {
    title: 'a pipeline',
    before: { a: 1, b: 2 },
    update: [{ $set: { c: { $add: ['$a', '$b'] } } }, { $unset: 'a' }],
    after: { b: 2, c: 3 },
  },
  { title: 'a replacement', before: { a: 1 }, update: { z: 1 }, after: { z: 1 } },
];

const REFUSED: readonly [string, Document, Document | Document[], number, Document?][] = [
  ['$set through a scalar', { a: 5 }, { $set: { 'a.b': 1 } }, 28],
  ['$set through null', { a: null }, { $set: { 'a.b': 1 } }, 28],
  ['$set of a name in a list', { a: [1] }, { $set: { 'a.b': 1 } }, 28],
  ['$inc on text', { a: 'x' }, { $inc: { a: 1 } }, 14],
  ['$inc on null', { a: null }, { $inc: { a: 1 } }, 14],
  ['$inc by text', { a: 1 }, { $inc: { a: 'x' } }, 14],
  ['$inc beyond an int64', { a: Long.MAX_VALUE }, { $inc: { a: 1 } }, 2],
  ['$push on no list', { a: 1 }, { $push: { a: 1 } }, 2],
  ['$push with an unknown clause', {}, { $push: { a: { $each: [], $foo: 1 } } }, 2],
  ['$pull on no list', { a: 1 }, { $pull: { a: 1 } }, 2],
  ['$pullAll on no list', { a: 1 }, { $pullAll: { a: [1] } }, 2],
  ['$addToSet on no list', { a: 1 }, { $addToSet: { a: 1 } }, 2],
  ['$pop on no list', { a: 1 }, { $pop: { a: 1 } }, 14],
  ['$pop by 2', { a: [1] }, { $pop: { a: 2 } }, 9],
  ['$[] on nothing', {}, { $set: { 'a.$[]': 1 } }, 2],
  ['$[] on no list', { a: 1 }, { $set: { 'a.$[]': 1 } }, 2],
  ['$[name] without a filter', { a: [1] }, { $set: { 'a.$[x]': 1 } }, 2],
  ['a filter that is not used', { a: [1] }, { $set: { a: 1 } }, 9, { arrayFilters: [{ x: 1 }] }],
  ['$ without a match', { a: [1] }, { $set: { 'a.$': 1 } }, 2],
  ['another _id', {}, { $set: { _id: 2 } }, 66],
  ['no _id', {}, { $unset: { _id: '' } }, 66],
  ['a replacement with another _id', {}, { _id: 2 }, 66],
  ['an unknown modifier', {}, { $foo: { a: 1 } }, 9],
  ['a modifier without fields', {}, { $set: 1 }, 9],
  ['two modifiers of one field', {}, { $set: { a: 1 }, $inc: { a: 1 } }, 40],
  ['a field and what is in it', {}, { $set: { a: 1, 'a.b': 2 } }, 40],
  ['an empty name', {}, { $set: { 'a..b': 1 } }, 56],
  ['$rename to text that is none', { a: 1 }, { $rename: { a: 1 } }, 2],
  ['$currentDate of an unknown type', {}, { $currentDate: { a: { $type: 'foo' } } }, 2],
  ['a stage that is not for updates', {}, [{ $match: {} }], 72],
  ['a replacement of many', {}, { a: 1 }, 9, { multi: true }],
];

describe('updates', () => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await openEngine({ cleanUp: afterAll });
  });

  const update = (u: Document | Document[], q: Document = { _id: 1 }, options: Document = {}) =>
    engine.run({ update: 'c', updates: [Object.assign({ q, u }, options)] });

  const store = async (document: Document) => {
    await engine.run({ delete: 'c', deletes: [{ q: {}, limit: 0 }] });
    await engine.insert('c', Object.assign({ _id: 1 }, document));
  };

  it.each(ROWS)('applies $title', async ({ before, update: u, after, q = {}, options = {} }) => {
    await store(before);
    expect(await update(u, Object.assign({ _id: 1 }, q), options)).toMatchObject({ n: 1, ok: 1 });
    const [found] = await engine.find('c');
    expect(JSON.stringify(found)).toBe(JSON.stringify(Object.assign({ _id: 1 }, after)));
  });

  it.each(REFUSED)('refuses %s', async (_, before, u, code, options = {}) => {
    await store(before);
    const reply = await update(u, { _id: 1 }, options);
    expect(reply).toMatchObject({ n: 0, nModified: 0, ok: 1, writeErrors: [{ index: 0, code }] });
    expect(reply.writeErrors[0].errmsg).toMatch(/./);
    const [found] = await engine.find('c');
    expect(serialize(found ?? {})).toEqual(serialize(Object.assign({ _id: 1 }, before)));
  });

  it('leaves what it does not touch as it is, byte for byte', async () => {
    const untouched = {
      int: new Int32(1),
      double: new Double(1),
      negativeZero: new Double(-0),
      long: Long.fromNumber(1),
      decimal: Decimal128.fromString('1.50'),
      list: [new Double(2), Long.fromNumber(2)],
      time: new Timestamp({ t: 1, i: 2 }),
    };
    await store(Object.assign({ x: 1 }, untouched));
    await update({ $inc: { x: 1 } });
    const [found] = await engine.exact({ find: 'c' });
    expect(serialize(found ?? {})).toEqual(
      serialize(Object.assign({ _id: new Int32(1), x: new Int32(2) }, untouched)),
    );
  });

  it.each([
    ['int32 and int32', new Int32(1), new Int32(2), new Int32(3)],
    ['int32 that grows', new Int32(2 ** 31 - 1), new Int32(1), Long.fromNumber(2 ** 31)],
    ['int32 and double', new Int32(1), new Double(2), new Double(3)],
    [
      'int64 and int32',
      Long.fromString('9007199254740993'),
      new Int32(1),
      Long.fromString('9007199254740994'),
    ],
    ['decimals', Decimal128.fromString('0.10'), Decimal128.fromString('0.2'), Decimal128.fromString('0.30')],
  ])('adds %s', async (_, before, by, after) => {
    await store({ n: before });
    await update({ $inc: { n: by } });
    const [found] = await engine.exact({ find: 'c', projection: { _id: 0 } });
    expect(found?.n).toEqual(after);
  });

  it('keeps the order of keys that look like numbers', async () => {
    await store({});
    const odd = new Map<string, unknown>([
      ['b', 1],
      ['2', 1],
      ['__proto__', 1],
      ['1', 1],
    ]);
    await update({ $set: { odd } });
    await update({ $set: { z: 1 } });
    const projection = { keys: { $map: { input: { $objectToArray: '$odd' }, in: '$$this.k' } } };
    const [found] = await engine.find('c', {}, { projection });
    expect(found?.keys).toEqual(['b', '2', '__proto__', '1']);
  });

  it('counts as modified only what differs', async () => {
    await store({ a: 1 });
    expect(await update({ $set: { a: 1 } })).toMatchObject({ n: 1, nModified: 0 });
    expect(await update({ $set: { a: new Double(1) } })).toMatchObject({ n: 1, nModified: 1 });
  });

  it('makes a document of the query and the update', async () => {
    await store({});
    const q = { key: 'x', 'd.e': { $eq: 5 }, n: { $gt: 3 }, $and: [{ f: 1 }] };
    const reply = await update({ $inc: { n: 1 }, $setOnInsert: { made: true } }, q, { upsert: true });
    expect(reply).toMatchObject({ n: 1, nModified: 0, upserted: [{ index: 0 }] });
    const [found] = await engine.find('c', { key: 'x' });
    expect(found).toEqual({ _id: reply.upserted[0]._id, d: { e: 5 }, f: 1, key: 'x', made: true, n: 1 });
    expect(Object.keys(found ?? {})[0]).toBe('_id');
  });

  it('sets the date of now', async () => {
    await store({});
    await update({ $currentDate: { at: true, stamp: { $type: 'timestamp' } } });
    const [found] = await engine.find('c');
    expect(Math.abs(Date.now() - found?.at.getTime())).toBeLessThan(60_000);
    expect(found?.stamp).toBeInstanceOf(Timestamp);
  });

  it.each([
    ['as it was', {}, { _id: 1, a: 1 }],
    ['as it is', { new: true }, { _id: 1, a: 2 }],
    ['some fields of it', { new: true, fields: { _id: 0, a: 1 } }, { a: 2 }],
  ])('finds and modifies a document: %s', async (_, options, value) => {
    await store({ a: 1 });
    const command = Object.assign(
      { findAndModify: 'c', query: { _id: 1 }, update: { $inc: { a: 1 } } },
      options,
    );
    expect(await engine.run(command)).toMatchObject({
      lastErrorObject: { n: 1, updatedExisting: true },
      value,
    });
  });

  it('finds and removes the first of an order', async () => {
    await store({ a: 1 });
    await engine.insert('c', { _id: 2, a: 2 });
    const reply = await engine.run({ findAndModify: 'c', sort: { a: -1 }, remove: true });
    expect(reply).toMatchObject({ lastErrorObject: { n: 1 }, value: { _id: 2 } });
    expect(await engine.find('c')).toEqual([{ _id: 1, a: 1 }]);
  });
});
