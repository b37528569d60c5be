/**
 * `npm test`: format and lint, types, build; then unit and end-to-end tests side by side; then the slowest
 * files and one last line with the totals of everything. `npm test -- <filter>` runs only the tests whose
 * path holds the filter, and none of the checks. `npm run test:quick` runs what needs neither a build nor a
 * socket: format and lint, types, and the pure tests.
 *
 * What the end-to-end tests are given is in environment.mjs.
 */

import { availableParallelism } from 'node:os';
import { runBuildCheck, runChecks } from './checks.mjs';
import { endToEndEnvironment } from './environment.mjs';
import { tryTestTools } from './tools.mjs';
import { runVitest } from './vitest.mjs';

/** @typedef {{name: string, passed: number, failed: number, skipped: number}} Totals */

/** Tests wait more than they compute: with one a core, the cores would be idle a third of the time. */
const WORKERS = Math.min(8, availableParallelism() * 2);

const QUICK = '--quick';
const filters = process.argv.slice(2).filter((argument) => argument !== QUICK);
const isQuick = process.argv.includes(QUICK);
const everything = filters.length === 0;
const endToEndOnly = filters.some((filter) => filter.includes('e2e'));

/** Set by a signal: the runner at work gets it too and ends; the ones after it must not begin. */
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
  });
}

/** @type {Totals[]} */
const totals = [];
for (const runner of runners()) {
  if (!interrupted) totals.push(...(await runner()));
}
summarize();

function runners() {
  if (isQuick) return [...(everything ? [runChecks] : []), runPure];
  return everything ? [runChecks, runBuildCheck, runTests] : [runTests];
}

function runPure() {
  return runVitest(['pure'], { filters, workers: WORKERS });
}

/**
 * @returns {Promise<Totals[]>} end-to-end tests that can't start count as one that failed: it must not look
 * like a pass
 */
async function runTests() {
  const tools = await tryTestTools();
  const unit = endToEndOnly ? [] : ['pure', 'unit'];
  if (!everything && !endToEndOnly) return runVitest(unit, { filters, workers: WORKERS });
  const { problem, env, stop } = await endToEndEnvironment(tools, { displays: WORKERS });
  try {
    if (problem === null)
      return await runVitest([...unit, 'e2e'], { filters, workers: WORKERS, endToEnd: env });
    const others = endToEndOnly ? [] : await runVitest(unit, { filters, workers: WORKERS });
    console.error(`The end-to-end tests did not run: ${problem}`);
    return [...others, { name: 'e2e', passed: 0, failed: 1, skipped: 0 }];
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
