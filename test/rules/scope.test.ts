import { describe, expect, it } from 'vitest';
import { findings, query, rulesIn } from './judged.ts';

/** Whose documents a query is about. Calls are ada's. */

const ME = { user_id: 'ada' };
const BOB = { user_id: 'bob' };
const APP = { app_id: 'shop' };
const REGEX = { $regularExpression: { pattern: '^a', options: '' } };
const OID = { $oid: '0123456789abcdef01234567' };

describe('a filter is scoped', () => {
  it.each([
    ['by the user', ME],
    ['by the app', APP],
    ['beside other fields', { done: false, $expr: { $eq: [1, 1] }, user_id: 'ada' }],
    ['by $eq', { user_id: { $eq: 'ada' } }],
    ['by $eq beside what narrows it down further', { user_id: { $ne: null, $eq: 'ada' } }],
    ['by a list of one', { user_id: { $in: ['ada'] } }],
    ['in $and', { $and: [{ done: true }, { $and: [ME] }] }],
    ['in every branch of $or', { $or: [ME, { $and: [APP, { done: true }] }] }],
    ['in $or inside $and', { $and: [{ $or: [ME, APP] }] }],
    ['by an ObjectId', { app_id: OID }],
    ['by the _id of the user’s own document', { _id: 'ada' }],
  ])('%s', (_, filter) => {
    expect(rulesIn([query({ filter })])).toEqual([]);
  });
});

describe('a filter is not scoped', () => {
  it.each([
    ['without any field', {}],
    ['by another field', { owner: 'ada' }],
    ['by a field inside another', { meta: ME, 'meta.user_id': 'ada' }],
    ['by $ne', { user_id: { $ne: 'bob' } }],
    ['by $exists', { user_id: { $exists: true } }],
    ['by a range', { user_id: { $gte: 'a', $lt: 'b' } }],
    ['by $nin', { user_id: { $nin: ['ada'] } }],
    ['by a list of several', { app_id: { $in: ['shop', 'bank'] } }],
    ['by an empty list', { user_id: { $in: [] } }],
    ['by a pattern', { user_id: REGEX }],
    ['by a list of a pattern', { user_id: { $in: [REGEX] } }],
    ['by $eq with a pattern', { user_id: { $eq: REGEX } }],
    ['by null', { user_id: null }],
    ['by a list', { user_id: ['ada'] }],
    ['by a document', { user_id: { id: 'ada' } }],
    ['in $nor', { $nor: [ME] }],
    ['in $not', { user_id: { $not: { $eq: 'ada' } } }],
    ['in $expr', { $expr: { $eq: ['$user_id', 'ada'] } }],
    ['in some branches of $or', { $or: [ME, { public: true }] }],
    ['in an empty $or', { $or: [] }],
    ['in an empty $and', { $and: [] }],
    ['in what is no list', { $or: ME, $and: ME }],
    ['in a branch that is no filter', { $or: [ME, null, 'x'] }],
    ['by the _id of a document that this call never saw', { _id: OID }],
    ['by _id $in of no document', { _id: { $in: [] } }],
    ['by what every object has', { constructor: 'ada', toString: 'ada' }],
    ['by a prototype', JSON.parse('{"__proto__":{"user_id":"ada"}}')],
  ])('%s', (_, filter) => {
    expect(rulesIn([query({ filter })])).toEqual(['not-scoped']);
  });
});

describe('a command', () => {
  it.each(['find', 'aggregate', 'count', 'distinct', 'update', 'delete', 'findAndModify'])(
    '%s',
    (command) => {
      expect(findings([query({ command, filter: { done: true } })])).toEqual([
        {
          rule: 'not-scoped',
          text: `Not scoped: ${command} on tasks without user_id or app_id; in production it holds all users' documents.`,
          collection: 'tasks',
          child: 0,
        },
      ]);
      expect(rulesIn([query({ command, filter: { ...ME, done: true } })])).toEqual([]);
    },
  );

  it('that changes several documents is scoped where each change is', () => {
    const update = (filters: object[]) => [query({ command: 'update', filter: { $or: filters } })];
    expect(rulesIn(update([ME, { ...APP, n: 1 }]))).toEqual([]);
    expect(rulesIn(update([ME, { n: 1 }]))).toEqual(['not-scoped']);
  });

  it.each([
    ['about indexes', query({ command: 'createIndexes', shown: [{ key: { user_id: 1 } }] })],
    ['about collections', query({ command: 'listCollections', collection: null, filter: {} })],
    ['about statistics', query({ command: 'collStats' })],
    ['that counts all, which is kept beside the documents', query({ command: 'count', filter: {} })],
    ['that counts all, in another driver', query({ command: 'count' })],
    ['about the database', query({ command: 'aggregate', collection: null, filter: {} })],
    ['about what MongoDB stores', query({ collection: 'system.views', filter: {} })],
    ['with statistics', query({ command: 'aggregate', shown: [{ $collStats: { count: {} } }] })],
    ['of which too little is known', query({ filter: undefined, shown: { text: '…' } })],
    ['with a scope that is no JSON', { ...query({ filter: {} }), scope: '{"filter":{' }],
    ['with a scope that is no object', { ...query({ filter: {} }), scope: '[1]' }],
    ['with a filter that is no object', { ...query({ filter: {} }), scope: '{"filter":7,"ids":7}' }],
  ])('%s has no finding', (_, child) => {
    expect(rulesIn([child])).toEqual([]);
  });
});

describe('an insert', () => {
  const insert = (documents: readonly unknown[]) => rulesIn([query({ command: 'insert', documents })]);

  it.each([
    ['of documents that each belong to somebody', [ME, { ...APP, _id: 1 }], []],
    ['of one document that belongs to nobody', [ME, { _id: 2 }], ['not-scoped']],
    ['of a document without an owner', [{ user_id: null }], ['not-scoped']],
    ['for another user', [{ ...BOB, ...APP }], ['other-user']],
    ['of 1,000 documents', Array.from({ length: 1_000 }, (_, _id) => ({ _id, ...ME })), []],
    ['of nothing that is a document', ['… 3 more', null], ['not-scoped']],
  ])('%s', (_, documents, rules) => {
    expect(insert(documents)).toEqual(rules);
  });
});

describe('documents that the call knows', () => {
  const byId = (id: unknown, collection = 'tasks') =>
    query({ collection, command: 'update', filter: { _id: id } });

  it('are those it read scoped', () => {
    const read = query({ filter: ME, ids: [OID, 7] });
    expect(rulesIn([read, byId(OID), byId({ $in: [7, OID] }), byId({ $eq: 7 })])).toEqual([]);
    expect(rulesIn([read, byId({ $in: [7, 8] })])).toEqual(['not-scoped']);
    expect(rulesIn([read, byId({ $gt: 7 })])).toEqual(['not-scoped']);
    expect(rulesIn([read, byId(OID, 'notes')])).toEqual(['not-scoped']);
    expect(rulesIn([byId(OID), read])).toEqual(['not-scoped']);
  });

  it('are those it inserted scoped', () => {
    const insert = (document: object) => query({ command: 'insert', documents: [{ _id: OID, ...document }] });
    expect(rulesIn([insert(ME), byId(OID)])).toEqual([]);
    expect(rulesIn([insert({}), byId(OID)])).toEqual(['not-scoped', 'not-scoped']);
  });

  it('are not those it read of all users', () => {
    expect(rulesIn([query({ filter: {}, ids: [OID] }), byId(OID)])).toEqual(['not-scoped', 'not-scoped']);
  });
});

describe('another user', () => {
  it('is named', () => {
    expect(findings([query({ filter: ME }), query({ filter: { user_id: { $in: ['bob'] } } })])).toEqual([
      {
        rule: 'other-user',
        text: 'Scoped to another user: find on tasks with user_id "bob"; "ada" calls.',
        collection: 'tasks',
        child: 1,
      },
    ]);
  });

  it('is seen beside the caller, and where the query is not scoped', () => {
    expect(rulesIn([query({ filter: { $or: [ME, BOB] } })])).toEqual(['other-user']);
    expect(rulesIn([query({ filter: { $or: [BOB, { public: true }] } })])).toEqual([
      'not-scoped',
      'other-user',
    ]);
  });

  it('is not the caller by another type of id', () => {
    const userId = OID.$oid;
    expect(findings([query({ filter: { user_id: OID } })], { userId })).toEqual([]);
    expect(findings([query({ filter: { user_id: 42 } })], { userId: '42' })).toEqual([]);
  });
});

describe('findings', () => {
  it('come once for each command and collection, with the first of them', () => {
    const all = query({ filter: {} });
    const notes = query({ filter: {}, collection: 'notes' });
    const found = findings([
      query({ filter: ME }),
      all,
      all,
      notes,
      query({ command: 'delete', filter: {} }),
    ]);
    expect(found.map(({ collection, child }) => [collection, child])).toEqual([
      ['tasks', 1],
      ['notes', 3],
      ['tasks', 4],
    ]);
  });

  it('are at most twenty', () => {
    const children = Array.from({ length: 200 }, (_, at) => query({ filter: {}, collection: `c${at}` }));
    expect(findings(children)).toHaveLength(20);
  });

  it('leave muted collections out, but for another user', () => {
    const isMuted = (collection: string) => collection === 'plants';
    const children = [
      query({ collection: 'plants', filter: {} }),
      query({ collection: 'plants', filter: BOB }),
      query({ filter: {} }),
    ];
    expect(findings(children, { isMuted }).map(({ rule, collection }) => [rule, collection])).toEqual([
      ['other-user', 'plants'],
      ['not-scoped', 'tasks'],
    ]);
  });
});

it('a filter of any depth is read', () => {
  const nested = (depth: number, inner: string) =>
    `{"filter":${'{"$and":['.repeat(depth)}${inner}${']}'.repeat(depth)}}`;
  const at = (depth: number, inner: string) =>
    rulesIn([{ ...query({ filter: {} }), scope: nested(depth, inner) }]);
  expect(at(90, '{"user_id":"ada"}')).toEqual([]);
  expect(at(90, '{}')).toEqual(['not-scoped']);
  // MongoDB refuses it.
  expect(at(1_800, '{}')).toEqual([]);
});
