import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { HostMessage, RuntimeMessage } from '../../../main/contract/host.ts';
import { HOST_LIMITS } from '../../../main/contract/host.ts';
import type { Bundle } from '../../../main/hosts/call.ts';
import { HostProcess } from '../../../main/hosts/host-process.ts';
import { createNodeLauncher } from '../../../main/hosts/launcher.ts';
import { eventually, isRunning } from '../../plugins/workspace.ts';
import { hostScript } from '../../support/host-script.ts';
import { returned } from '../../support/returned.ts';

const launcher = createNodeLauncher({ script: hostScript, environment: process.env, memoryLimitMb: 160 });

async function writeBundle(source: string): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), 'workbench-host-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'bundle.mjs');
  await writeFile(file, source);
  return { kind: 'node', file, entry: file };
}

/** A bare process with a plugin loaded, and every message it sends. */
async function startBare(
  source: string,
): Promise<{ child: ChildProcess; messages: HostMessage[]; send: (m: RuntimeMessage) => void }> {
  const { file, entry } = await writeBundle(source);
  const { child, channel } = launcher.launch('');
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const messages: HostMessage[] = [];
  channel.onMessage((message) => messages.push(message as HostMessage));
  const send = (message: RuntimeMessage) => channel.send(message, () => undefined);
  send({ type: 'load', bundle: file, entry });
  // In either order: a load doesn't wait for the warm-up that `up` follows.
  await eventually(() => messages.map(({ type }) => type).sort()).toEqual(['loaded', 'up']);
  return { child, messages, send };
}

it('sends no more lines of a call than the limit and one marker', async () => {
  const { messages, send } = await startBare(
    'export const execute = ({ n }) => { for (let i = 0; i < n; i++) console.log(i); return {}; };',
  );
  send({ type: 'call', id: 1, json: '{"n":20000}', deadline: Date.now() + 10_000 });
  await eventually(() => messages.at(-1)?.type).toBe('result');
  const lines = messages.filter(({ type }) => type === 'console');
  expect(lines).toHaveLength(HOST_LIMITS.consoleLines + 1);
});

it('bounds the heap of the process it starts', async () => {
  const { messages, send } = await startBare(
    "import v8 from 'node:v8'; export const execute = () => ({ limit: v8.getHeapStatistics().heap_size_limit / 2 ** 20 });",
  );
  send({ type: 'call', id: 1, json: '{}', deadline: Date.now() + 10_000 });
  await eventually(() => messages.at(-1)?.type).toBe('result');
  const last = messages.at(-1);
  const { limit } = JSON.parse(
    last?.type === 'result' && last.result.kind === 'returned' ? last.result.json : '{}',
  );
  expect(limit).toBeGreaterThan(150);
  expect(limit).toBeLessThan(320);
});

it('ends, with what it started, when the runtime is gone', async () => {
  const { child, messages, send } = await startBare(
    "import { spawn } from 'node:child_process'; export const execute = () => ({ pid: spawn('sleep', ['300']).pid });",
  );
  send({ type: 'call', id: 1, json: '{}', deadline: Date.now() + 10_000 });
  await eventually(() => messages.at(-1)?.type).toBe('result');
  const last = messages.at(-1);
  const { pid } = JSON.parse(
    last?.type === 'result' && last.result.kind === 'returned' ? last.result.json : '{}',
  );
  expect(await isRunning(pid)).toBe(true);
  for (const pipe of child.stdio) pipe?.destroy();
  await once(child, 'exit');
  await eventually(() => isRunning(pid)).toBe(false);
});

it('settles every call exactly once, and ignores results nobody waits for', async () => {
  const host = new HostProcess(launcher, '');
  onTestFinished(() => host.kill('stopping'));
  const source = `const calls = [];
    export const execute = ({ n }) => new Promise((r) => { calls.push(r); if (n === 3) for (const call of calls) call({ n: calls.length }); });`;
  expect(await host.load(await writeBundle(source))).toEqual({ ok: true, sources: null });
  const signal = new AbortController().signal;
  const timeoutMs = 10_000;
  const reports = await Promise.all(
    [1, 2, 3].map((n) => host.call({ json: JSON.stringify({ n }), timeoutMs, signal })),
  );
  expect(reports.map(({ outcome }) => outcome)).toEqual(Array(3).fill(returned({ n: 3 })));
  expect(host.idle).toBe(true);
  const lost = host.call({ json: '{"n":0}', timeoutMs, signal });
  host.retire('replaced');
  expect(host.alive).toBe(false);
  host.kill('stopping');
  expect((await lost).outcome).toMatchObject({ kind: 'crashed' });
  expect(await host.exited).toMatchObject({ crash: false, killed: 'stopping' });
});

it('knows how it ends before it has ended', async () => {
  const host = new HostProcess(launcher, '');
  onTestFinished(() => host.kill('stopping'));
  await host.load(await writeBundle('export const execute = () => new Promise(() => undefined);'));
  expect(host.ending).toBeNull();
  const lost = host.call({ json: '{}', timeoutMs: 10_000, signal: new AbortController().signal });
  host.retire('parked');
  // What happens to it later says nothing of why it takes no calls.
  host.retire('replaced');
  expect(host.ending).toMatchObject({ killed: 'parked', crash: false });
  host.kill('deadline');
  expect(host.ending).toMatchObject({ killed: 'deadline', crash: false });
  expect((await lost).outcome).toMatchObject({ kind: 'crashed' });
  expect(await host.exited).toMatchObject({ killed: 'deadline', crash: false });
});
