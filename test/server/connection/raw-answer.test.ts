import { describe, expect, it } from 'vitest';
import { rawConnection, rawExchange, rawRequest } from '../../support/raw-socket.ts';
import { startServer } from '../../support/server.ts';
import { echo, stubEngine } from '../../support/stub-engine.ts';

/** Case H10 of the loopback server: what the HTTP parser refuses is answered like everything else. */

const json = {
  'x-mozaiks-runtime-version': '1.0.0',
  'content-type': 'application/json; charset=utf-8',
  connection: 'close',
};

async function serve(limits = {}) {
  const server = await startServer(stubEngine({ echo }), { limits });
  const host = `Host: 127.0.0.1:${server.port}`;
  const isAlive = async () =>
    (await rawExchange(server.port, rawRequest('GET', '/health', [host]))).status === 200;
  return { ...server, host, isAlive };
}

describe('answers on the bare socket', () => {
  it.each([
    ['garbage', '\x16\x03\x01\x02\x00garbage\r\n\r\n', 400, 'BAD_REQUEST'],
    ['an unknown method', 'WONDER / HTTP/1.1\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a blank in the target', 'GET /a b HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'BAD_REQUEST'],
    ['a bare CONNECT', 'CONNECT evil.com:443 HTTP/1.1\r\nHost: evil.com\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
    [
      'both body lengths',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}',
      400,
      'BAD_REQUEST',
    ],
    [
      'a 17 KiB header',
      `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(17 * 1024)}\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
    [
      'a 17 KiB target',
      `GET /${'a'.repeat(17 * 1024)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      431,
      'HEADERS_TOO_LARGE',
    ],
  ])('H10: %s', async (_title, bytes, status, code) => {
    const { port, isAlive } = await serve();
    const connection = await rawConnection(port);
    connection.write(bytes);
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status, headers: json });
    expect(JSON.parse(answer.body)).toMatchObject({ error_code: code, status_code: status });
    await new Promise((resolve) => connection.socket.write('still talking', resolve));
    connection.socket.end();
    expect(await connection.closed).toBe('closed');
    expect(await isAlive()).toBe(true);
  });

  it('refuses a megabyte of headers without a reset in the client’s face', async () => {
    const { port, isAlive } = await serve();
    const connection = await rawConnection(port);
    connection.write(`GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(170_000)}`);
    expect(await connection.answer()).toMatchObject({ status: 431, headers: json });
    await new Promise((resolve) => connection.socket.write('A: b\r\n'.repeat(10_000), resolve));
    connection.socket.end();
    expect(await connection.closed).toBe('closed');
    expect(await isAlive()).toBe(true);
  });

  it.each(['TRACE', 'PUT', 'PATCH', 'DELETE'])('H10: %s on a known path is 405', async (method) => {
    const { port, host } = await serve();
    const answer = await rawExchange(port, rawRequest(method, '/health', [host]));
    expect(answer).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD, OPTIONS', 'x-mozaiks-runtime-version': '1.0.0' },
    });
  });

  it('ends headers that do not arrive in time with 408', async () => {
    const { port, isAlive } = await serve({ headersTimeoutMs: 200 });
    const connection = await rawConnection(port);
    connection.write('GET /health HTTP/1.1\r\nHost: ');
    const answer = await connection.answer();
    expect(answer).toMatchObject({ status: 408, headers: json });
    expect(await isAlive()).toBe(true);
  });

  it('answers a request first when garbage follows it', async () => {
    const { port, host } = await serve();
    const connection = await rawConnection(port);
    connection.write(`${rawRequest('GET', '/health', [host])}garbage\r\n\r\n`);
    expect(await connection.answer()).toMatchObject({ status: 200 });
    expect(await connection.answer()).toMatchObject({ status: 400, headers: json });
  });

  it('refuses a request whose own body breaks', async () => {
    const { port, host } = await serve();
    const connection = await rawConnection(port);
    const head = ['POST /api/execute/echo HTTP/1.1', host, 'Transfer-Encoding: chunked', '', ''].join('\r\n');
    connection.write(`${head}2\r\n{"\r\n`);
    await rawExchange(port, rawRequest('GET', '/health', [host]));
    connection.write('zz\r\n');
    expect(await connection.answer()).toMatchObject({ status: 400, headers: json });
  });
});
