import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Result } from '../../main/contract/errors.ts';
import type { PluginView } from '../../main/contract/plugin-view.ts';
import type { RuntimeSnapshot } from '../../main/contract/snapshot.ts';
import { DEBIAN_PYTHON } from '../support/debian-python.ts';
import {
  type AdapterClient,
  adapterMessage,
  connectAdapter,
  evaluateRequest,
} from '../support/debug-adapter-client.ts';
import { writePlugin } from '../support/folders.ts';
import { type HeadlessWorkbench, openHeadless } from '../support/headless.ts';
import { serve } from '../support/http-server.ts';
import { attachInspector, inspectorTargets } from '../support/inspector-client.ts';
import { listeningPorts } from '../support/listening-ports.ts';
import { attackFromPage } from '../support/page-attack.ts';
import { rawConnection, rawRequest } from '../support/raw-socket.ts';

/**
 * Who reaches the debugger of a plugin while it is on (D1–D6): over raw sockets, from a page in Chromium, and
 * with debuggers of the test's own at Debian's debugpy and at Node.
 */

const SLEEPER = `import asyncio
async def execute(data):
    seconds = data.get("seconds", 0)
    await asyncio.sleep(seconds)
    return {"version": 1}
`;
/** Line of \`seconds = …\`, counted from one. */
const BREAKPOINT_LINE = 3;
const PAUSING = 'export const execute = ({ stop }) => { if (stop) debugger; return { version: 1 }; };';
const HANGING = 'export const execute = () => new Promise(() => undefined);';

const TIMED_OUT = { status: 500, body: { error_code: 'PLUGIN_TIMEOUT' } };

describe('the port for debuggers', () => {
  let workbench: HeadlessWorkbench;
  beforeAll(async () => {
    workbench = await openHeadless([], {
      env: { MOZAIKS_PYTHON: DEBIAN_PYTHON, MOZAIKS_PLUGIN_TIMEOUT_SECONDS: '1' },
      prepare: async (plugins) => {
        await mkdir(join(plugins, 'py'), { recursive: true });
        await writeFile(join(plugins, 'py/logic.py'), SLEEPER);
        await writePlugin(plugins, 'js', PAUSING);
        await writePlugin(plugins, 'hanging', HANGING);
      },
    });
    await vi.waitFor(async () => expect((await fetch(`${workbench.baseUrl}/ready`)).status).toBe(200));
    for (const name of ['py', 'js']) await call('debugPlugin', { name, on: true });
  });
  afterAll(() => workbench.close());

  async function call<T>(name: string, argument: unknown): Promise<T> {
    const url = new URL(`../call/${name}`, workbench.uiUrl);
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(argument) });
    const result = (await answer.json()) as Result<T>;
    if (!result.ok) throw new Error(result.error.message);
    return result.value;
  }

  async function view(name: string): Promise<PluginView> {
    const { plugins } = await call<RuntimeSnapshot>('snapshot', null);
    const found = plugins.find((plugin) => plugin.name === name);
    if (found === undefined) throw new Error(`there is no plugin ${name}`);
    return found;
  }

  async function proxyOf(name: string): Promise<{ readonly port: number; readonly url: string }> {
    const { debug } = await view(name);
    if (debug === null) throw new Error(`${name} is not being debugged`);
    return { port: debug.port, url: debug.url ?? '' };
  }

  /** The proxy's port, and each that the plugin's process listens on. */
  async function portsOf(name: string): Promise<readonly number[]> {
    const { pid } = await view(name);
    const behind = (await listeningPorts(pid)).map(({ port }) => port);
    expect(behind).toHaveLength(1);
    return [(await proxyOf(name)).port, ...behind];
  }

  const run = async (name: string, body: object) => {
    const url = `${workbench.baseUrl}/api/execute/${name}`;
    const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };

  /** A call that began now, of a plugin that nobody debugs, has run out of time. */
  const deadlinePassed = async () => expect(await run('hanging', {})).toMatchObject(TIMED_OUT);

  /** Code for debugpy that leaves a file, and whether it has. */
  function makeMark(name: string) {
    const file = join(workbench.plugins, '..', name);
    return { expression: `open(${JSON.stringify(file)}, "w").close()`, isLeft: () => existsSync(file) };
  }

  /** An attack is over: its connections have ended, or it has succeeded. */
  async function settledOrLeft(attack: Promise<unknown>, mark: ReturnType<typeof makeMark>): Promise<void> {
    let isSettled = false;
    attack.then(
      () => {
        isSettled = true;
      },
      () => {
        isSettled = true;
      },
    );
    await vi.waitFor(() => expect(isSettled || mark.isLeft()).toBe(true));
  }

  let marks = 0;
  /** A debugger's code runs, after whatever came before it. */
  async function runCode(client: AdapterClient): Promise<void> {
    marks += 1;
    const mark = makeMark(`debugger-${marks}`);
    await client.request('evaluate', { expression: mark.expression, context: 'repl' });
    await vi.waitFor(() => expect(mark.isLeft()).toBe(true));
  }

  async function attachAndRunCode(): Promise<void> {
    const client = await connectAdapter((await proxyOf('py')).port);
    await runCode(client);
    await vi.waitFor(async () => expect((await view('py')).debug?.attached).toBe(true));
    client.socket.destroy();
    await client.closed;
    await vi.waitFor(async () => expect((await view('py')).debug?.attached).toBe(false));
  }

  it('D1: runs nothing that an HTTP request carries, at any port of the process', async () => {
    for (const port of await portsOf('py')) {
      const mark = makeMark(`d1-${port}`);
      const body = JSON.stringify(evaluateRequest(mark.expression));
      const { socket, closed } = await rawConnection(port);
      socket.write(rawRequest('POST', '/', [`Host: 127.0.0.1:${port}`], body));
      await settledOrLeft(closed, mark);
      expect((await view('py')).debug?.attached).toBe(false);
      await attachAndRunCode();
      expect(mark.isLeft()).toBe(false);
    }
  });

  it('D2: runs nothing for a page in a browser, by fetch, form or WebSocket', async () => {
    const [proxy = 0, inspector = 0] = await portsOf('js');
    const silent = [...(await portsOf('py')), proxy];
    const mark = makeMark('d2');
    const origin = await serve((_request, response) =>
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>evil</title>'),
    );
    const page = await workbench.browser.newPage();
    await page.goto(origin);
    const { url } = await proxyOf('js');
    const message = evaluateRequest(mark.expression);
    const outcomes = page.evaluate(attackFromPage, { silent, inspector, message, url });
    await settledOrLeft(outcomes, mark);
    expect(mark.isLeft()).toBe(false);
    expect(await outcomes).toEqual({ answered: 0, opened: 0 });
    for (const name of ['py', 'js']) expect((await view(name)).debug?.attached).toBe(false);
    await attachAndRunCode();
    expect(mark.isLeft()).toBe(false);
    await page.close();
  });

  it('D3: runs nothing behind the proxy without its token, also beside a debugger, which stays', async () => {
    const [proxy = 0, behind = 0] = await portsOf('py');
    const mark = makeMark('d3');
    const attack = async (start: string) => {
      const { socket, closed } = await rawConnection(behind);
      socket.write(start);
      socket.write(adapterMessage(evaluateRequest(mark.expression)));
      await settledOrLeft(closed, mark);
      expect(mark.isLeft()).toBe(false);
    };
    const starts = ['', '0'.repeat(64), adapterMessage({ seq: 1, type: 'request', command: 'initialize' })];
    for (const start of starts) await attack(start);
    const client = await connectAdapter(proxy);
    await runCode(client);
    for (const start of starts) await attack(start);
    await runCode(client);
    client.socket.destroy();
    await client.closed;
    await attachAndRunCode();
    expect(mark.isLeft()).toBe(false);
  });

  it.each([
    ['no Origin', [], true],
    ['the origin of DevTools', ['Origin: devtools://devtools'], true],
    ['the origin of a page', ['Origin: https://evil.example'], false],
    ['a null origin', ['Origin: null'], false],
    ['a foreign Host', ['Host: evil.example'], false],
  ])('D4: a WebSocket at the right path with %s: let in %o', async (_what, headers, letIn) => {
    const { port, url } = await proxyOf('js');
    const { closed, ...connection } = await rawConnection(port);
    const host = headers.some((line) => line.startsWith('Host')) ? [] : [`Host: 127.0.0.1:${port}`];
    const handshake = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    connection.write(rawRequest('GET', new URL(url).pathname, [...host, ...headers, ...handshake]));
    if (letIn) {
      await vi.waitFor(async () => expect((await view('js')).debug?.attached).toBe(true));
      connection.socket.destroy();
      await vi.waitFor(async () => expect((await view('js')).debug?.attached).toBe(false));
    } else {
      expect(await closed).toMatch(/closed|reset/);
      expect((await view('js')).debug?.attached).toBe(false);
    }
  });

  it('D5: ends a connection that says a byte a second, and holds deadlines meanwhile', async () => {
    const proxies = await Promise.all(['py', 'js'].map(proxyOf));
    const slow = await Promise.all(proxies.map(({ port }) => rawConnection(port)));
    const begun = performance.now();
    const byTurns = [...'Content-Length: 9'].values();
    const drip = setInterval(() => {
      const { value: byte = ' ' } = byTurns.next();
      slow[0]?.write(byte);
      slow[1]?.write('GET /'[Math.floor((performance.now() - begun) / 1_000)] ?? 'a');
    }, 1_000);
    const held = run('py', { seconds: 20 });
    await Promise.all(slow.map(({ closed }) => closed));
    clearInterval(drip);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await held).toMatchObject(TIMED_OUT);
  });

  it('D6: stops Python at a breakpoint while its deadline stands, finds the next version, and leaves no port', async () => {
    const { port } = await proxyOf('py');
    const file = join(workbench.plugins, 'py/logic.py');
    const stopOnce = async (version: number) => {
      const client = await connectAdapter(port);
      expect(await client.request('initialize', { adapterID: 'test' })).toMatchObject({ success: true });
      const attached = client.request('attach');
      await client.event('initialized');
      const breakpoints = [{ line: BREAKPOINT_LINE }];
      const set = await client.request('setBreakpoints', { source: { path: file }, breakpoints });
      expect(set.body?.breakpoints).toMatchObject([{ verified: true, line: BREAKPOINT_LINE }]);
      await client.request('configurationDone');
      await attached;
      const answer = run('py', {});
      const { body } = await client.event('stopped');
      expect(body).toMatchObject({ reason: 'breakpoint' });
      await deadlinePassed();
      await client.request('continue', { threadId: body?.threadId });
      expect(await answer).toMatchObject({ status: 200, body: { version } });
      return client;
    };
    const first = await stopOnce(1);
    const { pid } = await view('py');
    await writeFile(file, SLEEPER.replace('"version": 1', '"version": 2'));
    await first.closed;
    await vi.waitFor(async () => expect((await view('py')).debug).toMatchObject({ port, attached: false }));
    // The process behind the port is exchanged after the one that serves.
    await vi.waitFor(attachAndRunCode);
    expect((await view('py')).pid).not.toBe(pid);
    await stopOnce(2);
    await stopDebugging('py');
  });

  it('D6: the same for JavaScript', async () => {
    const { port, url } = await proxyOf('js');
    expect(await inspectorTargets(port)).toMatchObject([{ webSocketDebuggerUrl: url }]);
    const stopOnce = async (address: string, version: number) => {
      const client = await attachInspector(address);
      await client.send('Debugger.enable');
      const answer = run('js', { stop: true });
      await client.event('Debugger.paused');
      await deadlinePassed();
      await client.send('Debugger.resume');
      expect(await answer).toMatchObject({ status: 200, body: { version } });
    };
    await stopOnce(url, 1);
    await writePlugin(workbench.plugins, 'js', PAUSING.replace('version: 1', 'version: 2'));
    await vi.waitFor(async () => expect((await proxyOf('js')).url).not.toBeOneOf([url, '']));
    const next = await proxyOf('js');
    expect(next.port).toBe(port);
    await stopOnce(next.url, 2);
    await stopDebugging('js');
  });

  async function stopDebugging(name: string): Promise<void> {
    const before = [...(await portsOf(name))];
    const stopped = await call<PluginView>('debugPlugin', { name, on: false });
    expect(await listeningPorts(stopped.pid)).toEqual([]);
    for (const port of before) {
      await vi.waitFor(() => expect(rawConnectionFails(port)).resolves.toBe(true));
    }
  }
});

function rawConnectionFails(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (failed: boolean) => {
      socket.destroy();
      resolve(failed);
    };
    socket.once('connect', () => end(false)).once('error', () => end(true));
  });
}
