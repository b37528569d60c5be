/**
 * `npm run bench:window`: how long the window takes to open, and to have the runtime's data on its first
 * screen.
 *
 *   --starts <n>   (default 10, after one that warms the disk up)
 */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../main/bin/project.mjs';
import { endToEndEnvironment } from '../runner/environment.mjs';
import { tryTestTools } from '../runner/tools.mjs';
import { timeFirstScreen } from './first-screen.mjs';
import { milliseconds, percentile, table } from './statistics.mjs';

const { values } = parseArgs({ options: { starts: { type: 'string', default: '10' } } });
const { problem, env, stop } = await endToEndEnvironment(await tryTestTools());
if (problem !== null) {
  console.error(`No window can be opened: ${problem}`);
  process.exit(1);
}
try {
  await measure(Number(values.starts));
} finally {
  stop();
}

async function measure(starts) {
  console.log(`load ${loadavg()[0].toFixed(2)}`);
  await start();
  const times = [];
  for (let n = 0; n < starts; n += 1) times.push(await start());
  const row = (name, pick) => [name, ...[0.5, 0.95].map((share) => show(times.map(pick), share))];
  console.log(
    table([
      ['', 'p50', 'p95'],
      row('process started → window opens', ({ openedMs }) => openedMs),
      row('window opens → first screen with data', ({ dataMs }) => dataMs),
      row('both', ({ openedMs, dataMs }) => openedMs + dataMs),
    ]),
  );
}

function show(all, share) {
  return milliseconds(percentile(all, share));
}

async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-window-'));
  try {
    cpSync(join(projectRoot, 'plugins'), join(folder, 'plugins'), { recursive: true });
    symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'), 'junction');
    return await timeFirstScreen({
      binary: env.WORKBENCH_ELECTRON,
      flags: env.WORKBENCH_ELECTRON_FLAGS.split(' ').filter(Boolean),
      args: [
        projectRoot,
        `--user-data-dir=${join(folder, 'profile')}`,
        ...['--', '--port', '0', '--plugins', join(folder, 'plugins')],
      ],
      env: { ...env, XDG_CONFIG_HOME: join(folder, 'config') },
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
