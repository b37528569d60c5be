import { Decimal128, type Document, Double, Int32, Long } from 'bson';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineUnderTest, openEngine } from '../../support/database-engine.ts';

/** What each stage makes of these. */

const SALES: readonly Document[] = [
  { _id: 1, item: 'a', qty: 2, price: 10, tags: ['x', 'y'], day: 1 },
  { _id: 2, item: 'b', qty: 1, price: 20, tags: ['y'], day: 2 },
  { _id: 3, item: 'a', qty: 5, price: 10, tags: [], day: 3 },
  { _id: 4, item: 'c', qty: 3, price: 5, day: 4 },
];

const ITEMS: readonly Document[] = [
  { _id: 'a', name: 'Apple' },
  { _id: 'b', name: 'Bread' },
];

const STAFF: readonly Document[] = [
  { _id: 1, name: 'Ann' },
  { _id: 2, name: 'Bob', boss: 'Ann' },
  { _id: 3, name: 'Cid', boss: 'Bob' },
];

const ROWS: readonly [string, readonly Document[], readonly Document[]][] = [
  [
    '$match and $project',
    [{ $match: { qty: { $gt: 2 } } }, { $project: { item: 1, total: { $multiply: ['$qty', '$price'] } } }],
    [
      { _id: 3, item: 'a', total: 50 },
      { _id: 4, item: 'c', total: 15 },
    ],
  ],
  [
    '$group',
    [
      { $group: { _id: '$item', n: { $sum: '$qty' }, avg: { $avg: '$qty' }, all: { $push: '$day' } } },
      { $sort: { _id: 1 } },
    ],
    [
      { _id: 'a', n: 7, avg: 3.5, all: [1, 3] },
      { _id: 'b', n: 1, avg: 1, all: [2] },
      { _id: 'c', n: 3, avg: 3, all: [4] },
    ],
  ],
  [
    '$group of all',
    [
      {
        $group: {
          _id: null,
          max: { $max: '$qty' },
          min: { $min: '$price' },
          n: { $count: {} },
          first: { $first: '$item' },
          last: { $last: '$item' },
          set: { $addToSet: '$price' },
        },
      },
    ],
    [{ _id: null, max: 5, min: 5, n: 4, first: 'a', last: 'c', set: [10, 20, 5] }],
  ],
  [
    '$group with several',
    [
      {
        $group: {
          _id: null,
          top: { $topN: { n: 2, sortBy: { qty: -1 }, output: '$item' } },
          low: { $minN: { n: 2, input: '$qty' } },
          one: { $bottom: { sortBy: { qty: -1 }, output: '$_id' } },
        },
      },
    ],
    [{ _id: null, top: ['a', 'c'], low: [1, 2], one: 2 }],
  ],
  [
    '$set and $unset',
    [{ $limit: 1 }, { $set: { 'd.e': '$qty', tags: '$$REMOVE' } }, { $unset: ['price', 'day'] }],
    [{ _id: 1, item: 'a', qty: 2, d: { e: 2 } }],
  ],
  [
    '$sort, $skip, $limit',
    [{ $sort: { qty: -1 } }, { $skip: 1 }, { $limit: 2 }, { $project: { _id: 1 } }],
    [{ _id: 4 }, { _id: 1 }],
  ],
  ['$count', [{ $match: { item: 'a' } }, { $count: 'n' }], [{ n: 2 }]],
  [
    '$unwind',
    [{ $unwind: '$tags' }, { $project: { tags: 1 } }],
    [
      { _id: 1, tags: 'x' },
      { _id: 1, tags: 'y' },
      { _id: 2, tags: 'y' },
    ],
  ],
  [
    '$unwind of all',
    [
      { $unwind: { path: '$tags', preserveNullAndEmptyArrays: true, includeArrayIndex: 'i' } },
      { $project: { tags: 1, i: 1 } },
    ],
    [
      { _id: 1, tags: 'x', i: 0 },
      { _id: 1, tags: 'y', i: 1 },
      { _id: 2, tags: 'y', i: 0 },
      { _id: 3, i: null },
      { _id: 4, i: null },
    ],
  ],
  [
    '$lookup',
    [
      { $match: { _id: { $in: [1, 4] } } },
      { $lookup: { from: 'items', localField: 'item', foreignField: '_id', as: 'found' } },
      { $project: { found: 1 } },
    ],
    [
      { _id: 1, found: [{ _id: 'a', name: 'Apple' }] },
      { _id: 4, found: [] },
    ],
  ],
  [
    '$lookup without an index',
    [
      { $match: { _id: 1 } },
      { $lookup: { from: 'sales', localField: 'item', foreignField: 'item', as: 'same' } },
      { $project: { same: '$same._id' } },
    ],
    [{ _id: 1, same: [1, 3] }],
  ],
  [
    "$lookup's pipeline",
    [
      { $match: { _id: 2 } },
      {
        $lookup: {
          from: 'sales',
          let: { q: '$qty' },
          pipeline: [{ $match: { $expr: { $gt: ['$qty', '$$q'] } } }, { $project: { _id: 1 } }],
          as: 'more',
        },
      },
      { $project: { more: 1 } },
    ],
    [{ _id: 2, more: [{ _id: 1 }, { _id: 3 }, { _id: 4 }] }],
  ],
  [
    '$facet',
    [
      {
        $facet: {
          n: [{ $count: 'c' }],
          top: [{ $sort: { qty: -1 } }, { $limit: 1 }, { $project: { _id: 1 } }],
        },
      },
    ],
    [{ n: [{ c: 4 }], top: [{ _id: 3 }] }],
  ],
  [
    '$bucket',
    [{ $bucket: { groupBy: '$price', boundaries: [0, 10, 20], default: 'more' } }],
    [
      { _id: 0, count: 1 },
      { _id: 10, count: 2 },
      { _id: 'more', count: 1 },
    ],
  ],
  [
    '$bucketAuto',
    [{ $bucketAuto: { groupBy: '$qty', buckets: 2 } }],
    [
      { _id: { min: 1, max: 3 }, count: 2 },
      { _id: { min: 3, max: 5 }, count: 2 },
    ],
  ],
  ['$sortByCount', [{ $sortByCount: '$item' }, { $limit: 1 }], [{ _id: 'a', count: 2 }]],
  ['$replaceRoot', [{ $limit: 1 }, { $replaceRoot: { newRoot: { k: '$item' } } }], [{ k: 'a' }]],
  [
    '$unionWith',
    [
      { $match: { _id: 1 } },
      { $project: { item: 1 } },
      { $unionWith: { coll: 'items', pipeline: [{ $match: { _id: 'b' } }] } },
    ],
    [
      { _id: 1, item: 'a' },
      { _id: 'b', name: 'Bread' },
    ],
  ],
  [
    '$setWindowFields',
    [
      {
        $setWindowFields: {
          partitionBy: '$item',
          sortBy: { day: 1 },
          output: {
            sum: { $sum: '$qty', window: { documents: ['unbounded', 'current'] } },
            rank: { $rank: {} },
            before: { $shift: { output: '$qty', by: -1, default: 0 } },
          },
        },
      },
      { $project: { sum: 1, rank: 1, before: 1 } },
    ],
    [
      { _id: 1, sum: 2, rank: 1, before: 0 },
      { _id: 3, sum: 7, rank: 2, before: 2 },
      { _id: 2, sum: 1, rank: 1, before: 0 },
      { _id: 4, sum: 3, rank: 1, before: 0 },
    ],
  ],
  [
    '$setWindowFields by range',
    [
      {
        $setWindowFields: {
          sortBy: { day: 1 },
          output: { near: { $sum: '$qty', window: { range: [-1, 1] } } },
        },
      },
      { $project: { near: 1 } },
    ],
    [
      { _id: 1, near: 3 },
      { _id: 2, near: 8 },
      { _id: 3, near: 9 },
      { _id: 4, near: 8 },
    ],
  ],
  [
    'a projection that leaves out',
    [{ $match: { _id: 2 } }, { $project: { tags: 0, price: 0, day: 0 } }],
    [{ _id: 2, item: 'b', qty: 1 }],
  ],
];

/** A literal with this name would look like a promise. */
function branch(test: unknown, value: unknown): Document {
  return Object.fromEntries([
    ['case', test],
    ['then', value],
  ]);
}

const REFUSED: readonly [string, readonly Document[], number][] = [
  ['an unknown stage', [{ $foo: {} }], 40324],
  ['a stage with two fields', [{ $match: {}, $sort: {} }], 40323],
  ['a change stream', [{ $changeStream: {} }], 40573],
  ['an unknown expression', [{ $project: { a: { $foo: 1 } } }], 168],
  ['an unknown accumulator', [{ $group: { _id: 1, a: { $foo: 1 } } }], 15952],
  ['$group without _id', [{ $group: { a: { $sum: 1 } } }], 15955],
  ['$function', [{ $project: { a: { $function: { body: 'x', args: [], lang: 'js' } } } }], 238],
  ['$geoNear', [{ $geoNear: {} }], 238],
  ['$out before the end', [{ $out: 'x' }, { $match: {} }], 40601],
  ['$limit 0', [{ $limit: 0 }], 15958],
  ['$size of what is missing', [{ $project: { a: { $size: '$missing' } } }], 17124],
  [
    '$switch without a branch that fits',
    [{ $project: { a: { $switch: { branches: [branch(false, 1)] } } } }],
    40066,
  ],
  ['$switch without branches', [{ $project: { a: { $switch: { branches: [] } } } }], 40068],
  ['$divide by zero', [{ $project: { a: { $divide: [1, 0] } } }], 2],
  ['$add of text', [{ $project: { a: { $add: ['x', 1] } } }], 14],
  ['too many operands', [{ $project: { a: { $subtract: [1, 2, 3] } } }], 16020],
  ['an undefined variable', [{ $project: { a: '$$foo' } }], 17276],
  ['both kinds of projection', [{ $project: { a: 1, b: 0 } }], 31254],
  ['$unwind without $', [{ $unwind: 'a' }], 28818],
  ['$merge without a unique index', [{ $merge: { into: 'x', on: 'a' } }], 51183],
];

describe('pipelines', () => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await openEngine({ cleanUp: afterAll });
    await engine.insert('sales', ...SALES);
    await engine.insert('items', ...ITEMS);
    await engine.insert('staff', ...STAFF);
  });

  it.each(ROWS)('computes %s', async (_, pipeline, expected) => {
    expect(await engine.aggregate('sales', ...pipeline)).toEqual(expected);
  });

  it.each(REFUSED)('refuses %s', async (_, pipeline, code) => {
    expect(await engine.run({ aggregate: 'sales', pipeline, cursor: {} })).toMatchObject({ ok: 0, code });
  });

  it('takes a hint for the collection it begins with', async () => {
    await engine.insert('hinted', { _id: 1, item: 'a' });
    await engine.run({ createIndexes: 'hinted', indexes: [{ key: { item: 1 }, name: 'item_1' }] });
    const lookup = { $lookup: { from: 'items', localField: 'item', foreignField: '_id', as: 'found' } };
    const aggregate = (hint: string) => ({ aggregate: 'hinted', pipeline: [lookup], cursor: {}, hint });
    expect(await engine.all(aggregate('item_1'))).toMatchObject([{ found: [{ name: 'Apple' }] }]);
    expect(await engine.run(aggregate('nope'))).toMatchObject({ ok: 0, code: 2 });
  });

  it('follows references with $graphLookup', async () => {
    const [found] = await engine.aggregate(
      'staff',
      { $match: { _id: 3 } },
      {
        $graphLookup: {
          from: 'staff',
          startWith: '$boss',
          connectFromField: 'boss',
          connectToField: 'name',
          as: 'above',
          depthField: 'depth',
        },
      },
    );
    expect(found?.above.map(({ name, depth }: Document) => [name, depth])).toEqual([
      ['Bob', 0],
      ['Ann', 1],
    ]);
  });

  it('samples as many as asked', async () => {
    const found = await engine.aggregate('sales', { $sample: { size: 2 } });
    expect(new Set(found.map(({ _id }) => _id)).size).toBe(2);
  });

  it('replaces a collection with $out, its indexes stay', async () => {
    await engine.insert('target', { _id: 'old' });
    await engine.run({ createIndexes: 'target', indexes: [{ key: { qty: 1 }, name: 'qty_1' }] });
    expect(await engine.aggregate('sales', { $match: { item: 'a' } }, { $out: 'target' })).toEqual([]);
    expect((await engine.find('target')).map(({ _id }) => _id)).toEqual([1, 3]);
    expect((await engine.all({ listIndexes: 'target' })).map(({ name }) => name)).toEqual(['_id_', 'qty_1']);
  });

  it('leaves everything as it was when $out fails, also in the files', async () => {
    await engine.insert('kept', { _id: 'old', price: 1 });
    await engine.run({ createIndexes: 'kept', indexes: [{ key: { price: 1 }, name: 'p', unique: true }] });
    const failing = { aggregate: 'sales', pipeline: [{ $out: 'kept' }], cursor: {} };
    expect(await engine.run(failing)).toMatchObject({ ok: 0, code: 11000 });
    expect(await engine.find('kept')).toEqual([{ _id: 'old', price: 1 }]);
    await engine.reopen();
    const names = (await engine.all({ listCollections: 1 })).map(({ name }) => name);
    expect(names.filter((name: string) => name.includes('tmp'))).toEqual([]);
    await engine.aggregate('sales', { $match: { _id: 2 } }, { $project: { price: 1 } }, { $out: 'kept' });
    await engine.reopen();
    expect(await engine.find('kept')).toEqual([{ _id: 2, price: 20 }]);
  });

  it('merges into a collection', async () => {
    await engine.insert('totals', { _id: 'a', kept: true });
    const grouped = { $group: { _id: '$item', n: { $sum: '$qty' } } };
    await engine.aggregate('sales', grouped, { $merge: 'totals' });
    expect(await engine.find('totals', {}, { sort: { _id: 1 } })).toEqual([
      { _id: 'a', kept: true, n: 7 },
      { _id: 'b', n: 1 },
      { _id: 'c', n: 3 },
    ]);
  });

  it('keeps the types of numbers', async () => {
    await engine.insert(
      'numbers',
      { _id: 1, d: new Double(1), l: Long.fromString('9007199254740993'), x: Decimal128.fromString('0.1') },
      { _id: 2, d: new Double(2), l: Long.fromNumber(1), x: Decimal128.fromString('0.2') },
    );
    const sums = { d: { $sum: '$d' }, l: { $sum: '$l' }, x: { $sum: '$x' }, i: { $sum: 1 } };
    const [found] = await engine.exact({
      aggregate: 'numbers',
      pipeline: [{ $group: Object.assign({ _id: null }, sums) }],
      cursor: {},
    });
    expect(found).toEqual({
      _id: null,
      d: new Double(3),
      l: Long.fromString('9007199254740994'),
      x: Decimal128.fromString('0.3'),
      i: new Int32(2),
    });
  });
});
