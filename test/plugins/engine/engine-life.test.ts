import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { descendantsOf } from '../../../main/hosts/process-tree.ts';
import { startEngineProcess } from '../engine-process.ts';
import { bench, eventually, isRunning, makeFolder } from '../workspace.ts';

describe('processes come and go', () => {
  it('parks the process that was used longest ago when there are more plugins than processes', async () => {
    const source = 'export const execute = () => ({ pid: process.pid });';
    const { engine, value } = await bench(
      { 'a/logic.js': source, 'b/logic.js': source, 'c/logic.js': source },
      { maxLiveHosts: 2 },
    );
    expect(
      engine
        .list()
        .map(({ status }) => status)
        .sort(),
    ).toEqual(['loaded', 'loaded', 'parked']);
    expect(engine.loadedCount()).toBe(3);
    for (const name of ['a', 'b', 'c', 'a', 'b', 'c']) {
      const { pid } = await value(name);
      expect(engine.get(name)).toMatchObject({ status: 'loaded', pid });
      expect(engine.list().filter(({ status }) => status === 'loaded').length).toBeLessThanOrEqual(2);
    }
  });

  it.runIf(process.platform === 'linux')('has a spare of a language in use, and of no other', async () => {
    const engine = await startEngineProcess(
      await makeFolder({ 'p/logic.py': 'def execute(data):\n    return {}\n' }),
      {},
    );
    const hosts = () =>
      descendantsOf(engine.pid)
        .map((pid) => /node-host|python_host/.exec(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))?.[0])
        .filter((host) => host !== undefined);
    await eventually(hosts).toEqual(['python_host', 'python_host']);
  });

  it('lets a call wait for a process when all are busy', async () => {
    const source =
      'import { setTimeout as d } from "node:timers/promises"; export const execute = async ({ ms }) => { await d(ms ?? 0); return {}; };';
    const { call, value } = await bench({ 'a/logic.js': source, 'b/logic.js': source }, { maxLiveHosts: 1 });
    const busy = call('a', { ms: 800 });
    await value('a');
    const waiting = await call('b');
    expect(waiting.result.kind).toBe('returned');
    expect(waiting.queueMs).toBeGreaterThan(200);
    expect((await busy).result.kind).toBe('returned');
  });

  it('says why a call is the first of a new process', async () => {
    const source =
      'export const execute = ({ exit }) => { if (exit) process.kill(process.pid, "SIGKILL"); return {}; };';
    const { engine, call, write } = await bench(
      { 'a/logic.js': source, 'b/logic.js': source },
      { maxLiveHosts: 1 },
    );
    const why = async () => (await call('a')).newProcess;
    expect([await why(), await why()]).toEqual([undefined, undefined]);
    await call('b');
    expect([await why(), await why()]).toEqual(['parked', undefined]);
    expect((await call('a', { exit: true })).result.kind).toBe('crashed');
    expect([await why(), await why()]).toEqual(['crashed', undefined]);
    await engine.restart('a');
    expect([await why(), await why()]).toEqual(['restarted', undefined]);
    await write('a/logic.js', `${source} export const changed = 1;`);
    await engine.reload('a');
    expect([await why(), await why()]).toEqual(['reloaded', undefined]);
  });

  it('reloads, restarts and disables by hand', async () => {
    const { engine, value, call, reloads } = await bench({
      'p/logic.js': 'let n = 0; export const execute = () => ({ n: ++n });',
    });
    await value('p');
    expect(await value('p')).toEqual({ n: 2 });
    const before = engine.get('p')?.pid;
    const after = await engine.restart('p');
    expect(after.pid).not.toBe(before);
    expect(await value('p')).toEqual({ n: 1 });
    expect((await engine.reload('p')).pid).not.toBe(after.pid);
    expect(reloads.map(({ cause, ok, latencyMs }) => [cause, ok, latencyMs])).toEqual([
      ['start', true, null],
      ['restart', true, null],
      ['manual', true, null],
    ]);
    expect(await engine.setEnabled('p', false)).toMatchObject({
      status: 'disabled',
      enabled: false,
      pid: null,
    });
    expect((await call('p')).result).toEqual({ kind: 'unknown' });
    expect(await engine.setEnabled('p', true)).toMatchObject({ status: 'loaded', enabled: true });
    expect(await value('p')).toEqual({ n: 1 });
    await expect(engine.reload('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says what is wrong when no process can be started', async () => {
    const { call } = await bench(
      { 'p/logic.js': 'export const execute = () => ({});' },
      { hostScripts: { node: '/nowhere/host.cjs', python: '/nowhere/host.py' } },
    );
    expect((await call('p')).result).toMatchObject({
      kind: 'load-failed',
      message: expect.stringContaining("Cannot find module '/nowhere/host.cjs'"),
    });
  });

  it('delivers a result that was sent right before the process ended', async () => {
    const source =
      'export const execute = () => { setImmediate(() => process.exit(0)); return { ok: true }; };';
    const { value } = await bench({ 'p/logic.js': source });
    expect(await value('p')).toEqual({ ok: true });
  });

  it('ends every process when it stops, those that hang too, and settles their calls', async () => {
    const { engine, call } = await bench({
      'loop/logic.js': 'export const execute = () => { for (;;); };',
      'calm/logic.js': 'export const execute = () => ({});',
    });
    const pids = engine.list().map(({ pid }) => pid ?? 0);
    const lost = call('loop');
    const queued = call('loop');
    const began = performance.now();
    await engine.stop();
    expect(performance.now() - began).toBeLessThan(8_000);
    for (const { result } of await Promise.all([lost, queued])) {
      expect(result).toMatchObject({ kind: 'crashed', reason: 'the runtime is stopping' });
    }
    for (const pid of pids) expect(await isRunning(pid)).toBe(false);
  });
});
