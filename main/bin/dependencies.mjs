/** Step 1: node_modules matches the lock file. */
import { join } from 'node:path';
import { installed, projectRoot, readJsonIfAny } from './project.mjs';
import { SetupProblem, timed } from './report.mjs';
import { runNpm } from './run-command.mjs';

const INSTALL_MS = 1_800_000;

/** Runs `npm ci` unless node_modules already matches the lock file. @throws {SetupProblem} */
export async function ensureDependencies() {
  const reason = installReason();
  if (reason === null) return;
  await timed(`installing the packages of the lock file (${reason})`, async () => {
    const { failure, stderr } = await runNpm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: projectRoot,
      timeoutMs: INSTALL_MS,
    });
    if (failure === null) return;
    throw new SetupProblem(
      'The packages could not be installed',
      stderr.trim() || failure,
      'Check that the package registry is reachable (npm ping), then run "npm ci" here to see the whole output.',
    );
  });
}

/**
 * Why an install is needed, or null. Compares what npm recorded as installed with the lock file package by
 * package, since file times change with every checkout and a hash would call a plain `npm install` of the
 * same versions stale.
 */
function installReason() {
  const wanted = readJsonIfAny(join(projectRoot, 'package-lock.json'))?.packages;
  if (!wanted) {
    throw new SetupProblem(
      'package-lock.json cannot be read',
      `${join(projectRoot, 'package-lock.json')} is missing or not valid JSON`,
      'Restore it: git checkout package-lock.json',
    );
  }
  const present = readJsonIfAny(installed('.package-lock.json'))?.packages;
  if (!present) return 'node_modules is missing or incomplete';
  for (const [path, { version, optional }] of Object.entries(wanted)) {
    if (path === '') continue;
    const found = present[path];
    // Optional packages are those for other platforms: npm leaves them out.
    if (!found && optional) continue;
    if (found?.version !== version)
      return `${path} should be ${version} and is ${found?.version ?? 'missing'}`;
  }
  return null;
}
