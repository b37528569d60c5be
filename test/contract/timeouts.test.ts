import { describe, expect, it } from 'vitest';
import { startRuntime } from '../support/runtime.ts';

/** CONTRACT.md §4: a call that reaches its deadline ends alone; the process that it shares lives on. */

/** The bystander waits for the end of the other call, and lives a second longer than that one. */
const PLUGINS = {
  python: {
    'logic.py': `import asyncio, os
calls = 0
waiting, ended = asyncio.Event(), asyncio.Event()
async def execute(data):
    global calls
    calls += 1
    action = data.get("action")
    if action == "wait":
        waiting.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()
    if action == "later":
        await waiting.wait()
        await asyncio.sleep(1)
    if action == "stand by":
        await ended.wait()
    return {"pid": os.getpid(), "calls": calls}
`,
  },
  javascript: {
    'logic.js': `import { setTimeout as sleep } from 'node:timers/promises';
let calls = 0;
const makeGate = () => {
  let open;
  const passed = new Promise((resolve) => { open = resolve; });
  return { open, passed };
};
const [waiting, ended] = [makeGate(), makeGate()];
export const execute = async ({ action }, { signal }) => {
  calls += 1;
  if (action === 'wait') {
    waiting.open();
    await sleep(60_000, undefined, { signal }).finally(() => ended.open());
  }
  if (action === 'later') {
    await waiting.passed;
    await sleep(1_000);
  }
  if (action === 'stand by') await ended.passed;
  return { pid: process.pid, calls };
};
`,
  },
};

describe.each(['python', 'javascript'] as const)('%s', (language) => {
  it('answers the neighbour of a call that timed out, from the same module', async () => {
    const runtime = await startRuntime({
      plugins: { shared: PLUGINS[language] },
      env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '4' },
    });
    const call = (action: string) => runtime.execute('shared', { action });
    // Its process is there from now on: no deadline has to wait for that.
    const { json } = await call('count');
    const stuck = call('wait');
    await call('later');
    const bystander = await call('stand by');
    expect({ status: bystander.status, json: bystander.json }).toEqual({
      status: 200,
      json: { pid: Object(json).pid, calls: 4 },
    });
    expect((await stuck).json).toEqual({
      detail: 'Plugin execution timed out after 4 seconds',
      error_code: 'PLUGIN_TIMEOUT',
      status_code: 500,
    });
    expect((await call('count')).json).toEqual({ pid: Object(json).pid, calls: 5 });
  });
});
