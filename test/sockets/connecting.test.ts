import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { rawConnection, rawExchange, rawRequest } from '../support/raw-socket.ts';
import { startServer } from '../support/server.ts';
import { stubEngine } from '../support/stub-engine.ts';
import { localToken } from '../support/tokens.ts';
import { webSocket } from '../support/web-socket.ts';

const NOBODY = '/ws/notifications/_';
const cause = { kind: 'route', route: 'POST /test' } as const;

const serve = (options: Parameters<typeof startServer>[1] = {}) => startServer(stubEngine({}), options);

describe('a client that connects for notifications', () => {
  const token = localToken({ sub: 'ada' });

  it.each([
    ['access_token', [`access_token.${token}`], '', `access_token.${token}`],
    ['mozaiks', ['mozaiks', token], '', 'mozaiks'],
    ['query', [], `?access_token=${token}`, ''],
  ])('N1: by %s gets what is sent to its user, and no other', async (way, protocols, query, echoed) => {
    const { baseUrl, sockets } = await serve();
    const client = webSocket(baseUrl, NOBODY + query, { protocols });
    await client.opened;
    expect(client.socket.protocol).toBe(echoed);
    await expect.poll(() => sockets.connections()).toMatchObject([{ user: 'ada', way }]);
    expect(sockets.send('bob', '"for bob"', cause)).toBe(0);
    expect(sockets.send('ada', '{"a": 1.0}', cause)).toBe(1);
    expect(await client.next()).toBe('{"a": 1.0}');
    expect(sockets.send(null, '"for all"', cause)).toBe(1);
    expect(await client.next()).toBe('"for all"');
    expect(sockets.connections()).toMatchObject([{ messages: 2, bytes: 19 }]);
  });

  it('N1: without a token is the development user in local mode, by its own id too', async () => {
    const { baseUrl, sockets } = await serve();
    await webSocket(baseUrl, '/ws/notifications/dev-user').opened;
    await expect.poll(() => sockets.connections()).toMatchObject([{ user: 'dev-user', way: 'none' }]);
  });

  it('carries the version in the answer that opens it', async () => {
    const { baseUrl } = await serve();
    const { socket } = webSocket(baseUrl, NOBODY);
    const [answer] = await once(socket, 'upgrade');
    expect(answer.headers['x-mozaiks-runtime-version']).toBe('1.0.0');
  });

  it.each([
    ['a bad token', localToken({}, 'another-secret-that-is-long-enough-012345'), 'signature'],
    ['an expired one', localToken({ exp: 1 }), 'expired'],
  ])('N2: is accepted with %s, told 4001, and the developer why', async (_name, bad, detail) => {
    const { baseUrl, sockets } = await serve();
    const client = webSocket(baseUrl, NOBODY, { protocols: [`access_token.${bad}`] });
    await client.opened;
    expect(await client.closed).toEqual({ code: 4001, reason: 'Authentication required' });
    const [end] = sockets.history.ends;
    expect(end).toMatchObject({ kind: 'refused', code: 4001, user: null });
    expect(end?.detail?.toLowerCase()).toContain(detail);
    expect(sockets.connections()).toEqual([]);
  });

  it('N2: without a token where one is mandatory is told 4001', async () => {
    const { baseUrl } = await serve({ env: { MOZAIKS_REQUIRE_TOKEN: 'true' } });
    const client = webSocket(baseUrl, NOBODY);
    expect(await client.closed).toEqual({ code: 4001, reason: 'Authentication required' });
  });

  it('N3: for another user is told 4003', async () => {
    const { baseUrl, sockets } = await serve();
    const client = webSocket(baseUrl, '/ws/notifications/bob', { protocols: [`access_token.${token}`] });
    expect(await client.closed).toEqual({ code: 4003, reason: 'User ID mismatch' });
    expect(sockets.history.ends).toMatchObject([
      { code: 4003, user: 'ada', remedy: 'Connect to /ws/notifications/_ or /ws/notifications/ada' },
    ]);
  });

  it.each([
    ['Host', { Host: 'evil.example' }],
    ['Origin', { Origin: 'https://evil.example' }],
    ['Origin', { Origin: 'null' }],
  ])('N4: with a foreign %s is refused with 403 before it is accepted', async (name, headers) => {
    const { baseUrl, sockets } = await serve();
    const client = webSocket(baseUrl, `${NOBODY}?access_token=${token}`, { headers });
    await expect(client.opened).rejects.toThrow('403');
    expect(sockets.history.ends).toMatchObject([{ code: 403, reason: expect.stringContaining(name) }]);
    expect(JSON.stringify(sockets.history.ends)).not.toContain(token);
  });

  it('from a listed origin is accepted', async () => {
    const { baseUrl } = await serve();
    await webSocket(baseUrl, NOBODY, { headers: { Origin: 'http://localhost:5173' } }).opened;
  });

  it.each([
    ['no key', ['Sec-WebSocket-Version: 13'], 400],
    ['another version', ['Sec-WebSocket-Version: 1', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], 400],
  ])('with %s gets an error in the contract’s shape', async (_name, headers, status) => {
    const { port } = await serve();
    const lines = [`Host: 127.0.0.1:${port}`, 'Connection: Upgrade', 'Upgrade: websocket', ...headers];
    const answer = await rawExchange(port, rawRequest('GET', NOBODY, lines));
    expect(answer).toMatchObject({ status, headers: { 'x-mozaiks-runtime-version': '1.0.0' } });
  });

  it('that is a page gets 404, and so does a WebSocket elsewhere 400', async () => {
    const { baseUrl } = await serve();
    expect((await fetch(baseUrl + NOBODY)).status).toBe(404);
    await expect(webSocket(baseUrl, '/api/plugins').opened).rejects.toThrow('400');
  });
});

describe('a request that offers HTTP/2', () => {
  it('N5: is answered in HTTP/1.1, body and further requests included', async () => {
    const seen: unknown[] = [];
    const engine = stubEngine({
      echo: (data) => {
        seen.push(data);
        return { kind: 'returned', value: { ok: true }, json: '{"ok":true}' };
      },
    });
    const { port } = await startServer(engine);
    const connection = await rawConnection(port);
    const host = `Host: 127.0.0.1:${port}`;
    const offer = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAA'];
    const body = JSON.stringify({ text: 'é'.repeat(40_000) });
    connection.write(rawRequest('POST', '/api/execute/echo', [host, ...offer], body));
    expect(await connection.answer()).toMatchObject({ status: 200, body: '{"ok":true}' });
    connection.write(rawRequest('GET', '/health', [host, ...offer]));
    expect(await connection.answer()).toMatchObject({ status: 200 });
    connection.write(rawRequest('GET', '/health', [host]));
    expect(await connection.answer()).toMatchObject({ status: 200 });
  });

  it('after a request without an answer yet, waits for that', async () => {
    const { port } = await serve();
    const connection = await rawConnection(port);
    const host = `Host: 127.0.0.1:${port}`;
    const offer = ['Connection: Upgrade', 'Upgrade: h2c'];
    connection.write(
      rawRequest('GET', '/info', [host]) +
        rawRequest('GET', '/health', [host, ...offer]) +
        rawRequest('GET', '/', [host]),
    );
    for (const text of ['port', 'healthy', 'running']) {
      expect((await connection.answer()).body).toContain(text);
    }
  });
});
