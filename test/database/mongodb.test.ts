import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { MongoClient } from 'mongodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { NODE_TARGET } from '../../main/bin/fallback-electron/floor.ts';
import type { Result } from '../../main/contract/errors.ts';
import { MONGODB_VERSION, type MongodbFunctions, type MongodbView } from '../../main/contract/mongodb.ts';
import { sendKill } from '../../main/hosts/process-tree.ts';
import { listenOn } from '../../main/system/ports.ts';
import { isRunning } from '../plugins/workspace.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { projectRoot, temporaryFolder } from '../support/folders.ts';
import { type RuntimeOptions, startRuntime, type TestRuntime } from '../support/runtime.ts';
import { startRuntimeProcess } from '../support/runtime-process.ts';

/**
 * Use a real MongoDB, with a mirror of the test's own, whose archive holds a program that stands in for the server
 * (support/fake-mongod.ts): nothing here has met a real one.
 */

const PLUGINS = { where: 'export const execute = () => ({ uri: process.env.DATABASE_URI });' };

describe('Use MongoDB', () => {
  const cleanUp = cleanUpAfterAll();
  let archive: Buffer;
  let md5: string;
  let mirror: string;
  let requests: string[] = [];
  let isHeld = false;
  let runtime: TestRuntime;

  beforeAll(async () => {
    const { path, remove } = await temporaryFolder('workbench-mongod');
    cleanUp(remove);
    await mkdir(join(path, 'mongodb/bin'), { recursive: true });
    await build({
      entryPoints: [join(projectRoot, 'test/support/fake-mongod.ts')],
      outfile: join(path, 'mongodb/bin/mongod'),
      bundle: true,
      platform: 'node',
      target: NODE_TARGET,
      banner: { js: `#!${process.execPath}` },
    });
    await promisify(execFile)('tar', ['-czf', join(path, 'archive.tgz'), '-C', path, 'mongodb']);
    archive = await readFile(join(path, 'archive.tgz'));
    md5 = createHash('md5').update(archive).digest('hex');
    const server = createServer(({ url = '' }, response) => {
      requests.push(url);
      // Its headers and a part of it, and then nothing more.
      if (isHeld) return void response.writeHead(200, { 'Content-Length': archive.length }).write('part');
      const body = url.endsWith('.md5') ? Buffer.from(`${md5}  archive\n`) : archive;
      response.writeHead(200, { 'Content-Length': body.length }).end(body);
    });
    mirror = `127.0.0.1:${await listenOn(server, { host: '127.0.0.1', port: 0 })}`;
    cleanUp(() => new Promise((resolve) => server.close(() => resolve(undefined))));
    runtime = await open();
  });

  const open = (options: RuntimeOptions = {}, host = mirror) =>
    startRuntime({
      cleanUp,
      plugins: PLUGINS,
      environment: { MONGOMS_DOWNLOAD_MIRROR: `http://${host}`, MONGOMS_USE_HTTP: 'true' },
      ...options,
    });
  const view = ({ runtime: { snapshot } } = runtime): MongodbView | null => snapshot().mongodb;
  async function call(name: keyof MongodbFunctions, on = runtime): Promise<string | null> {
    const answer = (await on.runtime.inspector.call(name, null)) as Result<null>;
    return answer.ok ? null : answer.error.message;
  }
  const settled = (on = runtime) =>
    expect.poll(() => view(on), { timeout: 60_000 }).toMatchObject({ state: 'idle' });
  const address = async (on = runtime): Promise<string> =>
    Object((await on.execute('where')).json).uri as string;
  const folder = () => join(runtime.config.configPath, 'mongodb');

  /** What is stored in the database that plugins find. */
  async function store(uri: string, text: string): Promise<unknown> {
    const client = new MongoClient(uri);
    try {
      const notes = client.db('MozaiksCore').collection('notes');
      await notes.insertOne({ text });
      return await notes.distinct('text');
    } finally {
      await client.close();
    }
  }

  it('L14: says that the mirror can’t be reached, and leaves all as it was', async () => {
    const offline = await open({}, '127.0.0.1:1');
    const before = await address(offline);
    expect(await call('useMongodb', offline)).toBeNull();
    await settled(offline);
    expect(view(offline)).toMatchObject({
      inUse: 'local',
      isDownloaded: false,
      failure: {
        message: 'This machine can’t reach 127.0.0.1:1',
        remedy: 'Set DATABASE_URI to use a MongoDB that you have.',
      },
    });
    expect(await readdir(join(offline.config.configPath, 'mongodb'))).toEqual([]);
    expect(await address(offline)).toBe(before);
    expect(await call('useLocalDatabase', offline)).toBe('Plugins use the local database already');
  });

  it('L14: refuses an archive that is not what was announced', async () => {
    const right = md5;
    md5 = '0'.repeat(32);
    await call('useMongodb');
    await settled();
    md5 = right;
    expect(view()?.failure?.message).toMatch(
      /^MongoDB could not be downloaded from 127\.0\.0\.1:\d+: .*MD5/i,
    );
    expect(await readdir(folder())).toEqual([]);
  });

  it('L14: can be cancelled in the middle, and leaves nothing', async () => {
    requests = [];
    isHeld = true;
    await call('useMongodb');
    await expect.poll(() => requests, { timeout: 20_000 }).toHaveLength(1);
    isHeld = false;
    expect(view()).toMatchObject({ state: 'downloading', failure: null });
    expect(await call('useMongodb')).toBe('MongoDB is being started already');
    await call('cancelMongodb');
    expect(view()).toMatchObject({ state: 'idle', inUse: 'local', failure: null });
    expect(await readdir(folder())).toEqual([]);
  });

  it('has plugins use it at once, with a password', async () => {
    const local = await address();
    expect(await store(local, 'local')).toEqual(['local']);
    requests = [];
    expect(await call('useMongodb')).toBeNull();
    await settled();
    expect(requests[0]).toContain(`-${MONGODB_VERSION}.tgz`);
    expect(view()).toMatchObject({ inUse: 'mongodb', isDownloaded: true, failure: null });
    const uri = await address();
    expect(uri).not.toBe(local);
    expect(await store(uri, 'first')).toEqual(['first']);
    await expect(store(uri.replace(/:[^:@]+@/, ':wrong@'), 'never')).rejects.toMatchObject({ code: 18 });
    const password = await stat(join(folder(), 'data/app-dev_app/password'));
    expect(password.mode & 0o077).toBe(0);
    expect(await runtime.runtime.inspector.call('database', null)).toMatchObject({
      ok: true,
      value: { kind: 'mongodb' },
    });
    expect(await runtime.runtime.inspector.call('settings', null)).toMatchObject({
      value: expect.arrayContaining([
        expect.objectContaining({
          name: 'DATABASE_URI',
          value: `MongoDB ${MONGODB_VERSION}, downloaded`,
          source: 'window',
        }),
      ]),
    });
    expect(await call('useMongodb')).toBe('Plugins use MongoDB already');
  });

  const started = (on: TestRuntime) =>
    on.log.lines.flatMap((line) => /MongoDB started.*"pid":(\d+)/.exec(line)?.[1] ?? []).map(Number);

  it('L15: is started again after it was killed, at the same address', async () => {
    const uri = await address();
    const [pid] = started(runtime);
    if (pid === undefined) throw new Error('it never started');
    sendKill(pid);
    await expect.poll(() => started(runtime), { timeout: 20_000 }).toHaveLength(2);
    expect(await address()).toBe(uri);
    expect(await store(uri, 'second')).toEqual(['first', 'second']);
  });

  it('L15: is shared with another runtime over the same app, which takes over when the first ends', async () => {
    const { configPath } = runtime.config;
    const other = await open({ configPath }, '127.0.0.1:1');
    const uri = await address();
    expect(view(other)).toMatchObject({ inUse: 'mongodb', isDownloaded: true });
    expect(await address(other)).toBe(uri);
    expect(started(other)).toEqual([]);
    const [, pid = 0] = started(runtime);
    await runtime.runtime.stop();
    expect(await isRunning(pid)).toBe(false);
    await expect.poll(() => started(other), { timeout: 20_000 }).toHaveLength(1);
    expect(await store(uri, 'third')).toEqual(['first', 'second', 'third']);
    runtime = other;
  });

  it('L15: ends with a runtime that is killed', async () => {
    const killed = await startRuntimeProcess({
      plugins: PLUGINS,
      cleanUp,
      through: (home) => {
        for (const name of [MONGODB_VERSION, 'choice.json']) {
          cpSync(join(folder(), name), join(home, 'user/mongodb', name), { recursive: true });
        }
        return [];
      },
    });
    const pid = Number(/MongoDB started.*pid=(\d+)/.exec(killed.log())?.[1]);
    expect(await isRunning(pid)).toBe(true);
    process.kill(killed.pid, 'SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
  });

  it('is left again: the local database has what it had', async () => {
    const [pid = 0] = started(runtime);
    expect(await call('useLocalDatabase')).toBeNull();
    expect(view()).toMatchObject({ inUse: 'local', isDownloaded: true });
    expect(await isRunning(pid)).toBe(false);
    expect(await store(await address(), 'back')).toEqual(['local', 'back']);
  });

  it('says so where it no longer starts, and can be left', async () => {
    const { configPath } = runtime.config;
    await runtime.runtime.stop();
    await writeFile(
      join(folder(), MONGODB_VERSION, 'mongod'),
      '#!/bin/sh\necho its files are damaged; exit 1\n',
    );
    await writeFile(join(folder(), 'choice.json'), JSON.stringify({ mongodb: MONGODB_VERSION }));
    const broken = await open({ configPath });
    const message = 'MongoDB can’t be used: it ended: its files are damaged';
    expect(view(broken)).toMatchObject({ inUse: 'mongodb', failure: { message } });
    expect(broken.runtime.snapshot().notices).toContain(message);
    expect(await call('useLocalDatabase', broken)).toBeNull();
    expect(view(broken)).toMatchObject({ inUse: 'local', failure: null });
    expect(await store(await address(broken), 'again')).toContain('again');
  });

  it('is not offered where a setting names the database', async () => {
    const set = await open({ env: { DATABASE_URI: 'mongodb://127.0.0.1:1' } });
    expect(view(set)).toBeNull();
    expect(await call('useMongodb', set)).toContain('names the database');
  });
});
