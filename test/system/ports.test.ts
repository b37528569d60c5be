import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { findFreePort, listenOn, pickFreePort, portProblem } from '../../main/system/ports.ts';

const host = '127.0.0.1';

async function takePort(port: number): Promise<number> {
  const server = createServer();
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())));
  return listenOn(server, { host, port });
}

it('listens on the port that the system chooses, and says which', async () => {
  const port = await takePort(0);
  expect(port).toBeGreaterThan(0);
  expect(await portProblem(host, port)).toBe('EADDRINUSE');
});

it('rejects with the system’s error where it can’t listen', async () => {
  const port = await takePort(0);
  await expect(listenOn(createServer(), { host, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

it('picks a port that can be had', async () => {
  expect(await portProblem(host, await pickFreePort())).toBeNull();
});

it('finds the next free port, past one that is taken', async () => {
  const first = await takePort(0);
  const free = await findFreePort(host, first - 1);
  expect(free).toBeGreaterThan(first);
});
