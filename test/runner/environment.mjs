/** What the end-to-end tests are started with. */
import { displayProblem, startXvfb } from '../../main/bin/display.mjs';
import { launchEnvironment, launchFlags } from '../../main/bin/launch.mjs';
import { readReport, SetupProblem } from '../../main/bin/report.mjs';

/**
 * @param {import('./tools.mjs').TestTools} tools
 * @returns {Promise<{problem: string|null, env: NodeJS.ProcessEnv, stop(): void}>} `problem` says why the tests can't
 *   run at all
 */
export async function endToEndEnvironment({ chromium, problem: chromiumProblem }) {
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
  try {
    const { display, stop } = await startXvfb();
    return { problem: null, env: { ...env, DISPLAY: display }, stop };
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    return { ...nothing, problem: `${error.what} (${error.why})` };
  }
}
