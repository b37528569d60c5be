import { appendFile, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { returned } from '../../support/returned.ts';
import { answering, bench, eventually, isRunning, live } from '../workspace.ts';

/** The cases F1–F6 and F9: whatever happens to a plugin's files, the newest good version answers. */
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

  it('F3 keeps serving the last good version, names the place, and recovers', async () => {
    const b = await bench({ 'p/logic.ts': answering('good') });
    await b.write('p/logic.ts', 'export const execute = () => {\n  const = 1;\n};\n');
    await eventually(() => b.engine.get('p')?.status).toBe('failed');
    expect(b.engine.get('p')).toMatchObject({ serving: true, failure: { file: 'logic.ts', line: 2 } });
    expect(await b.value('p')).toEqual({ v: 'good' });
    expect(b.engine.loadedCount()).toBe(1);
    expect(b.reloads.at(-1)).toMatchObject({ ok: false, error: expect.stringContaining('"="') });

    await b.write('p/logic.ts', `import { v } from './missing.ts';\nexport const execute = () => ({ v });\n`);
    await eventually(() => b.engine.get('p')?.failure?.message).toContain('Could not resolve "./missing.ts"');
    expect(await b.value('p')).toEqual({ v: 'good' });

    await b.write('p/missing.ts', 'export const v = "recovered";\n');
    await live(b, 'recovered');
    expect(b.engine.get('p')).toMatchObject({ status: 'loaded', failure: null });
  });

  it('F3 leaves a broken plugin alone until something changes', async () => {
    const b = await bench({ 'p/logic.ts': answering(1) });
    await b.write('p/logic.ts', 'export const execute = (');
    await eventually(() => b.engine.get('p')?.status).toBe('failed');
    // The second look comes within this time, and it is the last.
    await delay(1_000);
    const at = b.engine.get('p')?.failure?.at;
    await delay(1_000);
    expect(b.engine.get('p')?.failure?.at).toBe(at);
    expect(b.reloads.filter(({ ok }) => !ok)).toHaveLength(1);
  });

  it('F3 recovers when the good content comes back', async () => {
    const b = await bench({ 'p/logic.ts': answering('good') });
    const { pid } = b.engine.get('p') ?? {};
    await b.write('p/logic.ts', 'export const execute = (');
    await eventually(() => b.engine.get('p')?.status).toBe('failed');
    await b.write('p/logic.ts', answering('good'));
    await eventually(() => b.engine.get('p')?.status).toBe('loaded');
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
      await eventually(() => b.reloads.filter(({ ok, cause }) => ok && cause === 'change').length).toBe(
        round + 1,
      );
      await delay(600);
    }
    expect(b.reloads.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('calls no load a failure that was given up for a newer change', async () => {
    const b = await bench({ 'p/logic.js': answering(1) });
    const begun = join(b.folder, 'begun');
    const begins = () => readFile(begun, 'utf8').catch(() => '');
    const endless = `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(begun)}, '.'); for (;;);`;
    await b.write('p/logic.js', endless);
    await eventually(begins).toBe('.');
    // Somebody asks for it, too: unlike after a save, nothing is waited for before a failure counts.
    const asked = b.engine.reload('p');
    await eventually(begins).toBe('..');
    await b.write('p/logic.js', answering(2));
    await live(b, 2);
    expect(await asked).toMatchObject({ status: 'loaded', failure: null });
    expect(b.reloads.map(({ error }) => error).filter((error) => error !== null)).toEqual([]);
  });

  it('F4 answers once a plugin that was broken from the start is fixed', async () => {
    const b = await bench({ 'p/logic.ts': 'export const execute = (' });
    expect((await b.call('p')).result.kind).toBe('load-failed');
    await b.write('p/logic.ts', answering('fixed'));
    await live(b, 'fixed');
  });

  it('F5 forgets a deleted folder, finds a new one, and reloads one that came back', async () => {
    const b = await bench({
      'p/logic.ts': answering(1),
      'p/lib.ts': 'export {};',
      'q/logic.ts': answering('q'),
    });
    await rm(join(b.folder, 'q'), { recursive: true });
    await eventually(() => b.engine.canRun('q')).toBe(false);
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
    await eventually(() => b.engine.list().map(({ name }) => name)).toEqual(['r', 'renamed']);
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
    await eventually(() => b.engine.get('p')?.displayName).toBe('New name');
    await b.write('p/manifest.json', '{"display_name": "New name", "enabled": false}');
    await eventually(() => b.engine.canRun('p')).toBe(false);
    for (const version of ['1', '2', '3', '4']) {
      const manifest = (name: string) =>
        JSON.stringify({ display_name: `${name} ${version}`, enabled: false });
      await b.write('p/manifest.json', manifest('first'));
      await delay(25);
      await b.write('p/manifest.json', manifest('second'));
      await eventually(() => b.engine.get('p')?.displayName).toBe(`second ${version}`);
    }
    await b.write('p/manifest.json', '{"display_name": "New');
    await eventually(() => b.engine.get('p')?.notice).toContain('not valid JSON');
    expect(b.engine.canRun('p')).toBe(false);
    await b.write('p/manifest.json', '{"enabled": true}');
    await live(b, 1);
    expect(b.reloads.filter(({ cause }) => cause === 'change')).toEqual([]);
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
    expect(report.result).toEqual(returned({ v: '1/1' }));
    expect(report.version).toBe(old?.contentHash);
    await eventually(() => isRunning(old?.pid ?? 0)).toBe(false);
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
    // The load may have ended before a call of its own met the last version.
    pids.add((await b.call('p')).pid ?? 0);
    expect(outcomes.length).toBeGreaterThan(100);
    expect(new Set(outcomes)).toEqual(new Set(['returned']));
    expect(pids.size).toBeGreaterThan(15);
    const alive = async () => {
      const states = await Promise.all([...pids].map(isRunning));
      return states.filter(Boolean).length;
    };
    await eventually(alive).toBe(1);
  });
});
