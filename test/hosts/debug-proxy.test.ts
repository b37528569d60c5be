import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DebugProxy } from '../../main/hosts/debug-proxy.ts';

const TOKEN = 'a'.repeat(64);
const ADAPTER_REQUEST = 'Content-Length: 2\r\n\r\n{}';

/** Something that listens as an inspector would, and a proxy aimed at it. */
async function proxyTo(answer: (socket: Socket) => void, token: string | null = TOKEN) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const onChange = vi.fn();
  const proxy = await DebugProxy.open(onChange);
  onTestFinished(() => {
    proxy.close();
    server.close();
  });
  proxy.aim({ port, path: '', token });
  const visit = async (opening = ADAPTER_REQUEST) => {
    const socket = connect(proxy.port, '127.0.0.1').on('error', () => undefined);
    onTestFinished(() => {
      socket.destroy();
    });
    await once(socket, 'connect');
    socket.write(opening);
    return socket;
  };
  return { proxy, visit, onChange };
}

it('counts a session of the debug adapter protocol as attached until it ends', async () => {
  const { proxy, visit, onChange } = await proxyTo((socket) => socket.write(ADAPTER_REQUEST));
  expect(proxy.attached).toBe(false);
  const [one, two] = [await visit(), await visit()];
  await vi.waitFor(() => expect(onChange.mock.calls.length).toBeGreaterThanOrEqual(3));
  expect(proxy.attached).toBe(true);
  one.destroy();
  await vi.waitFor(() => expect(onChange.mock.calls.length).toBeGreaterThanOrEqual(4));
  expect(proxy.attached).toBe(true);
  two.destroy();
  await vi.waitFor(() => expect(proxy.attached).toBe(false));
});

it('D3: sends the token before anything of the debugger', async () => {
  const received: string[] = [];
  const { visit } = await proxyTo((socket) => {
    socket.on('data', (chunk) => received.push(chunk.toString()));
  });
  const socket = await visit();
  await vi.waitFor(() => expect(received.join('')).toBe(`${TOKEN}${ADAPTER_REQUEST}`));
  socket.write('more');
  await vi.waitFor(() => expect(received.join('')).toBe(`${TOKEN}${ADAPTER_REQUEST}more`));
});

it('does not count a question over HTTP, and answers one on a connection', async () => {
  const received: string[] = [];
  const { proxy, visit } = await proxyTo((socket) => {
    socket.on('data', (chunk) => {
      received.push(chunk.toString());
      socket.write('HTTP/1.0 200 OK\r\n\r\n[]');
    });
  }, null);
  const question = `GET /json HTTP/1.1\r\nHost: 127.0.0.1:${proxy.port}\r\n\r\n`;
  const socket = await visit(question);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('200 OK');
  socket.write(question);
  await once(socket, 'close');
  expect(proxy.attached).toBe(false);
  expect(received).toEqual([question]);
});

it('D1: closes what is no debugger’s without connecting to the process', async () => {
  const onConnection = vi.fn();
  const { visit } = await proxyTo(onConnection);
  const socket = (await visit('POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}')).resume();
  if (!socket.closed) await once(socket, 'close');
  expect(onConnection).not.toHaveBeenCalled();
});

it('admits nobody while there is no process, and disconnects everybody when it closes', async () => {
  const { proxy, visit } = await proxyTo((socket) => socket.write(ADAPTER_REQUEST));
  const attached = await visit();
  await vi.waitFor(() => expect(proxy.attached).toBe(true));
  proxy.aim(null);
  const early = await visit();
  if (!early.closed) await once(early, 'close');
  expect([proxy.attached, proxy.url]).toEqual([true, null]);
  attached.resume();
  proxy.close();
  if (!attached.closed) await once(attached, 'close');
  await vi.waitFor(() => expect(proxy.attached).toBe(false));
  await expect(visit()).rejects.toThrow('ECONNREFUSED');
});
