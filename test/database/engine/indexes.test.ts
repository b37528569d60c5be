import { BSONRegExp, Double, MaxKey, MinKey } from 'bson';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type EngineUnderTest, openEngine } from '../../support/database-engine.ts';

/** What indexes forbid, find and delete. */

describe('indexes', () => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await openEngine({ cleanUp: afterAll });
  });

  const createIndex = (collection: string, key: object, options: object = {}) =>
    engine.run({
      createIndexes: collection,
      indexes: [Object.assign({ key, name: Object.keys(key).join('_') }, options)],
    });

  const insert = async (collection: string, document: object) => {
    const { n, writeErrors } = await engine.run({ insert: collection, documents: [document] });
    return n === 1 ? 'stored' : writeErrors[0].code;
  };

  const planOf = async (collection: string, filter: object, options: object = {}) => {
    const find = Object.assign({ find: collection, filter }, options);
    const { queryPlanner, executionStats } = await engine.run({ explain: find, verbosity: 'executionStats' });
    const { winningPlan } = queryPlanner;
    return [winningPlan.inputStage?.indexName ?? winningPlan.stage, executionStats.totalDocsExamined];
  };

  it('tells what it made', async () => {
    expect(await createIndex('made', { a: 1 })).toMatchObject({
      numIndexesBefore: 1,
      numIndexesAfter: 2,
      createdCollectionAutomatically: true,
    });
    expect(await createIndex('made', { a: 1 })).toMatchObject({ note: 'all indexes already exist' });
    expect(await createIndex('made', { a: 1 }, { unique: true })).toMatchObject({ ok: 0, code: 86 });
    expect(await createIndex('made', { a: 1 }, { name: 'other' })).toMatchObject({ ok: 0, code: 85 });
    expect(await engine.all({ listIndexes: 'made' })).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { a: 1 }, name: 'a' },
    ]);
  });

  it('makes all indexes of one command or none', async () => {
    await insert('together', { a: 1, b: 1 });
    await insert('together', { a: 2, b: 1 });
    const indexes = [
      { key: { a: 1 }, name: 'a' },
      { key: { b: 1 }, name: 'b', unique: true },
    ];
    expect(await engine.run({ createIndexes: 'together', indexes })).toMatchObject({ ok: 0, code: 11000 });
    const names = async () => (await engine.all({ listIndexes: 'together' })).map(({ name }) => name);
    expect(await names()).toEqual(['_id_']);
    await engine.run({ createIndexes: 'together', indexes: indexes.slice(0, 1) });
    expect(await engine.run({ createIndexes: 'together', indexes })).toMatchObject({ ok: 0, code: 11000 });
    expect(await names()).toEqual(['_id_', 'a']);
  });

  it.each([
    [
      'unique',
      { a: 1 },
      { unique: true },
      [{ a: 1 }, { a: 1 }, { a: null }, {}],
      ['stored', 11000, 'stored', 11000],
    ],
    [
      'compound',
      { a: 1, b: 1 },
      { unique: true },
      [
        { a: 1, b: 1 },
        { a: 1, b: 2 },
        { a: 1, b: 1 },
      ],
      ['stored', 'stored', 11000],
    ],
    [
      'sparse',
      { a: 1 },
      { unique: true, sparse: true },
      [{}, {}, { a: 1 }, { a: 1 }],
      ['stored', 'stored', 'stored', 11000],
    ],
    [
      'partial',
      { a: 1 },
      { unique: true, partialFilterExpression: { on: true } },
      [{ a: 1 }, { a: 1 }, { a: 1, on: true }, { a: 1, on: true }],
      ['stored', 'stored', 'stored', 11000],
    ],
    [
      'of elements',
      { a: 1 },
      { unique: true },
      [{ a: [1, 2] }, { a: [2, 3] }, { a: 3 }],
      ['stored', 11000, 'stored'],
    ],
    [
      'of parallel lists',
      { a: 1, b: 1 },
      {},
      [
        { a: [1], b: [1] },
        { a: [1], b: 1 },
      ],
      [171, 'stored'],
    ],
  ])('forbids by an index that is %s', async (title, key, options, documents, expected) => {
    await createIndex(title, key, options);
    const outcomes = [];
    for (const document of documents) outcomes.push(await insert(title, document));
    expect(outcomes).toEqual(expected);
  });

  it('forbids an update that would make a duplicate, and nothing changes', async () => {
    await createIndex('u', { a: 1 }, { unique: true });
    await engine.insert('u', { _id: 1, a: 1 }, { _id: 2, a: 2 });
    const updates = [{ q: { _id: 2 }, u: { $set: { a: 1 } } }];
    expect(await engine.run({ update: 'u', updates })).toMatchObject({
      n: 0,
      writeErrors: [{ code: 11000, keyPattern: { a: 1 }, keyValue: { a: 1 } }],
    });
    expect(await engine.find('u', { a: 2 })).toEqual([{ _id: 2, a: 2 }]);
  });

  it('are used for equality, lists and ranges', async () => {
    await engine.insert('n', ...Array.from({ length: 1000 }, (_, _id) => ({ _id, a: _id % 100, b: _id })));
    await createIndex('n', { a: 1, b: 1 });
    expect(await planOf('n', { _id: 5 })).toEqual(['_id_', 1]);
    expect(await planOf('n', { a: 5 })).toEqual(['a_b', 10]);
    expect(await planOf('n', { a: 5, b: { $gt: 500 } })).toEqual(['a_b', 5]);
    expect(await planOf('n', { a: { $in: [1, 2] } })).toEqual(['a_b', 20]);
    expect(await planOf('n', { a: { $gte: 98 } })).toEqual(['a_b', 20]);
    expect(await planOf('n', { b: 5 })).toEqual(['COLLSCAN', 1000]);
    expect(await planOf('n', { b: 5 }, { hint: 'a_b' })).toEqual(['a_b', 1000]);
    expect(await planOf('n', { a: 5 }, { hint: { $natural: 1 } })).toEqual(['COLLSCAN', 1000]);
  });

  it('find the same after changes', async () => {
    await createIndex('changes', { a: 1 });
    await engine.insert(
      'changes',
      ...Array.from({ length: 2000 }, (_, _id) => ({ _id, a: (_id * 7919) % 2000 })),
    );
    await engine.run({ delete: 'changes', deletes: [{ q: { a: { $lt: 500 } }, limit: 0 }] });
    await engine.run({
      update: 'changes',
      updates: [{ q: { a: { $gte: 1900 } }, u: { $inc: { a: -1900 } }, multi: true }],
    });
    const found = await engine.find('changes', { a: { $lt: 600 } });
    expect(found.map(({ a }) => a)).toEqual([
      ...Array.from({ length: 100 }, (_, n) => n),
      ...Array.from({ length: 100 }, (_, n) => 500 + n),
    ]);
  });

  it('find each document once, and two limits by different elements', async () => {
    await createIndex('elements', { a: 1 });
    await engine.insert('elements', { _id: 1, a: [1, 2, 20] }, { _id: 2, a: 7 });
    expect((await engine.find('elements', { a: { $gt: 5, $lt: 10 } })).map(({ _id }) => _id)).toEqual([2, 1]);
    expect(await engine.find('elements', { a: { $in: [1, 2] } })).toHaveLength(1);
  });

  it('that are sparse do not answer for what is missing', async () => {
    await createIndex('holes', { a: 1 }, { sparse: true });
    await engine.insert('holes', { _id: 1 }, { _id: 2, a: null }, { _id: 3, a: 1 });
    expect((await engine.find('holes', { a: null })).map(({ _id }) => _id)).toEqual([1, 2]);
    expect(await planOf('holes', { a: 1 })).toEqual(['a', 1]);
  });

  it('narrow a query, but never change what it finds', async () => {
    const names = ['any plain', 'any single', 'any sparse', 'any compound', 'any partial'];
    await createIndex('any single', { a: 1 });
    await createIndex('any single', { 'b.c': 1 });
    await createIndex('any sparse', { a: 1 }, { sparse: true });
    await createIndex('any compound', { k: 1, 'b.c': 1 });
    await createIndex('any compound', { a: 1, k: 1 });
    await createIndex('any partial', { a: 1 }, { partialFilterExpression: { 'b.c': 1 } });
    const value = fc.constantFrom<unknown>(
      null,
      1,
      2,
      2.5,
      new Double(1),
      'x',
      'y',
      [],
      [1],
      [1, 'x'],
      [2, null],
      { c: 1 },
    );
    const inner = fc.constantFrom<unknown>(
      1,
      'x',
      null,
      { c: 1 },
      { c: [1, 2] },
      [{ c: 1 }, { c: 2 }],
      [{ c: 'x' }, 3],
      [],
    );
    const document = fc.record({ a: value, b: inner, k: fc.constantFrom(1, 2, null) }, { requiredKeys: [] });
    const operand = fc.oneof(value, fc.constantFrom(new MinKey(), new MaxKey(), new BSONRegExp('x')));
    const condition = fc.oneof(
      operand,
      fc.record({ $gt: value, $lte: value, $eq: value, $ne: value }, { requiredKeys: [] }),
      fc.record({ $in: fc.array(value, { maxLength: 3 }) }),
      fc.record({ $exists: fc.boolean() }),
    );
    const fields = fc.dictionary(fc.constantFrom('a', 'b.c', 'b', 'k'), condition, {
      minKeys: 1,
      maxKeys: 3,
    });
    const query = fc.oneof(fields, fc.record({ $and: fc.array(fields, { minLength: 1, maxLength: 2 }) }));
    const some = fc.array(document, { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(some, fc.array(query, { minLength: 1, maxLength: 8 }), async (documents, queries) => {
        for (const name of names) {
          await engine.run({ delete: name, deletes: [{ q: {}, limit: 0 }] });
          await engine.insert(name, ...documents.map((one, _id) => Object.assign({ _id }, one)));
        }
        for (const filter of queries) {
          const [expected, ...others] = await Promise.all(
            names.map(async (name) => (await engine.find(name, filter)).map(({ _id }) => _id).sort()),
          );
          for (const found of others) expect(found).toEqual(expected);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('delete what has expired', async () => {
    const past = new Date(Date.now() - 60_000);
    await engine.insert(
      'ttl',
      { _id: 1, at: past },
      { _id: 2, at: new Date(Date.now() + 60_000) },
      { _id: 3, at: 'text' },
    );
    await createIndex('ttl', { at: 1 }, { expireAfterSeconds: 30 });
    await vi.waitFor(async () => expect((await engine.find('ttl')).map(({ _id }) => _id)).toEqual([2, 3]));
    await engine.run({ collMod: 'ttl', index: { name: 'at', expireAfterSeconds: 1000 } });
    expect(await engine.all({ listIndexes: 'ttl' })).toMatchObject([{}, { expireAfterSeconds: 1000 }]);
  });
});
