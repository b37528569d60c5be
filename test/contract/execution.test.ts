import { beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../main/contract/trace.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';

/** CONTRACT.md §4, each row of its table, with real plugins in real processes over real HTTP. */

const plugins = {
  fine: 'export const execute = (data) => ({ hello: data.name ?? null });',
  later: 'export const execute = async () => { await null; return { ok: true }; };',
  named_run: 'export const run = () => ({ by: "run" });',
  by_default: 'export default () => ({ by: "default" });',
  own_error:
    'export const execute = ({ error, code }) => ({ error, ...(code === undefined ? {} : { error_code: code }) });',
  returns: `export const execute = ({ what }) => {
    if (what === 'array') return [1];
    if (what === 'text') return 'text';
    if (what === 'undefined') return undefined;
    if (what === 'null') return null;
    if (what === 'function') return { f: () => 1 };
    if (what === 'bigint') return { n: 1n };
    const cycle = {}; cycle.self = cycle; return cycle;
  };`,
  throws: `export const execute = ({ how }) => {
    if (how === 'rejects') return Promise.reject(new Error('went wrong'));
    throw new Error('went wrong');
  };`,
  loops:
    'export const execute = ({ wait, stay }) => { if (stay) return { ok: true }; if (wait) return new Promise(() => {}); for (;;); };',
  exits: 'export const execute = ({ stay }) => { if (stay) return { ok: true }; process.exit(0); };',
  broken: 'export const execute = ( => 1;',
  off: { 'logic.js': 'export const execute = () => ({});', 'manifest.json': '{"enabled":false}' },
};

let shared: TestRuntime;
const cleanUp = cleanUpAfterAll();
beforeAll(async () => {
  shared = await startRuntime({
    plugins,
    env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '1.5' },
    cleanUp,
  });
});

const hostPath = (plugin: string, body: BodyInit | null = '{}') =>
  fetch(`${shared.baseUrl}/api/plugins/${plugin}/execute`, { method: 'POST', body });

interface Row {
  readonly plugin: string;
  readonly body?: object;
  readonly status: number;
  readonly detail: unknown;
  readonly code: string;
  readonly outcome: Outcome;
}

async function expectRow({ plugin, body = {}, status, detail, code, outcome }: Row): Promise<void> {
  const answer = await shared.execute(plugin, body);
  expect({ status: answer.status, json: answer.json }).toEqual({
    status,
    json: { detail, error_code: code, status_code: status },
  });
  expect(answer.headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
  expect(shared.lastTrace()).toMatchObject({ plugin, outcome, status, errorCode: code, error: { code } });
}

describe('a plugin that answers', () => {
  it.each([
    ['fine', { name: 'Ada' }, { hello: 'Ada' }],
    ['later', {}, { ok: true }],
    ['named_run', {}, { by: 'run' }],
    ['by_default', {}, { by: 'default' }],
  ])('%s', async (plugin, body, answer) => {
    const { status, json } = await shared.execute(plugin, body);
    expect({ status, json }).toEqual({ status: 200, json: answer });
    expect(shared.lastTrace()).toMatchObject({ outcome: 'ok', status: 200, plugin, errorCode: null });
  });
});

describe('a plugin with an error of its own', () => {
  it.each([
    ['a text', { error: 'no such task' }, 'no such task', 'PLUGIN_ERROR'],
    ['a text and a code', { error: 'no such task', code: 'TASK_GONE' }, 'no such task', 'TASK_GONE'],
    ['a code that is not a string', { error: 'x', code: 5 }, 'x', 'PLUGIN_ERROR'],
    ['an object', { error: { field: 'name' } }, '{"field":"name"}', 'PLUGIN_ERROR'],
    ['null', { error: null }, 'null', 'PLUGIN_ERROR'],
  ])('%s', (_title, body, detail, code) =>
    expectRow({ plugin: 'own_error', body, status: 500, detail, code, outcome: 'plugin_error' }),
  );
});

describe('a plugin that fails', () => {
  it.each(['array', 'text', 'undefined', 'null', 'function', 'bigint', 'cycle'])('returns %s', (what) =>
    expectRow({
      plugin: 'returns',
      body: { what },
      status: 500,
      detail: expect.stringMatching(/^Plugin returned no JSON object: ./),
      code: 'PLUGIN_INVALID_RESULT',
      outcome: 'exception',
    }),
  );

  it.each(['throws', 'rejects'])('%s', async (how) => {
    const detail = 'Error executing plugin: went wrong';
    await expectRow({
      plugin: 'throws',
      body: { how },
      status: 500,
      detail,
      code: 'PLUGIN_EXCEPTION',
      outcome: 'exception',
    });
    expect(shared.lastTrace().error?.stack).toContain('logic.js');
  });

  it.each([{ wait: true }, { wait: false }])('runs past the timeout: %o', async (body) => {
    const detail = 'Plugin execution timed out after 1.5 seconds';
    await expectRow({
      plugin: 'loops',
      body,
      status: 500,
      detail,
      code: 'PLUGIN_TIMEOUT',
      outcome: 'timeout',
    });
    expect(shared.lastTrace()).toMatchObject({ timeoutMs: 1_500 });
    expect((await shared.execute('loops', { stay: true })).json).toEqual({ ok: true });
  });

  it('kills its process; the next call works', async () => {
    const detail = expect.stringMatching(/^Plugin 'exits' crashed: ./);
    await expectRow({ plugin: 'exits', status: 500, detail, code: 'PLUGIN_CRASHED', outcome: 'crashed' });
    expect((await shared.execute('exits', { stay: true })).json).toEqual({ ok: true });
  });

  it('is disabled', () =>
    expectRow({
      plugin: 'off',
      status: 404,
      detail: "Plugin 'off' not found or disabled",
      code: 'NOT_FOUND',
      outcome: 'refused',
    }));

  it('has never loaded', async () => {
    const detail = expect.stringMatching(/^Plugin 'broken' failed to load: [^\n]+$/);
    await expectRow({
      plugin: 'broken',
      status: 500,
      detail,
      code: 'PLUGIN_LOAD_FAILED',
      outcome: 'exception',
    });
  });

  it('H11: is named in a way that no plugin is', async () => {
    for (const name of [
      '..%2f..%2fetc',
      '__proto__',
      'constructor',
      'a'.repeat(300),
      '%00',
      '%C3%A9',
      '%',
      '..%5c',
      'toString',
    ]) {
      const { status, json } = await shared.execute(name);
      expect({ status, json }).toMatchObject({ status: 404, json: { error_code: 'NOT_FOUND' } });
    }
    expect((await shared.execute('a/b')).status).toBe(404);
  });
});

describe('the plugin host’s path', () => {
  it('answers like the other; an empty body is {}', async () => {
    const named = await hostPath('fine', '{"name":"Ada"}');
    expect(await named.json()).toEqual({ hello: 'Ada' });
    const empty = await hostPath('fine', null);
    expect({ status: empty.status, body: await empty.json() }).toEqual({
      status: 200,
      body: { hello: null },
    });
    expect(shared.lastTrace()).toMatchObject({
      plugin: 'fine',
      outcome: 'ok',
      request: { path: '/api/plugins/fine/execute' },
    });
  });

  it.each([
    ['nowhere', '{}', 404, { error: 'Plugin not found', plugin: 'nowhere' }],
    ['off', '{}', 404, { error: 'Plugin not found', plugin: 'off' }],
    ['throws', '{}', 500, { error: 'Plugin execution failed', details: 'went wrong' }],
    ['own_error', '{"error":"no"}', 200, { error: 'no' }],
    [
      'loops',
      '{}',
      500,
      { error: 'Plugin execution failed', details: 'Plugin execution timed out after 1.5 seconds' },
    ],
    ['broken', '{}', 500, { error: 'Plugin load failed', details: expect.any(String), plugin: 'broken' }],
    ['fine', '[', 400, { detail: 'Invalid JSON body', error_code: 'BAD_REQUEST', status_code: 400 }],
    ['nowhere', '[', 400, { detail: 'Invalid JSON body', error_code: 'BAD_REQUEST', status_code: 400 }],
    [
      'nowhere',
      '[]',
      400,
      { detail: 'Request body must be a JSON object', error_code: 'BAD_REQUEST', status_code: 400 },
    ],
  ])('%s %s → %i', async (plugin, body, status, json) => {
    const response = await hostPath(plugin, body);
    expect({ status: response.status, json: await response.json() }).toEqual({ status, json });
    expect(response.headers.get('x-mozaiks-runtime-version')).toBe('1.0.0');
  });
});

describe('the order of the checks', () => {
  it('is 401, 404, 413, 400', async () => {
    const env = { MOZAIKS_REQUIRE_TOKEN: 'true', MAX_REQUEST_BODY_BYTES: '10' };
    const { execute } = await startRuntime({ plugins: { fine: plugins.fine }, env });
    const withToken = bearer(localToken());
    expect((await execute('nowhere', 'x'.repeat(11))).status).toBe(401);
    expect((await execute('nowhere', 'x'.repeat(11), withToken)).status).toBe(404);
    expect((await execute('fine', 'x'.repeat(11), withToken)).status).toBe(413);
    expect((await execute('fine', 'x'.repeat(10), withToken)).status).toBe(400);
    expect((await execute('fine', '{}', withToken)).status).toBe(200);
  });

  it('is 401, 413, 400, 404 on the plugin host’s path', async () => {
    const env = { MOZAIKS_REQUIRE_TOKEN: 'true', MAX_REQUEST_BODY_BYTES: '10' };
    const { baseUrl, lastTrace } = await startRuntime({ plugins: { fine: plugins.fine }, env });
    const status = async (plugin: string, body: string, headers?: Record<string, string>) => {
      const url = `${baseUrl}/api/plugins/${plugin}/execute`;
      const answer = await fetch(url, { method: 'POST', body, headers: headers ?? {} });
      await answer.arrayBuffer();
      return answer.status;
    };
    const withToken = bearer(localToken());
    expect(await status('nowhere', 'x'.repeat(11))).toBe(401);
    expect(await status('nowhere', 'x'.repeat(11), withToken)).toBe(413);
    expect(await status('nowhere', 'x'.repeat(10), withToken)).toBe(400);
    expect(await status('nowhere', '', withToken)).toBe(404);
    expect(lastTrace()).toMatchObject({ plugin: 'nowhere', status: 404, outcome: 'refused' });
    expect(await status('fine', '{}', withToken)).toBe(200);
  });
});
