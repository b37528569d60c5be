/**
 * What `doctor` needs to know about this machine, as one JSON object on stdout: Node, the display, the
 * Electron that would run and its missing libraries. Read-only: nothing is downloaded, installed or built.
 */
import { displayProblem } from './display.mjs';
import { describeElectron, presentElectron } from './electron.mjs';
import { librariesRemedy, missingLibraries } from './libraries.mjs';
import { isNodeTooOld, OLDEST_NODE } from './node-version.mjs';
import { SetupProblem } from './report.mjs';

/**
 * @typedef {{what: string, why: string, remedy: string}} Problem
 * @returns {Promise<{electron: import('./report.mjs').UsableElectron|null, missing: string[], problem:
 * Problem|null}>}
 *   all empty when there is no Electron at all
 */
async function inspectElectron() {
  try {
    const candidate = presentElectron();
    if (candidate === null) return { electron: null, missing: [], problem: null };
    const missing = await missingLibraries(candidate.binary);
    if (missing.length > 0) {
      const why = missing.join(', ');
      const problem = { what: 'Electron lacks shared libraries', why, remedy: await librariesRemedy() };
      return { electron: null, missing, problem };
    }
    return { electron: await describeElectron(candidate), missing, problem: null };
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    const { what, why, remedy } = error;
    return { electron: null, missing: [], problem: { what, why, remedy } };
  }
}

const facts = {
  node: {
    version: process.versions.node,
    path: process.execPath,
    oldest: OLDEST_NODE,
    tooOld: isNodeTooOld(),
  },
  displayProblem: await displayProblem(),
  ...(await inspectElectron()),
};
console.log(JSON.stringify(facts));
