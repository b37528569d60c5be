import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import type { CancelSignal } from '../../../main/contract/host.ts';
import { parseJsonObject } from '../../../main/server/connection/body.ts';
import { type RawConnection, rawConnection, rawExchange, rawRequest } from '../../support/raw-socket.ts';
import { returned } from '../../support/returned.ts';
import { startServer } from '../../support/server.ts';
import { echo, stubEngine } from '../../support/stub-engine.ts';

/** The cases H5, H6 and H8 of the loopback server. */

const LIMIT = 1_000;

async function serve() {
  const engine = stubEngine({ echo });
  const server = await startServer(engine, { env: { MAX_REQUEST_BODY_BYTES: String(LIMIT) } });
  const { port, baseUrl } = server;
  const post = (body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${baseUrl}/api/execute/echo`, { method: 'POST', body });
  const head = (...headers: string[]) =>
    ['POST /api/execute/echo HTTP/1.1', `Host: 127.0.0.1:${port}`, ...headers, '', ''].join('\r\n');
  return { ...server, engine, post, head };
}

const padded = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
const tooLarge = { status: 413, headers: { 'x-mozaiks-runtime-version': '1.0.0', connection: 'close' } };

/** Bytes in buffers that something still holds. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}

function sendChunks(connection: RawConnection, text: string, size = 100): void {
  for (let at = 0; at < text.length; at += size) {
    const chunk = text.slice(at, at + size);
    connection.write(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  }
}

describe('body size', () => {
  it('takes exactly the limit, by Content-Length and chunked', async () => {
    const { post, port, head } = await serve();
    expect((await post(padded(LIMIT))).status).toBe(200);
    const connection = await rawConnection(port);
    connection.write(head('Transfer-Encoding: chunked'));
    sendChunks(connection, padded(LIMIT));
    connection.write('0\r\n\r\n');
    expect(await connection.answer()).toMatchObject({ status: 200 });
  });

  it('H5: refuses one byte more by its Content-Length, without waiting for the body', async () => {
    const { port, head, engine, traces } = await serve();
    const connection = await rawConnection(port);
    connection.write(head(`Content-Length: ${LIMIT + 1}`));
    const answer = await connection.answer();
    expect(answer).toMatchObject(tooLarge);
    expect(JSON.parse(answer.body)).toMatchObject({ error_code: 'PAYLOAD_TOO_LARGE', status_code: 413 });
    connection.write(padded(LIMIT + 1));
    expect(await connection.closed).toBe('closed');
    expect(engine.calls).toEqual([]);
    const [summary] = traces.list({ limit: 1 }).traces;
    expect(traces.get(summary?.id ?? '')?.request.body).toEqual({ bytes: LIMIT + 1, truncated: true });
  });

  it('H5: refuses a chunked body as soon as it is over, while the client still sends', async () => {
    const { port, head, engine } = await serve();
    const connection = await rawConnection(port);
    connection.write(head('Transfer-Encoding: chunked'));
    sendChunks(connection, padded(LIMIT + 1));
    expect(await connection.answer()).toMatchObject(tooLarge);
    sendChunks(connection, 'y'.repeat(5_000));
    connection.write('0\r\n\r\n');
    expect(await connection.closed).toBe('closed');
    expect(engine.calls).toEqual([]);
  });

  it('H5: keeps memory flat while a refused client goes on sending', async () => {
    const { port, head } = await serve();
    const connection = await rawConnection(port);
    connection.write(head('Transfer-Encoding: chunked'));
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    const chunk = Buffer.concat([Buffer.from('100000\r\n'), megabyte, Buffer.from('\r\n')]);
    connection.write(chunk);
    expect(await connection.answer()).toMatchObject(tooLarge);
    const before = bytesInUse();
    for (let sent = 0; sent < 48; sent += 1) {
      await new Promise((resolve) => connection.socket.write(chunk, resolve));
    }
    // Polled: V8 frees buffers in the background.
    await expect.poll(() => bytesInUse() - before).toBeLessThan(8 * 1024 * 1024);
  });

  it('answers nothing that was pipelined behind a 413', async () => {
    const { port, head, engine } = await serve();
    const connection = await rawConnection(port);
    connection.write(
      `${head(`Content-Length: ${LIMIT + 1}`)}${padded(LIMIT + 1)}${head('Content-Length: 2')}{}`,
    );
    expect(await connection.answer()).toMatchObject({ status: 413 });
    await expect(connection.answer()).rejects.toThrow('the connection ended');
    expect(engine.calls).toEqual([]);
  });

  it('answers pipelined requests in order', async () => {
    const { port, head } = await serve();
    const connection = await rawConnection(port);
    connection.write(
      `${head('Content-Length: 7')}{"n":1}${head('Content-Length: 1')}[${head('Content-Length: 7')}{"n":3}`,
    );
    const answers = [await connection.answer(), await connection.answer(), await connection.answer()];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 200]);
    expect(JSON.parse(answers[2]?.body ?? '')).toMatchObject({ received: { n: 3 } });
  });

  it('asks for the body only when it will be read (Expect: 100-continue)', async () => {
    const { port, head } = await serve();
    const refused = await rawConnection(port);
    refused.write(head(`Content-Length: ${LIMIT + 1}`, 'Expect: 100-continue'));
    expect(await refused.answer()).toMatchObject(tooLarge);
    const welcome = await rawConnection(port);
    welcome.write(head('Content-Length: 7', 'Expect: 100-continue'));
    expect(await welcome.answer()).toMatchObject({ status: 100 });
    welcome.write('{"n":1}');
    expect(await welcome.answer()).toMatchObject({ status: 200 });
  });

  it('lets a client see a 404 although its body was not read', async () => {
    const { port } = await serve();
    const connection = await rawConnection(port);
    const headers = [`Host: 127.0.0.1:${port}`, 'Connection: close'];
    connection.write(rawRequest('POST', '/api/execute/unknown', headers, padded(900_000)));
    expect(await connection.answer()).toMatchObject({ status: 404 });
    expect(await connection.closed).toBe('closed');
  });
});

describe('body content', () => {
  const invalid = 'Invalid JSON payload';
  const noObject = 'Request body must be a JSON object';
  it.each([
    ['nothing', '', invalid],
    ['half an object', '{"a":', invalid],
    ['plain text', 'hello', invalid],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]), invalid],
    ['a cut character', Buffer.from('{"a":"é"}', 'latin1'), invalid],
    ['a list', '[]', noObject],
    ['a text', '"x"', noObject],
    ['null', 'null', noObject],
    ['a number', '1', noObject],
  ])('H6: refuses %s', async (_title, body, detail) => {
    const { post, engine } = await serve();
    const response = await post(body);
    expect(await response.json()).toEqual({ detail, error_code: 'BAD_REQUEST', status_code: 400 });
    expect(engine.calls).toEqual([]);
  });

  it('H6: takes 100 levels, refuses 101 and 100,000', async () => {
    const engine = stubEngine({ echo });
    const { baseUrl } = await startServer(engine);
    const nested = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    const status = async (levels: number) =>
      (await fetch(`${baseUrl}/api/execute/echo`, { method: 'POST', body: nested(levels) })).status;
    expect(await status(100)).toBe(200);
    expect(await status(101)).toBe(400);
    expect(await status(100_000)).toBe(400);
  });

  it('does not count brackets in strings', async () => {
    const { post } = await serve();
    expect((await post(JSON.stringify({ a: '[{"\\"['.repeat(80) }))).status).toBe(200);
  });

  it('reads JSON whatever the Content-Type, with a byte order mark too', async () => {
    const { baseUrl, engine } = await serve();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${baseUrl}/api/execute/echo`, {
      method: 'POST',
      headers,
      body: '\ufeff{"n":1}',
    });
    expect(response.status).toBe(200);
    expect(JSON.parse(engine.calls[0]?.json ?? '')).toMatchObject({ n: 1 });
  });

  it('H8: pollutes nothing with __proto__, which reaches the process as text alone', async () => {
    const { post, engine } = await serve();
    const body =
      '{"__proto__":{"is_superadmin":true},"list":[{"__proto__":{"x":1},"y":2}],"constructor":{"prototype":{"x":1}}}';
    expect((await post(body)).status).toBe(200);
    expect(engine.calls[0]?.json).toContain(body.slice(1, -1));
    expect(({} as Record<string, unknown>).is_superadmin).toBeUndefined();
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});

describe('parseJsonObject', () => {
  it('H8: drops __proto__ with any of its characters written as an escape', () => {
    const escaped = (character: string) => `\\u00${character.charCodeAt(0).toString(16)}`;
    for (const [at, character] of [...'__proto__'].entries()) {
      for (const way of [
        escaped(character),
        escaped(character).replace(/[a-f]/, (hex) => hex.toUpperCase()),
      ]) {
        const key = '__proto__'.slice(0, at) + way + '__proto__'.slice(at + 1);
        const text = `{"a":[{"${key}":{"x":1},"y":2}]}`;
        const { value } = parseJsonObject(Buffer.from(text), false);
        expect(JSON.stringify(value), key).toBe('{"a":[{"y":2}]}');
      }
    }
  });
});

describe('a client that goes away', () => {
  it('H9: ends the call; the trace says aborted', async () => {
    let seen: CancelSignal | null = null;
    const engine = stubEngine({
      slow: ({ signal }) =>
        new Promise((resolve) => {
          seen = signal;
          signal.addEventListener('abort', () => resolve({ kind: 'aborted' }));
        }),
    });
    const { port, traces } = await startServer(engine);
    const connection = await rawConnection(port);
    connection.write(rawRequest('POST', '/api/execute/slow', [`Host: 127.0.0.1:${port}`], '{}'));
    await vi.waitFor(() => expect(seen).not.toBeNull());
    expect(seen).toMatchObject({ aborted: false });
    connection.socket.destroy();
    await vi.waitFor(() => expect(traces.list({ limit: 5 }).traces).toHaveLength(1), 5_000);
    const [summary] = traces.list({ limit: 5 }).traces;
    expect(summary).toMatchObject({ outcome: 'aborted', status: null, errorCode: null, plugin: 'slow' });
    expect(traces.get(summary?.id ?? '')).toMatchObject({ response: null });
  });

  it('H9: leaves a trace that says aborted, although the plugin went on to its end', async () => {
    const engine = stubEngine({
      stubborn: ({ signal }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve(returned({})));
        }),
    });
    const { port, traces } = await startServer(engine);
    const connection = await rawConnection(port);
    connection.write(rawRequest('POST', '/api/execute/stubborn', [`Host: 127.0.0.1:${port}`], '{}'));
    await vi.waitFor(() => expect(engine.calls).toHaveLength(1), 5_000);
    connection.socket.destroy();
    await vi.waitFor(() => expect(traces.list({ limit: 5 }).traces).toHaveLength(1), 5_000);
    expect(traces.list({ limit: 5 }).traces[0]).toMatchObject({ outcome: 'aborted', status: null });
  });

  it('H9: ends a body that stops halfway', async () => {
    const { port, head, traces, engine } = await serve();
    const connection = await rawConnection(port);
    connection.write(`${head('Content-Length: 100')}{"a":`);
    // The server has the request once it answers another one that came later.
    await rawExchange(port, rawRequest('GET', '/health', [`Host: 127.0.0.1:${port}`]));
    connection.socket.destroy();
    await vi.waitFor(() => expect(traces.list({ limit: 5 }).traces).toHaveLength(1), 5_000);
    expect(traces.list({ limit: 5 }).traces[0]).toMatchObject({ outcome: 'aborted', status: null });
    expect(engine.calls).toEqual([]);
  });
});
