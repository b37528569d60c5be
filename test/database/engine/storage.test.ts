import { execFileSync, spawn } from 'node:child_process';
import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Document, Double, deserialize, Int32, Long, serialize } from 'bson';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { openDatabase } from '../../../main/database/engine/database.ts';
import { openEngine } from '../../support/database-engine.ts';
import { projectRoot, temporaryFolder } from '../../support/folders.ts';
import { recordingLog } from '../../support/recording-log.ts';

/** What is on disk survives; what isn't whole is cut off. */

describe("the database's files", () => {
  it('hold everything: documents with their types and order, indexes, names', async () => {
    const engine = await openEngine();
    const documents: Document[] = [
      { _id: 2, v: new Double(1) },
      { _id: 1, v: Long.fromNumber(1) },
      { _id: 3, v: new Int32(1) },
    ];
    await engine.insert('c', ...documents);
    await engine.run({ createIndexes: 'c', indexes: [{ key: { v: 1 }, name: 'v_1', sparse: true }] });
    await engine.run({ createIndexes: 'c', indexes: [{ key: { w: 1 }, name: 'w_1' }] });
    await engine.run({ dropIndexes: 'c', index: 'w_1' });
    await engine.run({ delete: 'c', deletes: [{ q: { _id: 3 }, limit: 1 }] });
    await engine.run({ update: 'c', updates: [{ q: { _id: 2 }, u: { $set: { x: 1 } } }] });
    await engine.run({ create: 'empty' });
    await engine.insert('gone', { _id: 1 });
    await engine.run({ drop: 'gone' });
    await engine.run({ renameCollection: 'test.c', to: 'test.renamed', $db: 'admin' });
    await engine.reopen();
    expect(await engine.exact({ find: 'renamed' })).toEqual([
      { _id: new Int32(2), v: new Double(1), x: new Int32(1) },
      { _id: new Int32(1), v: Long.fromNumber(1) },
    ]);
    expect(await engine.all({ listIndexes: 'renamed' })).toEqual([
      { v: 2, key: { _id: 1 }, name: '_id_' },
      { v: 2, key: { v: 1 }, name: 'v_1', sparse: true },
    ]);
    const names = (await engine.all({ listCollections: 1, nameOnly: true })).map(({ name }) => name);
    expect(names).toEqual(['empty', 'renamed']);
  });

  it('are for their user alone', async () => {
    const engine = await openEngine();
    const folder = join(engine.folder, 'new');
    const database = await openDatabase({ folder, log: engine.log });
    await database.close();
    const modeOf = async (file: string) => (await stat(file)).mode & 0o777;
    expect([await modeOf(folder), await modeOf(join(folder, 'data.log'))]).toEqual([0o700, 0o600]);
  });

  it.each([
    [
      'an end written by half',
      async (file: string) => appendFile(file, Buffer.from([100, 0, 0, 0, 1, 2, 3])),
    ],
    ['an end that is missing', async (file: string) => truncate(file, (await stat(file)).size - 3)],
    [
      'an end that is not what was written',
      async (file: string) => {
        const bytes = await readFile(file);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 0xff, bytes.length - 1);
        await writeFile(file, bytes);
      },
    ],
  ])('L10: are cut at %s, and go on from there', async (title, damage) => {
    const engine = await openEngine();
    await engine.insert('c', { _id: 1 }, { _id: 2 });
    await engine.close();
    await damage(join(engine.folder, 'data.log'));
    await engine.reopen();
    const left = title === 'an end written by half' ? [1, 2] : [1];
    expect((await engine.find('c')).map(({ _id }) => _id)).toEqual(left);
    expect(engine.log.lines.join('\n')).toContain('Cut a damaged end off the database');
    await engine.insert('c', { _id: 3 });
    await engine.reopen();
    expect((await engine.find('c')).map(({ _id }) => _id)).toEqual([...left, 3]);
  });

  it('L10: are not taken over from another program', async () => {
    const { path, remove } = await temporaryFolder('engine');
    onTestFinished(remove);
    await writeFile(join(path, 'data.log'), 'something else');
    await expect(openDatabase({ folder: path, log: recordingLog() })).rejects.toThrow('move it away');
  });

  it('shrink to what they hold once they are four times as large', async () => {
    const engine = await openEngine();
    const text = 'x'.repeat(100_000);
    await engine.insert('c', { _id: 1, n: 0, text }, { _id: 2 });
    await engine.run({ createIndexes: 'c', indexes: [{ key: { n: 1 }, name: 'n_1' }] });
    for (let n = 0; n < 60; n++) {
      await engine.run({ update: 'c', updates: [{ q: { _id: 1 }, u: { $inc: { n: 1 } } }] });
    }
    expect((await stat(join(engine.folder, 'data.log'))).size).toBeLessThan(3_000_000);
    await engine.reopen();
    expect(await engine.find('c', {}, { projection: { text: 0 } })).toEqual([{ _id: 1, n: 60 }, { _id: 2 }]);
    expect(await engine.all({ listIndexes: 'c' })).toHaveLength(2);
  });
});

describe("a database's process", () => {
  let script = '';
  beforeAll(async () => {
    const { path, remove } = await temporaryFolder('engine-child');
    afterAll(remove);
    script = join(path, 'child.cjs');
    const entry = join(projectRoot, 'test/support/database-engine-child.ts');
    await build({ entryPoints: [entry], outfile: script, bundle: true, platform: 'node', format: 'cjs' });
  });

  async function startChild() {
    const { path, remove } = await temporaryFolder('engine');
    const child = spawn(process.execPath, [script, path], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    onTestFinished(remove);
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await exited;
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    return {
      folder: path,
      pid: child.pid ?? 0,
      insert: (count: number) => child.stdin.write(`${count}\n`),
      /** The next acknowledged document; undefined when the process has ended. */
      async next(): Promise<readonly [number, number] | undefined> {
        const { value, done } = await lines.next();
        const [id = 0, code = 0] = done ? [] : value.split(' ').map(Number);
        return done ? undefined : [id, code];
      },
      async kill() {
        child.kill('SIGKILL');
        await exited;
      },
    };
  }

  async function storedIn(folder: string): Promise<number> {
    const log = recordingLog();
    const database = await openDatabase({ folder, log });
    const body = serialize({ count: 'c' });
    const bytes = await database.run({
      db: 'test',
      name: 'count',
      body,
      sequences: new Map(),
      connection: 1,
    });
    await database.close();
    return deserialize(bytes).n;
  }

  it('L9: loses nothing that it acknowledged when it is killed while it writes', async () => {
    const child = await startChild();
    child.insert(1_000_000);
    let acknowledged = -1;
    while (acknowledged < 500) acknowledged = (await child.next())?.[0] ?? 501;
    await child.kill();
    for (let item = await child.next(); item !== undefined; item = await child.next()) acknowledged = item[0];
    expect(await storedIn(child.folder)).toBeGreaterThanOrEqual(acknowledged + 1);
  });

  it('L11: answers with an error while the disk is full, and stores again when it is not', async () => {
    const child = await startChild();
    child.insert(10);
    for (let n = 0; n < 10; n++) expect(await child.next()).toEqual([n, 0]);
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=20000:']);
    child.insert(20);
    const codes = [];
    for (let n = 0; n < 20; n++) codes.push((await child.next())?.[1]);
    expect(codes.at(-1)).toBe(14031);
    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:']);
    child.insert(1);
    expect(await child.next()).toEqual([30, 0]);
    await child.kill();
    expect(await storedIn(child.folder)).toBe(11 + codes.filter((code) => code === 0).length);
  });
});
