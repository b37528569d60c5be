import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { DebugProxy } from '../../main/hosts/debug-proxy.ts';

/** Something that listens as an inspector would, and a door aimed at it. */
async function doorTo(answer: (socket: Socket) => void) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const onChange = vi.fn();
  const door = await DebugProxy.open(onChange);
  onTestFinished(() => {
    door.close();
    server.close();
  });
  door.aim({ port, path: '' });
  const visit = async () => {
    const socket = connect(door.port, '127.0.0.1').on('error', () => undefined);
    onTestFinished(() => {
      socket.destroy();
    });
    await once(socket, 'connect');
    return socket;
  };
  return { door, visit, onChange };
}

it('counts a session of the debug adapter protocol as attached until it ends', async () => {
  const { door, visit, onChange } = await doorTo((socket) => socket.write('Content-Length: 2\r\n\r\n{}'));
  expect(door.attached).toBe(false);
  const [one, two] = [await visit(), await visit()];
  await vi.waitFor(() => expect(onChange.mock.calls.length).toBeGreaterThanOrEqual(3));
  expect(door.attached).toBe(true);
  one.destroy();
  await vi.waitFor(() => expect(onChange.mock.calls.length).toBeGreaterThanOrEqual(4));
  expect(door.attached).toBe(true);
  two.destroy();
  await vi.waitFor(() => expect(door.attached).toBe(false));
});

it('does not count a question over HTTP', async () => {
  const { door, visit } = await doorTo((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n[]'));
  const socket = await visit();
  socket.resume();
  await once(socket, 'close');
  expect(door.attached).toBe(false);
});

it('admits nobody while there is no process, and disconnects everybody when it closes', async () => {
  const { door, visit } = await doorTo((socket) => socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  const attached = await visit();
  await vi.waitFor(() => expect(door.attached).toBe(true));
  door.aim(null);
  const early = await visit();
  if (!early.closed) await once(early, 'close');
  expect([door.attached, door.url]).toEqual([true, null]);
  attached.resume();
  door.close();
  if (!attached.closed) await once(attached, 'close');
  await vi.waitFor(() => expect(door.attached).toBe(false));
  await expect(visit()).rejects.toThrow('ECONNREFUSED');
});
