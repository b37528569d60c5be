import { describe, expect, it } from 'vitest';
import { rawExchange, rawRequest } from '../../support/raw-socket.ts';
import { startServer, type TestServerOptions } from '../../support/server.ts';
import { echo, stubEngine } from '../../support/stub-engine.ts';
import { localToken } from '../../support/tokens.ts';

/** The cases H1–H4 of the loopback server, on the wire. */

const FRONTEND = 'http://localhost:5173';

async function serve(options?: TestServerOptions) {
  const engine = stubEngine({ echo });
  const server = await startServer(engine, options);
  const { port } = server;
  const send = (method: string, path: string, headers: readonly string[], body = '') =>
    rawExchange(port, rawRequest(method, path, headers, body));
  /** A POST that would run the plugin, with these headers in place of Host or beside it. */
  const execute = (headers: readonly string[]) => send('POST', '/api/execute/echo', headers, '{}');
  return { ...server, engine, send, execute, host: `Host: 127.0.0.1:${port}` };
}

const version = { 'x-mozaiks-runtime-version': '1.0.0' };
const forbidden = (body: string) =>
  expect(JSON.parse(body)).toMatchObject({ error_code: 'FORBIDDEN', status_code: 403 });

describe('the host check', () => {
  it.each([
    ['127.0.0.1:PORT', 200],
    ['localhost:PORT', 200],
    ['LocalHost:PORT', 200],
    ['evil.com:PORT', 403],
    ['127.0.0.1', 403],
    ['localhost', 403],
    ['localhost.evil.com:PORT', 403],
    ['localhost@evil.com', 403],
    ['localhost:PORT@evil.com', 403],
    ['0.0.0.0:PORT', 403],
    ['[::1]:PORT', 403],
    ['127.0.0.1:1', 403],
    ['127.0.0.1:PORT.evil.com', 403],
    ['', 403],
  ])('H1 H2: Host "%s" is answered with %i', async (host, status) => {
    const { execute, engine, port } = await serve();
    const token = `Authorization: Bearer ${localToken()}`;
    const answer = await execute([`Host: ${host.replace('PORT', String(port))}`, token]);
    expect(answer).toMatchObject({ status, headers: version });
    expect(engine.calls).toHaveLength(status === 200 ? 1 : 0);
    if (status === 403) forbidden(answer.body);
  });

  it('comes before authentication and ignores X-Forwarded-Host', async () => {
    const { execute, port } = await serve({ env: { MOZAIKS_REQUIRE_TOKEN: 'true' } });
    const forwarded = [`X-Forwarded-Host: 127.0.0.1:${port}`, `Forwarded: host=127.0.0.1:${port}`];
    forbidden((await execute([`Host: evil.com:${port}`, ...forwarded])).body);
  });

  it('refuses none and several with 400', async () => {
    const { execute, host, engine } = await serve();
    for (const headers of [[], [host, host], [host, 'Host: evil.com']]) {
      const answer = await execute(headers);
      expect(answer).toMatchObject({ status: 400, headers: version });
      expect(JSON.parse(answer.body)).toMatchObject({ error_code: 'BAD_REQUEST' });
    }
    expect(engine.calls).toEqual([]);
  });

  it('checks the host of a target in absolute form too', async () => {
    const { send, host, port } = await serve();
    const at = async (target: string) => (await send('GET', target, [host])).status;
    expect(await at(`http://127.0.0.1:${port}/health`)).toBe(200);
    expect(await at(`http://evil.com/health`)).toBe(403);
    expect(await at(`http://127.0.0.1:${port}@evil.com/health`)).toBe(403);
    expect(await at('ftp://127.0.0.1/health')).toBe(400);
    expect(await at('health')).toBe(400);
  });

  it('accepts the names of ALLOWED_HOSTS, with and without a port', async () => {
    const { send, port } = await serve({ env: { ALLOWED_HOSTS: 'box.local,other.local:99' } });
    const at = async (host: string) => (await send('GET', '/health', [`Host: ${host}`])).status;
    expect(await at('box.local')).toBe(200);
    expect(await at(`BOX.local:${port}`)).toBe(200);
    expect(await at('other.local:99')).toBe(200);
    expect(await at('other.local')).toBe(403);
    expect(await at('box.local:1')).toBe(403);
  });
});

describe('the origin check', () => {
  it.each([
    'https://evil.com',
    'null',
    'http://127.0.0.1:9999',
    'http://localhost.evil.com',
    'http://localhost:51733',
    'http://localhost:5173/',
    'HTTP://localhost:5173',
    'http://127.0.0.1:PORT',
    'http://localhost:PORT',
    '',
  ])('H3: refuses Origin "%s" without a CORS header', async (origin) => {
    const { execute, host, port, engine } = await serve();
    const answer = await execute([host, `Origin: ${origin.replace('PORT', String(port))}`]);
    expect(answer).toMatchObject({ status: 403, headers: version });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    forbidden(answer.body);
    expect(engine.calls).toEqual([]);
  });

  it('refuses two Origin headers, a listed one first', async () => {
    const { execute, host } = await serve();
    expect(await execute([host, `Origin: ${FRONTEND}`, 'Origin: https://evil.com'])).toMatchObject({
      status: 403,
    });
  });

  it('lets a listed origin read the answer and its version, errors too', async () => {
    const { execute, send, host } = await serve();
    const cors = { ...version, 'access-control-allow-origin': FRONTEND, vary: 'Origin' };
    const ok = await execute([host, `Origin: ${FRONTEND}`]);
    expect(ok).toMatchObject({ status: 200, headers: cors });
    expect(ok.headers['access-control-expose-headers']).toContain('X-Mozaiks-Runtime-Version');
    const missing = await send('GET', '/nothing', [host, `Origin: ${FRONTEND}`]);
    expect(missing).toMatchObject({ status: 404, headers: cors });
  });

  it('takes the list from ADDITIONAL_CORS_ORIGINS too', async () => {
    const { execute, host } = await serve({ env: { ADDITIONAL_CORS_ORIGINS: 'https://app.test' } });
    expect(await execute([host, 'Origin: https://app.test'])).toMatchObject({ status: 200 });
  });

  it('H4: answers preflights: 403 unlisted, 204 listed', async () => {
    const { send, host, traces } = await serve();
    const preflight = (origin: string) =>
      send('OPTIONS', '/api/execute/echo', [
        host,
        `Origin: ${origin}`,
        'Access-Control-Request-Method: POST',
        'Access-Control-Request-Headers: authorization,content-type',
      ]);
    const refused = await preflight('https://evil.com');
    expect(refused).toMatchObject({ status: 403, headers: version });
    expect(refused.headers).not.toHaveProperty('access-control-allow-origin');
    const listed = await preflight(FRONTEND);
    expect(listed).toMatchObject({
      status: 204,
      body: '',
      headers: {
        ...version,
        vary: 'Origin',
        'access-control-allow-origin': FRONTEND,
        'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
        'access-control-allow-headers': 'authorization, content-type, traceparent',
      },
    });
    expect(listed.headers['access-control-expose-headers']).toContain('X-Mozaiks-Runtime-Version');
    expect(traces.counts().kept).toBe(0);
  });

  it('refuses a cross-site request without an Origin, and lets programs and the address bar in', async () => {
    const { send, host } = await serve();
    const from = async (...headers: string[]) => (await send('GET', '/health', [host, ...headers])).status;
    expect(await from('Sec-Fetch-Site: cross-site')).toBe(403);
    expect(await from('Sec-Fetch-Site: none')).toBe(200);
    expect(await from('Sec-Fetch-Site: cross-site', `Origin: ${FRONTEND}`)).toBe(200);
    expect(await from()).toBe(200);
  });

  it('takes this server’s own origin below the Inspector only, and no other there', async () => {
    const { send, host, port } = await serve({
      more: {
        async inspector(ctx, next) {
          if (!ctx.path.startsWith('/__inspector/')) return next();
          ctx.body = 'inspector';
        },
      },
    });
    const at = async (path: string, origin: string) =>
      (await send('GET', path, [host, `Origin: ${origin}`])).status;
    expect(await at('/__inspector/x/call', `http://127.0.0.1:${port}`)).toBe(200);
    expect(await at('/__inspector/x/call', `http://localhost:${port}`)).toBe(403);
    expect(await at('/__inspector/x/call', FRONTEND)).toBe(403);
    expect(await at('/__inspector/x/call', 'null')).toBe(403);
    expect(await at('/__inspectorx', `http://127.0.0.1:${port}`)).toBe(403);
  });
});

describe('upgrades and expectations', () => {
  it('H10: refuses an Upgrade, but lets an offer of h2c pass unanswered', async () => {
    const { send, host } = await serve();
    const upgrade = (protocol: string) =>
      send('GET', '/health', [host, 'Connection: Upgrade', `Upgrade: ${protocol}`]);
    expect(await upgrade('websocket')).toMatchObject({ status: 400, headers: version });
    expect(await upgrade('h2c')).toMatchObject({ status: 200, headers: version });
  });

  it('refuses an unknown expectation', async () => {
    const { send, host } = await serve();
    const answer = await send('POST', '/api/execute/echo', [host, 'Expect: wonders'], '{}');
    expect(answer).toMatchObject({ status: 400, headers: version });
  });
});
