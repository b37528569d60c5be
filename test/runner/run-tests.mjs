/**
 * `npm test`: format and lint, types, build, unit tests, end-to-end tests; then one last line with the totals of all of them.
 * `npm test -- <filter>` runs only the tests whose path holds the filter, and none of the checks.
 *
 * The end-to-end tests get
 *   WORKBENCH_ELECTRON        path of the Electron binary
 *   WORKBENCH_ELECTRON_FLAGS  flags it needs on this machine, separated by blanks ("--no-sandbox --disable-gpu"), to be put before the folder
 *   WORKBENCH_CHROMIUM        path of a Chromium or Chrome binary
 * and a DISPLAY: the real one, else a virtual one that ends with the run.
 */
import { runBuildCheck, runChecks } from './checks.mjs';
import { endToEndEnvironment } from './environment.mjs';
import { tryTestTools } from './tools.mjs';
import { runVitest } from './vitest.mjs';

/** @typedef {{name: string, passed: number, failed: number, skipped: number}} Totals */

const filters = process.argv.slice(2);
const everything = filters.length === 0;
const endToEndOnly = filters.some((filter) => filter.includes('e2e'));

/** Set by a signal: the runner at work gets it too and ends; the ones after it must not begin. */
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
  });
}

const tools = await tryTestTools();
/** @type {Totals[]} */
const totals = [];
for (const runner of runners()) {
  if (!interrupted) totals.push(...(await runner()));
}
summarize();

function runners() {
  const unit = async () => [await runVitest('unit', { filters })];
  if (endToEndOnly) return [runEndToEnd];
  return everything ? [runChecks, runBuildCheck, unit, runEndToEnd] : [unit];
}

/** @returns {Promise<Totals[]>} a run that can't start counts as one failed test: it must not look like a pass */
async function runEndToEnd() {
  const { problem, env, stop } = await endToEndEnvironment(tools);
  if (problem !== null) {
    console.error(`The end-to-end tests did not run: ${problem}`);
    return [{ name: 'e2e', passed: 0, failed: 1, skipped: 0 }];
  }
  try {
    return [await runVitest('e2e', { filters, env })];
  } finally {
    stop();
  }
}

function summarize() {
  for (const runner of totals) console.log(`${runner.name}: ${line(runner)}`);
  const sum = (key) => totals.reduce((total, runner) => total + runner[key], 0);
  const all = {
    passed: sum('passed'),
    failed: sum('failed') + (interrupted ? 1 : 0),
    skipped: sum('skipped'),
  };
  if (interrupted) console.log('interrupted: not everything was run, which counts as one failure');
  process.exitCode = all.failed > 0 || all.passed === 0 ? 1 : 0;
  console.log(line(all));
}

function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
