import { access, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEMO_STEPS, type DemoResult, type DemoStep, type DemoView } from '../../main/contract/demo.ts';
import type { Result } from '../../main/contract/errors.ts';
import type { RunAnswer } from '../../main/contract/run.ts';
import { startRuntime } from '../support/runtime.ts';

async function open() {
  const test = await startRuntime({ plugins: { mine: 'export const execute = () => ({ mine: true });' } });
  const call = async <T>(name: string, argument: unknown = null): Promise<T> => {
    const answer = (await test.runtime.inspector.call(name, argument)) as Result<T>;
    if (!answer.ok) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
    return answer.value;
  };
  const run = (step: DemoStep) => call<DemoResult>('runDemoStep', { step });
  return { ...test, call, run };
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describe('the demonstration', () => {
  it('shows each part of the contract by a real call, and its traces are among the others', async () => {
    const { runtime, call, run, get } = await open();
    const before = await readdir(runtime.config.pluginsPath);
    const view = await call<DemoView>('startDemo');
    expect(view.baseUrl).not.toBe(runtime.baseUrl);
    expect(view.timeoutMs).toBe(2_000);
    const results: DemoResult[] = [];
    for (const step of DEMO_STEPS) results.push(await run(step));
    expect(results.map(({ step, outcome, status, errorCode }) => [step, outcome, status, errorCode])).toEqual(
      [
        ['call', 'ok', 200, null],
        ['spoof', 'ok', 200, null],
        ['expired', 'refused', 401, 'UNAUTHORIZED'],
        ['error', 'plugin_error', 500, 'NOT_ALLOWED'],
        ['timeout', 'timeout', 500, 'PLUGIN_TIMEOUT'],
        ['inside', 'ok', 200, null],
        ['reload', 'ok', 200, null],
      ],
    );
    const traces = results.map(({ traceId }) => runtime.traces.get(traceId));
    const [called, spoofed, , , late, inside, reloaded] = traces;
    expect(called?.response?.body?.json).toMatchObject({ message: 'Hello, dana!', is_superadmin: false });
    expect(spoofed).toMatchObject({ spoofed: true, user: 'user-dana' });
    expect(spoofed?.response?.body?.json).toMatchObject({ user_id: 'user-dana', roles: ['user'] });
    expect(late?.durationMs).toBeGreaterThan(1_900);
    expect(inside?.response?.body?.json).toEqual({
      notes: ['Water the ferns'],
      runtime: 'healthy',
      found: 1,
    });
    expect(inside?.children?.map(({ kind }) => kind)).toEqual(['database', 'database', 'http', 'database']);
    expect(inside?.findings).toEqual([
      expect.objectContaining({ rule: 'not-scoped', collection: 'notes', child: 3 }),
    ]);
    expect(reloaded?.response?.body?.json).toMatchObject({ message: 'Welcome back, dana!' });
    expect(results.at(-1)?.reloadMs).toBeGreaterThan(0);
    // The user's own runtime has noticed nothing of it.
    expect(await readdir(runtime.config.pluginsPath)).toEqual(before);
    expect(runtime.engine.list().map(({ name }) => name)).toEqual(['mine']);
    expect((await get('/api/plugins')).text).not.toContain('demo_greeter');
  });

  it('leaves nothing behind but its traces', async () => {
    const { runtime, call, run } = await open();
    const view = await call<DemoView>('startDemo');
    const { traceId } = await run('call');
    expect(await isThere(view.folder)).toBe(true);
    await call('stopDemo');
    expect(await isThere(dirname(view.folder))).toBe(false);
    await expect(fetch(`${view.baseUrl}/health`)).rejects.toThrow();
    expect(runtime.traces.get(traceId)).toBeDefined();
    await expect(run('call')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('ends with the runtime, and a new one ends the one before', async () => {
    const { runtime, call } = await open();
    const first = await call<DemoView>('startDemo');
    const second = await call<DemoView>('startDemo');
    expect(await isThere(first.folder)).toBe(false);
    expect(await isThere(second.folder)).toBe(true);
    await runtime.stop();
    expect(await isThere(dirname(second.folder))).toBe(false);
    expect(await readdir(tmpdir())).not.toContain(basename(dirname(second.folder)));
  });

  it('is asked again when one of its calls is replayed, and says so when it has ended', async () => {
    const { call, run, runtime } = await open();
    await call('startDemo');
    const { traceId } = await run('spoof');
    const wish = { id: traceId, persona: 'admin', runId: 'again' };
    const answer = await call<RunAnswer>('replay', wish);
    expect(answer).toMatchObject({
      status: 200,
      body: { json: { user_id: 'user-ada', is_superadmin: false } },
    });
    await call('stopDemo');
    await expect(call('replay', wish)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('has ended'),
    });
    expect(runtime.traces.get(traceId)).toBeDefined();
  });

  it('edits the file to and fro as often as the step is done again', async () => {
    const { call, run, runtime } = await open();
    await call('startDemo');
    const messages: unknown[] = [];
    for (let time = 0; time < 3; time += 1) {
      const { traceId, reloadMs } = await run('reload');
      expect(reloadMs).toBeGreaterThan(0);
      messages.push(runtime.traces.get(traceId)?.response?.body?.json);
    }
    expect(messages).toMatchObject([
      { message: 'Welcome back, dana!' },
      { message: 'Hello, dana!' },
      { message: 'Welcome back, dana!' },
    ]);
  });
});
