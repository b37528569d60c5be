import { execFileSync } from 'node:child_process';
import { appendFile, chmod, mkdir, open, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Bench, bench, isRunning, makeFolder } from './workspace.ts';

const answering = (v: unknown) => `export const execute = () => ({ v: ${JSON.stringify(v)} });\n`;

/** Waits until the plugin answers with this `v`. */
async function live({ call }: Bench, v: unknown, plugin = 'p', timeout = 10_000): Promise<void> {
  await expect
    .poll(async () => (await call(plugin)).result, { timeout, interval: 20 })
    .toEqual({ kind: 'returned', value: { v } });
}

/** The cases F1–F9: whatever happens to the files, the newest good version answers. */
describe('changes on disk', () => {
  it('serves an edit and says how long it took', async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    const before = b.engine.get('p');
    await b.write('p/logic.ts', answering(2));
    await live(b, 2);
    const record = b.reloads.at(-1);
    expect(record).toMatchObject({ plugin: 'p', ok: true, cause: 'change', error: null });
    expect(record?.latencyMs).toBeGreaterThan(0);
    expect(record?.latencyMs).toBeLessThan(5_000);
    expect(record?.version).not.toBe(before?.contentHash);
    expect(b.engine.get('p')).toMatchObject({ contentHash: record?.version, lastReload: record });
    expect(b.engine.lastReload()).toEqual(record);
  });

  it('F1 takes a hundred saves for a few reloads and ends with the last', async () => {
    const b = await bench({ 'p/logic.ts': answering(0) });
    for (let n = 1; n <= 100; n += 1) {
      await b.write('p/logic.ts', answering(n));
      await delay(50);
    }
    await live(b, 100);
    expect(b.reloads.filter(({ cause }) => cause === 'change').length).toBeLessThan(30);
  });

  it('F2 sees the second of two writes 20 ms apart', async () => {
    const b = await bench({ 'p/logic.ts': answering('a') });
    for (let round = 0; round < 8; round += 1) {
      await writeFile(join(b.folder, 'p/logic.ts'), answering(`${round} first`));
      await delay(20);
      await writeFile(join(b.folder, 'p/logic.ts'), answering(`${round} second`));
      await live(b, `${round} second`, 'p', 3_000);
      await delay(round % 2 === 0 ? 0 : 600);
    }
  });

  it('F3 keeps serving the last good version, names the place, and heals', async () => {
    const b = await bench({ 'p/logic.ts': answering('good') });
    await b.write('p/logic.ts', 'export const execute = () => {\n  const = 1;\n};\n');
    await expect.poll(() => b.engine.get('p')?.status).toBe('failed');
    expect(b.engine.get('p')).toMatchObject({ serving: true, failure: { file: 'logic.ts', line: 2 } });
    expect(await b.value('p')).toEqual({ v: 'good' });
    expect(b.engine.loadedCount()).toBe(1);
    expect(b.reloads.at(-1)).toMatchObject({ ok: false, error: expect.stringContaining('"="') });

    await b.write('p/logic.ts', `import { v } from './missing.ts';\nexport const execute = () => ({ v });\n`);
    await expect
      .poll(() => b.engine.get('p')?.failure?.message)
      .toContain('Could not resolve "./missing.ts"');
    expect(await b.value('p')).toEqual({ v: 'good' });

    await b.write('p/missing.ts', 'export const v = "healed";\n');
    await live(b, 'healed');
    expect(b.engine.get('p')).toMatchObject({ status: 'loaded', failure: null });
  });

  it('F3 heals when the good content comes back', async () => {
    const b = await bench({ 'p/logic.ts': answering('good') });
    const { pid } = b.engine.get('p') ?? {};
    await b.write('p/logic.ts', 'export const execute = (');
    await expect.poll(() => b.engine.get('p')?.status).toBe('failed');
    await b.write('p/logic.ts', answering('good'));
    await expect.poll(() => b.engine.get('p')?.status).toBe('loaded');
    expect(b.engine.get('p')).toMatchObject({ failure: null, pid, lastReload: { ok: true } });
  });

  it('does not call a half-written file an error', async () => {
    const b = await bench({ 'p/logic.ts': answering('whole') });
    const text = answering('rewritten');
    const path = join(b.folder, 'p/logic.ts');
    for (let round = 0; round < 5; round += 1) {
      await writeFile(path, text.slice(0, 30));
      await delay(40);
      await appendFile(path, `${text.slice(30)}// ${round}\nexport const round = ${round};\n`);
      await expect
        .poll(() => b.reloads.filter(({ ok, cause }) => ok && cause === 'change').length)
        .toBe(round + 1);
      await delay(600);
    }
    expect(b.reloads.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('F4 answers once a first broken plugin is mended', async () => {
    const b = await bench({ 'p/logic.ts': 'export const execute = (' });
    expect((await b.call('p')).result.kind).toBe('load-failed');
    await b.write('p/logic.ts', answering('mended'));
    await live(b, 'mended');
  });

  it('F5 forgets a deleted folder, finds a new one, and reloads one that came back', async () => {
    const b = await bench({
      'p/logic.ts': answering(1),
      'p/lib.ts': 'export {};',
      'q/logic.ts': answering('q'),
    });
    await rm(join(b.folder, 'q'), { recursive: true });
    await expect.poll(() => b.engine.canRun('q')).toBe(false);
    expect((await b.call('q')).result).toEqual({ kind: 'unknown' });
    await b.write('r/logic.ts', answering('r'));
    await live(b, 'r', 'r');

    for (let round = 0; round < 4; round += 1) {
      await rm(join(b.folder, 'p'), { recursive: true });
      await delay(10 * round);
      await b.write('p/logic.ts', answering(`back ${round}`));
      await live(b, `back ${round}`);
      // The new folder is watched as the old one was.
      await b.write('p/logic.ts', answering(`edited ${round}`));
      await live(b, `edited ${round}`);
    }
    await rename(join(b.folder, 'p'), join(b.folder, 'renamed'));
    await live(b, 'edited 3', 'renamed');
    await expect.poll(() => b.engine.list().map(({ name }) => name)).toEqual(['r', 'renamed']);
  });

  it('F6 reloads for a helper file and not for an unrelated one', async () => {
    const b = await bench({
      'p/logic.ts':
        "import { v } from './lib/value.ts'; import { w } from '../shared/w.ts'; export const execute = () => ({ v: v + w });",
      'p/lib/value.ts': 'export const v = "a";',
      'p/notes.md': 'one',
      'p/unused.ts': 'export const u = 1;',
      'shared/w.ts': 'export const w = "1";',
      'q/logic.ts': answering('q'),
    });
    await b.write('p/notes.md', 'two');
    await b.write('p/unused.ts', 'export const u = 2;');
    await b.write('p/new-and-unused.ts', 'export const n = 2;');
    await delay(400);
    expect(b.reloads.filter(({ cause }) => cause === 'change')).toEqual([]);
    await b.write('p/lib/value.ts', 'export const v = "b";');
    await live(b, 'b1');
    await b.write('shared/w.ts', 'export const w = "2";');
    await live(b, 'b2');
    expect(new Set(b.reloads.filter(({ cause }) => cause === 'change').map(({ plugin }) => plugin))).toEqual(
      new Set(['p']),
    );
  });

  it('F6 follows imported packages', async () => {
    const b = await bench({
      'p/logic.ts': "import v from 'pkg'; export const execute = () => ({ v });",
      'p/node_modules/pkg/package.json': '{"name":"pkg","main":"index.js"}',
      'p/node_modules/pkg/index.js': 'module.exports = "one";',
    });
    expect(await b.value('p')).toEqual({ v: 'one' });
    await delay(100);
    await b.write('p/node_modules/pkg/index.js', 'module.exports = "two";');
    await live(b, 'two');
  });

  it('applies a changed manifest without a reload', async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    await b.write('p/manifest.json', '{"display_name": "New name", "version": "3.0.0"}');
    await expect.poll(() => b.engine.get('p')?.displayName).toBe('New name');
    await b.write('p/manifest.json', '{"display_name": "New name", "enabled": false}');
    await expect.poll(() => b.engine.canRun('p')).toBe(false);
    await b.write('p/manifest.json', '{"display_name": "New');
    await expect.poll(() => b.engine.get('p')?.notice).toContain('not valid JSON');
    expect(b.engine.canRun('p')).toBe(false);
    await b.write('p/manifest.json', '{"enabled": true}');
    await live(b, 1);
    expect(b.reloads.filter(({ cause }) => cause === 'change')).toEqual([]);
  });

  it('F7 ignores what can be no plugin, with a notice, and never hangs', async () => {
    const folder = await makeFolder({
      'good/logic.js': answering('good'),
      'spaced name/logic.js': answering(1),
    });
    const outside = await makeFolder({ 'secret/logic.js': answering('secret') });
    for (const name of ['loop', 'fifo', 'dir/logic.js', 'out', 'big', 'both'])
      await mkdir(join(folder, name), { recursive: true });
    await symlink('logic.js', join(folder, 'loop/logic.js'));
    await symlink(folder, join(folder, 'selfish'));
    execFileSync('mkfifo', [join(folder, 'fifo/logic.js'), join(folder, 'good/manifest.json')]);
    await symlink(join(outside, 'secret/logic.js'), join(folder, 'out/logic.js'));
    await symlink(join(outside, 'secret'), join(folder, 'linked'));
    const big = await open(join(folder, 'big/logic.js'), 'w');
    await big.truncate(100 * 1024 * 1024);
    await big.close();
    await mkdir(join(folder, 'both/logic.ts'));
    await writeFile(join(folder, 'both/logic.js'), answering('both'));
    for (const name of ['.hidden', '_private', 'node_modules']) await mkdir(join(folder, name));
    await writeFile(join(folder, '_private/logic.js'), answering(1));

    const b = await bench({}, { path: folder });
    expect(b.engine.list().map(({ name }) => name)).toEqual(['both', 'good']);
    expect(await b.value('good')).toEqual({ v: 'good' });
    expect(await b.value('both')).toEqual({ v: 'both' });
    expect(b.engine.get('good')?.notice).toContain('manifest.json is not a regular file');
    expect(b.engine.get('both')?.notice).toBe('logic.ts is ignored: it is a directory');
    expect(b.engine.folder().notice?.split('\n').sort()).toEqual([
      'big: logic.js is ignored: it has 100.0 MB; the limit is 5 MB',
      'dir: logic.js is ignored: it is a directory',
      'fifo: logic.js is ignored: it is not a regular file',
      'linked: ignored, since it links to a place outside of the watched folder',
      'loop: logic.js is ignored: it is a symbolic link that leads to itself',
      "out: logic.js is ignored: it links to a file outside of the plugin's folder",
      "spaced name: ignored, since a plugin's name has letters, digits, _ and - only, 64 at most",
    ]);
    await b.write('good/logic.js', answering('still reloading'));
    await live(b, 'still reloading', 'good');
  });

  it('F8 shows that the folder is gone and resumes when it is back', async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    await rm(b.folder, { recursive: true });
    await expect.poll(() => b.engine.folder().state, { timeout: 5_000 }).toBe('missing');
    expect(b.engine.folder().notice).toContain('does not exist');
    await expect.poll(() => b.engine.list()).toEqual([]);
    await b.write('p/logic.ts', answering(2));
    await live(b, 2);
    expect(b.engine.folder()).toMatchObject({ state: 'watching', notice: null });
    await b.write('p/logic.ts', answering(3));
    await live(b, 3);
  });

  it('F8 starts without a folder and finds it later', async () => {
    const parent = await makeFolder();
    const b = await bench({}, { path: join(parent, 'later') });
    expect(b.engine.folder().state).toBe('missing');
    expect(b.engine.list()).toEqual([]);
    await mkdir(join(parent, 'later/p'), { recursive: true });
    await writeFile(join(parent, 'later/p/logic.js'), answering('late'));
    await live(b, 'late');
  });

  it("F8 keeps serving while the folder can't be read, and resumes", async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    const aside = `${b.folder}-aside`;
    // A file in its place can't be read as a folder by anyone, root included.
    await rename(b.folder, aside);
    await writeFile(b.folder, 'not a folder');
    await expect.poll(() => b.engine.folder().state, { timeout: 5_000 }).toBe('unreadable');
    await rm(b.folder);
    await rename(aside, b.folder);
    await expect.poll(() => b.engine.folder().state, { timeout: 5_000 }).toBe('watching');
    await live(b, 1);
    await b.write('p/logic.ts', answering(2));
    await live(b, 2);
  });

  it.skipIf(process.getuid?.() === 0)('F8 keeps serving a folder without permission', async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    await chmod(b.folder, 0o000);
    await expect.poll(() => b.engine.folder().state, { timeout: 5_000 }).toBe('unreadable');
    expect(await b.value('p')).toEqual({ v: 1 });
    await chmod(b.folder, 0o755);
    await expect.poll(() => b.engine.folder().state, { timeout: 5_000 }).toBe('watching');
  });

  it('lets calls in flight finish on the version they began on', async () => {
    const versioned = (v: number) =>
      `import { setTimeout as d } from 'node:timers/promises'; import { w } from './w.ts'; export const execute = async ({ ms }) => { const before = ${v}; await d(ms ?? 0); return { v: before + '/' + w }; };`;
    const b = await bench({ 'p/logic.ts': versioned(1), 'p/w.ts': 'export const w = 1;' });
    const old = b.engine.get('p');
    const slow = b.call('p', { ms: 1_500 });
    await b.value('p');
    await b.write('p/w.ts', 'export const w = 2;');
    await b.write('p/logic.ts', versioned(2));
    await live(b, '2/2');
    const report = await slow;
    expect(report.result).toEqual({ kind: 'returned', value: { v: '1/1' } });
    expect(report.version).toBe(old?.contentHash);
    await expect.poll(() => isRunning(old?.pid ?? 0)).toBe(false);
  });

  it('F9 loses no call and leaks no process over thirty reloads', async () => {
    const b = await bench({ 'p/logic.ts': answering(0) });
    const outcomes: string[] = [];
    const pids = new Set<number>();
    let going = true;
    const load = (async () => {
      while (going) {
        const { result, pid } = await b.call('p');
        outcomes.push(result.kind);
        if (pid !== null) pids.add(pid);
        await delay(5);
      }
    })();
    for (let n = 1; n <= 30; n += 1) {
      await b.write('p/logic.ts', answering(n));
      await live(b, n);
    }
    going = false;
    await load;
    expect(outcomes.length).toBeGreaterThan(100);
    expect(new Set(outcomes)).toEqual(new Set(['returned']));
    expect(pids.size).toBeGreaterThan(15);
    const alive = async () => {
      const states = await Promise.all([...pids].map(isRunning));
      return states.filter(Boolean).length;
    };
    await expect.poll(alive).toBe(1);
  });
});
