import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { send } from '../../../main/conformance/run/exchange.ts';
import { checkConformance } from '../../../main/conformance/run/run.ts';
import { connectTarget } from '../../../main/conformance/target/remote-target.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { oneServer } from '../../support/check-target.ts';
import { serve } from '../../support/http-server.ts';

/** Targets that were made to harm whoever checks them. */

async function rawTarget(onConnection: (socket: Socket) => void): Promise<URL> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const RAW = { kind: 'raw', title: 'nonsense', bytes: 'NONSENSE\r\n\r\n' } as const;
const GET = { kind: 'http', method: 'GET', path: '/health' } as const;

it('K1: are cut off when they send bytes without end and no answer', async () => {
  const target = await rawTarget((socket) => {
    const flood = () => {
      while (!socket.destroyed && socket.write('x'.repeat(64 * 1024)));
    };
    socket.on('drain', flood);
    flood();
  });
  await expect(send(target, RAW)).rejects.toThrow('too long');
});

it('K1: are cut off when they drip for ever', { timeout: 30_000 }, async () => {
  const target = await rawTarget((socket) => {
    const drip = setInterval(() => socket.write('x'), 500);
    socket.once('close', () => clearInterval(drip));
  });
  await expect(send(target, RAW)).rejects.toThrow('No answer within 10 seconds');
});

it('K1: are cut off when they switch protocols unasked', { timeout: 30_000 }, async () => {
  const target = await rawTarget((socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  });
  await expect(send(target, GET)).rejects.toThrow();
});

it('may name no plugin that could be none', async () => {
  const names = ['x'.repeat(100_000), '../../health', 'a b', '', 'fine'];
  const target = await serve((_request, response) =>
    response.end(JSON.stringify({ plugins: names.map((name) => ({ name })) })),
  );
  const { self } = await connectTarget({ url: target }, new AbortController().signal);
  expect(self.context.plugin).toBe('fine');
});

it('K3: get no half of the caller’s token into a report, wherever they put it', async () => {
  const token = `ewogImFsZyI6IkhTMjU2In0.${'c'.repeat(60)}.${'s'.repeat(43)}`;
  for (const before of [380, 16_360]) {
    const target = await serve((request, response) => {
      const [, sent = ''] = (request.headers.authorization ?? '').split(' ');
      response.setHeader('X-Mozaiks-Runtime-Version', sent || 'none');
      response.end('x'.repeat(before) + sent);
    });
    const redactor = createRedactor([]);
    const report = JSON.stringify(
      await checkConformance({ target: oneServer(target, { tokens: { user: token } }), redactor }),
    );
    for (const part of [token.slice(0, 16), 'ccccccc', 'sssssss']) expect(report).not.toContain(part);
  }
});

it('may nest their answers deeper than can be written again', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const target = await serve((_request, response) =>
    response.end(`{"probe":1,"plugins":${deep},"received":{"user_id":${deep},"_context":${deep}}}`),
  );
  const clauses = ['identity.user', 'context.keys', 'spoof.user-id'];
  const { checks } = await checkConformance({
    target: oneServer(target),
    redactor: createRedactor([]),
    clauses,
  });
  expect(checks.map(({ verdict, reason }) => [verdict, reason])).toEqual([
    ['failed', 'user_id is nested too deeply to show, the token names "user"'],
    ['failed', expect.stringContaining('Not met: app_id is a string')],
    ['skipped', expect.stringContaining('The answers could not be evaluated: RangeError')],
  ]);
});
