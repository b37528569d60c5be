import { execFile, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Db, Long, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalDatabase } from '../../../main/database/local-database.ts';
import { cleanUpAfterAll } from '../../support/clean-up.ts';
import { DEBIAN_PYTHON, skippable, whyWithout } from '../../support/debian-python.ts';
import { temporaryFolder } from '../../support/folders.ts';
import { databaseScript } from '../../support/host-script.ts';
import { recordingLog } from '../../support/recording-log.ts';

/** What MongoDB's own drivers make of the local database: one server, and one process for all that motor does. */

const cleanUp = cleanUpAfterAll();
let uri = '';

beforeAll(async () => {
  const { path, remove } = await temporaryFolder('workbench-drivers');
  const database = new LocalDatabase({
    folder: join(path, 'data'),
    script: databaseScript,
    environment: { PATH: process.env.PATH },
    log: recordingLog(cleanUp),
    onPassword: () => undefined,
  });
  cleanUp(remove);
  cleanUp(() => database.stop());
  await database.open();
  uri = database.variables().DATABASE_URI ?? '';
});

/** The code of the error where MongoDB has the feature and this database says that it doesn't. */
const MOTOR: readonly (readonly [name: string, refused: number | null])[] = [
  ['ping', null],
  ["production's options", null],
  ['insert_one', null],
  ['insert 1000', null],
  ['filter, sort, skip, limit, projection', null],
  ['getMore', null],
  ['query operators', null],
  ['$expr', null],
  ['null is missing', null],
  ['update operators', null],
  ['no-op modifies 0', null],
  ['$push each/sort/slice', null],
  ['positionals', null],
  ['$slice projection', null],
  ['upsert, $setOnInsert', null],
  ['dotted upsert', null],
  ['replace, many, delete', null],
  ['find_one_and_*', null],
  ['mixed bulk', null],
  ['distinct, counts', null],
  ['index list', null],
  ['unique', null],
  ['duplicate _id', null],
  ['unordered bulk error', null],
  ['TTL, sparse, partial', null],
  ['drops, lists', null],
  ['$group', null],
  ['$lookup', null],
  ['its pipeline', null],
  ['$facet, $unwind, $sample', null],
  ['expressions', null],
  ['$out', null],
  ['BSON round trip', null],
  ['mixed sort', null],
  ['explain', null],
  ['hint, comment, max_time', null],
  ['unknown operator', null],
  ['bad updates', null],
  ['17 MB', null],
  ['200 $inc at once', null],
  ['GridFS', null],
  ['text', 238],
  ['geo', 238],
  ['transaction', 20],
  ['change stream', 40_573],
  ['capped', 238],
  ['validator', 238],
];

interface Checked {
  readonly name: string;
  readonly refused: number | null;
  readonly error: string | null;
}

async function runMotorChecks(interpreter: string): Promise<readonly Checked[]> {
  const script = join(import.meta.dirname, 'motor_checks.py');
  const { stdout } = await promisify(execFile)(interpreter, ['-B', script], {
    env: { PATH: process.env.PATH, DATABASE_URI: uri },
    timeout: 100_000,
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Why there is nothing to try in the interpreter that plugins run in unless set otherwise. */
function whyWithoutPip(): string | null {
  const { stdout } = spawnSync('python3', ['-c', 'import sys, motor; print(sys.executable)'], {
    encoding: 'utf8',
  });
  if (stdout.trim() === DEBIAN_PYTHON) return `skipped: python3 is ${DEBIAN_PYTHON}`;
  return stdout === '' ? 'skipped: python3 lacks motor; python3 -m pip install motor' : null;
}

const withoutMotor = whyWithout(['motor', 'gridfs'], ['python3-motor', 'python3-gridfs']);

describe.skipIf(withoutMotor !== null)(skippable('motor', withoutMotor), () => {
  let checked: readonly Checked[] = [];
  beforeAll(async () => {
    checked = await runMotorChecks(DEBIAN_PYTHON);
  });

  it.each(MOTOR)('%s', (name, refused) => {
    expect(checked.find((one) => one.name === name)).toEqual({ name, refused, error: null });
  });

  it('no other', () => {
    expect(checked.map(({ name }) => name)).toEqual(MOTOR.map(([name]) => name));
  });
});

const withoutPip = whyWithoutPip();

describe.skipIf(withoutPip !== null)(skippable('pip’s motor', withoutPip), () => {
  it('does all of this, too', async () => {
    const expected = MOTOR.map(([name, refused]) => ({ name, refused, error: null }));
    expect(await runMotorChecks('python3')).toEqual(expected);
  });
});

describe('the mongodb package', () => {
  let client: MongoClient;
  let db: Db;
  beforeAll(async () => {
    client = await MongoClient.connect(uri);
    db = client.db('of_node');
  });
  afterAll(() => client.close());

  it('dropDatabase', async () => {
    await client.db('to_drop').collection('a').insertOne({});
    expect(await client.db('to_drop').dropDatabase()).toBe(true);
    expect((await client.db().admin().listDatabases()).databases.map(({ name }) => name)).not.toContain(
      'to_drop',
    );
  });

  it('insertOne', async () => {
    const { insertedId } = await db.collection('one').insertOne({ title: 'tea' });
    expect(await db.collection('one').findOne({ _id: insertedId })).toEqual({
      _id: insertedId,
      title: 'tea',
    });
  });

  it('sort and limit', async () => {
    const c = db.collection<{ _id: number; n: number }>('sorted');
    await c.insertMany([1, 2, 3, 4].map((n) => ({ _id: n, n: -n })));
    expect(await c.find().sort({ n: 1 }).limit(2).toArray()).toEqual([
      { _id: 4, n: -4 },
      { _id: 3, n: -3 },
    ]);
  });

  it('int _id', async () => {
    const c = db.collection<{ _id: number; n: number }>('numbered');
    await c.updateOne({ _id: 7 }, { $set: { n: 1 } }, { upsert: true });
    expect(await c.find({ _id: { $type: 'int' } }).toArray()).toEqual([{ _id: 7, n: 1 }]);
  });

  it('findOneAndUpdate', async () => {
    const c = db.collection<{ _id: string; n?: number }>('counters');
    const options = { upsert: true, returnDocument: 'after' } as const;
    await c.findOneAndUpdate({ _id: 'a' }, { $inc: { n: 1 } }, options);
    expect(await c.findOneAndUpdate({ _id: 'a' }, { $inc: { n: 1 } }, options)).toEqual({ _id: 'a', n: 2 });
  });

  it('unique', async () => {
    const c = db.collection('mails');
    await c.createIndex({ mail: 1 }, { unique: true });
    await c.insertOne({ mail: 'a' });
    await expect(c.insertOne({ mail: 'a' })).rejects.toMatchObject({ code: 11_000, keyValue: { mail: 'a' } });
  });

  it('bulkWrite', async () => {
    const c = db.collection<{ _id: number; n: number }>('bulk');
    const result = await c.bulkWrite([
      { insertOne: { document: { _id: 1, n: 1 } } },
      { updateOne: { filter: { _id: 1 }, update: { $inc: { n: 1 } } } },
      { replaceOne: { filter: { _id: 2 }, replacement: { n: 5 }, upsert: true } },
      { deleteOne: { filter: { _id: 1 } } },
    ]);
    expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 1 });
    expect(await c.find().toArray()).toEqual([{ _id: 2, n: 5 }]);
  });

  it('$lookup', async () => {
    await db.collection<{ _id: string }>('people').insertOne({ _id: 'ada' });
    await db.collection<{ _id: number; who: string }>('orders').insertOne({ _id: 1, who: 'ada' });
    const $lookup = { from: 'people', localField: 'who', foreignField: '_id', as: 'people' };
    const found = await db
      .collection('orders')
      .aggregate([{ $lookup }, { $unwind: '$people' }])
      .toArray();
    expect(found).toEqual([{ _id: 1, who: 'ada', people: { _id: 'ada' } }]);
  });

  it('counts', async () => {
    const c = db.collection('counted');
    await c.insertMany([{ a: 1 }, { a: 1 }, { a: 2 }]);
    expect([await c.countDocuments({ a: 1 }), await c.estimatedDocumentCount()]).toEqual([2, 3]);
    expect(await c.distinct('a')).toEqual([1, 2]);
  });

  it('Long', async () => {
    const c = db.collection('longs');
    const big = Long.fromString('9007199254740993');
    await c.insertOne({ big });
    await c.updateOne({}, { $inc: { big: Long.ONE } });
    const [found] = await c.find({}, { promoteLongs: false }).toArray();
    expect(String(found?.big)).toBe('9007199254740994');
  });

  it('transaction: refused with MongoDB’s code', async () => {
    const write = client.withSession((session) =>
      session.withTransaction(() => db.collection('t').insertOne({}, { session })),
    );
    await expect(write).rejects.toMatchObject({ code: 20, codeName: 'IllegalOperation' });
  });

  it('a wrong password is refused with code 18', async () => {
    const wrong = new MongoClient(uri.replace(/:[\w-]{32}@/, ':wrong@'));
    await expect(wrong.connect()).rejects.toMatchObject({ code: 18 });
    await wrong.close();
  });
});
