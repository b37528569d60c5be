import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listen, SERVER_LIMITS } from '../../../main/server/connection/listen.ts';
import { rawConnection, rawRequest } from '../../support/raw-socket.ts';
import { startServer } from '../../support/server.ts';
import { stubEngine } from '../../support/stub-engine.ts';

const app = { callback: () => () => {} };

async function occupy(port = 0): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('listen', () => {
  it('refuses an explicit port that is taken, naming it and the remedy', async () => {
    const port = await occupy();
    await expect(listen(app, { host: '127.0.0.1', port, portExplicit: true })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(new RegExp(`Port ${port} is taken.*PORT or --port`)),
    });
  });

  it('moves from a default port that is taken to the next free one, and says so', async () => {
    const port = await occupy();
    const listening = await listen(app, { host: '127.0.0.1', port, portExplicit: false });
    onTestFinished(() => listening.close());
    expect(listening.port).toBeGreaterThan(port);
    expect(listening.port).toBeLessThanOrEqual(port + 20);
    expect(listening.notice).toBe(`Port ${port} is taken: listening on ${listening.port} instead`);
  });

  it('says what to do when the address is not of this machine', async () => {
    await expect(listen(app, { host: '192.0.2.1', port: 0, portExplicit: false })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('HOST'),
    });
  });

  it.runIf(process.platform === 'linux')('answers at its own address alone', async () => {
    // The whole of 127.0.0.0/8 is this machine; whoever listens at every address is there, too.
    const { port } = await startServer(stubEngine({}));
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
    const elsewhere = connect(port, '127.0.0.2');
    await expect(once(elsewhere, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('refuses one connection too many', async () => {
    const limits = { ...SERVER_LIMITS, maxConnections: 2 };
    const listening = await listen(app, { host: '127.0.0.1', port: 0, portExplicit: false }, limits);
    onTestFinished(() => listening.close());
    const taken = [await rawConnection(listening.port), await rawConnection(listening.port)];
    await (await rawConnection(listening.port)).closed;
    expect(taken.map(({ socket }) => socket.readyState)).toEqual(['open', 'open']);
  });

  it('gives back the port within two seconds, whatever is open', async () => {
    const engine = stubEngine({ stuck: () => new Promise(() => {}) });
    const { port, listening } = await startServer(engine);
    const idle = await rawConnection(port);
    const busy = await rawConnection(port);
    busy.write(rawRequest('POST', '/api/execute/stuck', [`Host: 127.0.0.1:${port}`], '{}'));
    await expect.poll(() => engine.calls.length).toBe(1);
    const start = performance.now();
    await listening.close();
    expect(performance.now() - start).toBeLessThan(8_000);
    await Promise.all([idle.closed, busy.closed]);
    await occupy(port);
    await listening.close();
  });

  it('ends a slow upload', async () => {
    const { port } = await startServer(stubEngine({ echo: () => ({ kind: 'timeout' }) }), {
      limits: { headersTimeoutMs: 200, requestTimeoutMs: 300 },
    });
    const connection = await rawConnection(port);
    connection.write(
      `POST /api/execute/echo HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: 50\r\n\r\n{`,
    );
    expect(await connection.answer()).toMatchObject({ status: 408 });
  });
});
