import { describe, expect, it } from 'vitest';
import { rawConnection, rawRequest } from '../support/raw-socket.ts';
import { startServer } from '../support/server.ts';
import { stubEngine } from '../support/stub-engine.ts';
import { localToken } from '../support/tokens.ts';
import { webSocket } from '../support/web-socket.ts';

const PATH = '/ws/notifications/_';
const cause = { kind: 'route', route: 'POST /test' } as const;
const as = (sub: string) => ({ protocols: [`access_token.${localToken({ sub })}`] });

const serve = (socketLimits: NonNullable<Parameters<typeof startServer>[1]>['socketLimits'] = {}) =>
  startServer(stubEngine({}), { socketLimits });

describe('a connection', () => {
  it('N6: may say what it likes, which nobody reads, but not a megabyte', async () => {
    const { baseUrl, sockets } = await serve();
    const client = webSocket(baseUrl, PATH);
    await client.opened;
    client.socket.send('{"type":"ping"}');
    client.socket.send(Buffer.alloc(1_000));
    await expect.poll(() => sockets.connections()).toMatchObject([{ received: 2 }]);
    client.socket.send('x'.repeat(1024 * 1024));
    expect((await client.closed).code).toBe(1009);
    await expect.poll(() => sockets.history.ends).toMatchObject([{ kind: 'ended', code: 1009 }]);
    expect(client.messages).toEqual([]);
  });

  it('N7: that doesn’t read is ended before it holds much, and the others get theirs', async () => {
    const { baseUrl, port, sockets } = await serve({ unsentBytes: 64 * 1024 });
    const slow = await rawConnection(port);
    const handshake = ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
    const upgrade = [`Host: 127.0.0.1:${port}`, 'Connection: Upgrade', 'Upgrade: websocket', ...handshake];
    slow.write(rawRequest('GET', PATH, upgrade));
    await slow.answer();
    slow.socket.pause();
    const good = webSocket(baseUrl, PATH, as('ada'));
    await good.opened;
    await expect.poll(() => sockets.connections().length).toBe(2);
    const text = JSON.stringify('x'.repeat(256 * 1024));
    let sent = 0;
    // Until what the system holds for it is full, too.
    while (sockets.connections().length === 2 && sent < 500) {
      sockets.send(null, text, cause);
      sent += 1;
      await good.next();
    }
    expect(sent).toBeLessThan(500);
    expect(sockets.history.ends).toMatchObject([{ user: 'dev-user', reason: 'Read too slowly' }]);
    expect(sockets.connections()).toMatchObject([{ user: 'ada', messages: sent }]);
  });

  it('N8: that answers no ping is ended', async () => {
    const { baseUrl, sockets } = await serve({ pingMs: 50 });
    const alive = webSocket(baseUrl, PATH, as('ada'));
    await alive.opened;
    const dead = webSocket(baseUrl, PATH, as('bob'));
    await dead.opened;
    // It neither reads nor answers.
    (dead.socket as unknown as { _socket: { pause(): void } })._socket.pause();
    await expect.poll(() => sockets.history.ends).toMatchObject([{ user: 'bob', code: 1008 }]);
    expect(sockets.connections()).toMatchObject([{ user: 'ada' }]);
  });

  it('N9: too many of one user, and too many in all, are told so', async () => {
    const { baseUrl, sockets } = await serve({ perUser: 2, inAll: 3 });
    for (const user of ['ada', 'ada']) await webSocket(baseUrl, PATH, as(user)).opened;
    await expect.poll(() => sockets.connections().length).toBe(2);
    expect(await webSocket(baseUrl, PATH, as('ada')).closed).toEqual({
      code: 1013,
      reason: '2 connections of this user are open',
    });
    const bob = webSocket(baseUrl, PATH, as('bob'));
    await expect.poll(() => sockets.connections().length).toBe(3);
    expect(await webSocket(baseUrl, PATH, as('cy')).closed).toEqual({
      code: 1013,
      reason: '3 connections are open',
    });
    bob.socket.close();
    await expect.poll(() => sockets.connections().length).toBe(2);
    await webSocket(baseUrl, PATH, as('cy')).opened;
    await expect.poll(() => sockets.connections().length).toBe(3);
  });

  it('N10: is told when the server stops, also one that doesn’t answer', async () => {
    const { baseUrl, sockets, listening } = await serve();
    const polite = webSocket(baseUrl, PATH);
    const deaf = webSocket(baseUrl, PATH);
    await Promise.all([polite.opened, deaf.opened]);
    await expect.poll(() => sockets.connections().length).toBe(2);
    (deaf.socket as unknown as { _socket: { pause(): void } })._socket.pause();
    sockets.stop();
    await listening.close();
    expect(await polite.closed).toEqual({ code: 1001, reason: 'The runtime is stopping' });
    await expect.poll(() => sockets.connections()).toEqual([]);
  });

  it('is closed on request', async () => {
    const { baseUrl, sockets } = await serve();
    const client = webSocket(baseUrl, PATH);
    await expect.poll(() => sockets.connections().length).toBe(1);
    const [{ id } = { id: 0 }] = sockets.connections();
    sockets.close(id);
    expect(await client.closed).toEqual({ code: 1001, reason: 'Closed in the workbench' });
    await expect.poll(() => sockets.connections()).toEqual([]);
    expect(() => sockets.close(id)).toThrow('no longer open');
  });

  it('is closed on request without an answer to the goodbye, too', async () => {
    const { baseUrl, sockets } = await serve();
    const deaf = webSocket(baseUrl, PATH);
    await deaf.opened;
    await expect.poll(() => sockets.connections().length).toBe(1);
    (deaf.socket as unknown as { _socket: { pause(): void } })._socket.pause();
    const [{ id } = { id: 0 }] = sockets.connections();
    sockets.close(id);
    await expect.poll(() => sockets.connections(), { timeout: 10_000 }).toEqual([]);
  });
});

describe('what is remembered of messages', () => {
  it('N11: is masked, by key and by value, before it is cut', async () => {
    const { sockets } = await serve();
    const token = localToken();
    sockets.send(
      'ada',
      JSON.stringify({ type: 't', password: 'abc', text: 'x'.repeat(9_000), token }),
      cause,
    );
    const [message] = sockets.history.messages;
    expect(message).toMatchObject({ type: 't', delivered: 0, connections: [], user: 'ada' });
    expect(message?.text.length).toBe(4 * 1024);
    expect(message?.bytes).toBeGreaterThan(9_000);
    sockets.send('ada', `NaN ${token}`, cause);
    sockets.send('ada', `{"type":"${token}","n":1.0,"big":${2n ** 70n}}`, cause);
    expect(sockets.history.messages.at(-1)?.text).toContain(`"n":1.0,"big":${2n ** 70n}`);
    const shown = JSON.stringify(sockets.history.messages);
    expect(shown).not.toContain('abc');
    expect(shown).not.toContain(token);
  });

  it('has a bound', async () => {
    const { sockets } = await serve();
    for (let n = 0; n < 600; n += 1) sockets.send('ada', String(n), cause);
    const texts = sockets.history.messages.map(({ text }) => text);
    expect([texts.length, texts[0], texts.at(-1)]).toEqual([500, '100', '599']);
    sockets.clear();
    expect(sockets.history.messages).toEqual([]);
  });
});
