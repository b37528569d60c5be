/**
 * `npm run bench:scale`: a folder with many plugins. How long the start takes, how many processes there are,
 * what they and the runtime weigh, what waiting costs, and how fast a parked plugin answers.
 *
 *   --plugins <n>   (default 300, of which a tenth are Python)
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../main/bin/project.mjs';
import { ask } from './client.mjs';
import { processorMs } from './load-meter.mjs';
import { descendants, residentMb, startServer } from './server-process.mjs';
import { milliseconds, percentile } from './statistics.mjs';

const { values } = parseArgs({ options: { plugins: { type: 'string', default: '300' } } });
const count = Number(values.plugins);
const folder = mkdtempSync(join(tmpdir(), 'bench-scale-'));
const nameOf = (n) => `p${String(n).padStart(4, '0')}`;

try {
  writePlugins();
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function writePlugins() {
  for (let n = 0; n < count; n += 1) {
    const plugin = join(folder, 'plugins', nameOf(n));
    mkdirSync(plugin, { recursive: true });
    if (n % 10 === 0) {
      writeFileSync(
        join(plugin, 'logic.py'),
        'from .helper import v\n\n\nasync def execute(data):\n    return {"v": v}\n',
      );
      writeFileSync(join(plugin, 'helper.py'), `v = ${n}\n`);
    } else {
      const end = n % 2 === 0 ? 'ts' : 'js';
      writeFileSync(
        join(plugin, `logic.${end}`),
        `import { v } from './helper.${end}';\nexport const execute = () => ({ v });\n`,
      );
      writeFileSync(join(plugin, `helper.${end}`), `export const v = ${n};\n`);
    }
  }
}

async function measure() {
  console.log(`load ${loadavg()[0].toFixed(2)}`);
  const began = performance.now();
  const server = await startServer(
    join(projectRoot, 'out/main/cli.cjs'),
    ['serve', '--port', '0', '--plugins', join(folder, 'plugins')],
    { env: { ...process.env, XDG_CONFIG_HOME: join(folder, 'config') } },
  );
  try {
    console.log(`ready after ${milliseconds(performance.now() - began)}`);
    while ((await loaded(server)) < count && performance.now() - began < 120_000) await delay(20);
    console.log(
      `${await loaded(server)} plugins would execute after ${milliseconds(performance.now() - began)}`,
    );
    await delay(2_000);
    sayProcesses(server.pid);
    const before = processorMs(server.pid);
    await delay(3_000);
    console.log(
      `waiting takes ${((processorMs(server.pid) - before) / 3).toFixed(1)} ms of processor time a second`,
    );
    await callEach(server);
    sayProcesses(server.pid);
  } finally {
    const stopping = performance.now();
    await server.stop();
    console.log(`stopped after ${milliseconds(performance.now() - stopping)}`);
  }
}

async function loaded({ url }) {
  return (await (await fetch(`${url}/health`)).json()).plugins_loaded;
}

async function callEach({ url }) {
  const waits = [];
  let wrong = 0;
  for (let n = 0; n < count; n += 1) {
    const began = performance.now();
    const { v } = await ask({ url: `${url}/api/execute/${nameOf(n)}`, method: 'POST' });
    waits.push(performance.now() - began);
    if (v !== n) wrong += 1;
  }
  const [p50, p95] = [0.5, 0.95].map((share) => milliseconds(percentile(waits, share)));
  console.log(`called each once, parked ones woken: p50 ${p50}, p95 ${p95}, ${wrong} wrong answers`);
}

function sayProcesses(pid) {
  const processes = descendants(pid) ?? [];
  const sum = processes.reduce((total, one) => total + residentMb(one), 0);
  console.log(
    `${processes.length} processes below the runtime (compiler and guardian included) with ${sum.toFixed(0)} MB; the runtime itself ${residentMb(pid).toFixed(0)} MB`,
  );
}
