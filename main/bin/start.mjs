/**
 * `npm start`: the Electron window where there are a display and a usable Electron; else one line that says
 * why, and the same runtime headless. Arguments go to the product as they are (`npm start -- --port 9000`).
 */
import { join } from 'node:path';
import { displayProblem } from './display.mjs';
import { launchEnvironment, launchFlags } from './launch.mjs';
import { projectRoot } from './project.mjs';
import { readReport } from './report.mjs';
import { supervise } from './supervise.mjs';

/** The product's exit code for invalid settings: starting it headless would only report them again. */
const BAD_SETTINGS = 2;
/** Start-up is complete when the product prints this on stdout. */
const STARTED = 'listening on ';

const args = process.argv.slice(2);
process.exitCode = await start();

async function start() {
  const { electron, electronProblem } = readReport('start');
  const problem = (await displayProblem()) ?? electronProblem;
  if (problem !== null || electron === null) return startHeadless(problem);
  const outcome = await startWindow(electron);
  return outcome.fellOver === null ? outcome.code : startHeadless(outcome.fellOver);
}

async function startWindow(electron) {
  const { flags, remarks } = await launchFlags(electron);
  console.log([`Starting the window in ${electron.notice}`, ...remarks].join('; '));
  let started = false;
  let tail = '';
  const { code, ended, signalled } = await supervise(
    electron.binary,
    [...flags, projectRoot, '--', ...args],
    {
      env: launchEnvironment(electron),
      onOutput: (text) => {
        tail = (tail + text).slice(-4_096);
        started ||= tail.includes(STARTED);
      },
    },
  );
  const expected = started || signalled || code === 0 || code === BAD_SETTINGS;
  return { code, fellOver: expected ? null : `Electron ended while starting (${ended})` };
}

async function startHeadless(reason) {
  console.log(`No window: ${reason}. Serving headless; open the printed address in a browser.`);
  const { code } = await supervise(process.execPath, [
    join(projectRoot, 'out/main/cli.cjs'),
    'serve',
    ...args,
  ]);
  return code;
}
