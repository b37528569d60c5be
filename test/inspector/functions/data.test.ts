import { stat } from 'node:fs/promises';
import { type Document, Double, Long, MongoClient, ObjectId } from 'mongodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { MAX_SHOWN_CHARS } from '../../../main/contract/data.ts';
import type { ArgumentOf, InspectorName } from '../../../main/contract/inspector.ts';
import { DatabaseClient } from '../../../main/database/client/client.ts';
import { deleteOne, replaceOne } from '../../../main/database/client/documents.ts';
import { databaseSource } from '../../../main/database/client/source.ts';
import { cleanUpAfterAll } from '../../support/clean-up.ts';
import { callInspector } from '../../support/inspector-call.ts';
import { startRuntime, type TestRuntime } from '../../support/runtime.ts';

/** The Data screen's functions, over the local database's own process and over an address that is set. */

const TOKEN = 'launch-token-of-this-test';
const SECRET_VALUE = 'sk-live-0123456789';
const notes = { database: 'MozaiksCore', collection: 'notes' };
const all = { ...notes, filter: '', sort: '' };

/** A plugin that tells its address: the test's own driver connects as plugins do. */
const plugins = {
  where: 'export const execute = () => ({ uri: process.env.DATABASE_URI.split("").reverse().join("") });',
};

let local: TestRuntime;
/** A runtime to which the same database is one that a setting names. */
let other: TestRuntime;
let driver: MongoClient;
let uri = '';
/** The driver tries for five seconds: meanwhile the other tests run. */
let failure: Promise<unknown>;
const cleanUp = cleanUpAfterAll();

beforeAll(async () => {
  const env = { MOZAIKS_PLUGIN_ENV_KEY: SECRET_VALUE };
  local = await startRuntime({ plugins, env, headless: { token: TOKEN, uiFolder: '/nowhere' }, cleanUp });
  const { json } = await local.execute('where');
  uri = [...String(Object(json).uri)].reverse().join('');
  driver = await MongoClient.connect(uri);
  cleanUp(() => driver.close());
  const gone = await startRuntime({
    env: { DATABASE_URI: 'mongodb://app:hunter2hunter2@127.0.0.1:1/x' },
    cleanUp,
  });
  failure = callInspector(gone, 'database', null);
  failure.catch(() => undefined);
  other = await startRuntime({
    env: { DATABASE_URI: uri, MONGODB_URI: 'mongodb://127.0.0.1:1/else' },
    cleanUp,
  });
});

const call = <N extends InspectorName>(name: N, argument: ArgumentOf<N>) =>
  callInspector(local, name, argument);

async function fill(...documents: Document[]) {
  await driver.db(notes.database).collection(notes.collection).drop();
  await driver.db(notes.database).collection(notes.collection).insertMany(documents);
}

const rows = async (query: Partial<ArgumentOf<'documents'>> = {}) =>
  (await call('documents', { ...all, skip: 0, limit: 50, ...query })).rows;
const ids = async (query: Partial<ArgumentOf<'documents'>> = {}) => (await rows(query)).map(({ id }) => id);
const stored = () =>
  driver.db(notes.database).collection(notes.collection).find({}, { promoteValues: false }).toArray();

describe('which database it is', () => {
  it('is told without its password, with what is in it', async () => {
    await fill({ a: 1 }, { a: 2 });
    const view = await call('database', null);
    expect(view).toMatchObject({
      kind: 'local',
      isOwn: true,
      version: '7.0.0',
      address: expect.stringMatching(/^mongodb:\/\/127\.0\.0\.1:\d+\/mozaiks$/),
      defaults: [{ name: 'MozaiksCore' }, { name: 'MozaiksPlugins' }],
      omitted: 0,
      notice: null,
    });
    const found = view.databases.find(({ name }) => name === notes.database);
    expect(found?.collections).toEqual([
      { name: 'notes', documents: 2, bytes: expect.any(Number), isView: false },
    ]);
  });

  it('may be one that a setting names: nothing of it is reset, and it has no snapshots', async () => {
    const view = await callInspector(other, 'database', null);
    expect(view).toMatchObject({
      kind: 'mongodb',
      isOwn: false,
      notice: expect.stringContaining('MONGODB_URI'),
    });
    expect(JSON.stringify(view)).not.toContain('workbench:');
    expect(await callInspector(other, 'dataSnapshots', null)).toEqual([]);
    await expect(callInspector(other, 'resetDatabase', null)).rejects.toThrow(
      /^FORBIDDEN: Only the workbench/,
    );
    await expect(callInspector(other, 'restoreDataSnapshot', { name: 'x' })).rejects.toThrow(/^FORBIDDEN: /);
  });
});

describe('documents', () => {
  it('come by page, filtered and sorted, as text that keeps every type', async () => {
    await fill(
      { _id: 1 as never, n: new Double(1), at: new Date(0) },
      { _id: 2 as never, n: Long.fromNumber(2) },
    );
    expect(await rows()).toEqual([
      { id: '1', text: '{"n": 1.0, "at": {"$date":"1970-01-01T00:00:00Z"}}', bytes: expect.any(Number) },
      { id: '2', text: '{"n": {"$numberLong": "2"}}', bytes: expect.any(Number) },
    ]);
    expect(await ids({ filter: '{n: {$gt: 1}}' })).toEqual(['2']);
    expect(await ids({ sort: '{_id: -1}', skip: 1 })).toEqual(['1']);
    expect(await call('countDocuments', { ...notes, filter: '{at: {$exists: true}}' })).toEqual({ count: 1 });
  });

  it.each([
    ['{n: }', 'BAD_REQUEST: Line 1, column 5: a value can’t begin so'],
    ['{n: {$near: 1}}', /^BAD_REQUEST: /],
  ])('are not found by %s, and it is said why', async (filter, message) => {
    await expect(rows({ filter })).rejects.toThrow(message);
    await expect(call('countDocuments', { ...notes, filter })).rejects.toThrow(message);
  });

  it('that are long are shortened in a page, and whole or nearly when asked for', async () => {
    await fill({ _id: 1 as never, text: 'x'.repeat(2 * MAX_SHOWN_CHARS) });
    const [row] = await rows();
    expect(row?.text).toHaveLength(1_000);
    const shown = await call('document', { ...notes, id: '1' });
    expect([shown.isShortened, shown.text.length]).toEqual([true, MAX_SHOWN_CHARS]);
    const { text } = await call('deleteDocument', { ...notes, id: '1', version: shown.version });
    expect(text).toBeNull();
  });

  it('show no secret of the runtime’s own, but all else as it is', async () => {
    await fill({ _id: 1 as never, key: SECRET_VALUE, password: 'a password of theirs' });
    expect((await rows())[0]?.text).toBe('{"key": "(masked)", "password": "a password of theirs"}');
    expect(await call('document', { ...notes, id: '1' })).toMatchObject({ isMasked: true });
  });

  it('are changed only as they were loaded, whatever else has happened', async () => {
    const id = new ObjectId();
    await fill({ _id: id, n: new Double(1), list: [1] });
    const ref = { ...notes, id: `{"$oid": "${id}"}` };
    const { version, text } = await call('document', ref);
    const edited = text.replace('"list": [', '"added": true, "list": [');
    const after = await call('replaceDocument', { ...ref, version, text: edited });
    expect((await stored())[0]).toEqual({
      _id: id,
      n: new Double(1),
      added: true,
      list: [expect.objectContaining({ value: 1 })],
    });
    const late = call('replaceDocument', { ...ref, version, text });
    await expect(late).rejects.toThrow(/^CONFLICT: This document was changed/);
    await expect(call('deleteDocument', { ...ref, version })).rejects.toThrow(/^CONFLICT: /);
    const operator = call('replaceDocument', { ...ref, version: after.version, text: '{$set: {a: 1}}' });
    await expect(operator).rejects.toThrow(/^BAD_REQUEST: A field/);
    const moved = call('replaceDocument', { ...ref, version: after.version, text: '{_id: 5}' });
    await expect(moved).rejects.toThrow(/^BAD_REQUEST: .*_id/);
  });

  it('are not overwritten when they change between the look at them and the write', async () => {
    await fill({ _id: 1 as never, n: 1 });
    const ref = { ...notes, id: '1' };
    const { version } = await call('document', ref);
    const client = new DatabaseClient({
      source: () => databaseSource({ DATABASE_URI: uri }, null),
      mask: (text) => text,
      maskKnown: (text) => text,
    });
    cleanUp(() => client.stop());
    const write = client.write.bind(client);
    client.write = async (database, command) => {
      await driver
        .db(notes.database)
        .collection(notes.collection)
        .updateOne({}, { $set: { n: 2 } });
      return write(database, command);
    };
    await expect(replaceOne(client, { ...ref, version, text: '{n: 3}' })).rejects.toThrow(
      /^This document was changed/,
    );
    await expect(deleteOne(client, { ...ref, version })).rejects.toThrow(/^This document was changed/);
    expect((await rows())[0]?.text).toBe('{"n": 2}');
  });

  it('that were deleted come back as they were', async () => {
    await fill({ _id: 1 as never, n: new Double(2), m: Long.fromNumber(3) });
    const before = await stored();
    const { version } = await call('document', { ...notes, id: '1' });
    const { text } = await call('deleteDocument', { ...notes, id: '1', version });
    await expect(call('document', { ...notes, id: '1' })).rejects.toThrow(/^NOT_FOUND: /);
    expect(await call('insertDocument', { ...notes, text: text ?? '' })).toEqual({ id: '1' });
    expect(await stored()).toEqual(before);
    const again = call('insertDocument', { ...notes, text: text ?? '' });
    await expect(again).rejects.toThrow(/^CONFLICT: .*duplicate key/);
  });

  it('are deleted by filter', async () => {
    await fill({ n: 1 }, { n: 2 }, { n: 3 });
    expect(await call('deleteDocuments', { ...notes, filter: '{n: {$gt: 1}}' })).toEqual({ deleted: 2 });
    expect(await stored()).toHaveLength(1);
  });
});

describe('documents in files', () => {
  const fetched = async (argument: ArgumentOf<'exportDocuments'>) => {
    const outcome = await call('exportDocuments', argument);
    if (outcome.state !== 'download') throw new Error(outcome.state);
    const answer = await fetch(`${local.baseUrl}/__inspector/${TOKEN}/downloads/${outcome.id}`);
    return { name: outcome.name, text: await answer.text() };
  };

  it.each(['lines', 'array'] as const)('leave as %s and come back with their types', async (format) => {
    const many = Array.from({ length: 450 }, (_, n) => ({
      _id: n as never,
      n: new Double(n),
      at: new Date(n),
    }));
    await fill(...many);
    const before = await stored();
    const { name, text } = await fetched({ ...all, format });
    expect(name).toBe(format === 'lines' ? 'notes.jsonl' : 'notes.json');
    if (format === 'array') expect(JSON.parse(text)).toHaveLength(450);
    await call('dropCollection', notes);
    expect(await call('importDocuments', { ...notes, text })).toEqual({
      inserted: 450,
      failed: 0,
      failures: [],
    });
    expect(await stored()).toEqual(before);
    expect((await fetched({ ...all, filter: '{n: -1}', format })).text.trim()).toBe(
      format === 'lines' ? '' : '[]',
    );
  });

  it('come in as far as they can, and it is said what could not', async () => {
    await fill({ _id: 1 as never });
    const text = '{"_id": 1}\n{"_id": 2}\n{"_id": }\n{"_id": 3}';
    expect(await call('importDocuments', { ...notes, text })).toEqual({
      inserted: 2,
      failed: 2,
      failures: [
        { document: 3, reason: 'Line 3, column 9: a value can’t begin so' },
        { document: 1, reason: expect.stringContaining('duplicate key') },
      ],
    });
  });
});

it('indexes are created, listed and dropped', async () => {
  await fill({ n: 1 });
  expect(await call('createIndex', { ...notes, keys: '{n: 1, m: -1}', unique: true })).toEqual({
    name: 'n_1_m_-1',
  });
  expect(await call('indexes', notes)).toEqual([
    { name: '_id_', keys: '{"_id":1}', options: '', bytes: null },
    { name: 'n_1_m_-1', keys: '{"n":1,"m":-1}', options: 'unique', bytes: null },
  ]);
  await expect(call('createIndex', { ...notes, keys: '{}', unique: false })).rejects.toThrow(
    /^BAD_REQUEST: /,
  );
  await call('dropIndex', { ...notes, name: 'n_1_m_-1' });
  expect(await call('indexes', notes)).toHaveLength(1);
  await expect(call('dropIndex', { ...notes, name: '_id_' })).rejects.toThrow(/^BAD_REQUEST: .*_id/);
});

it('a reset is undone by a snapshot', async () => {
  await fill({ _id: 1 as never });
  await call('createDataSnapshot', { name: 'before' });
  await expect(call('createDataSnapshot', { name: 'before' })).rejects.toThrow(/^BAD_REQUEST: There is a/);
  const [snapshot] = await call('dataSnapshots', null);
  expect(snapshot).toEqual({ name: 'before', createdAt: expect.any(Number), bytes: expect.any(Number) });
  expect(Date.now() - (snapshot?.createdAt ?? 0)).toBeLessThan(60_000);
  expect((await call('resetDatabase', null)).dropped).toBeGreaterThan(0);
  expect((await call('database', null)).databases).toEqual([]);
  await call('restoreDataSnapshot', { name: 'before' });
  expect(await ids()).toEqual(['1']);
  await call('deleteDataSnapshot', { name: 'before' });
  expect(await call('dataSnapshots', null)).toEqual([]);
  expect((await stat(local.config.configPath)).isDirectory()).toBe(true);
});

it('a database that is not there says why, without its password', async () => {
  await expect(failure).rejects.toThrow(/^NOT_READY: The database could not be asked: .*ECONNREFUSED/);
  await expect(failure).rejects.not.toThrow('hunter2');
});
