import { type Document, Int32, Long, MaxKey, MinKey, ObjectId } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineUnderTest, openEngine } from '../../support/database-engine.ts';

/** Commands as such: what they answer beside documents, and what they refuse with MongoDB's code. */

const REFUSED: readonly [string, Document, number][] = [
  ['an unknown command', { foo: 1 }, 59],
  ['an unknown field', { find: 'c', foo: 1 }, 40415],
  ['a filter that is none', { find: 'c', filter: 'x' }, 14],
  ['a collection without a name', { find: '' }, 73],
  ['a collection that is no text', { find: 1 }, 73],
  ['a cursor that is not there', { getMore: Long.fromNumber(5), collection: 'c' }, 43],
  ['a hint for no index', { find: 'c', hint: 'nope' }, 2],
  [
    'a transaction',
    { find: 'c', txnNumber: Long.fromNumber(1), startTransaction: true, autocommit: false },
    20,
  ],
  ['two replicas', { insert: 'c', documents: [{ a: 1 }], writeConcern: { w: 2 } }, 2],
  ['a collation', { find: 'c', collation: { locale: 'de' } }, 238],
  ['a tailable cursor', { find: 'c', tailable: true }, 238],
  ['a capped collection', { create: 'x', capped: true, size: 100 }, 238],
  ['a validator', { create: 'x', validator: { a: 1 } }, 238],
  ['a view', { create: 'x', viewOn: 'c', pipeline: [] }, 238],
  ['a collection that is there', { create: 'c' }, 48],
  ['a collection with $', { create: 'a$b' }, 73],
  ['the indexes of no collection', { listIndexes: 'nope' }, 26],
  ['to rename no collection', { renameCollection: 'test.nope', to: 'test.x', $db: 'admin' }, 26],
  ['to rename over another', { renameCollection: 'test.c', to: 'test.d', $db: 'admin' }, 48],
  ['a text index', { createIndexes: 'c', indexes: [{ key: { a: 'text' }, name: 'a_text' }] }, 238],
  ['a geo index', { createIndexes: 'c', indexes: [{ key: { a: '2dsphere' }, name: 'a_geo' }] }, 238],
  ['a wildcard index', { createIndexes: 'c', indexes: [{ key: { '$**': 1 }, name: 'w' }] }, 238],
  ['an index of an unknown kind', { createIndexes: 'c', indexes: [{ key: { a: 'foo' }, name: 'a' }] }, 67],
  ['an index without keys', { createIndexes: 'c', indexes: [{ key: {}, name: 'a' }] }, 67],
  ['an unknown index option', { createIndexes: 'c', indexes: [{ key: { a: 1 }, name: 'a', foo: 1 }] }, 197],
  [
    'a unique index over equal values',
    { createIndexes: 'c', indexes: [{ key: { same: 1 }, name: 's', unique: true }] },
    11000,
  ],
  ['to drop no index', { dropIndexes: 'c', index: 'nope' }, 27],
  ['to drop the index of _id', { dropIndexes: 'c', index: '_id_' }, 72],
  ['an aggregate without a cursor', { aggregate: 'c', pipeline: [] }, 9],
  ['no documents', { insert: 'c', documents: [] }, 16],
  ['databases asked of another', { listDatabases: 1 }, 13],
  ['both kinds of projection', { find: 'c', projection: { a: 1, b: 0 } }, 31254],
  ['a sort that is none', { find: 'c', sort: { a: 2 } }, 15975],
  ['removing and changing', { findAndModify: 'c', remove: true, update: { $set: { a: 1 } } }, 9],
];

const ID_REFUSED: readonly [string, unknown, number][] = [
  ['a list', [1], 53],
  ['an operator', { $foo: 1 }, 52],
];

describe('commands', () => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await openEngine({ cleanUp: afterAll });
    await engine.insert('c', { _id: 1, same: 1 }, { _id: 2, same: 1 });
    await engine.insert('d', { _id: 1 });
  });

  it.each(REFUSED)('refuses %s', async (_, command, code) => {
    const reply = await engine.run(command);
    expect(reply).toMatchObject({
      ok: 0,
      code,
      errmsg: expect.stringMatching(/./),
      codeName: expect.anything(),
    });
  });

  it.each(ID_REFUSED)('refuses an _id that is %s', async (_, id, code) => {
    const reply = await engine.run({ insert: 'c', documents: [{ _id: id }] });
    expect(reply).toMatchObject({ n: 0, writeErrors: [{ index: 0, code }] });
  });

  it('takes documents beside the body', async () => {
    const documents = Array.from({ length: 3 }, (_, n) => ({ _id: n }));
    expect(await engine.run({ insert: 'beside' }, { documents })).toMatchObject({ n: 3, ok: 1 });
    expect(await engine.run({ count: 'beside' })).toMatchObject({ n: 3 });
  });

  it('goes on after a duplicate unless ordered, and names the key', async () => {
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    const errors = [{ index: 1, code: 11000, keyPattern: { _id: 1 }, keyValue: { _id: 1 } }];
    expect(await engine.run({ insert: 'u1', documents, ordered: false })).toMatchObject({
      n: 2,
      writeErrors: errors,
    });
    const reply = await engine.run({ insert: 'u2', documents });
    expect(reply).toMatchObject({ n: 1, writeErrors: errors });
    expect(reply.writeErrors[0].errmsg).toBe(
      'E11000 duplicate key error collection: test.u2 index: _id_ dup key: { _id: 1 }',
    );
  });

  it('L12: refuses a document of more than 16 MB, but not one of just 16 MB', async () => {
    const text = (bytes: number) => 'x'.repeat(bytes);
    const sixteen = 16 * 1024 * 1024;
    expect(
      await engine.run({ insert: 'big', documents: [{}] }, { documents: [{ _id: 1, s: text(sixteen) }] }),
    ).toMatchObject({
      n: 0,
      writeErrors: [{ code: 10334 }],
    });
    const fits = { _id: 1, s: text(sixteen - 22) };
    expect(await engine.run({ insert: 'big' }, { documents: [fits] })).toMatchObject({ n: 1 });
    const u = { $set: { more: text(100) } };
    expect(await engine.run({ update: 'big', updates: [{ q: {}, u }] })).toMatchObject({
      writeErrors: [{ code: 10334 }],
    });
    const doubled = { $concat: ['$s', '$s', '$s', '$s'] };
    const pipeline = [{ $project: { s: doubled } }];
    expect(await engine.run({ aggregate: 'big', pipeline, cursor: {} })).toMatchObject({
      ok: 0,
      code: 10334,
    });
    await engine.run({ drop: 'big' });
  });

  it('L12: refuses a document that is nested too deeply', async () => {
    let nested: Document = {};
    for (let depth = 0; depth < 200; depth++) nested = { nested };
    expect(await engine.run({ insert: 'deep', documents: [nested] })).toMatchObject({ ok: 0, code: 15 });
    const path = Array.from({ length: 200 }, () => 'a').join('.');
    await engine.insert('deep', { _id: 1 });
    const updates = [{ q: {}, u: { $set: { [path]: 1 } } }];
    expect(await engine.run({ update: 'deep', updates })).toMatchObject({ writeErrors: [{ code: 15 }] });
  });

  it('gives a result in batches, until the cursor is killed', async () => {
    await engine.insert('many', ...Array.from({ length: 250 }, (_, _id) => ({ _id })));
    const { cursor: first } = await engine.run({ find: 'many' });
    expect(first.firstBatch).toHaveLength(101);
    const id = Long.fromValue(first.id);
    const { cursor: second } = await engine.run({ getMore: id, collection: 'many', batchSize: 10 });
    expect(second.nextBatch.map(({ _id }: Document) => _id)).toEqual(
      Array.from({ length: 10 }, (_, n) => 101 + n),
    );
    expect(await engine.run({ killCursors: 'many', cursors: [id] })).toMatchObject({
      cursorsKilled: [id.toNumber()].map(() => expect.anything()),
    });
    expect(await engine.run({ getMore: id, collection: 'many' })).toMatchObject({ ok: 0, code: 43 });
    expect(await engine.find('many')).toHaveLength(250);
    const { cursor } = await engine.run({ find: 'many', batchSize: 2, singleBatch: true });
    expect([cursor.firstBatch.length, Number(cursor.id)]).toEqual([2, 0]);
  });

  it('sorts values of all types as BSON does', async () => {
    const values = [
      new MinKey(),
      null,
      new Int32(1),
      2.5,
      'a',
      { a: 1 },
      new ObjectId(),
      false,
      true,
      new Date(0),
      new MaxKey(),
    ];
    await engine.insert('mixed', ...values.map((v, _id) => ({ _id, v })).reverse());
    const found = await engine.find('mixed', {}, { sort: { v: 1 } });
    expect(found.map(({ _id }) => _id)).toEqual(values.map((_, index) => index));
  });

  it('sorts by the least of a list, and by its greatest backwards', async () => {
    await engine.insert('lists', { _id: 1, v: [5, 1] }, { _id: 2, v: 3 }, { _id: 3, v: [] }, { _id: 4 });
    const order = async (v: number) =>
      (await engine.find('lists', {}, { sort: { v } })).map(({ _id }) => _id);
    expect(await order(1)).toEqual([3, 4, 1, 2]);
    expect(await order(-1)).toEqual([1, 2, 4, 3]);
  });

  it.each([
    [
      'a lone $slice keeps the other fields',
      { l: { $slice: 1 } },
      { _id: 1, l: [1], k: 'x', d: { a: 1, b: 2 } },
    ],
    ['$slice from a position', { l: { $slice: [1, 1] }, _id: 0, k: 1 }, { l: [2], k: 'x' }],
    ['fields', { 'd.a': 1 }, { _id: 1, d: { a: 1 } }],
    ['without fields', { l: 0, d: { b: 0 } }, { _id: 1, k: 'x', d: { a: 1 } }],
    ['an expression', { _id: 0, n: { $size: '$l' } }, { n: 3 }],
    ['$', { 'l.$': 1 }, { _id: 1, l: [2] }],
    ['$elemMatch', { _id: 0, l: { $elemMatch: { $gt: 2 } } }, { l: [3] }],
  ])('projects %s', async (_, projection, expected) => {
    await engine.run({ drop: 'p' });
    await engine.insert('p', { _id: 1, l: [1, 2, 3], k: 'x', d: { a: 1, b: 2 } });
    expect(await engine.find('p', { l: 2 }, { projection })).toEqual([expected]);
  });

  it('lists what is there', async () => {
    await engine.run({ create: 'made', $db: 'other' });
    const { databases } = await engine.run({ listDatabases: 1, $db: 'admin', nameOnly: true });
    expect(databases).toEqual([{ name: 'other' }, { name: 'test' }]);
    expect(await engine.all({ listCollections: 1, $db: 'other' })).toMatchObject([
      { name: 'made', type: 'collection', idIndex: { key: { _id: 1 }, name: '_id_' } },
    ]);
    expect(await engine.run({ dropDatabase: 1, $db: 'other' })).toMatchObject({ dropped: 'other', ok: 1 });
    expect(await engine.all({ listCollections: 1, $db: 'other' })).toEqual([]);
  });

  it('renames a collection with its indexes', async () => {
    await engine.insert('from', { _id: 1 });
    await engine.run({ createIndexes: 'from', indexes: [{ key: { a: 1 }, name: 'a_1' }] });
    await engine.run({ renameCollection: 'test.from', to: 'test.to', $db: 'admin' });
    expect(await engine.find('to')).toEqual([{ _id: 1 }]);
    expect(await engine.all({ listIndexes: 'to' })).toMatchObject([{ name: '_id_' }, { name: 'a_1' }]);
    expect(await engine.find('from')).toEqual([]);
  });

  it('counts, tells values apart and measures', async () => {
    await engine.insert('m', { _id: 1, v: [1, 2] }, { _id: 2, v: 2 }, { _id: 3 });
    expect(await engine.run({ count: 'm', query: { v: 2 } })).toMatchObject({ n: 2 });
    expect(await engine.run({ distinct: 'm', key: 'v' })).toMatchObject({ values: [1, 2] });
    expect(await engine.run({ collStats: 'm' })).toMatchObject({
      ns: 'test.m',
      count: 3,
      nindexes: 1,
      ok: 1,
    });
    expect(await engine.run({ dbStats: 1 })).toMatchObject({ db: 'test', ok: 1 });
    expect(await engine.run({ serverStatus: 1 })).toMatchObject({ version: '7.0.0', ok: 1 });
    expect(await engine.aggregate('m', { $collStats: { count: {} } })).toMatchObject([{ count: 3 }]);
  });
});
