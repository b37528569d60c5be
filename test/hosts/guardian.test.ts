import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { expect, it, onTestFinished } from 'vitest';
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

it('ends a plugin in an endless loop when the runtime is killed', async () => {
  const folder = await makeFolder();
  const begun = join(folder, 'begun');
  await save(
    join(folder, 'plugins/loop/logic.js'),
    `import { writeFileSync } from 'node:fs';
    export const execute = () => { writeFileSync(${JSON.stringify(begun)}, ''); for (;;); };`,
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
  await eventually(() => existsSync(begun)).toBe(true);
  expect(await isRunning(Number(pid))).toBe(true);
  runtime.kill('SIGKILL');
  await eventually(() => isRunning(Number(pid)), { timeout: 5_000 }).toBe(false);
});
