/**
 * `npm run bench:database`: the local database under the npm driver. What small commands and large ones take, what
 * memory the process needs, and how long the first answer takes after its process was killed.
 *
 *   --documents <n>   (default 100000)
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MongoClient } from 'mongodb';
import { projectRoot } from '../../main/bin/project.mjs';
import { descendants, residentMb, startServer } from './server-process.mjs';
import { milliseconds } from './statistics.mjs';

const { values } = parseArgs({ options: { documents: { type: 'string', default: '100000' } } });
const count = Number(values.documents);
const folder = mkdtempSync(join(tmpdir(), 'bench-database-'));

try {
  mkdirSync(join(folder, 'plugins'));
  const server = await startServer(
    join(projectRoot, 'out/main/cli.cjs'),
    ['serve', '--port', '0', '--plugins', join(folder, 'plugins')],
    { env: { ...process.env, XDG_CONFIG_HOME: folder, DATABASE_URI: '', MONGODB_URI: '' } },
  );
  const client = new MongoClient(addressIn(join(folder, 'mozaiks-workbench/databases')));
  try {
    console.log(`load ${loadavg()[0].toFixed(2)}`);
    await measureSmall(client.db('bench').collection('small'));
    await measureLarge(client.db('bench').collection('large'), server);
  } finally {
    await client.close();
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Where drivers connect to, password included: the lock beside the data says it. */
function addressIn(databases) {
  const [app] = readdirSync(databases);
  const address = /mongodb:\/\/[^\s"]+/.exec(readFileSync(join(databases, app, 'lock'), 'utf8'))?.[0];
  if (address === undefined) throw new Error(`no address in the lock of ${databases}`);
  return address;
}

function userOf(n) {
  return `user_${n % 20}`;
}

async function measureSmall(notes) {
  await notes.createIndex({ user_id: 1 });
  await rate('insertOne', 2_000, (n) => notes.insertOne({ user_id: userOf(n), n, text: 'a note' }));
  await rate('100 documents by index', 300, (n) => notes.find({ user_id: userOf(n) }).toArray());
  await rate('updateOne by index', 1_000, (n) =>
    notes.updateOne({ user_id: userOf(n), n }, { $set: { read: true } }),
  );
}

async function rate(what, times, work) {
  const began = performance.now();
  for (let n = 0; n < times; n += 1) await work(n);
  console.log(`${what}: ${Math.round((times * 1_000) / (performance.now() - began))}/s`);
}

async function measureLarge(items, server) {
  const batch = 10_000;
  await time(`insert ${count}`, async () => {
    for (let from = 0; from < count; from += batch) {
      const size = Math.min(batch, count - from);
      await items.insertMany(Array.from({ length: size }, (_, n) => item(from + n)));
    }
  });
  await time('make an index', () => items.createIndex({ user_id: 1, n: 1 }));
  await time('find 100 by it', () => items.find({ user_id: 'user_7' }).limit(100).toArray());
  await time('sort, first 10', () => items.find().sort({ price: -1 }).limit(10).toArray());
  await time('$group by user', () =>
    items
      .aggregate([{ $group: { _id: '$user_id', total: { $sum: '$n' }, mean: { $avg: '$price' } } }])
      .toArray(),
  );
  await time('read all', () => items.find().toArray());
  const pid = databaseProcess(server);
  console.log(`memory: ${residentMb(pid).toFixed(0)} MiB`);
  process.kill(pid, 'SIGKILL');
  await time('first answer after SIGKILL', async () => {
    const found = await items.countDocuments();
    if (found !== count) throw new Error(`${found} of ${count} documents came back`);
  });
}

function item(n) {
  return { user_id: `user_${n % 1_000}`, n, price: n / 3, tags: ['a', 'b'], text: 'x'.repeat(100) };
}

function databaseProcess(server) {
  const pid = (descendants(server.pid) ?? []).find((one) =>
    readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('database-process'),
  );
  if (pid === undefined) throw new Error('the database has no process');
  return pid;
}

async function time(what, work) {
  const began = performance.now();
  await work();
  console.log(`${what}: ${milliseconds(performance.now() - began)}`);
}
