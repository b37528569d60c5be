import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createDownloads } from '../../main/inspector/downloads.ts';
import type { Inspector } from '../../main/inspector/inspector.ts';
import { createInspectorRoutes } from '../../main/server/routes/inspector.ts';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { rawConnection, rawRequest } from '../support/raw-socket.ts';
import { type RuntimeProcess, startRuntimeProcess } from '../support/runtime-process.ts';
import { startServer } from '../support/server.ts';
import { stubEngine } from '../support/stub-engine.ts';

/**
 * What clients without a token can make the runtime hold or do (SECURITY.md §3), measured on a runtime in a
 * process of its own.
 */

/** A runtime that is flooded is asked beside everything else that this machine does; alone it is 250 ms. */
const CALM_MS = 10_000;

const SLEEP = `import { setTimeout as delay } from 'node:timers/promises';
  let running = 0;
  let most = 0;
  export const execute = async ({ ms, ask }) => {
    if (ask) return { most, running };
    running += 1;
    most = Math.max(most, running);
    await delay(ms);
    running -= 1;
    return {};
  };`;

const PLUGINS = {
  echo: 'export const execute = (data) => ({ got: Object.keys(data).length });',
  block: `export const execute = ({ ms }) => {
    for (const end = Date.now() + ms; Date.now() < end;);
    return {};
  };`,
  sleep: SLEEP,
  hold: SLEEP,
  large: "const text = 'x'.repeat(4_900_000); export const execute = () => ({ text });",
};

let target: RuntimeProcess;
let host: string;

const cleanUp = cleanUpAfterAll();
beforeAll(async () => {
  target = await startRuntimeProcess({
    plugins: PLUGINS,
    env: { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '6' },
    limits: { stalledMs: 1_500, keepAliveMs: 500 },
    cleanUp,
  });
  host = `Host: 127.0.0.1:${target.port}`;
});

interface Watched {
  /** How much its memory grew at most, in MiB. */
  readonly grown: number;
  /** The longest that `/health` took, in milliseconds. */
  readonly slowest: number;
}

/** Runs an attack while the runtime is asked for its health and its memory is measured. */
async function watch(attack: () => Promise<void>): Promise<Watched> {
  const before = target.memory();
  let grown = 0;
  let slowest = 0;
  let isOver = false;
  const asked = (async () => {
    while (!isOver) {
      const from = performance.now();
      const answer = await fetch(`${target.baseUrl}/health`);
      await answer.arrayBuffer();
      slowest = Math.max(slowest, performance.now() - from);
      grown = Math.max(grown, target.memory() - before);
      expect(answer.status).toBe(200);
    }
  })();
  await attack();
  isOver = true;
  await asked;
  return { grown, slowest };
}

function post(plugin: string, body: string): string {
  return rawRequest('POST', `/api/execute/${plugin}`, [host], body);
}

async function clients(count: number, port = target.port): Promise<readonly Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (const socket of sockets) socket.on('error', () => undefined);
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
  return sockets;
}

const ended = (socket: Socket) =>
  socket.closed ? Promise.resolve() : new Promise<void>((resolve) => socket.once('close', () => resolve()));

/** Sends bytes on connections of their own, which are left without warning once they are out. */
async function sendAndLeave(count: number, bytes: string): Promise<void> {
  const sockets = await clients(count);
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.write(bytes, resolve))));
  for (const socket of sockets) socket.resetAndDestroy();
  await Promise.all(sockets.map(ended));
}

/** Of the plugins that sleep. */
interface Counts {
  readonly most?: number;
  readonly running?: number;
}

async function execute(plugin: string, body: string): Promise<{ status: number; json: Counts }> {
  const answer = await fetch(`${target.baseUrl}/api/execute/${plugin}`, { method: 'POST', body });
  return { status: answer.status, json: (await answer.json()) as Counts };
}

describe('clients that send more than they wait for', () => {
  it('H13: a hundred thousand requests behind a running call end their connection', async () => {
    const { grown, slowest } = await watch(async () => {
      const connection = await rawConnection(target.port);
      connection.write(post('sleep', '{"ms":5000}') + 'GET / HTTP/1.1\r\n\r\n'.repeat(100_000));
      await connection.closed;
    });
    expect(grown).toBeLessThan(50);
    expect(slowest).toBeLessThan(CALM_MS);
  });

  it('H13: sixteen may wait, and are answered in order', async () => {
    const connection = await rawConnection(target.port);
    const health = rawRequest('GET', '/health', [host]);
    connection.write(post('sleep', '{"ms":50}') + health.repeat(16));
    for (let answer = 0; answer < 17; answer += 1) {
      expect((await connection.answer()).status).toBe(200);
    }
  });

  it('H14: calls that their clients leave count among the eight at once', async () => {
    const call = post('block', JSON.stringify({ ms: 300, text: 'x'.repeat(999_000) }));
    // Traces fill their share of the memory first.
    await sendAndLeave(60, call);
    const { grown, slowest } = await watch(async () => {
      for (let round = 0; round < 10; round += 1) await sendAndLeave(10, call);
      await sendAndLeave(200, post('sleep', '{"ms":1000}'));
    });
    expect(grown).toBeLessThan(150);
    expect(slowest).toBeLessThan(CALM_MS);
    const { status, json } = await execute('sleep', '{"ask":true}');
    expect(status).toBe(200);
    expect(json.most).toBeGreaterThan(0);
    expect(json.most).toBeLessThanOrEqual(8);
  });
});

describe('clients that send much and stay', () => {
  it('H14: have the next large body wait, and no small one', async () => {
    const large = JSON.stringify({ text: 'x'.repeat(999_000) });
    const unfinished = rawRequest('GET', '/health', [host]) + post('echo', large).slice(0, -10);
    const connections = await Promise.all(Array.from({ length: 40 }, () => rawConnection(target.port)));
    for (const connection of connections) connection.write(unfinished);
    // What comes behind each answer has arrived with what it answers.
    for (const connection of connections) expect((await connection.answer()).status).toBe(200);
    let isAnswered = false;
    const waiting = execute('echo', large).then(({ status }) => {
      isAnswered = true;
      return status;
    });
    for (let call = 0; call < 20; call += 1) expect((await execute('echo', '{}')).status).toBe(200);
    expect(isAnswered).toBe(false);
    for (const { socket } of connections) socket.destroy();
    expect(await waiting).toBe(200);
  });
});

describe('clients that ask for more than they read', () => {
  it('H15: are ended, and their answers with them', async () => {
    const before = target.descriptors();
    const sockets = await clients(30);
    for (const socket of sockets) socket.pause().write(post('large', '{}'));
    await expect.poll(() => target.descriptors()).toBeGreaterThan(before + 25);
    await expect.poll(() => target.descriptors()).toBeLessThan(before + 10);
  });

  it('H15: are ended before their time when their answers are too much together', async () => {
    const patient = await startRuntimeProcess({
      plugins: { large: PLUGINS.large },
      limits: { stalledMs: 600_000, maxUnsentBytes: 16 * 1024 * 1024 },
      cleanUp: onTestFinished,
    });
    const before = patient.descriptors();
    const sockets = await clients(40, patient.port);
    const bytes = rawRequest('POST', '/api/execute/large', [`Host: 127.0.0.1:${patient.port}`], '{}');
    for (const socket of sockets) socket.pause().write(bytes);
    await expect.poll(() => patient.descriptors()).toBeGreaterThan(before + 30);
    // Each holds two megabytes or more; the system has taken the rest.
    await expect.poll(() => patient.descriptors()).toBeLessThan(before + 20);
  });

  it('H15: are not ended while they read, however slowly', async () => {
    const [socket] = await clients(1);
    if (socket === undefined) throw new Error('no connection');
    let received = 0;
    socket.write(post('large', '{}'));
    const whole = new Promise<void>((resolve) => {
      socket.on('data', (chunk: Buffer) => {
        received += chunk.length;
        if (received > 4_900_000) resolve();
        socket.pause();
        setTimeout(() => socket.resume(), 20);
      });
    });
    await Promise.race([whole, ended(socket)]);
    expect(received).toBeGreaterThan(4_900_000);
  });

  it('H15: a reader of events is ended once 16 MiB are unsent', async () => {
    let send: (bytes: number) => void = () => undefined;
    let isSubscribed = false;
    const events: Pick<Inspector['events'], 'subscribe'> = {
      subscribe(subscriber) {
        isSubscribed = true;
        send = (bytes) => subscriber.send('samples', { plugins: ['x'.repeat(bytes)] });
        return () => {
          isSubscribed = false;
        };
      },
    };
    const options = { token: 'key', uiFolder: '', downloads: createDownloads() };
    const inspector = createInspectorRoutes({ events } as Inspector, options);
    const { port } = await startServer(stubEngine({}), { more: { inspector } });
    const connection = await rawConnection(port);
    connection.write(rawRequest('GET', '/__inspector/key/events', [`Host: 127.0.0.1:${port}`]));
    await expect.poll(() => isSubscribed).toBe(true);
    connection.socket.pause();
    let sent = 0;
    while (isSubscribed && sent < 64) {
      send(1024 * 1024);
      sent += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(isSubscribed).toBe(false);
    expect(sent).toBeGreaterThan(15);
  });
});

describe('bodies that are much work', () => {
  it.each([
    ['90,000 keys', `{${Array.from({ length: 90_000 }, (_, key) => `"${key.toString(36)}":1`).join()}}`],
    ['330,000 objects', `{"a":[${Array.from({ length: 330_000 }, () => '{}').join()}]}`],
    ['a query', `{"a":"${'a=b&'.repeat(240_000)}"}`],
  ])('H17: %s', async (_title, body) => {
    const { slowest } = await watch(async () => {
      expect((await execute('echo', body)).status).toBe(200);
    });
    expect(slowest).toBeLessThan(CALM_MS);
  });
});

describe('requests that two readers would part differently', () => {
  const smuggled = 'POST /api/execute/sleep HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}';
  it.each([
    ['two lengths', ['Content-Length: 2', `Content-Length: ${2 + smuggled.length}`], '\r\n'],
    ['length and chunked', ['Content-Length: 5', 'Transfer-Encoding: chunked'], '\r\n'],
    ['chunked after a tab', ['Content-Length: 2', 'Transfer-Encoding:\tchunked'], '\r\n'],
    ['bare line feeds', ['Content-Length: 2'], '\n'],
    ['NUL in a header', ['Content-Length: 2', 'A: \0'], '\r\n'],
  ])('H18: %s', async (_title, headers, end) => {
    const engine = stubEngine({ echo: () => ({ kind: 'timeout' }) });
    const { port } = await startServer(engine);
    const connection = await rawConnection(port);
    const head = ['POST /api/execute/echo HTTP/1.1', `Host: 127.0.0.1:${port}`, ...headers, '', '{}'];
    connection.write(head.join(end) + smuggled);
    expect((await connection.answer()).headers['x-mozaiks-runtime-version']).toBe('1.0.0');
    await connection.closed;
    expect(engine.calls.length).toBeLessThanOrEqual(1);
    expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  });

  it('H18: CONNECT behind a call, then a reset', async () => {
    const connection = await rawConnection(target.port);
    connection.write(`${post('hold', '{"ms":5000}')}CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n`);
    // Both came in one piece: the CONNECT waits for the answer to the call from here on.
    await expect.poll(async () => (await execute('hold', '{"ask":true}')).json.running).toBe(1);
    connection.socket.resetAndDestroy();
    await connection.closed;
    await expectAlive();
  });

  it('H18: CONNECT alone, then a reset once it is answered', async () => {
    // Nobody else listens to its socket then: Node has given it away, and an error unheard ends the process.
    const socket = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true });
    socket.write('CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 405 /);
    socket.resetAndDestroy();
    await expectAlive();
  });

  async function expectAlive(): Promise<void> {
    // One more than the one that notices: the process may end between the two.
    for (const _ of [1, 2]) expect((await execute('sleep', '{"ms":100}')).status).toBe(200);
    expect(target.exitCode()).toBeNull();
  }
});
