/** Runs one vitest project and counts what it reports. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installed, projectRoot, readJsonIfAny, stateFolder } from '../../main/bin/project.mjs';
import { supervise } from '../../main/bin/supervise.mjs';

/**
 * @param {'unit'|'e2e'} project
 * @param {{filters: readonly string[], env?: NodeJS.ProcessEnv}} options
 * @returns {Promise<import('./run-tests.mjs').Totals>}
 */
export async function runVitest(project, { filters, env }) {
  const report = join(stateFolder, `vitest-${project}.json`);
  mkdirSync(stateFolder, { recursive: true });
  rmSync(report, { force: true });
  const { code } = await supervise(
    process.execPath,
    [
      installed('vitest', 'vitest.mjs'),
      'run',
      ...['--config', 'test/vitest.config.ts', '--project', project],
      ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
      ...filters,
    ],
    { cwd: projectRoot, env },
  );
  return { name: project, ...count(readJsonIfAny(report), code) };
}

/**
 * A file that failed to load has no tests to count, and an error outside any test fails only the exit code: each counts as one
 * failure, so that the totals never look better than the run.
 */
function count(report, code) {
  if (report === null) return { passed: 0, failed: 1, skipped: 0 };
  const passed = report.numPassedTests;
  const skipped = report.numPendingTests + report.numTodoTests;
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + unloaded.length;
  return { passed, skipped, failed: failed === 0 && code !== 0 ? 1 : failed };
}
