#!/usr/bin/env node
/**
 * The package's command. Builds first when sources changed, as the npm scripts do, then runs what was built.
 */
import { ensureBuilt } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { SetupProblem, sayProblem } from './report.mjs';

try {
  await ensureDependencies();
  await ensureBuilt();
  await import('../../out/main/cli.cjs');
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  sayProblem(error);
  // The exit code of a command that could not run.
  process.exitCode = 3;
}
