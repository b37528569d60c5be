import { describe, expect, it } from 'vitest';
import { returned } from '../../support/returned.ts';
import { bench, eventually, isRunning } from '../workspace.ts';

/**
 * The deadline of a call (CONTRACT.md §4): the call is cancelled, as in production, and everything else in
 * its process lives on. Only a process that ignores that is ended.
 */

/** Each does what `how` says, counts its calls, and tells how often it was cancelled. */
const PLUGINS = {
  javascript: {
    file: 'p/logic.js',
    source: `
      import { setTimeout as sleep } from 'node:timers/promises';
      let calls = 0;
      let cancelled = 0;
      export async function execute({ how, ms = 60_000 }, { signal }) {
        calls += 1;
        signal.addEventListener('abort', () => { cancelled += 1; });
        if (how === 'wait') await sleep(ms, null, { signal });
        if (how === 'swallow') await sleep(ms, null, { signal }).catch(() => null);
        if (how === 'ignore') await sleep(ms);
        if (how === 'block') for (;;);
        return { calls, cancelled };
      }`,
  },
  python: {
    file: 'p/logic.py',
    source: `
import asyncio, time
calls = 0
cancelled = 0

async def execute(data):
    global calls, cancelled
    calls += 1
    how, seconds = data.get("how"), data.get("ms", 60_000) / 1000
    try:
        if how in ("wait", "swallow"):
            await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        cancelled += 1
        if how == "wait":
            raise
    if how == "ignore":
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                await asyncio.sleep(0.05)
            except asyncio.CancelledError:
                cancelled += 1
    if how == "block":
        while True:
            pass
    return {"calls": calls, "cancelled": cancelled}
`,
  },
} as const;

describe.each(['javascript', 'python'] as const)('a call of %s past its deadline', (language) => {
  const start = async () => {
    const { file, source } = PLUGINS[language];
    const started = await bench({ [file]: source });
    await started.value('p');
    return { ...started, pid: () => started.engine.get('p')?.pid ?? 0 };
  };

  it('is cancelled; the other calls, the process and its state live on', async () => {
    const { call, value, pid } = await start();
    const before = pid();
    const [timedOut, bystander] = await Promise.all([
      call('p', { how: 'wait' }, 300),
      call('p', { how: 'wait', ms: 1_500 }),
    ]);
    expect(timedOut.result).toEqual({ kind: 'timeout' });
    expect(bystander.result).toEqual(returned({ calls: 3, cancelled: 1 }));
    expect(await value('p')).toEqual({ calls: 4, cancelled: 1 });
    expect(pid()).toBe(before);
  });

  it('may still answer when it is cancelled', async () => {
    const { call } = await start();
    const { result } = await call('p', { how: 'swallow' }, 300);
    expect(result).toEqual(returned({ calls: 2, cancelled: 1 }));
  });

  it('that ignores its cancellation gets its process replaced, once the other calls have ended', async () => {
    const { call, value, pid } = await start();
    const before = pid();
    const stuck = call('p', { how: 'ignore' }, 300);
    const bystander = call('p', { how: 'wait', ms: 900 });
    expect((await stuck).result).toEqual({ kind: 'timeout' });
    expect((await bystander).result).toMatchObject({ kind: 'returned', value: { calls: 3 } });
    await eventually(() => isRunning(before)).toBe(false);
    expect(await value('p')).toEqual({ calls: 1, cancelled: 0 });
  });

  it('that ignores its cancellation harms no call that comes after its answer', async () => {
    const { call } = await start();
    expect((await call('p', { how: 'ignore' }, 300)).result).toEqual({ kind: 'timeout' });
    const { result } = await call('p', { how: 'wait', ms: 1_500 });
    expect(result).toEqual(returned({ calls: 1, cancelled: 0 }));
  });

  it('that goes on ignoring it takes the process, and whatever else runs in it, with it', async () => {
    const { call, pid } = await start();
    const before = pid();
    const began = performance.now();
    const [stuck, bystander] = await Promise.all([
      call('p', { how: 'ignore' }, 300),
      call('p', { how: 'wait' }, 30_000),
    ]);
    expect(stuck.result).toEqual({ kind: 'timeout' });
    expect(bystander.result).toMatchObject({
      kind: 'crashed',
      reason: expect.stringContaining('another call to this plugin ran past its deadline'),
    });
    // A second after the deadline is the promise; the machine may be busy.
    expect(performance.now() - began).toBeLessThan(10_000);
    await eventually(() => isRunning(before)).toBe(false);
  });

  it('that blocks is ended at once, and the time is said', async () => {
    const { call, value, pid } = await start();
    const before = pid();
    const { result, blockedMs } = await call('p', { how: 'block' }, 300);
    expect(result).toEqual({ kind: 'timeout' });
    expect(blockedMs).toBeGreaterThanOrEqual(300);
    await eventually(() => isRunning(before)).toBe(false);
    expect(await value('p')).toEqual({ calls: 1, cancelled: 0 });
  });
});
