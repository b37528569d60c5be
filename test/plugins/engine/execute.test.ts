import { describe, expect, it } from 'vitest';
import { returned } from '../../support/returned.ts';
import { bench, eventually, isRunning } from '../workspace.ts';

describe('waiting, deadlines and callers who leave', () => {
  it('times out at the limit and takes the next call at once', async () => {
    const { call } = await bench({
      'p/logic.js': 'export const execute = ({ wait }) => (wait ? new Promise(() => {}) : { ok: true });',
    });
    const report = await call('p', { wait: true }, 300);
    expect(report.result).toEqual({ kind: 'timeout' });
    expect(report.runMs).toBeGreaterThanOrEqual(290);
    expect((await call('p')).result).toEqual(returned({ ok: true }));
  });

  it('reports to calls that shared the process of a timed-out one why they failed', async () => {
    const { call } = await bench({ 'p/logic.js': 'export const execute = () => new Promise(() => {});' });
    const [short, long] = await Promise.all([call('p', {}, 300), call('p', {}, 20_000)]);
    expect(short.result).toEqual({ kind: 'timeout' });
    expect(long.result).toMatchObject({
      kind: 'crashed',
      reason: expect.stringContaining('ran past its deadline'),
    });
  });

  it('queues calls beyond the limit in order and counts the wait towards the timeout', async () => {
    const source =
      'import { setTimeout as d } from "node:timers/promises"; let n = 0; export const execute = async ({ ms }) => { const at = ++n; await d(ms); return { at }; };';
    const { call } = await bench({ 'p/logic.js': source }, { maxConcurrency: 1 });
    const first = call('p', { ms: 2_000 });
    const second = call('p', { ms: 1 });
    const late = call('p', { ms: 1 }, 200);
    expect((await Promise.race([late, first])).result).toEqual({ kind: 'timeout' });
    expect((await late).pid).toBeNull();
    expect((await first).result).toEqual(returned({ at: 1 }));
    expect((await second).result).toEqual(returned({ at: 2 }));
    expect((await second).queueMs).toBeGreaterThan(200);
  });

  it('answers an aborted caller immediately, signals the plugin, and keeps a process that obeys', async () => {
    const source = `import { setTimeout as d } from 'node:timers/promises';
      let signals = 0;
      export const execute = async ({ ms }, { signal }) => {
        if (ms) await d(ms, null, { signal }).catch(() => { signals += 1; });
        return { signals };
      };`;
    const { call, value, engine } = await bench({ 'p/logic.js': source }, { maxConcurrency: 2 });
    const pid = engine.get('p')?.pid;
    const leave = new AbortController();
    const left = call('p', { ms: 60_000 }, 60_000, leave.signal);
    // Answered after the other call was taken up: messages keep their order.
    expect(await value('p')).toEqual({ signals: 0 });
    const other = call('p', { ms: 1_000 });
    leave.abort();
    expect((await left).result).toEqual({ kind: 'aborted' });
    // Its turn is free once it has obeyed, while the other call still has the second one.
    await eventually(() => value('p')).toEqual({ signals: 1 });
    await other;
    expect(engine.get('p')?.pid).toBe(pid);
  });

  it('kills a plugin that ignores the signal when its deadline passes', async () => {
    const source = 'export const execute = ({ hang }) => (hang ? new Promise(() => {}) : {});';
    const { call, value, engine } = await bench({ 'p/logic.js': source });
    const pid = engine.get('p')?.pid ?? 0;
    const leave = new AbortController();
    const left = call('p', { hang: true }, 1_000, leave.signal);
    // Answered after the other call was taken up: messages keep their order.
    await value('p');
    leave.abort();
    expect((await left).result).toEqual({ kind: 'aborted' });
    expect(await isRunning(pid)).toBe(true);
    await eventually(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
  });
});
