import { expect, it } from 'vitest';
import { answering, bench, eventually, isRunning, live, makeFolder, save } from '../workspace.ts';

const SLOW = `import { setTimeout as wait } from "node:timers/promises";
export const execute = async ({ ms }) => { await wait(ms ?? 0); return { v: "old", pid: process.pid }; };`;

it('serves the other folder’s plugins, and announces it', async () => {
  const first = await bench({ 'p/logic.js': answering('old'), 'only-old/logic.js': answering(0) });
  const other = await makeFolder({ 'p/logic.js': answering('new'), 'broken/logic.js': 'export const (' });
  let changes = 0;
  first.engine.on('changed', () => {
    changes += 1;
  });
  await first.engine.watchFolder(other);
  expect(first.engine.folder()).toMatchObject({ path: other, state: 'watching' });
  expect(await first.value('p')).toEqual({ v: 'new' });
  expect((await first.call('only-old')).result.kind).toBe('unknown');
  expect(first.engine.list().map(({ name }) => name)).toEqual(['broken', 'p']);
  expect(first.reloads).toContainEqual(expect.objectContaining({ plugin: 'broken', ok: false }));
  await eventually(() => changes).toBeGreaterThan(0);
});

it('notices changes in the new folder and none in the old one', async () => {
  const first = await bench({ 'p/logic.js': answering('old') });
  const other = await makeFolder({ 'p/logic.js': answering('new') });
  await first.engine.watchFolder(other);
  await first.write('q/logic.js', answering('late'));
  await save(`${other}/p/logic.js`, answering('newer'));
  await live(first, 'newer');
  expect(first.engine.get('q')).toBeUndefined();
});

it('lets calls in flight and calls in the queue finish on the old versions, then ends their processes', async () => {
  const first = await bench({ 'p/logic.js': SLOW, 'idle/logic.js': SLOW }, { maxConcurrency: 1 });
  const other = await makeFolder({ 'p/logic.js': answering('new') });
  const { pid: idle } = await first.value('idle');
  let answered = false;
  const running = first.call('p', { ms: 3_000 }).finally(() => {
    answered = true;
  });
  const queued = first.call('p', { ms: 0 });
  await first.engine.watchFolder(other);
  expect(await first.value('p')).toEqual({ v: 'new' });
  await eventually(() => isRunning(Number(idle))).toBe(false);
  expect(answered).toBe(false);
  const reports = await Promise.all([running, queued]);
  expect(reports.map(({ result }) => result)).toMatchObject([
    { kind: 'returned', value: { v: 'old' } },
    { kind: 'returned', value: { v: 'old' } },
  ]);
  const pids = reports.map(({ pid }) => pid ?? 0);
  for (const pid of pids) await eventually(() => isRunning(pid)).toBe(false);
});

it('answers every call while the folder is exchanged, each with one folder’s version', async () => {
  const first = await bench({ 'p/logic.js': answering('old') });
  const other = await makeFolder({ 'p/logic.js': answering('new') });
  const seen: unknown[] = [];
  const caller = (async () => {
    while (seen.at(-1) !== 'new' && seen.length < 100_000) seen.push((await first.value('p')).v);
  })();
  await first.engine.watchFolder(other);
  await caller;
  expect(seen.slice(0, -1).every((v) => v === 'old')).toBe(true);
  expect(seen.length).toBeGreaterThan(1);
  expect(seen.at(-1)).toBe('new');
});

it('switches folders one after the other, and ends everything when it is stopped in the middle of one', async () => {
  const first = await bench({ 'p/logic.js': SLOW });
  const second = await makeFolder({ 'p/logic.js': answering(2) });
  const third = await makeFolder({ 'p/logic.js': SLOW });
  await Promise.all([first.engine.watchFolder(second), first.engine.watchFolder(third)]);
  expect(first.engine.folder().path).toBe(third);
  const { pid } = await first.value('p');
  const exchange = first.engine.watchFolder(second);
  // Past the look at whether it is stopped already, and into the new folder's start.
  await new Promise((resolve) => setImmediate(resolve));
  await first.engine.stop();
  await exchange;
  await eventually(() => isRunning(Number(pid))).toBe(false);
  expect(first.engine.folder().path).toBe(third);
});
