import { describe, expect, it } from 'vitest';
import { startRuntime } from '../support/runtime.ts';

/** CONTRACT.md §2, the routes that execute nothing. */

const ok = 'export const execute = () => ({ ok: true });';
const plugins = {
  alpha: ok,
  beta: {
    'backend/logic.js': ok,
    'manifest.json': JSON.stringify({ display_name: 'Beta!', description: 'Second', version: '2.1.0' }),
  },
  broken: 'export const execute = (',
  off: { 'logic.js': ok, 'manifest.json': '{"enabled":false}' },
};

describe('open routes', () => {
  it('answer as the contract says', async () => {
    const env = { MOZAIKS_APP_ID: 'my_app', APP_TIER: 'pro', APP_NAME: 'Mine' };
    const { get, port } = await startRuntime({ plugins, env });
    const app = { app_id: 'my_app', app_tier: 'pro' };
    expect((await get('/health')).json).toEqual({ status: 'healthy', ...app, plugins_loaded: 2 });
    expect((await get('/ready')).json).toEqual({ status: 'ready', ...app });
    expect((await get('/info')).json).toEqual({ ...app, app_name: 'Mine', port, ready: true });
    expect((await get('/')).json).toEqual({ message: expect.any(String), version: '1.0.0' });
  });

  it('/health counts what would execute, as plugins come and go', async () => {
    const { get, write } = await startRuntime({ plugins: { alpha: ok } });
    const loaded = async () => ((await get('/health')).json as { plugins_loaded: number }).plugins_loaded;
    expect(await loaded()).toBe(1);
    await write('gamma', ok);
    await expect.poll(loaded, { timeout: 10_000 }).toBe(2);
  });

  it('/ready turns to 503 once the runtime stops', async () => {
    const { runtime, get } = await startRuntime({ plugins: { alpha: ok } });
    expect((await get('/ready')).status).toBe(200);
    const late = fetch(`${runtime.baseUrl}/ready`).then(
      (response) => response.status,
      () => 0,
    );
    const stopped = runtime.stop();
    expect([200, 503, 0]).toContain(await late);
    await stopped;
    await expect(get('/ready')).rejects.toThrow();
  });
});

describe('plugin lists', () => {
  it('are sorted, complete and the same on both paths, byte for byte', async () => {
    const { get } = await startRuntime({ plugins });
    const [current, older] = [await get('/api/plugins'), await get('/api/available-plugins')];
    expect(older.text).toBe(current.text);
    const enabled = { enabled: true, status: 'loaded' };
    expect(current.json).toEqual({
      plugins: [
        {
          name: 'alpha',
          display_name: 'Alpha',
          description: 'Plugin for alpha',
          version: '1.0.0',
          backend: 'plugins.alpha.logic',
          ...enabled,
        },
        {
          name: 'beta',
          display_name: 'Beta!',
          description: 'Second',
          version: '2.1.0',
          backend: 'plugins.beta.backend.logic',
          ...enabled,
        },
        expect.objectContaining({
          name: 'broken',
          enabled: true,
          status: 'failed',
          error: expect.any(String),
        }),
        expect.objectContaining({ name: 'off', enabled: false, status: 'disabled' }),
      ],
    });
  });

  it('have no folder that production takes for its own, in any letters: it is 404 like an unknown name', async () => {
    const { get, execute, runtime } = await startRuntime({ plugins: { alpha: ok, Registry: ok } });
    expect((await get('/api/plugins')).json).toMatchObject({ plugins: [{ name: 'alpha' }] });
    for (const name of ['Registry', 'registry']) expect((await execute(name)).status).toBe(404);
    expect(runtime.engine.folder().notice).toBe(
      'Registry: ignored, since production skips a folder of this name; rename it',
    );
  });

  it('tell who may execute what', async () => {
    const { get } = await startRuntime({ plugins });
    expect((await get('/api/check-plugin-access/alpha')).json).toEqual({ plugin: 'alpha', access: true });
    // Only a plan denies access, and there is none: whether there is such a plugin is not asked.
    for (const plugin of ['off', 'broken', 'nowhere', '__proto__', 'registry']) {
      const { status, json } = await get(`/api/check-plugin-access/${plugin}`);
      expect({ status, json }).toEqual({ status: 200, json: { plugin, access: true } });
    }
  });
});

describe('traceparent', () => {
  it('is taken over and returned by execute routes, refused requests too', async () => {
    const { execute, get, lastTrace } = await startRuntime({ plugins });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const sent = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };
    for (const plugin of ['alpha', 'nowhere']) {
      const { headers } = await execute(plugin, {}, sent);
      expect(headers.get('traceparent')).toBe(`00-${traceId}-${lastTrace().id}-01`);
      expect(lastTrace().traceId).toBe(traceId);
    }
    const { headers } = await execute('alpha', {}, { traceparent: 'nonsense' });
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect((await get('/health', sent)).headers.get('traceparent')).toBeNull();
  });
});

describe('a plugin that does not load', () => {
  it('is told to clients in one line without a path of this machine', async () => {
    const env = { MOZAIKS_PYTHON: '/nowhere/python3' };
    const { get, execute } = await startRuntime({ plugins: { py: { 'logic.py': 'x = 1\n' } }, env });
    const list = (await get('/api/plugins')).text;
    const { detail } = (await execute('py')).json as { detail: string };
    expect(list).toContain('no Python was found');
    expect(detail).toContain("Plugin 'py' failed to load: no Python was found");
    expect(`${list}${detail}`).not.toContain('/nowhere');
    expect(`${list}${detail}`).not.toMatch(/\\n|\n/);
  });
});
