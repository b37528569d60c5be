import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Trace } from '../../main/contract/trace.ts';
import { temporaryFolder } from '../support/folders.ts';
import { type PluginFiles, startRuntime, type TestRuntime } from '../support/runtime.ts';

/** Says in `log` that it began, then waits `ms` or until the file `until` is there; `at` counts its calls. */
const gate = `import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
let calls = 0;
export const execute = async ({ name, log, until, ms = 0 }) => {
  const at = ++calls;
  appendFileSync(log, name + '\\n');
  await delay(ms);
  while (until && !existsSync(until)) await delay(5);
  return { at };
};`;

const pythonGate = `import asyncio
import os
calls = 0
async def execute(data):
    global calls
    calls += 1
    at = calls
    with open(data["log"], "a") as log:
        log.write(data["name"] + "\\n")
    await asyncio.sleep(data.get("ms", 0) / 1000)
    while "until" in data and not os.path.exists(data["until"]):
        await asyncio.sleep(0.005)
    return {"at": at}
`;

const languages: readonly (readonly [string, { gate: PluginFiles; loop: PluginFiles }])[] = [
  ['JavaScript', { gate, loop: 'export const execute = () => { for (;;); };' }],
  [
    'Python',
    {
      gate: { 'logic.py': pythonGate },
      loop: { 'logic.py': 'async def execute(data):\n    while True:\n        pass\n' },
    },
  ],
];

interface Yard extends TestRuntime {
  /** What a call of `gate` is given: it ends when `open` is called. */
  held(name: string): object;
  /** One that ends by itself after `ms`. */
  brief(name: string, ms?: number): object;
  open(): Promise<void>;
  /** Resolves when this many calls have reached the engine, where they queue. */
  arrived(count: number): Promise<void>;
  /** The names of the calls that have begun, in order. */
  begun(): Promise<readonly string[]>;
}

async function startYard(plugins: Record<string, PluginFiles>, env: Record<string, string>): Promise<Yard> {
  const folder = await temporaryFolder('workbench-gate');
  onTestFinished(folder.remove);
  const [log, until] = [join(folder.path, 'log'), join(folder.path, 'open')];
  await writeFile(log, '');
  const runtime = await startRuntime({ plugins, env });
  const execute = vi.spyOn(runtime.runtime.engine, 'execute');
  return {
    ...runtime,
    // Getters don't survive a spread.
    baseUrl: runtime.baseUrl,
    port: runtime.port,
    held: (name) => ({ name, log, until }),
    brief: (name, ms = 0) => ({ name, log, ms }),
    open: () => writeFile(until, ''),
    arrived: (count) => eventually(() => execute.mock.calls.length).toBe(count),
    begun: async () => (await readFile(log, 'utf8')).split('\n').slice(0, -1),
  };
}

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 10 });

function abandonable({ baseUrl }: Yard, plugin: string, body: object) {
  const leaving = new AbortController();
  const answer = fetch(`${baseUrl}/api/execute/${plugin}`, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: leaving.signal,
  });
  let settled = false;
  const done = answer
    .then(
      () => 'answered',
      () => 'left',
    )
    .finally(() => {
      settled = true;
    });
  return { done, leave: () => leaving.abort(), isSettled: () => settled };
}

function spanOf(trace: Trace, step: Trace['spans'][number]['step']) {
  return trace.spans.find((span) => span.step === step);
}

function tracesOf({ runtime }: Yard): Trace[] {
  const { traces } = runtime.traces.list({ limit: 100 });
  return traces.map(({ id }) => runtime.traces.get(id)).filter((trace) => trace !== undefined);
}

describe.each(languages)('many calls of a plugin in %s', (language, plugins) => {
  it('beyond the limit wait their turn in order of arrival', async () => {
    const yard = await startYard({ gate: plugins.gate }, { PLUGIN_EXEC_MAX_CONCURRENCY: '2' });
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const calls: ReturnType<Yard['execute']>[] = [];
    for (const name of names) {
      calls.push(yard.execute('gate', yard.held(name)));
      await yard.arrived(calls.length);
    }
    await eventually(yard.begun).toEqual(['a', 'b']);
    await yard.open();
    const answers = (await Promise.all(calls)).map(({ json }) => json);
    expect(answers).toEqual(names.map((_name, index) => ({ at: index + 1 })));
    expect(await yard.begun()).toEqual(names);
  });

  it('spend their time in the queue out of their own timeout, and the trace shows it', async () => {
    const env = { PLUGIN_EXEC_MAX_CONCURRENCY: '1', MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '3' };
    const yard = await startYard({ gate: plugins.gate }, env);
    const first = yard.execute('gate', yard.brief('first', 1_700));
    await eventually(yard.begun).toEqual(['first']);
    // Alone it would be done well in time; after the first it can't be.
    const second = await yard.execute('gate', yard.brief('second', 2_500));
    expect((await first).json).toEqual({ at: 1 });
    expect(second).toMatchObject({ status: 500, json: { error_code: 'PLUGIN_TIMEOUT' } });
    const trace = tracesOf(yard).find(({ outcome }) => outcome === 'timeout');
    if (trace === undefined) throw new Error('no trace of a timeout');
    expect(spanOf(trace, 'queue')?.durationMs).toBeGreaterThan(1_000);
    expect(spanOf(trace, 'run')?.durationMs).toBeLessThan(2_000);
    expect(trace.durationMs).toBeGreaterThanOrEqual(2_990);
    expect(trace.durationMs).toBeLessThan(5_000);
  });

  it('whose clients leave free their turn at once in the queue, and at work when they end', async () => {
    const env = { PLUGIN_EXEC_MAX_CONCURRENCY: '1', MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '60' };
    const yard = await startYard({ gate: plugins.gate }, env);
    const atWork = abandonable(yard, 'gate', yard.held('at work'));
    await eventually(yard.begun).toEqual(['at work']);
    const inQueue = abandonable(yard, 'gate', yard.held('in the queue'));
    await yard.arrived(2);
    const last = yard.execute('gate', yard.brief('last'));
    await yard.arrived(3);
    inQueue.leave();
    // Each trace is made when its request is over: the one in the queue is, with nothing of it begun.
    await eventually(() => tracesOf(yard).map(({ outcome }) => outcome)).toEqual(['aborted']);
    expect(await yard.begun()).toEqual(['at work']);
    atWork.leave();
    // In JavaScript this one goes on although it is told; in Python it is cancelled.
    if (language === 'JavaScript') {
      await eventually(() => tracesOf(yard).length).toBe(2);
      expect(await yard.begun()).toEqual(['at work']);
      await yard.open();
    }
    expect(await last).toMatchObject({ status: 200, json: { at: 2 } });
    expect(await yard.begun()).toEqual(['at work', 'last']);
    expect([await atWork.done, await inQueue.done]).toEqual(['left', 'left']);
    await eventually(() => tracesOf(yard).map(({ outcome }) => outcome)).toEqual([
      'ok',
      'aborted',
      'aborted',
    ]);
  });

  it('never delay another plugin, however busy theirs is and however many wait', async () => {
    const env = { PLUGIN_EXEC_MAX_CONCURRENCY: '2', MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '60' };
    const yard = await startYard({ loop: plugins.loop, gate: plugins.gate }, env);
    const stuck = Array.from({ length: 20 }, () => abandonable(yard, 'loop', {}));
    for (let at = 1; at <= 20; at += 1) {
      expect(await yard.execute('gate', yard.brief(String(at)))).toMatchObject({ status: 200, json: { at } });
    }
    expect(stuck.some((call) => call.isSettled())).toBe(false);
    for (const call of stuck) call.leave();
    for (const { durationMs } of tracesOf(yard).filter(({ plugin }) => plugin === 'gate')) {
      expect(durationMs).toBeLessThan(5_000);
    }
  });
});
