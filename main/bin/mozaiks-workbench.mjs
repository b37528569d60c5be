#!/usr/bin/env node
/** The package's command. Builds first when sources changed, as the npm scripts do, then hands over to what was built. */
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
  // What the command itself ends with when it could not do its work.
  process.exitCode = 3;
}
