import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { readBody } from '../../../main/server/connection/body.ts';
import { createBodyRoom } from '../../../main/server/connection/body-room.ts';
import { serve } from '../../support/http-server.ts';

const LIMIT = 1_000_000;

/** A server whose bodies have room for `maxBytes`; it answers when it is told to. */
async function startRoom(maxBytes: number, stalledMs?: number, limit = LIMIT) {
  const room = createBodyRoom(maxBytes, stalledMs);
  const arrived: string[] = [];
  const entered: string[] = [];
  const answers = new Map<string, ServerResponse>();
  const handle = async (name: string, ...[req, res]: Parameters<Parameters<typeof serve>[0]>) => {
    arrived.push(name);
    await room.enter(req, res, limit);
    entered.push(name);
    if ((await readBody(req, limit)).kind === 'read') answers.set(name, res);
  };
  const baseUrl = await serve((req, res) => void handle(req.url?.slice(1) ?? '', req, res));
  return {
    baseUrl,
    arrived,
    entered,
    send: (name: string, bytes: number) =>
      fetch(`${baseUrl}/${name}`, { method: 'POST', body: 'x'.repeat(bytes) }),
    answer: async (name: string) => {
      await expect.poll(() => answers.has(name)).toBe(true);
      answers.get(name)?.end();
    },
  };
}

/** Begins a body and sends nothing of it. */
function begin(baseUrl: string, length: string): Socket {
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write(`POST /unfinished HTTP/1.1\r\nHost: x\r\n${length}\r\n\r\n`);
  return socket;
}

it('H14: large bodies are read while there is room for them, in their order; small ones at once', async () => {
  const { arrived, entered, send, answer } = await startRoom(250_000);
  const sent: Promise<Response>[] = [];
  for (const name of ['a', 'b', 'c', 'd']) {
    sent.push(send(name, 100_000));
    await expect.poll(() => arrived).toContain(name);
  }
  await expect.poll(() => entered).toEqual(['a', 'b']);
  sent.push(send('small', 60_000));
  await expect.poll(() => entered).toEqual(['a', 'b', 'small']);
  await answer('b');
  await expect.poll(() => entered).toEqual(['a', 'b', 'small', 'c']);
  for (const name of ['a', 'small', 'c']) await answer(name);
  await expect.poll(() => entered.at(-1)).toBe('d');
  await answer('d');
  expect((await Promise.all(sent)).map(({ status }) => status)).toEqual(Array(5).fill(200));
});

it('H14: a client that leaves gives its room to the next, and one larger than the room has all of it', async () => {
  const { baseUrl, arrived, entered, send, answer } = await startRoom(250_000);
  // Of unknown length: taken for the most that it may have, up to a mebibyte.
  const socket = begin(baseUrl, 'Transfer-Encoding: chunked');
  await expect.poll(() => entered).toEqual(['unfinished']);
  const next = send('next', 100_000);
  await expect.poll(() => arrived).toContain('next');
  expect(entered).toEqual(['unfinished']);
  socket.destroy();
  await once(socket, 'close');
  await expect.poll(() => entered).toEqual(['unfinished', 'next']);
  await answer('next');
  expect((await next).status).toBe(200);
});

it('H14: one that stands still is ended while another waits, and none whose call runs', async () => {
  const { baseUrl, entered, send, answer } = await startRoom(250_000, 50);
  const running = send('running', 100_000);
  await expect.poll(() => entered).toEqual(['running']);
  const socket = begin(baseUrl, 'Content-Length: 100000');
  await expect.poll(() => entered).toContain('unfinished');
  const waiting = send('waiting', 100_000);
  await once(socket, 'close');
  await expect.poll(() => entered).toContain('waiting');
  for (const name of ['running', 'waiting']) await answer(name);
  expect((await running).status).toBe(200);
  expect((await waiting).status).toBe(200);
});

it('H14: bodies of unknown length run side by side, however large one may be', async () => {
  const { baseUrl, entered } = await startRoom(3_000_000, 3_600_000, 50_000_000);
  for (let n = 0; n < 2; n += 1) begin(baseUrl, 'Transfer-Encoding: chunked');
  await expect.poll(() => entered.length).toBe(2);
});
