/** Runs vitest projects in one go and counts what each reports. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installed, projectRoot, readJsonIfAny, stateFolder } from '../../main/bin/project.mjs';
import { supervise } from '../../main/bin/supervise.mjs';
import { lightEnvironment } from './tools.mjs';

/** Where the tests of a project are, as `vitest.config.ts` has it; pure tests stand among the unit tests. */
const isEndToEnd = (path) => path.replaceAll('\\', '/').includes('/test/e2e/');

/**
 * @param {readonly ('pure'|'unit'|'e2e')[]} projects
 * @param {{filters: readonly string[], workers: number, endToEnd?: NodeJS.ProcessEnv}} options `endToEnd` is
 *   the environment that the end-to-end tests alone get
 * @returns {Promise<import('./run-tests.mjs').Totals[]>} of the unit tests, pure ones included, and of the
 *   end-to-end tests
 */
export async function runVitest(projects, { filters, workers, endToEnd = {} }) {
  const report = join(stateFolder, 'vitest.json');
  mkdirSync(stateFolder, { recursive: true });
  rmSync(report, { force: true });
  const { code } = await supervise(
    process.execPath,
    [
      installed('vitest', 'vitest.mjs'),
      'run',
      '--config',
      'test/vitest.config.ts',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--reporter=./test/runner/slowest-files.mjs',
      ...filters,
    ],
    {
      cwd: projectRoot,
      env: {
        ...process.env,
        ...(await lightEnvironment()),
        WORKBENCH_TEST_WORKERS: String(workers),
        WORKBENCH_TEST_E2E: JSON.stringify(additions(endToEnd)),
      },
    },
  );
  const names = [...new Set(projects.map((project) => (project === 'e2e' ? 'e2e' : 'unit')))];
  return totalsOf(names, readJsonIfAny(report), code);
}

/** What an environment has that this process's has not, or has otherwise. */
function additions(env) {
  return Object.fromEntries(Object.entries(env).filter(([name, value]) => process.env[name] !== value));
}

function totalsOf(names, report, code) {
  if (report === null) return [{ name: names.join(' and '), passed: 0, failed: 1, skipped: 0 }];
  const totals = names.map((name) => ({
    name,
    ...count(report.testResults.filter((file) => isEndToEnd(file.name) === (name === 'e2e'))),
  }));
  const failed = totals.some((one) => one.failed > 0);
  // An error outside any test fails only the exit code: it counts too, so that the totals never look better
  // than the run.
  if (!failed && code !== 0) totals[0].failed = 1;
  return totals;
}

function count(files) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of files) {
    // One that failed to load or to set up has no failed test to count.
    if (status === 'failed' && !assertionResults.some((test) => test.status === 'failed')) totals.failed += 1;
    for (const test of assertionResults) {
      if (test.status === 'passed') totals.passed += 1;
      else if (test.status === 'failed') totals.failed += 1;
      else totals.skipped += 1;
    }
  }
  return totals;
}
