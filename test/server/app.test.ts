import { describe, expect, it } from 'vitest';
import { CONTRACT_VERSION } from '../../main/contract/http.ts';
import { startServer } from '../support/server.ts';
import { echo, stubEngine } from '../support/stub-engine.ts';

const VERSION = 'x-mozaiks-runtime-version';

describe('the version header', () => {
  it.each([
    ['GET', '/health', 200],
    ['HEAD', '/health', 200],
    ['OPTIONS', '/health', 204],
    ['GET', '/', 200],
    ['GET', '/ready', 200],
    ['GET', '/info', 200],
    ['GET', '/openapi.json', 200],
    ['GET', '/api/plugins', 200],
    ['HEAD', '/api/plugins', 200],
    ['GET', '/nothing', 404],
    ['GET', '/api/execute/echo', 405],
    ['DELETE', '/health', 405],
    ['POST', '/api/execute/unknown', 404],
    ['POST', '/api/execute/echo', 400],
    ['GET', '/__inspector/token/ui/', 404],
  ])('is on %s %s (%i)', async (method, path, status) => {
    const { baseUrl } = await startServer(stubEngine({ echo }));
    const response = await fetch(baseUrl + path, { method });
    expect({ status: response.status, version: response.headers.get(VERSION) }).toEqual({
      status,
      version: CONTRACT_VERSION,
    });
  });

  it('is on the answer to a bug, which is logged, announced to plugins and not shown', async () => {
    const published: unknown[] = [];
    const broken = () => {
      throw new Error('a secret of the inside');
    };
    const { baseUrl, log } = await startServer({
      ...stubEngine({ broken }),
      publish: (event, data) => published.push([event, data]),
    });
    const response = await fetch(`${baseUrl}/api/execute/broken`, { method: 'POST', body: '{}' });
    expect(response.headers.get(VERSION)).toBe(CONTRACT_VERSION);
    expect(await response.json()).toEqual({
      detail: 'Internal server error',
      error_code: 'INTERNAL_ERROR',
      status_code: 500,
    });
    expect(log.errors.splice(0)).toHaveLength(1);
    const path = `${baseUrl}/api/execute/broken`;
    expect(published).toEqual([['api_error', { path, method: 'POST', error: 'a secret of the inside' }]]);
  });

  it('is on the answer when a body breaks while Koa sends it', async () => {
    const { baseUrl, log } = await startServer(stubEngine({}), {
      more: {
        async inspector(ctx, next) {
          if (ctx.path === '/cycle') {
            const cycle: Record<string, unknown> = {};
            cycle.self = cycle;
            ctx.body = cycle;
          } else await next();
        },
      },
    });
    const response = await fetch(`${baseUrl}/cycle`);
    expect({ status: response.status, version: response.headers.get(VERSION) }).toEqual({
      status: 500,
      version: CONTRACT_VERSION,
    });
    expect(await response.json()).toMatchObject({ error_code: 'INTERNAL_ERROR' });
    expect(log.errors.splice(0)).toHaveLength(1);
  });
});

describe('routes', () => {
  it('name the methods of a path in Allow', async () => {
    const { baseUrl } = await startServer(stubEngine({}));
    const get = await fetch(`${baseUrl}/api/execute/echo`);
    expect({ allow: get.headers.get('allow'), body: await get.json() }).toMatchObject({
      allow: 'POST, OPTIONS',
      body: { error_code: 'METHOD_NOT_ALLOWED', status_code: 405 },
    });
    const put = await fetch(`${baseUrl}/health`, { method: 'PUT' });
    expect(put.headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    const options = await fetch(`${baseUrl}/health`, { method: 'OPTIONS' });
    expect({ status: options.status, allow: options.headers.get('allow') }).toEqual({
      status: 204,
      allow: 'GET, HEAD, OPTIONS',
    });
  });

  it('answer HEAD like GET without the body', async () => {
    const { baseUrl } = await startServer(stubEngine({ echo }));
    const [head, get] = await Promise.all([
      fetch(`${baseUrl}/health`, { method: 'HEAD' }),
      fetch(`${baseUrl}/health`),
    ]);
    const length = String((await get.text()).length);
    expect({ body: await head.text(), length: head.headers.get('content-length') }).toEqual({
      body: '',
      length,
    });
  });

  it('answer an unknown path in the contract’s shape', async () => {
    const { baseUrl } = await startServer(stubEngine({}));
    const response = await fetch(`${baseUrl}/api/nothing`);
    expect(await response.json()).toEqual({
      detail: 'Nothing is served at "/api/nothing"',
      error_code: 'NOT_FOUND',
      status_code: 404,
    });
  });

  it('/ready says why it is not', async () => {
    const readiness = () => ({ ready: false, reason: 'The runtime is stopping' });
    const { baseUrl } = await startServer(stubEngine({}), { more: { readiness } });
    const ready = await fetch(`${baseUrl}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({
      status: 'not_ready',
      reason: 'The runtime is stopping',
      app_id: 'dev_app',
    });
    expect(await (await fetch(`${baseUrl}/info`)).json()).toMatchObject({ ready: false });
  });
});
