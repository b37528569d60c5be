import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
import { descendantsOf } from '../../main/hosts/process-tree.ts';
import { eventually, isRunning, makeFolder, save } from '../plugins/workspace.ts';
import { hostScript } from '../support/host-script.ts';

const project = resolve(import.meta.dirname, '../..');

/** A runtime that reports its plugin's process and calls it. */
const RUNTIME = `
import { createPluginEngine } from './main/plugins/engine/switching-engine.ts';
const [path, hostScript] = process.argv.slice(2);
const log = { info() {}, warn() {}, error() {} };
const limits = { maxConcurrency: 1, maxLiveHosts: 1, memoryLimitMb: 256 };
const engine = createPluginEngine({ path, hostScripts: { node: hostScript, python: '' }, python: 'python3', environment: process.env, log, ...limits });
await engine.start();
engine.execute({ plugin: 'loop', json: '{}', timeoutMs: 600_000, signal: new AbortController().signal });
process.send(engine.get('loop').pid);
`;

/** A runtime as a process of its own, whose plugin has started a detached child and loops; pids of all three. */
async function startLoop() {
  const folder = await makeFolder();
  const begun = join(folder, 'begun');
  await save(
    join(folder, 'plugins/loop/logic.js'),
    `import { spawn } from 'node:child_process';
    import { writeFileSync } from 'node:fs';
    export const execute = () => {
      const { pid } = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' });
      writeFileSync(${JSON.stringify(begun)}, String(pid));
      for (;;);
    };`,
  );
  const outfile = join(folder, 'runtime.mjs');
  await build({
    stdin: { contents: RUNTIME, resolveDir: project },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: ['esbuild'],
  });
  await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
  const runtime = fork(outfile, [join(folder, 'plugins'), hostScript]);
  onTestFinished(() => {
    runtime.kill('SIGKILL');
  });
  const [pid] = await once(runtime, 'message');
  const readChild = () => Number(readFileSync(begun, { encoding: 'utf8', flag: 'a+' }));
  await eventually(readChild).toBeGreaterThan(0);
  return { runtime, plugin: Number(pid), child: readChild() };
}

/** The guardian of this runtime; undefined while it has none. */
const guardianOf = (runtime: ChildProcess) =>
  descendantsOf(runtime.pid ?? 0).find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('guardian'),
  );

it('ends a plugin in an endless loop, and what left its group, when the runtime is killed', async () => {
  const { runtime, plugin, child } = await startLoop();
  expect(await Promise.all([plugin, child].map(isRunning))).toEqual([true, true]);
  runtime.kill('SIGKILL');
  for (const pid of [plugin, child]) await eventually(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
});

it('R3: a guardian that was killed has a successor that knows the processes', async () => {
  const { runtime, plugin, child } = await startLoop();
  const first = guardianOf(runtime) ?? 0;
  process.kill(first, 'SIGKILL');
  await eventually(() => ![undefined, first].includes(guardianOf(runtime))).toBe(true);
  runtime.kill('SIGKILL');
  for (const pid of [plugin, child]) await eventually(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
});
