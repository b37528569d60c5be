import { createServer } from 'node:net';

/**
 * Below what systems hand out by themselves (from 32768 on), where anyone may be given the port before it is
 * used.
 */
const FIRST = 20_000;
/** Files run side by side, each in a worker's own range. */
const PER_WORKER = 500;

const start = FIRST + Number(process.env.VITEST_POOL_ID ?? 0) * PER_WORKER;
let tried = Math.floor(Math.random() * PER_WORKER);

/** A port that nobody listens on now; for what must know its port before it listens. */
export async function freePort(): Promise<number> {
  for (let attempts = 0; attempts < PER_WORKER; attempts += 1) {
    tried += 1;
    const port = start + (tried % PER_WORKER);
    if (await canListen(port)) return port;
  }
  throw new Error(`no port from ${start} to ${start + PER_WORKER - 1} is free`);
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
