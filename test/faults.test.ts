import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { createAuthenticator } from '../main/auth/authenticator.ts';
import { descendantsOf } from '../main/hosts/process-tree.ts';
import { listenOn } from '../main/system/ports.ts';
import { APP, external, goodExternal, keySet, rsaKey, rsaToken, serveKeys } from './auth/signing.ts';
import { startEngineProcess } from './plugins/engine-process.ts';
import { bench, eventually, isRunning, makeFolder } from './plugins/workspace.ts';
import { projectRoot, writePlugin } from './support/folders.ts';
import { returned } from './support/returned.ts';
import { startRuntime } from './support/runtime.ts';
import { startRuntimeProcess } from './support/runtime-process.ts';
import { startServer } from './support/server.ts';
import { stubEngine } from './support/stub-engine.ts';

/** What goes wrong around the runtime: descriptors and the disk run out, the clock is set, others are down. */

afterEach(() => void vi.useRealTimers());

const ANSWER = { 'p/logic.js': 'export const execute = () => ({ ok: true });' };
const PYTHON_ANSWER = { 'p/logic.py': 'def execute(data):\n    return {"ok": True}\n' };

it.runIf(process.platform === 'linux').each([
  ['JavaScript', ANSWER],
  ['Python', PYTHON_ANSWER],
])(
  'R1: without a free descriptor a process of %s fails to start, and starts afterwards',
  async (_, files) => {
    const engine = await startEngineProcess(await makeFolder(files), {});
    const limitDescriptors = (limit: string) =>
      execFileSync('prlimit', ['--pid', String(engine.pid), `--nofile=${limit}:`]);
    const running = async () => (await engine.state()).plugins[0]?.pid ?? null;
    expect(await engine.call('p')).toMatchObject({ kind: 'returned' });
    limitDescriptors('3');
    // Its own process, and the spare if that is there again.
    let result = await engine.call('p');
    for (let n = 0; n < 2 && result.kind === 'returned'; n += 1) {
      process.kill((await running()) ?? 0, 'SIGKILL');
      await eventually(running).toBeNull();
      result = await engine.call('p');
    }
    expect(result).toMatchObject({
      kind: 'load-failed',
      message: expect.stringContaining('could not be started: the system has no file descriptor left'),
    });
    limitDescriptors('1024');
    expect(await engine.call('p')).toMatchObject({ kind: 'returned' });
    expect((await engine.state()).plugins[0]).toMatchObject({ status: 'loaded', failure: null });
  },
);

it.runIf(process.platform === 'linux')('R1: without a free descriptor a guardian starts later', async () => {
  const engine = await startEngineProcess(await makeFolder(ANSWER), {});
  await engine.call('p');
  const shells = () =>
    descendantsOf(engine.pid).filter((pid) =>
      execFileSync('ps', ['-o', 'comm=', String(pid)]).includes('sh'),
    );
  const [guardian = 0] = shells();
  execFileSync('prlimit', ['--pid', String(engine.pid), '--nofile=3:']);
  process.kill(guardian, 'SIGKILL');
  await eventually(() => isRunning(guardian)).toBe(false);
  await eventually(async () => (await engine.state()).logged.join()).toContain(
    'Could not start the guardian',
  );
  execFileSync('prlimit', ['--pid', String(engine.pid), '--nofile=1024:']);
  await eventually(shells).toHaveLength(1);
});

it.each([
  ['an hour back', -3_600_000],
  ['an hour ahead', 3_600_000],
])('R2: a clock that is set %s moves no deadline', async (_, byMs) => {
  const source = 'export const execute = () => new Promise(() => {});';
  const { call } = await bench({ 'p/logic.js': source }, { maxConcurrency: 1 });
  const startedAt = performance.now();
  const timed = async (timeoutMs: number) => {
    const { result } = await call('p', {}, timeoutMs);
    return { kind: result.kind, afterMs: performance.now() - startedAt };
  };
  // The second waits for its turn until the first ends.
  const calls = [timed(800), timed(1_600)];
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(Date.now() + byMs);
  for (const [at, { kind, afterMs }] of (await Promise.all(calls)).entries()) {
    expect(kind).toBe('timeout');
    expect(afterMs).toBeGreaterThan((at + 1) * 800 - 50);
    // 250 ms is the promise; the machine may be busy with other tests.
    expect(afterMs).toBeLessThan((at + 1) * 800 + 3_000);
  }
});

const canMount = spawnSync('unshare', ['-Urm', 'sh', '-c', 'mount -t tmpfs tmpfs /mnt']).status === 0;

it.skipIf(!canMount)(
  'R8: a full disk costs no call; it is said, and what waited is done once there is room',
  async () => {
    const command = (line: string) =>
      `import { execSync } from 'node:child_process'; export const execute = ({ cwd }) => ({ said: String(execSync(${JSON.stringify(line)}, { cwd })).trim() });`;
    const runtime = await startRuntimeProcess({
      plugins: {
        calm: 'export const execute = () => ({ v: 1 });',
        fill: command('cat /dev/zero > filler || true'),
        free: command('rm filler'),
        stored: command('cat traces/*/*.jsonl | wc -l'),
      },
      headless: { token: 'launch-token-of-this-test', uiFolder: projectRoot },
      // Everything that the runtime writes is there: the user's folder and the one for temporary files.
      through: (folder) => [
        ...['unshare', '-Urm', 'sh', '-c'],
        `mount -t tmpfs -o size=4m tmpfs ${folder}/user && TMPDIR=${folder}/user exec "$0" "$@"`,
      ],
      cleanUp: onTestFinished,
    });
    const post = async (path: string, body: string) => {
      const answer = await fetch(`${runtime.baseUrl}${path}`, { method: 'POST', body });
      return { status: answer.status, json: await answer.json() };
    };
    const call = (plugin: string) =>
      post(`/api/execute/${plugin}`, JSON.stringify({ cwd: join(runtime.plugins, '../user') }));
    const snapshot = async () =>
      (await post('/__inspector/launch-token-of-this-test/call/snapshot', 'null')).json.value;
    const failureOfCalm = async () =>
      (await snapshot()).plugins.find(({ name }: { name: string }) => name === 'calm')?.failure?.message;
    expect(await call('fill')).toMatchObject({ status: 200 });
    for (let count = 0; count < 20; count += 1)
      expect(await call('calm')).toEqual({ status: 200, json: { v: 1 } });
    await eventually(async () => (await snapshot()).notices.join()).toContain('the disk is full (ENOSPC)');
    await writePlugin(runtime.plugins, 'calm', 'export const execute = () => ({ v: 2 });');
    await eventually(failureOfCalm).toMatch(/\(ENOSPC\): make room/);
    expect(await call('calm')).toEqual({ status: 200, json: { v: 1 } });
    expect(await call('free')).toMatchObject({ status: 200 });
    await eventually(async () => (await call('calm')).json).toEqual({ v: 2 });
    await eventually(async () => (await snapshot()).notices).toEqual([]);
    expect(Number((await call('stored')).json.said)).toBeGreaterThanOrEqual(23);
    expect(runtime.log()).not.toMatch(/unhandled|uncaught/i);
  },
);

it('R9: the keys’ host is down under load: one fetch, 401 for each, and 200 once it is back', async () => {
  const key = rsaKey('first');
  const waiting: (() => void)[] = [];
  const keys = await serveKeys((request) => void waiting.push(() => request.socket.destroy()));
  const clock = { now: Date.now() };
  const authenticator = createAuthenticator(external(keys.url), APP, { now: () => clock.now });
  const { baseUrl } = await startServer(stubEngine({ p: () => returned({ ok: true }) }), {
    more: { authenticator },
  });
  const authorization = () =>
    `Bearer ${rsaToken(key, { ...goodExternal, exp: Math.floor(clock.now / 1000) + 600 })}`;
  const calls = (count: number) =>
    Array.from({ length: count }, async () => {
      const headers = { authorization: authorization() };
      const answer = await fetch(`${baseUrl}/api/execute/p`, { method: 'POST', headers, body: '{}' });
      return [answer.status, JSON.stringify(await answer.json())].join(' ');
    });
  const detail = "Signing keys can't be fetched from the identity provider";
  const refused = [`401 ${JSON.stringify({ detail, error_code: 'UNAUTHORIZED', status_code: 401 })}`];
  const hanging = calls(30);
  await eventually(() => waiting.length).toBe(1);
  // They hold up nobody else meanwhile.
  expect((await fetch(`${baseUrl}/health`)).status).toBe(200);
  for (const end of waiting) end();
  expect([...new Set(await Promise.all(hanging))]).toEqual(refused);
  expect([...new Set(await Promise.all(calls(30)))]).toEqual(refused);
  expect(keys.requests).toBe(1);
  keys.answer = keySet(key.jwk);
  clock.now += 10_000;
  expect([...new Set(await Promise.all(calls(30)))]).toEqual(['200 {"ok":true}']);
  expect(keys.requests).toBe(2);
});

it('R10: a port has one runtime: the second is refused with the remedy, and the first goes on', async () => {
  const plugins = { p: 'export const execute = () => ({ ok: true });' };
  const first = await startRuntime({ plugins });
  const second = await startRuntime({ plugins, start: false, env: { PORT: String(first.port) } });
  await expect(second.runtime.start()).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `Port ${first.port} is taken on 127.0.0.1: end the program that uses it, or choose another with PORT or --port`,
  });
  expect(await first.execute('p')).toMatchObject({ status: 200, json: { ok: true } });
  // Nor does any other program get it while it listens, on this address or on all of them.
  for (const host of process.platform === 'linux' ? ['127.0.0.1', '0.0.0.0', '::'] : ['127.0.0.1']) {
    await expect(listenOn(createServer(), { host, port: first.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  }
  await first.runtime.stop();
  await second.runtime.start();
  expect(await second.execute('p')).toMatchObject({ status: 200, json: { ok: true } });
});
