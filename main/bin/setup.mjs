/**
 * Everything between a clone and a running product: `node main/bin/setup.mjs <start|serve|dev|test|quick>`,
 * run by the npm scripts.
 *
 * Plain Node without dependencies, since it runs before any are installed. Each step checks first and acts
 * only if needed, so a second run takes well under a second. Downloads nothing that the purpose doesn't need:
 * without a display `start` needs no Electron. Exits with 1 only if nothing can continue; anything else that
 * is missing is in the report for the next script.
 */

import { ensureBuilt } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { displayProblem } from './display.mjs';
import { tryElectron } from './electron.mjs';
import { isNodeTooOld, OLDEST_NODE } from './node-version.mjs';
import { SetupProblem, sayProblem, writeReport } from './report.mjs';

/** `quick` is `npm run test:quick`, which neither starts nor builds anything. */
const PURPOSES = ['start', 'serve', 'dev', 'test', 'quick'];

async function main(purpose) {
  if (!PURPOSES.includes(purpose)) {
    throw new SetupProblem(
      'Set-up needs a purpose',
      `"${purpose ?? ''}" is not one of ${PURPOSES.join(', ')}`,
      'Use the npm scripts: npm start, npm test, npm run dev, npm run serve.',
    );
  }
  assertNode();
  await ensureDependencies();
  if (purpose === 'quick') return;
  const { electron, problem } = await electronFor(purpose);
  writeReport(purpose, { electron, electronProblem: problem });
  if (purpose !== 'dev') await buildFor(purpose);
}

function assertNode() {
  if (!isNodeTooOld()) return;
  throw new SetupProblem(
    'This Node is too old',
    `it is ${process.version}`,
    `Install Node ${OLDEST_NODE} or newer.`,
  );
}

async function electronFor(purpose) {
  if (purpose === 'serve') return { electron: null, problem: 'headless on purpose' };
  const noDisplay = purpose === 'test' ? null : await displayProblem();
  return noDisplay === null ? tryElectron() : { electron: null, problem: noDisplay };
}

/** A test run continues without a build: it counts as a failed check, and the unit tests are still useful. */
async function buildFor(purpose) {
  try {
    await ensureBuilt();
  } catch (error) {
    if (purpose !== 'test' || !(error instanceof SetupProblem)) throw error;
    sayProblem(error);
  }
}

try {
  await main(process.argv[2]);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  sayProblem(error);
  process.exitCode = 1;
}
