import { beforeAll, describe, expect, it, vi } from 'vitest';
import { CLAUSES } from '../../main/conformance/clauses/clauses.ts';
import type { ConformanceReport } from '../../main/contract/conformance.ts';
import type { ArgumentOf, InspectorName } from '../../main/contract/inspector.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { callInspector } from '../support/inspector-call.ts';
import { attachInspector } from '../support/inspector-client.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';

/** The Inspector over a whole runtime: what the UI's buttons do. */

const plugins = {
  caller:
    'export const execute = async ({ url }) => (await fetch(url, { method: "POST", body: "{}" })).json();',
  echo: 'export const execute = (data) => ({ user: data.user_id, jwt: data.user_jwt !== undefined, note: data.note });',
  slow: 'let waiting = 0; export const execute = ({ ask }) => (ask ? { waiting } : new Promise(() => waiting++));',
  whoami:
    'export const execute = (d) => ({ app_id: d.app_id, user_id: d.user_id, user_jwt: d.user_jwt !== undefined, _context: d._context });',
};

describe('inspector over a runtime', () => {
  let shared: TestRuntime;
  const cleanUp = cleanUpAfterAll();
  beforeAll(async () => {
    shared = await startRuntime({ plugins, cleanUp });
  });

  const call = <N extends InspectorName>(name: N, argument: ArgumentOf<N>) =>
    callInspector(shared, name, argument);

  it('runs a plugin over HTTP as a persona and names the trace', async () => {
    const answer = await call('run', { runId: 'a', plugin: 'echo', body: '{"note":"hi"}', persona: 'admin' });
    expect(answer).toMatchObject({
      status: 200,
      body: { json: { jwt: true, note: 'hi' }, truncated: false },
      versionHeader: { expected: '1.0.0', observed: '1.0.0', ok: true },
      cancelled: false,
    });
    const trace = await call('trace', { id: answer.traceId ?? '' });
    expect(trace).toMatchObject({
      plugin: 'echo',
      outcome: 'ok',
      identity: { roles: expect.arrayContaining(['admin']) },
    });
  });

  it('names the run’s own trace where its plugin calls another one in the same trace context', async () => {
    const body = JSON.stringify({ url: `${shared.baseUrl}/api/execute/whoami` });
    const answer = await call('run', { runId: 'nested', plugin: 'caller', body, persona: 'user' });
    const trace = await call('trace', { id: answer.traceId ?? '' });
    const { traces } = await call('traces', { limit: 1, plugin: 'whoami' });
    const inner = await call('trace', { id: traces[0]?.id ?? '' });
    expect(inner.traceId).toBe(trace.traceId);
    expect(trace.plugin).toBe('caller');
  });

  it.each([
    ['anonymous', 200],
    ['user', 200],
    ['superadmin', 200],
    ['expired', 401],
    ['no-subject', 401],
  ] as const)('as %s gets %i', async (persona, status) => {
    const answer = await call('run', { runId: persona, plugin: 'echo', body: '{}', persona });
    expect(answer.status).toBe(status);
  });

  it('sends a body that is not JSON as it is', async () => {
    const answer = await call('run', { runId: 'b', plugin: 'echo', body: '{oops', persona: 'user' });
    expect(answer).toMatchObject({ status: 400, body: { json: { detail: 'Invalid JSON payload' } } });
  });

  it('cancels a call as a client that goes away', async () => {
    const pending = call('run', { runId: 'c', plugin: 'slow', body: '{}', persona: 'anonymous' });
    await expect(call('run', { runId: 'c', plugin: 'echo', body: '{}', persona: 'user' })).rejects.toThrow(
      'CONFLICT',
    );
    const waiting = async () => (await shared.execute('slow', { ask: true })).json;
    await expect.poll(waiting).toEqual({ waiting: 1 });
    await call('cancelRun', { runId: 'c' });
    const { cancelled, traceId } = await pending;
    expect(cancelled).toBe(true);
    const trace = await call('trace', { id: traceId ?? '' });
    expect(trace).toMatchObject({ plugin: 'slow', outcome: 'aborted' });
    const { traces } = await call('traces', { limit: 2, outcome: 'aborted' });
    expect(traces.map(({ id }) => id)).toEqual([traceId]);
  });

  it('replays a trace as another persona', async () => {
    const first = await call('run', {
      runId: 'd',
      plugin: 'echo',
      body: '{"note":"again"}',
      persona: 'user',
    });
    const again = await call('replay', { id: first.traceId ?? '', persona: 'anonymous', runId: 'e' });
    expect(again).toMatchObject({
      status: 200,
      body: { json: { user: 'dev-user', jwt: false, note: 'again' } },
    });
    await expect(call('replay', { id: 'gone', persona: 'user', runId: 'f' })).rejects.toThrow('NOT_FOUND');
  });

  it('replays a trace of the plugin host’s path on that path', async () => {
    const wish = { plugin: 'echo', body: '{"note":"host"}', persona: 'user', route: 'plugin-host' } as const;
    const first = await call('run', { runId: 'h1', ...wish });
    const again = await call('replay', { id: first.traceId ?? '', persona: 'admin', runId: 'h2' });
    for (const { traceId } of [first, again]) {
      const { request } = await call('trace', { id: traceId ?? '' });
      expect(request).toMatchObject({ path: '/api/plugins/echo/execute', body: { json: { note: 'host' } } });
    }
    const gone = await call('run', { runId: 'h3', ...wish, plugin: 'gone' });
    expect(gone).toMatchObject({
      status: 404,
      body: { json: { error: 'Plugin not found', plugin: 'gone' } },
    });
    expect(await call('runAsCurl', { ...wish, revealToken: false })).toContain('/api/plugins/echo/execute');
  });

  it('does not replay a body that was stored only in part, and says why', async () => {
    const body = JSON.stringify({ note: 'x'.repeat(600_000) });
    const { traceId } = await call('run', { runId: 'cut', plugin: 'echo', body, persona: 'user' });
    const again = call('replay', { id: traceId ?? '', persona: 'user', runId: 'cut2' });
    await expect(again).rejects.toThrow(/BAD_REQUEST: The body of 600011 bytes was stored only in part/);
  });

  it('makes the same call as several personas at once, each a call of its own', async () => {
    const personas = ['anonymous', 'user', 'admin', 'superadmin', 'expired'] as const;
    const answers = await Promise.all(
      personas.map((persona) =>
        call('run', { runId: `m-${persona}`, plugin: 'whoami', body: '{}', persona }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 401]);
    const users = answers.map(({ body }) => (body.json as { user_id?: string } | undefined)?.user_id);
    expect(users).toEqual(['dev-user', 'user-dana', 'user-ada', 'user-sam', undefined]);
    expect(new Set(answers.map(({ traceId }) => traceId)).size).toBe(5);
  });

  it('keeps samples in the plugin’s folder', async () => {
    const plugin = 'echo';
    const saved = await call('saveSample', { plugin, name: 'a', body: '{"note":1}', replaces: null });
    expect(saved.samples).toMatchObject([{ name: 'a', text: '{\n  "note": 1\n}' }]);
    expect(await call('renameSample', { plugin, name: 'a', to: 'b' })).toMatchObject({
      samples: [{ name: 'b' }],
    });
    await expect(call('saveSample', { plugin, name: '../b', body: '{}', replaces: null })).rejects.toThrow(
      'BAD_REQUEST: Use letters',
    );
    await expect(call('samples', { plugin: '..' })).rejects.toThrow('NOT_FOUND');
    expect(await call('deleteSample', { plugin, name: 'b' })).toMatchObject({ samples: [] });
  });

  it('writes a curl command, with the token only when asked', async () => {
    const wish = { plugin: 'echo', body: '{"note":"it\'s"}', persona: 'user' } as const;
    const masked = await call('runAsCurl', { ...wish, revealToken: false });
    expect(masked).toContain(`${shared.baseUrl}/api/execute/echo`);
    expect(masked).not.toMatch(/eyJ\w+\.\w+/);
    expect(await call('runAsCurl', { ...wish, revealToken: true })).toMatch(
      /Bearer eyJ[\w-]+\.[\w-]+\.[\w-]+/,
    );
  });

  it('checks the contract until it is told to stop', async () => {
    let report: ConformanceReport | null = null;
    const run = call('checkContract', { runId: 'a', target: null }).then((made) => (report = made));
    await vi.waitFor(async () => {
      await call('cancelCheck', { runId: 'a' });
      expect(report).toMatchObject({ own: true, cancelled: true });
    }, 20_000);
    expect((await run).checks).toHaveLength(CLAUSES.length);
  });

  it('mints a token that it then verifies, and explains one that fails', async () => {
    const exp = Math.floor(Date.now() / 1000) + 600;
    const { token } = await call('mintToken', { claims: { sub: 'ada', exp } });
    expect(await call('inspectToken', { token })).toMatchObject({
      verified: true,
      identity: { userId: 'ada' },
    });
    const report = await call('inspectToken', { token: `${token.slice(0, -4)}AAAA` });
    expect(report).toMatchObject({ verified: false, identity: null, claims: { sub: 'ada' } });
    expect(report.steps.find(({ check }) => check === 'signature')?.verdict).toBe('failed');
  });

  it('disables and enables a plugin', async () => {
    expect(await call('setPluginEnabled', { name: 'echo', enabled: false })).toMatchObject({
      status: 'disabled',
    });
    expect((await shared.execute('echo')).status).toBe(404);
    await call('setPluginEnabled', { name: 'echo', enabled: true });
    expect((await shared.execute('echo')).status).toBe(200);
  });

  it('makes a plugin and finds it', async () => {
    const made = await call('createPlugin', { name: 'fresh', language: 'typescript' });
    expect(made).toMatchObject({
      name: 'fresh',
      folder: `${shared.plugins}/fresh`,
      files: ['logic.ts', 'mozaiks.d.ts', 'manifest.json'],
      plugin: { name: 'fresh', status: 'loaded', stats: { calls: 0 } },
    });
    expect((await shared.execute('fresh', { greeting: 'Hi' })).json).toMatchObject({
      message: 'Hi, dev-user!',
    });
    const again = call('createPlugin', { name: 'fresh', language: 'python' });
    await expect(again).rejects.toThrow('CONFLICT: ');
    await expect(call('createPlugin', { name: '../up', language: 'python' })).rejects.toThrow('BAD_REQUEST');
    const ruby = { name: 'gem', language: 'ruby' } as unknown as ArgumentOf<'createPlugin'>;
    await expect(call('createPlugin', ruby)).rejects.toThrow('BAD_REQUEST');
  });

  it('opens a plugin to debuggers; a trace says that its timeout was paused', async () => {
    const { debug } = await call('debugPlugin', { name: 'echo', on: true });
    const client = await attachInspector(debug?.url ?? '');
    const view = async () =>
      (await call('snapshot', null)).plugins.find(({ name }) => name === 'echo')?.debug;
    await expect.poll(view).toEqual({ ...debug, attached: true });
    expect((await shared.execute('echo')).status).toBe(200);
    const run = () => shared.lastTrace().spans.find(({ step }) => step === 'run')?.note;
    expect(run()).toMatch(/; the timeout was paused for \d+\.\d\d s while a debugger was attached$/);
    client.detach();
    await expect.poll(view).toEqual(debug);
    await shared.execute('echo');
    expect(run()).not.toContain('debugger');
    expect(await call('debugPlugin', { name: 'echo', on: false })).toMatchObject({ debug: null });
    await expect(call('debugPlugin', { name: 'nobody', on: true })).rejects.toThrow('NOT_FOUND');
  });

  it('says what a browser can’t do', async () => {
    await expect(call('openPluginFolder', { name: null })).rejects.toThrow(shared.plugins);
    await expect(call('openPluginFolder', { name: '../..' })).rejects.toThrow('NOT_FOUND');
    await expect(call('openLink', { url: 'file:///etc/passwd' })).rejects.toThrow('FORBIDDEN');
  });
});
