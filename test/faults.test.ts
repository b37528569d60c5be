import { execFileSync } from 'node:child_process';
import { afterEach, expect, it, vi } from 'vitest';
import { descendantsOf } from '../main/hosts/process-tree.ts';
import { startEngineProcess } from './plugins/engine-process.ts';
import { bench, eventually, isRunning, makeFolder } from './plugins/workspace.ts';

/** What goes wrong around the runtime: descriptors run out, the clock is set. */

afterEach(() => void vi.useRealTimers());

const ANSWER = { 'p/logic.js': 'export const execute = () => ({ ok: true });' };
const PYTHON_ANSWER = { 'p/logic.py': 'def execute(data):\n    return {"ok": True}\n' };

it.runIf(process.platform === 'linux').each([
  ['JavaScript', ANSWER],
  ['Python', PYTHON_ANSWER],
])(
  'R1: without a free descriptor a process of %s fails to start, and starts afterwards',
  async (_, files) => {
    const engine = await startEngineProcess(await makeFolder(files), {});
    const limitDescriptors = (limit: string) =>
      execFileSync('prlimit', ['--pid', String(engine.pid), `--nofile=${limit}:`]);
    const running = async () => (await engine.state()).plugins[0]?.pid ?? null;
    expect(await engine.call('p')).toMatchObject({ kind: 'returned' });
    limitDescriptors('3');
    // Its own process, and the spare if that is there again.
    let result = await engine.call('p');
    for (let n = 0; n < 2 && result.kind === 'returned'; n += 1) {
      process.kill((await running()) ?? 0, 'SIGKILL');
      await eventually(running).toBeNull();
      result = await engine.call('p');
    }
    expect(result).toMatchObject({
      kind: 'load-failed',
      message: expect.stringContaining('could not be started: the system has no file descriptor left'),
    });
    limitDescriptors('1024');
    expect(await engine.call('p')).toMatchObject({ kind: 'returned' });
    expect((await engine.state()).plugins[0]).toMatchObject({ status: 'loaded', failure: null });
  },
);

it.runIf(process.platform === 'linux')('R1: without a free descriptor a guardian starts later', async () => {
  const engine = await startEngineProcess(await makeFolder(ANSWER), {});
  await engine.call('p');
  const shells = () =>
    descendantsOf(engine.pid).filter((pid) =>
      execFileSync('ps', ['-o', 'comm=', String(pid)]).includes('sh'),
    );
  const [guardian = 0] = shells();
  execFileSync('prlimit', ['--pid', String(engine.pid), '--nofile=3:']);
  process.kill(guardian, 'SIGKILL');
  await eventually(() => isRunning(guardian)).toBe(false);
  await eventually(async () => (await engine.state()).logged.join()).toContain(
    'Could not start the guardian',
  );
  execFileSync('prlimit', ['--pid', String(engine.pid), '--nofile=1024:']);
  await eventually(shells).toHaveLength(1);
});

it.each([
  ['an hour back', -3_600_000],
  ['an hour ahead', 3_600_000],
])('R2: a clock that is set %s moves no deadline', async (_, byMs) => {
  const source = 'export const execute = () => new Promise(() => {});';
  const { call } = await bench({ 'p/logic.js': source }, { maxConcurrency: 1 });
  const startedAt = performance.now();
  const timed = async (timeoutMs: number) => {
    const { result } = await call('p', {}, timeoutMs);
    return { kind: result.kind, afterMs: performance.now() - startedAt };
  };
  // The second waits for its turn until the first ends.
  const calls = [timed(800), timed(1_600)];
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + byMs);
  for (const [at, { kind, afterMs }] of (await Promise.all(calls)).entries()) {
    expect(kind).toBe('timeout');
    expect(afterMs).toBeGreaterThan((at + 1) * 800 - 50);
    // 250 ms is the promise; the machine may be busy with other tests.
    expect(afterMs).toBeLessThan((at + 1) * 800 + 3_000);
  }
});
