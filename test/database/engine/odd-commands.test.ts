import {
  Binary,
  BSONRegExp,
  Decimal128,
  type Document,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineUnderTest, openEngine } from '../../support/database-engine.ts';

/** Whatever stands where something else belongs, the answer is a result or one of MongoDB's errors. */

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  Number.NaN,
  '',
  'x',
  '$x',
  '$$x',
  '$',
  'a.b',
  [],
  [[]],
  [null, 1],
  {},
  { $x: 1 },
  { a: 1 },
  new Date(0),
  new Date(8.7e15),
  new Double(1),
  Long.MAX_VALUE,
  Decimal128.fromString('NaN'),
  Decimal128.fromString('1E+6000'),
  new ObjectId(),
  new Binary(Buffer.from('x')),
  new BSONRegExp('(', 'i'),
  new Timestamp({ t: 1, i: 1 }),
  new MinKey(),
  new MaxKey(),
];

const EXPRESSIONS = (
  '$add $subtract $multiply $divide $mod $abs $round $pow $sqrt $log $bitAnd $eq $cmp $and $not $cond $ifNull $switch ' +
  '$let $size $slice $filter $map $reduce $in $indexOfArray $range $sortArray $zip $arrayElemAt $firstN $setUnion ' +
  '$setIsSubset $concat $split $trim $substrCP $substrBytes $indexOfCP $replaceAll $regexMatch $regexFindAll ' +
  '$mergeObjects $objectToArray $arrayToObject $getField $setField $sum $avg $max $percentile $toString $toInt $toDate ' +
  '$toDecimal $toObjectId $convert $type $year $dateToString $dateFromString $dateFromParts $dateAdd $dateDiff $dateTrunc'
).split(' ');
const QUERIES =
  '$eq $gt $lte $ne $in $nin $exists $type $mod $regex $not $size $all $elemMatch $bitsAllSet'.split(' ');
const MODIFIERS =
  '$set $unset $inc $mul $min $max $rename $currentDate $setOnInsert $push $pull $pullAll $addToSet $pop $bit'.split(
    ' ',
  );
const STAGES = (
  '$match $group $project $set $unset $sort $limit $skip $count $unwind $lookup $graphLookup $facet $bucket $bucketAuto ' +
  '$sortByCount $replaceRoot $sample $unionWith $setWindowFields $redact $collStats'
).split(' ');

const odd = fc.constantFrom(...ODD);
const named = (names: readonly string[], value: fc.Arbitrary<unknown>) =>
  fc.tuple(fc.constantFrom(...names), value).map(([name, inner]) => ({ [name]: inner }));
const KEYS =
  'input cond in as vars branches default date unit amount startDate endDate format n sortBy field value find';
const operands = fc.oneof(
  odd,
  fc.array(odd, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom(...KEYS.split(' ')), odd),
);
const expression = named(
  EXPRESSIONS,
  fc.oneof(operands, fc.array(named(EXPRESSIONS, operands), { maxLength: 3 })),
);
const path = fc.constantFrom('a', 'b', 'a.b', 'a.0', 'l', 'l.$[]', 'l.$', '_id', '', 'a..b', '$a');
const query = fc.dictionary(path, fc.oneof(odd, named(QUERIES, odd)), { maxKeys: 2 });
const stageKeys =
  '_id groupBy boundaries buckets output from localField foreignField as pipeline path newRoot size coll sortBy default';
const stage = named(
  STAGES,
  fc.oneof(
    odd,
    expression,
    fc.dictionary(fc.constantFrom(...stageKeys.split(' ')), fc.oneof(odd, expression)),
  ),
);
const update = fc.oneof(
  named(
    MODIFIERS,
    fc.oneof(odd, fc.dictionary(path, fc.oneof(odd, fc.record({ $each: odd, $sort: odd, $slice: odd })))),
  ),
  fc.array(stage, { maxLength: 2 }),
  odd,
);

const command: fc.Arbitrary<Document> = fc.oneof(
  fc.record(
    { find: fc.constant('c'), filter: fc.oneof(query, odd), sort: odd, projection: odd, limit: odd },
    { requiredKeys: ['find'] },
  ),
  fc.record({
    find: fc.constant('c'),
    filter: query,
    projection: fc.dictionary(path, fc.oneof(odd, expression)),
  }),
  fc.record({ find: fc.constant('c'), filter: fc.record({ $expr: expression }) }),
  fc.record({
    aggregate: fc.constant('c'),
    pipeline: fc.array(stage, { maxLength: 3 }),
    cursor: fc.constant({}),
  }),
  fc.record({
    aggregate: fc.constant('c'),
    pipeline: fc.array(fc.record({ $set: fc.record({ x: expression }) }), { minLength: 1, maxLength: 1 }),
    cursor: fc.constant({}),
  }),
  fc.record({
    update: fc.constant('c'),
    updates: fc.array(fc.record({ q: query, u: update, upsert: fc.boolean(), multi: fc.boolean() }), {
      minLength: 1,
      maxLength: 2,
    }),
  }),
  fc.record(
    { findAndModify: fc.constant('c'), query, update, sort: odd, fields: odd },
    { requiredKeys: ['findAndModify'] },
  ),
  fc.record({
    createIndexes: fc.constant('i'),
    indexes: fc.array(fc.record({ key: fc.oneof(odd, fc.dictionary(path, odd)), name: odd }), {
      maxLength: 2,
    }),
  }),
  fc.record({ distinct: fc.constant('c'), key: odd, query }),
  fc
    .tuple(
      fc.constantFrom(
        'insert',
        'delete',
        'count',
        'drop',
        'create',
        'getMore',
        'explain',
        'listIndexes',
        'dropIndexes',
        'renameCollection',
        'collMod',
        'killCursors',
      ),
      odd,
      odd,
    )
    .map(([name, value, other]) => ({ [name]: value, documents: other })),
);

describe('odd commands', () => {
  let engine: EngineUnderTest;
  beforeAll(async () => {
    engine = await openEngine({ cleanUp: afterAll });
  });

  it('L12: never make the database fail', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 20 }), async (commands) => {
        await engine.run({ drop: 'c' });
        await engine.insert(
          'c',
          { _id: 1, a: { b: 1 }, l: [1, 2], x: 'text', d: new Date(0) },
          { _id: 2, a: 1.5, x: null },
        );
        for (const one of commands) {
          const { code, writeErrors, errmsg } = await engine.run(one);
          expect({ one, errmsg, code: code ?? writeErrors?.[0].code ?? 0 }).not.toMatchObject({ code: 1 });
        }
      }),
      { numRuns: 40 },
    );
  });
});
