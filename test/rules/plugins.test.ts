import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../main/contract/finding.ts';
import { commandLine } from '../cli/command-line.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { DEBIAN_PYTHON, skippable, whyWithout } from '../support/debian-python.ts';
import { projectRoot } from '../support/folders.ts';
import { callInspector } from '../support/inspector-call.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** What rules find in calls of real plugins, with the drivers and the local database. */

const TYPESCRIPT = `
import { MongoClient } from 'mongodb';
const client = new MongoClient(process.env.DATABASE_URI as string);
const tasks = client.db('MozaiksCore').collection('tasks');
export async function execute({ action, user_id }: { action: string; user_id: string }) {
  if (action === 'all') return { found: (await tasks.find({ done: true }).toArray()).length };
  if (action === 'sum') return { found: (await tasks.aggregate([{ $group: { _id: '$user_id' } }]).toArray()).length };
  if (action === 'many') return { added: (await tasks.insertMany(Array.from({ length: 1_000 }, (_, n) => ({ n })))).insertedCount };
  if (action === 'other') return { removed: (await tasks.deleteMany({ user_id: 'bob' })).deletedCount };
  if (action === 'index') return { name: await tasks.createIndex({ user_id: 1 }), all: (await tasks.estimatedDocumentCount()) >= 0 };
  if (action === 'throws') throw new TypeError('no luck');
  const ids: unknown[] = [];
  for (let n = 0; n < 5; n += 1) ids.push((await tasks.insertOne({ user_id, n })).insertedId);
  for (const _id of ids) await tasks.findOne({ _id });
  return { updated: (await tasks.updateMany({ _id: { $in: ids } }, { $set: { done: true } })).modifiedCount };
}`;

const PYTHON = `
import asyncio
import time
from mozaiks_infra.config.database import db

async def remind(user):
    await asyncio.sleep(0)

async def execute(data):
    tasks = db["tasks"]
    action = data["action"]
    if action == "all":
        return {"found": len(await tasks.find({"done": True}).to_list(10))}
    if action == "other":
        return {"removed": (await tasks.delete_many({"user_id": "bob"})).deleted_count}
    if action == "many":
        return {"added": len((await tasks.insert_many([{"n": n} for n in range(1000)])).inserted_ids)}
    if action == "index":
        return {"name": await tasks.create_index("user_id"), "all": await tasks.estimated_document_count() >= 0}
    if action == "blocks":
        time.sleep(0.2)
        return {}
    if action == "throws":
        raise KeyError("title")
    if action == "forgets":
        remind(data["user_id"])
        return {}
    ids = [(await tasks.insert_one({"user_id": data["user_id"], "n": n})).inserted_id for n in range(5)]
    for _id in ids:
        await tasks.find_one({"_id": _id})
    return {"updated": (await tasks.update_many({"_id": {"$in": ids}}, {"$set": {"done": True}})).modified_count}
`;

const asAda = bearer(localToken({ sub: 'ada' }));

let runtime: TestRuntime;
const cleanUp = cleanUpAfterAll();
beforeAll(async () => {
  runtime = await startRuntime({ cleanUp, start: false, env: { MOZAIKS_PYTHON: DEBIAN_PYTHON } });
  await symlink(join(projectRoot, 'node_modules'), join(runtime.plugins, '../node_modules'));
  await runtime.write('script', { 'logic.ts': TYPESCRIPT });
  await runtime.write('snake', { 'logic.py': PYTHON });
  await runtime.runtime.start();
});

/** What was found in one call, without what a busy machine adds. */
async function found(plugin: string, action: string): Promise<readonly Finding[]> {
  const { text } = await runtime.execute(plugin, { action }, asAda);
  const { findings = [], request } = runtime.lastTrace();
  expect([request.body?.json, text]).toEqual([{ action }, expect.any(String)]);
  return findings.filter(({ rule }) => rule !== 'blocking' || action === 'blocks');
}

const wide = (command: string) => ({
  rule: 'not-scoped',
  text: `Not scoped: ${command} on tasks without user_id or app_id; in production it holds all users' documents.`,
  collection: 'tasks',
  child: 0,
});
const repeated = (command: string, child: number, advice: string) => ({
  rule: 'repeated-query',
  text: `Repeated query: ${command} on tasks 5 times in one call, with the same fields. ${advice}`,
  collection: 'tasks',
  child,
});

/** The same of both languages. */
const ALIKE: Readonly<Record<string, readonly object[]>> = {
  all: [wide('find')],
  many: [wide('insert')],
  other: [
    {
      rule: 'other-user',
      text: 'Scoped to another user: delete on tasks with user_id "bob"; "ada" calls.',
      collection: 'tasks',
      child: 0,
    },
  ],
  index: [],
  own: [
    repeated('insert', 0, 'insert_many (insertMany) inserts all in one command.'),
    repeated('find', 5, 'One query with {"_id": {"$in": […]}} finds all.'),
  ],
};
const whole = (rule: string, text: unknown) => [{ rule, text, collection: null }];
const RAISED = 'Raised an exception instead of returning {"error": …}: ';

describe('in TypeScript, with MongoDB’s driver', () => {
  it.each(
    Object.entries({
      ...ALIKE,
      sum: [wide('aggregate')],
      throws: whole('raised', `${RAISED}TypeError: no luck`),
    }),
  )('%s', async (action, findings) => {
    expect(await found('script', action)).toEqual(findings);
  });
});

const reason = whyWithout(['motor', 'bson'], ['python3-motor', 'python3-bson']);
describe.skipIf(reason !== null)(skippable('in Python, with Debian’s driver', reason), () => {
  it.each(
    Object.entries({
      ...ALIKE,
      throws: whole('raised', `${RAISED}KeyError: 'title'`),
      blocks: whole(
        'blocking',
        expect.stringMatching(/^Blocked the event loop for \d+\.\d\d s: in production all /),
      ),
      forgets: whole(
        'unawaited',
        expect.stringMatching(/^Never awaited: remind \(logic.py, line \d+\)\. What it /),
      ),
    }),
  )('%s', async (action, findings) => {
    expect(await found('snake', action)).toEqual(findings);
  });
});

describe('a collection that holds documents of no user', () => {
  afterEach(() => callInspector(runtime, 'unmuteCollection', { collection: 'tasks' }));

  it('is muted from the next call on, also in the plugin’s statistics, until it is not', async () => {
    await found('script', 'all');
    const { id } = runtime.lastTrace();
    const counted = async () => {
      const { plugins } = await callInspector(runtime, 'snapshot', null);
      const { stats } = plugins.find(({ name }) => name === 'script') ?? {};
      return stats?.findings.find(({ rule }) => rule === 'not-scoped');
    };
    expect(await counted()).toMatchObject({ collection: 'tasks', latestTrace: id });
    expect(await callInspector(runtime, 'muteCollection', { collection: 'tasks' })).toEqual(['tasks']);
    expect(await counted()).toBeUndefined();
    expect(await found('script', 'all')).toEqual([]);
    expect(await found('script', 'other')).toHaveLength(1);
    expect(await callInspector(runtime, 'mutedCollections', null)).toEqual(['tasks']);
    expect(await callInspector(runtime, 'unmuteCollection', { collection: 'tasks' })).toEqual([]);
    expect(await found('script', 'all')).toHaveLength(1);
  });

  it.each([[''], ['x'.repeat(256)], [7], [null]])('has a name: not %j', async (collection) => {
    await expect(callInspector(runtime, 'muteCollection', { collection } as never)).rejects.toThrow(
      'BAD_REQUEST',
    );
  });
});

it('exec prints what a plugin did, and what was found', async () => {
  const cwd = join(runtime.plugins, '..');
  const args = ['exec', 'script', '--plugins', runtime.plugins, '--data', '{"action":"all"}'];
  const { err, out } = await commandLine([...args, '--context'], { cwd });
  const inside =
    /\nInside the call:\n {2}find tasks \{"done":true\} \d+ documents \d[\d.]* ms\nFindings:\n {2}Not scoped: find on tasks /;
  expect(err).toMatch(inside);
  expect(JSON.parse(out)).toEqual({ found: expect.any(Number) });
  const { out: json } = await commandLine([...args, '--json'], { cwd });
  expect(JSON.parse(json).trace).toMatchObject({
    children: [{ command: 'find' }],
    findings: [{ rule: 'not-scoped' }],
  });
});
