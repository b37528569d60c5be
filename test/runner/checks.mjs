/** The checks of a test run that are no tests: each counts as one that passed or failed. */
import { ensureBuilt } from '../../main/bin/build.mjs';
import { installed, projectRoot } from '../../main/bin/project.mjs';
import { SetupProblem, sayProblem } from '../../main/bin/report.mjs';
import { supervise } from '../../main/bin/supervise.mjs';

const TYPE_PROJECTS = ['main/contract', 'main', 'renderer', 'test'];

/** @returns {Promise<import('./run-tests.mjs').Totals[]>} */
export async function runChecks() {
  const totals = [await check('format and lint', installed('@biomejs/biome', 'bin', 'biome'), ['ci', '.'])];
  for (const project of TYPE_PROJECTS) {
    totals.push(await check(`types of ${project}`, installed('typescript', 'bin', 'tsc'), ['-p', project]));
  }
  return totals;
}

async function check(name, script, args) {
  const { code } = await supervise(process.execPath, [script, ...args], { cwd: projectRoot });
  return verdict(name, code === 0);
}

/**
 * The end-to-end tests run what is in `out/`, so it must be of these sources.
 * @returns {Promise<import('./run-tests.mjs').Totals[]>}
 */
export async function runBuildCheck() {
  try {
    await ensureBuilt();
    return [verdict('build', true)];
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    sayProblem(error);
    return [verdict('build', false)];
  }
}

function verdict(name, ok) {
  return { name, passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}
