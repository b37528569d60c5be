import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DebugView } from '../../../main/contract/plugin-view.ts';
import { attachInspector, inspectorTargets } from '../../support/inspector-client.ts';
import { listeningPorts } from '../../support/listening-ports.ts';
import { returned } from '../../support/returned.ts';
import { answering, type Bench, bench, eventually, makeFolder } from '../workspace.ts';

/** Debuggers attach to real processes over real sockets. */

const NEVER = 'export const execute = ({ v }) => (v ? { v } : new Promise(() => undefined));';
const HELD = 'export const execute = () => { debugger; return { v: 1 }; };';

async function debug({ engine }: Bench, name = 'p'): Promise<DebugView> {
  const { debug: view } = await engine.debug(name, true);
  if (view === null) throw new Error('it is not being debugged');
  return view;
}

const attached = ({ engine }: Bench) => engine.get('p')?.debug?.attached;

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

it('pauses the deadline while a person is at a breakpoint, and says so', async () => {
  const work = await bench({ 'p/logic.js': HELD });
  const { pid } = work.engine.get('p') ?? {};
  const { port, url } = await debug(work);
  expect(work.engine.get('p')).toMatchObject({ pid, debug: { port, url, attached: false } });
  const [target] = await inspectorTargets(port);
  expect(target?.webSocketDebuggerUrl).toBe(url);
  expect(attached(work)).toBe(false);

  const client = await attachInspector(url ?? '');
  await eventually(() => attached(work)).toBe(true);
  await client.send('Debugger.enable');
  const call = work.call('p', {}, 300);
  await client.event('Debugger.paused');
  const waiting = work.call('p', {}, 300);
  await new Promise((resolve) => setTimeout(resolve, 700));
  await client.send('Debugger.resume');
  await client.event('Debugger.paused');
  await client.send('Debugger.resume');
  for (const report of await Promise.all([call, waiting])) {
    expect(report.result).toEqual(returned({ v: 1 }));
    expect(report.pausedMs).toBeGreaterThan(500);
  }
});

it('resumes with the time that was left when the debugger leaves', async () => {
  const work = await bench({ 'p/logic.js': NEVER });
  const client = await attachInspector((await debug(work)).url ?? '');
  await eventually(() => attached(work)).toBe(true);
  const call = work.call('p', {}, 400);
  await new Promise((resolve) => setTimeout(resolve, 800));
  client.detach();
  const report = await call;
  expect(report.result).toEqual({ kind: 'timeout' });
  expect(report.pausedMs).toBeGreaterThan(600);
  expect(report.queueMs + report.runMs - report.pausedMs).toBeGreaterThan(300);
  expect(attached(work)).toBe(false);
  expect((await work.call('p', {}, 200)).pausedMs).toBe(0);
});

it('holds the deadline of a call that waits for its turn, which has its whole time after that', async () => {
  const work = await bench(
    {
      'p/logic.js':
        'export const execute = async () => { debugger; await new Promise((go) => setTimeout(go, 50)); return {}; };',
    },
    { maxConcurrency: 1 },
  );
  const client = await attachInspector((await debug(work)).url ?? '');
  await eventually(() => attached(work)).toBe(true);
  await client.send('Debugger.enable');
  const calls = [work.call('p', {}, 500), work.call('p', {}, 500)];
  await client.event('Debugger.paused');
  await new Promise((resolve) => setTimeout(resolve, 700));
  client.detach();
  for (const { result } of await Promise.all(calls)) expect(result.kind).toBe('returned');
});

it('keeps mode and port over a reload and over the end of the process', async () => {
  const work = await bench({ 'p/logic.js': answering(1) });
  const before = await debug(work);
  await work.write('p/logic.js', 'export const execute = ({ die }) => (die ? process.exit(3) : { v: 2 });');
  await eventually(() => work.engine.get('p')?.debug?.url).not.toBe(before.url);
  await eventually(() => work.engine.get('p')?.debug?.url).toMatch(`ws://127.0.0.1:${before.port}/`);
  const client = await attachInspector(work.engine.get('p')?.debug?.url ?? '');
  await eventually(() => attached(work)).toBe(true);
  client.detach();
  await eventually(() => attached(work)).toBe(false);
  expect((await work.call('p', { die: true })).result.kind).toBe('crashed');
  await eventually(() => work.engine.get('p')?.debug).toEqual({
    port: before.port,
    url: null,
    attached: false,
  });
  expect(await work.value('p')).toEqual({ v: 2 });
  await eventually(() => work.engine.get('p')?.debug?.url).toMatch(/^ws:/);
});

it('stops with a process of its own that nobody can attach to, calls in flight finish', async () => {
  const work = await bench({
    'p/logic.js': NEVER.replace('undefined', "setTimeout(() => done({ v: 'late' }), 500)").replace(
      'new Promise(()',
      'new Promise((done)',
    ),
  });
  const { port, url } = await debug(work);
  const { pid } = work.engine.get('p') ?? {};
  await attachInspector(url ?? '');
  await eventually(() => attached(work)).toBe(true);
  const call = work.call('p');
  const view = await work.engine.debug('p', false);
  expect(view).toMatchObject({ debug: null, status: 'loaded' });
  expect(view.pid).not.toBe(pid);
  expect(await connects(port)).toBe(false);
  expect((await call).result).toEqual(returned({ v: 'late' }));
  expect(await listeningPorts(view.pid)).toEqual([]);
  expect((await work.engine.debug('p', false)).pid).toBe(view.pid);
});

it.each([
  ['disabling it', (work: Bench) => work.engine.setEnabled('p', false)],
  ['its manifest', (work: Bench) => work.write('p/manifest.json', '{"enabled": false}')],
  ['the end of the runtime', (work: Bench) => work.engine.stop()],
])('ends by %s', async (_how, end) => {
  const work = await bench({ 'p/logic.js': answering(1) });
  const { port } = await debug(work);
  expect(await connects(port)).toBe(true);
  await end(work);
  await eventually(() => connects(port)).toBe(false);
  expect(work.engine.get('p')?.debug).toBeNull();
});

it('listens on this machine only, and only when asked', async () => {
  const work = await bench({ 'p/logic.js': answering(1) });
  const pid = work.engine.get('p')?.pid ?? null;
  expect(await listeningPorts(pid)).toEqual([]);
  const { port } = await debug(work);
  expect((await listeningPorts(pid)).map(({ address }) => address)).toEqual(['0100007F']);
  const door = port.toString(16).toUpperCase().padStart(4, '0');
  expect(await readFile('/proc/net/tcp', 'utf8')).toContain(` 0100007F:${door} `);
});

it('is not parked, and takes no place away from the others', async () => {
  const work = await bench(
    { 'p/logic.js': answering(1), 'q/logic.js': answering(2), 'r/logic.js': answering(3) },
    { maxLiveHosts: 1 },
  );
  // The one place is p's now.
  await work.value('p');
  await debug(work);
  const { pid } = work.engine.get('p') ?? {};
  expect([await work.value('q'), await work.value('r')]).toEqual([{ v: 2 }, { v: 3 }]);
  expect(work.engine.get('p')?.pid).toBe(pid);
  const live = () => work.engine.list().filter((plugin) => plugin.pid !== null).length;
  await eventually(live).toBe(2);
  await work.engine.debug('p', false);
  await eventually(live).toBe(1);
});

it.each([
  ['is disabled', { 'p/logic.js': answering(1), 'p/manifest.json': '{"enabled": false}' }, 'it is disabled'],
  ['does not load', { 'p/logic.js': 'export const execute = (;' }, 'Unexpected'],
])('says why one that %s can’t be debugged', async (_what, files, reason) => {
  const { engine } = await bench(files as Record<string, string>);
  await expect(engine.debug('p', true)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining(reason),
  });
  expect(engine.get('p')?.debug).toBeNull();
  await expect(engine.debug('nobody', true)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('gives up on a process that is busy in the plugin’s own code', async () => {
  const work = await bench({
    'p/logic.js':
      "import { writeFileSync } from 'node:fs'; export const execute = ({ sign }) => { writeFileSync(sign, ''); while (true); };",
  });
  const sign = join(work.folder, 'busy');
  const call = work.call('p', { sign }, 3_500);
  await eventually(() => existsSync(sign)).toBe(true);
  await expect(work.engine.debug('p', true)).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('it is busy'),
  });
  expect((await call).result.kind).toBe('timeout');
  expect((await debug(work)).attached).toBe(false);
});

/** In place of debugpy, which a machine may lack: says what an adapter would, once it is spoken to. */
const DEBUGPY = {
  'pydevd.py': `
import socket
def create_server_socket(host, port):
    return socket.create_server((host, port))
`,
  'debugpy/server.py': '',
  'debugpy/__init__.py': `
import threading
def listen(address, *, in_process_debug_adapter):
    import pydevd
    server = pydevd.create_server_socket(host=address[0], port=address[1])
    def greet():
        while True:
            client, _ = server.accept()
            client.sendall(client.recv(9_999))
            kept.append(client)
    threading.Thread(target=greet, daemon=True).start()
kept = []
`,
};
const SLEEPER =
  'import asyncio\nasync def execute(data):\n    await asyncio.sleep(0.8)\n    return {"v": 1}\n';

describe('in Python', () => {
  it('holds the deadline while a debugger is attached to debugpy', async () => {
    const library = await makeFolder(DEBUGPY);
    const environment = { ...process.env, PYTHONPATH: library };
    const work = await bench({ 'p/logic.py': SLEEPER }, { environment });
    const { port, url } = await debug(work);
    expect(url).toBeNull();
    expect((await work.call('p', {}, 300)).result.kind).toBe('timeout');
    await eventually(() => work.engine.get('p')?.debug).toEqual({ port, url: null, attached: false });
    // The process was ended with the call; the next one opens a port of its own behind the same door.
    expect((await work.call('p', {}, 20_000)).result.kind).toBe('returned');
    const client = await eventuallyAttached(work, port);
    const { result, pausedMs } = await work.call('p', {}, 300);
    expect(result).toEqual(returned({ v: 1 }));
    expect(pausedMs).toBeGreaterThan(700);
    client.destroy();
    await eventually(() => attached(work)).toBe(false);
  });

  it.each([
    [
      'lacks debugpy',
      'raise ImportError("none here")',
      /has no debugpy \(none here\); install it with: \S+ -m pip/,
    ],
    ['has one that is too old', 'def listen(address): pass', /too old; install it with: .* --upgrade$/],
  ])('says what to install where the interpreter %s', async (_what, source, words) => {
    const library = await makeFolder({ 'debugpy.py': source });
    const environment = { ...process.env, PYTHONPATH: library };
    const work = await bench({ 'p/logic.py': SLEEPER }, { environment });
    await expect(work.engine.debug('p', true)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(words),
    });
    expect((await work.call('p')).result.kind).toBe('returned');
  });
});

/** A debugger's connection, once the process behind the door takes it. */
async function eventuallyAttached(work: Bench, port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    onTestFinished(() => {
      socket.destroy();
    });
    socket.write('Content-Length: 2\r\n\r\n{}');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const greeted = new Promise((resolve) => socket.once('data', resolve));
    await Promise.race([closed, greeted]);
    if (attached(work)) return socket;
  }
}
