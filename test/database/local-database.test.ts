import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { parseAddress } from '../../main/database/address.ts';
import { databaseFolder, LocalDatabase } from '../../main/database/local-database.ts';
import { sendKill } from '../../main/hosts/process-tree.ts';
import { LOCK_RENEWAL_MS } from '../../main/system/lock.ts';
import { listenOn } from '../../main/system/ports.ts';
import { startOf } from '../../main/system/process-identity.ts';
import { isRunning, makeFolder } from '../plugins/workspace.ts';
import { databaseScript } from '../support/host-script.ts';
import { recordingLog } from '../support/recording-log.ts';
import { connectRaw, formatMsg } from './wire/raw-client.ts';

/** As a runtime has one. */
async function openLocal(folder: string, script = databaseScript, stuckMs?: number) {
  const log = recordingLog();
  const passwords: string[] = [];
  const environment = { PATH: process.env.PATH };
  const onPassword = (password: string) => passwords.push(password);
  const database = new LocalDatabase({ folder, script, environment, log, onPassword, stuckMs });
  onTestFinished(() => database.stop());
  await database.open();
  return {
    database,
    log,
    passwords,
    get address() {
      return parseAddress(database.variables().DATABASE_URI ?? '');
    },
    /** Its processes so far, the newest last. */
    pids: () =>
      log.lines
        .flatMap((line) => /^The local database started.*"pid":(\d+)/.exec(line)?.[1] ?? [])
        .map(Number),
  };
}

type Local = Awaited<ReturnType<typeof openLocal>>;

async function logIn({ address }: Local) {
  const { port = 0, password = '' } = address ?? {};
  const client = await connectRaw(port);
  expect(await client.logIn('workbench', password)).toMatchObject({ ok: 1 });
  return client;
}

const canLogIn = (local: Local) =>
  logIn(local).then(
    () => true,
    () => false,
  );

const dataFolder = async () => join(await makeFolder(), 'databases/app-shop');

it('starts its process at the first connection, and hands that over', async () => {
  const folder = await dataFolder();
  const local = await openLocal(folder);
  expect(local.database.variables()).toEqual({
    DATABASE_URI: expect.stringMatching(
      /^mongodb:\/\/workbench:[\w-]{32}@127\.0\.0\.1:\d+\/mozaiks\?authSource=admin&authMechanism=SCRAM-SHA-256$/,
    ),
    MONGODB_URI: local.database.variables().DATABASE_URI,
  });
  expect(local.pids()).toEqual([]);
  const [first, second] = [await logIn(local), await logIn(local)];
  for (const client of [first, second]) expect(await client.run({ ping: 1 })).toEqual({ ok: 1 });
  const [pid = 0] = local.pids();
  expect(local.pids()).toHaveLength(1);
  expect(await isRunning(pid)).toBe(true);
  const modes = await Promise.all(
    [folder, join(folder, 'lock')].map(async (path) => (await stat(path)).mode & 0o777),
  );
  expect(modes).toEqual([0o700, 0o600]);
  await local.database.stop();
  await Promise.all([first.closed, second.closed]);
  expect(await isRunning(pid)).toBe(false);
  await expect(stat(join(folder, 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it('L5: a process that was killed is back with the next connection', async () => {
  const local = await openLocal(await dataFolder());
  const client = await logIn(local);
  sendKill(local.pids()[0] ?? 0);
  await client.closed;
  // At most one start a second: a driver tries again, too.
  await expect.poll(() => canLogIn(local)).toBe(true);
  expect(local.pids()).toHaveLength(2);
  expect(local.log.lines).toContainEqual(
    expect.stringMatching(/^The local database ended; .*"signal":"SIGKILL"/),
  );
});

it('L5: one that cannot open its files says why, and is not started again and again', async () => {
  const folder = await makeFolder();
  const script = join(folder, 'broken.cjs');
  await writeFile(
    script,
    `process.once('message', () => process.send({ type: 'failed', reason: 'torn' }, () => process.exit(1)));`,
  );
  const local = await openLocal(join(folder, 'data'), script);
  for (let n = 0; n < 5; n += 1) await (await connectRaw(local.address?.port ?? 0)).closed;
  expect(local.log.lines).toContain('The local database can’t be used {"reason":"torn"}');
  expect(local.pids()).toHaveLength(1);
});

it('L8: one that a regular expression holds up is ended while others connect, and keeps what it had', async () => {
  const local = await openLocal(await dataFolder(), databaseScript, 500);
  const client = await logIn(local);
  const documents = [{ _id: 1, text: `${'a'.repeat(40)}!` }];
  expect(await client.run({ insert: 'c', $db: 'x', documents })).toMatchObject({ n: 1, ok: 1 });
  client.send(formatMsg({ find: 'c', $db: 'x', filter: { text: { $regex: '^(a+)+$' } } }));
  await expect.poll(() => canLogIn(local)).toBe(true);
  await client.closed;
  const again = await logIn(local);
  expect(await again.run({ count: 'c', $db: 'x' })).toMatchObject({ n: 1 });
  expect(local.log.lines).toContainEqual(
    expect.stringMatching(/^The local database was ended: .*"seconds":0.5/),
  );
});

it('L6: a second runtime uses the first one’s, and takes over at the same address when that is gone', async () => {
  const folder = await dataFolder();
  const [first, second] = [await openLocal(folder), await openLocal(folder)];
  expect(second.address).toEqual(first.address);
  expect(second.passwords).toEqual(first.passwords);
  const client = await logIn(second);
  expect([first.pids().length, second.pids().length]).toEqual([1, 0]);
  expect(await client.run({ insert: 'c', $db: 'x', documents: [{ a: 1 }] })).toMatchObject({ n: 1 });
  await first.database.stop();
  await client.closed;
  await expect.poll(() => canLogIn(second)).toBe(true);
  expect([first.pids().length, second.pids().length]).toEqual([1, 1]);
  expect(await (await logIn(second)).run({ count: 'c', $db: 'x' })).toMatchObject({ n: 1 });
  expect(second.address).toEqual(first.address);
});

it('L6: what a killed runtime has left behind is taken over, with another password', async () => {
  const folder = await dataFolder();
  const gone = spawn(process.execPath, ['-e', '']);
  await once(gone, 'exit');
  await mkdir(folder, { recursive: true });
  const note = 'mongodb://workbench:of-the-last-launch@127.0.0.1:1/mozaiks';
  await writeFile(
    join(folder, 'lock'),
    JSON.stringify({ pid: gone.pid, host: hostname(), started: null, note }),
  );
  const local = await openLocal(folder);
  expect(local.address?.port).not.toBe(1);
  expect(local.address?.password).not.toBe('of-the-last-launch');
  await logIn(local);
});

it('L6: where the address is taken when another one takes over, it says so', async () => {
  const folder = await dataFolder();
  const [first, second] = [await openLocal(folder), await openLocal(folder)];
  const { port = 0 } = first.address ?? {};
  await first.database.stop();
  const stranger = createServer();
  onTestFinished(() => {
    stranger.close();
  });
  await listenOn(stranger, { host: '127.0.0.1', port });
  await expect.poll(() => second.address?.port).not.toBe(port);
  await logIn(second);
  expect(second.passwords).toHaveLength(2);
  expect(second.log.lines).toContainEqual(
    expect.stringContaining('has another address now: reload the plugins'),
  );
});

it('L6: one whose lock was taken meanwhile, as while the machine slept, gives up the data', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const folder = await dataFolder();
  const local = await openLocal(folder);
  const client = await logIn(local);
  const { port } = local.address ?? {};
  const note = 'mongodb://workbench:theirs@127.0.0.1:1/mozaiks';
  const theirs = JSON.stringify({
    pid: process.ppid,
    host: hostname(),
    started: await startOf(process.ppid),
    note,
  });
  await writeFile(join(folder, 'lock'), theirs);
  await vi.advanceTimersByTimeAsync(LOCK_RENEWAL_MS);
  await client.closed;
  await expect.poll(() => local.address).toEqual({ port: 1, password: 'theirs' });
  await expect(connectRaw(port ?? 0)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await local.database.stop();
  expect(await readFile(join(folder, 'lock'), 'utf8')).toBe(theirs);
});

it('says why there is none where its folder can’t be used', async () => {
  const folder = await makeFolder({ 'user/databases': 'a file' });
  const local = await openLocal(join(folder, 'user/databases/app-shop'));
  expect(local.database.variables()).toEqual({});
  expect(local.database.problem).toMatch(
    /^The local database can’t be used: (EEXIST|ENOTDIR): .*\. Set DATABASE_URI to use MongoDB\.$/,
  );
  const theirs = join(folder, 'theirs');
  await mkdir(theirs);
  await writeFile(join(theirs, 'lock'), JSON.stringify({ pid: 1, host: 'another-machine', started: null }));
  expect((await openLocal(theirs)).database.problem).toContain(
    'the workbench on another-machine (process 1)',
  );
});

it('leaves nothing where nothing was stored', async () => {
  const folder = await makeFolder({ 'user/other': 'x' });
  const local = await openLocal(join(folder, 'user/databases/app-shop'));
  await local.database.stop();
  expect(await readdir(join(folder, 'user'))).toEqual(['other']);
});

it('has a folder for each app', () => {
  expect(databaseFolder({ configPath: '/user', app: { appId: '../a/b' } })).toBe(
    join('/user', 'databases', 'app-..%2Fa%2Fb'),
  );
});
