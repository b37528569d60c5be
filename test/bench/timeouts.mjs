/**
 * `npm run bench:timeouts`: what calls that time out cost the other calls of the same plugin, which share a process
 * with them. A steady stream of short calls, first alone, then while others reach their deadline one after the other.
 *
 *   --timeouts <n>   calls that time out (default 50)
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../main/bin/project.mjs';
import { startServer } from './server-process.mjs';
import { milliseconds, percentile, table } from './statistics.mjs';

const { values } = parseArgs({ options: { timeouts: { type: 'string', default: '50' } } });
const timeouts = Number(values.timeouts);

const TIMEOUT_S = 1;
/** Between two calls that will time out, so between two deadlines too. */
const APART_MS = 100;
const STREAM_GAP_MS = 10;

const PLUGINS = {
  Python: [
    'logic.py',
    'import asyncio\n\n\nasync def execute(data):\n    await asyncio.sleep(60 if data.get("wait") else 0.001)\n    return {}\n',
  ],
  JavaScript: [
    'logic.js',
    "import { setTimeout as sleep } from 'node:timers/promises';\nexport const execute = async ({ wait }, { signal }) => {\n  await sleep(wait ? 60_000 : 1, undefined, { signal });\n  return {};\n};\n",
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'bench-timeouts-'));
try {
  await measure();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  for (const [name, [file, source]] of Object.entries(PLUGINS)) {
    const plugin = join(folder, 'plugins', name.toLowerCase());
    mkdirSync(plugin, { recursive: true });
    writeFileSync(join(plugin, file), source);
  }
  const server = await startServer(
    join(projectRoot, 'out/main/cli.cjs'),
    ['serve', '--port', '0', '--plugins', join(folder, 'plugins')],
    {
      env: {
        ...process.env,
        XDG_CONFIG_HOME: join(folder, 'config'),
        MOZAIKS_PLUGIN_TIMEOUT_SECONDS: String(TIMEOUT_S),
        // Nobody shall wait for a turn.
        PLUGIN_EXEC_MAX_CONCURRENCY: '200',
      },
    },
  );
  try {
    console.log(`load ${loadavg()[0].toFixed(2)}`);
    const rows = [];
    for (const name of Object.keys(PLUGINS)) {
      rows.push(...(await measurePlugin(name, `${server.url}/api/execute/${name.toLowerCase()}`)));
    }
    console.log(table([['', 'calls', 'p50', 'p99', 'max', 'failed', 'timed out'], ...rows]));
  } finally {
    await server.stop();
  }
}

async function measurePlugin(name, url) {
  await call(url, {});
  const lasting = timeouts * APART_MS + TIMEOUT_S * 1000;
  const alone = startStream(url);
  await delay(lasting);
  const before = await alone.stop();
  const beside = startStream(url);
  const waiting = [];
  for (let n = 0; n < timeouts; n += 1) {
    waiting.push(call(url, { wait: true }));
    await delay(APART_MS);
  }
  const ended = await Promise.all(waiting);
  const during = await beside.stop();
  const timedOut = ended.filter(({ code }) => code === 'PLUGIN_TIMEOUT').length;
  return [
    row(`${name}, alone`, before, ''),
    row(`${name}, beside ${timeouts} timeouts`, during, `${timedOut} of ${timeouts}`),
  ];
}

function row(name, calls, timedOut) {
  const times = calls.map(({ ms }) => ms);
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => milliseconds(percentile(times, share)));
  return [name, calls.length, p50, p99, max, calls.filter(({ status }) => status !== 200).length, timedOut];
}

/** One call every 10 ms, whether the one before it has been answered or not. */
function startStream(url) {
  const calls = [];
  const timer = setInterval(() => calls.push(call(url, {})), STREAM_GAP_MS);
  return {
    stop: () => {
      clearInterval(timer);
      return Promise.all(calls);
    },
  };
}

async function call(url, body) {
  const began = performance.now();
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  const { error_code } = await response.json();
  return { ms: performance.now() - began, status: response.status, code: error_code };
}
