/** `npm run dev`: electron-vite with hot module replacement, in the Electron that set-up found. */
import { displayProblem } from './display.mjs';
import { launchEnvironment, launchFlags } from './launch.mjs';
import { installed, projectRoot } from './project.mjs';
import { readReport } from './report.mjs';
import { supervise } from './supervise.mjs';

const { electron, electronProblem } = readReport('dev');
const problem = (await displayProblem()) ?? electronProblem;

if (problem !== null || electron === null) {
  console.error(
    `npm run dev needs a window, which can't open here: ${problem}.\nWith a virtual display: xvfb-run -a npm run dev. Without a window: npm run serve.`,
  );
  process.exitCode = 1;
} else {
  const { flags, remarks } = await launchFlags(electron);
  console.log([`Developing in ${electron.notice}`, ...remarks].join('; '));
  const { code } = await supervise(
    process.execPath,
    [
      installed('electron-vite', 'bin', 'electron-vite.js'),
      'dev',
      '--',
      ...flags,
      // Lets the window take its pages from electron-vite's server; the environment alone doesn't.
      '--dev-server',
      '--',
      ...process.argv.slice(2),
    ],
    // Where electron-vite looks first for the binary.
    { env: { ...launchEnvironment(electron), ELECTRON_EXEC_PATH: electron.binary }, cwd: projectRoot },
  );
  process.exitCode = code;
}
