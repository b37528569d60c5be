/** What the end-to-end tests are started with. */
import { displayProblem, startXvfb } from '../../main/bin/display.mjs';
import { launchEnvironment, launchFlags } from '../../main/bin/launch.mjs';
import { readReport, SetupProblem } from '../../main/bin/report.mjs';

/**
 * What the end-to-end tests get on top of this process's environment:
 *   WORKBENCH_ELECTRON        path of the Electron binary
 *   WORKBENCH_ELECTRON_FLAGS  flags it needs on this machine, separated by blanks ("--no-sandbox --disable-gpu"), to be put before the folder
 *   WORKBENCH_CHROMIUM        path of a Chromium or Chrome binary
 *   DISPLAY                   the real one, else a virtual one that ends with the run
 *   WORKBENCH_DISPLAYS        only where they are virtual: as many as asked for, separated by blanks
 *
 * @param {import('./tools.mjs').TestTools} tools
 * @param {{displays?: number}} [options]
 * @returns {Promise<{problem: string|null, env: NodeJS.ProcessEnv, stop(): void}>} `problem` says why the
 *   tests can't run at all
 */
export async function endToEndEnvironment({ chromium, problem: chromiumProblem }, { displays = 1 } = {}) {
  const nothing = { env: process.env, stop: () => {} };
  const { electron, electronProblem } = readReport('test');
  const missing = [
    ...(electron ? [] : [`Electron: ${electronProblem}`]),
    ...(chromium ? [] : [`Chromium: ${chromiumProblem}`]),
  ];
  if (missing.length > 0) return { ...nothing, problem: missing.join('; ') };
  console.log(`The end-to-end tests run in ${electron.notice}`);
  const { flags } = await launchFlags(electron);
  const env = {
    ...launchEnvironment(electron),
    WORKBENCH_ELECTRON: electron.binary,
    WORKBENCH_ELECTRON_FLAGS: flags.join(' '),
    WORKBENCH_CHROMIUM: chromium,
  };
  if ((await displayProblem()) === null) return { problem: null, env, stop: () => {} };
  const started = [];
  const stop = () => {
    for (const virtual of started) virtual.stop();
  };
  try {
    while (started.length < displays) started.push(await startXvfb());
  } catch (error) {
    stop();
    if (!(error instanceof SetupProblem)) throw error;
    return { ...nothing, problem: `${error.what} (${error.why})` };
  }
  const names = started.map(({ display }) => display);
  return { problem: null, env: { ...env, DISPLAY: names[0], WORKBENCH_DISPLAYS: names.join(' ') }, stop };
}
