import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readSources } from '../../../main/plugins/version/python-files.ts';
import { bench, eventually, isRunning, live, makeFolder } from '../workspace.ts';

const answering = (v: number) => `async def execute(data):\n    return {"v": ${v}}\n`;

it('P16: reads at most 64 MiB of what a process names as its files', async () => {
  const folder = await makeFolder();
  await writeFile(join(folder, 'big.py'), Buffer.alloc(5_000_000, ' '));
  const names = Array.from({ length: 100 }, (_, n) => `${folder}/${'./'.repeat(n)}big.py`);
  const contents = [...(await readSources(names)).values()];
  expect(contents).toHaveLength(100);
  expect(contents.filter((content) => content !== null)).toHaveLength(13);
});

/**
 * The cases F1, F2, F5 and F9 once more, for the language that is loaded from its sources and not from a
 * bundle.
 */
describe('whatever happens to the files of a Python plugin', () => {
  it('F1 takes a hundred saves for a few reloads and ends with the last', async () => {
    const b = await bench({ 'p/logic.py': answering(0) });
    const before = b.reloads.length;
    for (let n = 1; n <= 100; n += 1) {
      await b.write('p/logic.py', answering(n));
      await delay(5);
    }
    await live(b, 100);
    expect(b.reloads.length - before).toBeLessThan(50);
    expect(b.reloads.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('F2 sees the second of two writes 20 ms apart', async () => {
    const b = await bench({ 'p/logic.py': answering(0) });
    await b.write('p/logic.py', answering(1));
    await delay(20);
    await b.write('p/logic.py', answering(2));
    await live(b, 2, 'p', 5_000);
  });

  it('F5 forgets a deleted folder and takes one that came back', async () => {
    const b = await bench({ 'p/logic.py': answering(1), 'keep/logic.py': answering(1) });
    await rm(join(b.folder, 'p'), { recursive: true });
    await eventually(async () => (await b.call('p')).result).toEqual({ kind: 'unknown' });
    await b.write('p/logic.py', answering(2));
    await live(b, 2);
    await rename(join(b.folder, 'p'), join(b.folder, 'q'));
    await live(b, 2, 'q');
    await eventually(async () => (await b.call('p')).result).toEqual({ kind: 'unknown' });
    await live(b, 1, 'keep');
  });

  it('F9 loses no call and leaks no process over twenty reloads', async () => {
    const b = await bench({ 'p/logic.py': answering(0) });
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
    for (let n = 1; n <= 20; n += 1) {
      await b.write('p/logic.py', answering(n));
      await live(b, n);
    }
    going = false;
    await load;
    // The load may have ended before a call of its own met the last version.
    pids.add((await b.call('p')).pid ?? 0);
    expect(outcomes.length).toBeGreaterThan(20);
    expect(new Set(outcomes)).toEqual(new Set(['returned']));
    expect(pids.size).toBeGreaterThan(10);
    const alive = async () => (await Promise.all([...pids].map(isRunning))).filter(Boolean).length;
    await eventually(alive).toBe(1);
  });
});
