/**
 * `npm run bench:child-spans`: what recording child spans costs plugins that send nothing. Two runtimes, with
 * `MOZAIKS_CHILD_SPANS` on and off, take turns, so that what else the machine does falls on both. They are started
 * again and again, in turns too: two runtimes of the same kind differ by up to a tenth for as long as they live.
 *
 *   --pairs <n>     of runtimes (default 8)
 *   --rounds <n>    of each runtime, for each plugin (default 3)
 *   --seconds <n>   of each round (default 1)
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { projectRoot } from '../../main/bin/project.mjs';
import { processorMs } from './load-meter.mjs';
import { descendants, startServer } from './server-process.mjs';
import { percentile, table } from './statistics.mjs';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '1' },
  },
});
const pairs = Number(values.pairs);
const rounds = Number(values.rounds);
const duration = Number(values.seconds);

const CONNECTIONS = 16;
const MODES = ['off', 'on'];
const PLUGINS = {
  JavaScript: ['logic.js', 'export const execute = ({ user_id }) => ({ user_id });\n'],
  Python: ['logic.py', 'async def execute(data):\n    return {"user_id": data["user_id"]}\n'],
};

const folder = mkdtempSync(join(tmpdir(), 'bench-child-spans-'));
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
  console.log(
    `load ${loadavg()[0].toFixed(2)}, ${pairs} pairs, ${rounds} rounds of ${duration} s, ${CONNECTIONS} connections`,
  );
  const seen = Object.fromEntries(Object.keys(PLUGINS).map((name) => [name, newFigures()]));
  for (let pair = 0; pair < pairs; pair += 1) await measurePair(turns(pair), seen);
  const rows = Object.entries(seen).map(([name, { rates, costs, failed }]) => {
    const [off, on] = MODES.map((mode) => Math.round(median(rates[mode])));
    const [offMs, onMs] = MODES.map((mode) => `${median(costs[mode]).toFixed(3)} ms`);
    return [name, off, on, ratio(rates), offMs, onMs, ratio(costs), failed];
  });
  const columns = [...MODES, 'on / off', 'CPU a call, off', 'on', 'on / off', 'failed'];
  console.log(table([['calls/s, median', ...columns], ...rows]));
}

function newFigures() {
  // Of the runtime and the plugin's process: what else the machine does falls on the rates, but not on the costs.
  return { rates: { off: [], on: [] }, costs: { off: [], on: [] }, failed: 0 };
}

function turns(n) {
  return n % 2 === 0 ? MODES : MODES.toReversed();
}

async function measurePair(order, seen) {
  const servers = {};
  try {
    for (const mode of order) servers[mode] = await start(mode);
    for (const name of Object.keys(PLUGINS)) await measurePlugin(servers, name, seen[name]);
  } finally {
    for (const server of Object.values(servers)) await server.stop();
  }
}

function start(mode) {
  const args = ['serve', '--port', '0', '--no-ui', '--plugins', join(folder, 'plugins')];
  const own = { XDG_CONFIG_HOME: join(folder, mode), MOZAIKS_CHILD_SPANS: mode, MOZAIKS_TRACES_MAX_MB: '0' };
  return startServer(join(projectRoot, 'out/main/cli.cjs'), args, { env: { ...process.env, ...own } });
}

async function measurePlugin(servers, name, figures) {
  // The first round of each is not counted: it starts the plugin's process.
  for (let round = -1; round < rounds; round += 1) {
    for (const mode of turns(round)) {
      const { url, pid } = servers[mode];
      const before = computed(pid);
      const result = await load(`${url}/api/execute/${name.toLowerCase()}`);
      figures.failed += result.non2xx + result.errors;
      if (round < 0) continue;
      figures.rates[mode].push(result.requests.average);
      figures.costs[mode].push((computed(pid) - before) / result.requests.total);
    }
  }
}

function computed(pid) {
  return [pid, ...(descendants(pid) ?? [])].reduce((sum, one) => sum + processorMs(one), 0);
}

function median(values) {
  return percentile(values, 0.5);
}

/** Of the means: pairs differ from each other, and each has both. */
function ratio({ off, on }) {
  return (mean(on) / mean(off)).toFixed(3);
}

function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function load(url) {
  const headers = { 'content-type': 'application/json' };
  return autocannon({ url, method: 'POST', body: '{}', headers, connections: CONNECTIONS, duration });
}
