/** The checks of a test run besides its tests: each counts as one that passed or failed. */
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from '../../main/bin/build.mjs';
import { installed, projectRoot, stateFolder } from '../../main/bin/project.mjs';
import { SetupProblem, sayProblem } from '../../main/bin/report.mjs';
import { supervise } from '../../main/bin/supervise.mjs';

const TYPE_PROJECTS = ['main/contract', 'main', 'renderer', 'test'];

/** The longest first: they run side by side, each with a core of its own. */
const CHECKS = [
  { name: 'format and lint', script: ['@biomejs/biome', 'bin', 'biome'], args: ['ci', '.'] },
  { name: 'unused files, exports and packages', script: ['knip', 'bin', 'knip.js'], args: ['--cache'] },
  ...TYPE_PROJECTS.toReversed().map((project) => ({
    name: `types of ${project}`,
    script: ['typescript', 'bin', 'tsc'],
    // What did not change since the last run is not looked at again.
    args: ['-p', project, '--incremental', '--tsBuildInfoFile', typesFile(project)],
  })),
];

/** @returns {Promise<import('./run-tests.mjs').Totals[]>} */
export async function runChecks() {
  const waiting = [...CHECKS.entries()];
  const totals = [];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, check] = next;
      totals[at] = await run(check);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return totals;
}

function typesFile(project) {
  return join(stateFolder, `types-${project.replace('/', '-')}.json`);
}

/** What it says is shown in one piece at its end, since others run beside it. */
async function run({ name, script, args }) {
  const said = [];
  const { code } = await supervise(process.execPath, [installed(...script), ...args], {
    cwd: projectRoot,
    hold: (chunk) => said.push(chunk),
  });
  process.stdout.write(Buffer.concat(said));
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
