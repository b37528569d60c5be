import { spawn } from 'node:child_process';
import { appendFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EngineUnderTest, openEngine } from '../../support/database-engine.ts';
import { projectRoot, temporaryFolder } from '../../support/folders.ts';

/** Named copies of all data, to return to. */

const ids = async (engine: EngineUnderTest, collection = 'c') =>
  (await engine.find(collection)).map(({ _id }) => _id);

const names = async (engine: EngineUnderTest) =>
  (await engine.run({ workbenchSnapshots: 1 })).snapshots.map(({ name }: { name: string }) => name);

describe('a snapshot', () => {
  it('brings back documents, indexes and collections as they were, also after a restart', async () => {
    const engine = await openEngine();
    await engine.insert('c', { _id: 1 }, { _id: 2 });
    await engine.run({
      createIndexes: 'c',
      indexes: [{ key: { v: 1 }, name: 'v_1', unique: true, sparse: true }],
    });
    expect(await engine.run({ workbenchSnapshot: 'before: the *demo*' })).toEqual({ ok: 1 });
    await engine.run({ drop: 'c' });
    await engine.insert('other', { _id: 9 });
    expect(await engine.run({ workbenchRestore: 'before: the *demo*' })).toEqual({ ok: 1 });
    for (const reopen of [async () => undefined, () => engine.reopen()]) {
      await reopen();
      expect(await ids(engine)).toEqual([1, 2]);
      expect(await ids(engine, 'other')).toEqual([]);
      expect((await engine.all({ listIndexes: 'c' })).map(({ name }) => name)).toEqual(['_id_', 'v_1']);
    }
    // What is written after it goes into the file that took the place.
    await engine.insert('c', { _id: 3 });
    await engine.reopen();
    expect(await ids(engine)).toEqual([1, 2, 3]);
    expect(await names(engine)).toEqual(['before: the *demo*']);
    const [file = ''] = await readdir(join(engine.folder, 'snapshots'));
    expect(file).toBe('snapshot-before%3A%20the%20%2Ademo%2A.log');
    expect((await stat(join(engine.folder, 'snapshots', file))).mode & 0o777).toBe(0o600);
  });

  it('has a name of its own, and there are only so many of them', async () => {
    const engine = await openEngine();
    expect(await engine.run({ workbenchSnapshot: 'a' })).toEqual({ ok: 1 });
    expect(await engine.run({ workbenchSnapshot: 'A' })).toMatchObject({ ok: 0, code: 48 });
    for (const name of [' ', 'x'.repeat(201)]) {
      expect(await engine.run({ workbenchSnapshot: name })).toMatchObject({ ok: 0, code: 2 });
    }
    for (let n = 1; n < 20; n += 1) await engine.run({ workbenchSnapshot: `${n}` });
    expect(await engine.run({ workbenchSnapshot: 'one more' })).toMatchObject({ ok: 0, code: 14031 });
    expect(await engine.run({ workbenchDropSnapshot: 'a' })).toEqual({ ok: 1 });
    expect(await engine.run({ workbenchRestore: '../a' })).toMatchObject({ ok: 0, code: 26 });
    expect(await names(engine)).toHaveLength(19);
  });

  it('L13: that is damaged is refused, and everything stays as it is', async () => {
    const engine = await openEngine();
    await engine.insert('c', { _id: 1 });
    await engine.run({ workbenchSnapshot: 'a' });
    await appendFile(join(engine.folder, 'snapshots/snapshot-a.log'), Buffer.from([100, 0, 0, 0, 1, 2, 3]));
    await engine.insert('c', { _id: 2 });
    expect(await engine.run({ workbenchRestore: 'a' })).toMatchObject({ ok: 0, code: 1 });
    await engine.insert('c', { _id: 3 });
    await engine.reopen();
    expect(await ids(engine)).toEqual([1, 2, 3]);
  });

  describe('and the end of the process', () => {
    let script = '';
    let folder: Awaited<ReturnType<typeof temporaryFolder>>;
    beforeAll(async () => {
      folder = await temporaryFolder('snapshot-script');
      script = join(folder.path, 'child.cjs');
      await build({
        entryPoints: [join(projectRoot, 'test/support/database-restore-child.ts')],
        bundle: true,
        platform: 'node',
        format: 'cjs',
        outfile: script,
        logLevel: 'silent',
      });
    });
    afterAll(() => folder.remove());

    it('L13: killed before any change of a file while it is restored, it is the old data or the new', async () => {
      const engine = await openEngine();
      const many = Array.from({ length: 500 }, (_, n) => ({ _id: n, text: 'x'.repeat(900) }));
      await engine.run({ insert: 'old', documents: many });
      await engine.run({ workbenchSnapshot: 'old' });
      await engine.run({ drop: 'old' });
      await engine.run({ insert: 'new', documents: many });
      await engine.close();
      const seen: string[] = [];
      for (let killAt = 1, isKilled = true; isKilled; killAt += 1) {
        isKilled = (await restore(script, engine.folder, killAt)) === '';
        await engine.reopen();
        seen.push(`${(await ids(engine, 'old')).length} old, ${(await ids(engine, 'new')).length} new`);
        await engine.close();
      }
      // Before the snapshot is copied, before the copy takes the file's place, and not at all.
      expect(seen).toEqual(['0 old, 500 new', '0 old, 500 new', '500 old, 0 new']);
    });
  });
});

/** What the child prints: nothing if it was killed. */
async function restore(script: string, folder: string, killAt: number): Promise<string> {
  const child = spawn(process.execPath, [script, folder, String(killAt)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const printed = await text(child.stdout);
  await ended;
  return printed.trim();
}
