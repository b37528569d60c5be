/**
 * `npm run bench:child-spans`: what recording child spans costs plugins that send nothing. Two runtimes, with
 * `MOZAIKS_CHILD_SPANS` on and off, take turns, so that what else the machine does falls on both.
 *
 *   --rounds <n>    of each runtime, for each plugin (default 12)
 *   --seconds <n>   of each round (default 2)
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
  options: { rounds: { type: 'string', default: '12' }, seconds: { type: 'string', default: '2' } },
});
const rounds = Number(values.rounds);
const duration = Number(values.seconds);

const CONNECTIONS = 16;
const MODES = ['off', 'on'];
const PLUGINS = {
  JavaScript: ['logic.js', 'export const execute = ({ user_id }) => ({ user_id });\n'],
  Python: ['logic.py', 'async def execute(data):\n    return {"user_id": data["user_id"]}\n'],
};

const folder = mkdtempSync(join(tmpdir(), 'bench-child-spans-'));
const servers = {};
try {
  await measure();
} finally {
  for (const server of Object.values(servers)) await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure() {
  for (const [name, [file, source]] of Object.entries(PLUGINS)) {
    const plugin = join(folder, 'plugins', name.toLowerCase());
    mkdirSync(plugin, { recursive: true });
    writeFileSync(join(plugin, file), source);
  }
  for (const mode of MODES) servers[mode] = await start(mode);
  console.log(
    `load ${loadavg()[0].toFixed(2)}, ${rounds} rounds of ${duration} s, ${CONNECTIONS} connections`,
  );
  const rows = [];
  for (const name of Object.keys(PLUGINS)) rows.push(await measurePlugin(name));
  const columns = [...MODES, 'on / off', 'CPU a call, off', 'on', 'on / off', 'failed'];
  console.log(table([['calls/s, median', ...columns], ...rows]));
}

function start(mode) {
  const args = ['serve', '--port', '0', '--no-ui', '--plugins', join(folder, 'plugins')];
  const own = { XDG_CONFIG_HOME: join(folder, mode), MOZAIKS_CHILD_SPANS: mode, MOZAIKS_TRACES_MAX_MB: '0' };
  return startServer(join(projectRoot, 'out/main/cli.cjs'), args, { env: { ...process.env, ...own } });
}

async function measurePlugin(name) {
  const rates = { off: [], on: [] };
  // Of the runtime and the plugin's process: what else the machine does falls on the rates, but not on this.
  const costs = { off: [], on: [] };
  let failed = 0;
  // The first round of each is not counted: it starts the plugin's process.
  for (let round = -1; round < rounds; round += 1) {
    for (const mode of round % 2 === 0 ? MODES : MODES.toReversed()) {
      const { url, pid } = servers[mode];
      const before = computed(pid);
      const result = await load(`${url}/api/execute/${name.toLowerCase()}`);
      failed += result.non2xx + result.errors;
      if (round < 0) continue;
      rates[mode].push(result.requests.average);
      costs[mode].push((computed(pid) - before) / result.requests.total);
    }
  }
  const [off, on] = MODES.map((mode) => Math.round(median(rates[mode])));
  const [offMs, onMs] = MODES.map((mode) => `${median(costs[mode]).toFixed(3)} ms`);
  return [name, off, on, ratio(rates), offMs, onMs, ratio(costs), failed];
}

function computed(pid) {
  return [pid, ...(descendants(pid) ?? [])].reduce((sum, one) => sum + processorMs(one), 0);
}

function median(values) {
  return percentile(values, 0.5);
}

/** Round by round: the load of the machine changes in between. */
function ratio({ off, on }) {
  return median(on.map((value, round) => value / off[round])).toFixed(3);
}

function load(url) {
  const headers = { 'content-type': 'application/json' };
  return autocannon({ url, method: 'POST', body: '{}', headers, connections: CONNECTIONS, duration });
}
