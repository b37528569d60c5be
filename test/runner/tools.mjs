/**
 * What the tests need besides what set-up brings: a Chromium, python3, a virtual display where there is no real
 * one, and on Debian what Python plugins are compared with. Looked for at the start of each run, which takes milliseconds where all of it is there.
 */
import { delimiter, dirname } from 'node:path';
import { ensurePackages, isDebianLike } from '../../main/bin/debian.mjs';
import { displayProblem } from '../../main/bin/display.mjs';
import { SetupProblem, sayProblem } from '../../main/bin/report.mjs';
import { findOnPath, isExecutable, runCommand } from '../../main/bin/run-command.mjs';

/** @typedef {{chromium: string|null, problem: string|null}} TestTools */

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * For Debian's own python3: what production is made of, its database driver, a debugger, and what plugins
 * send requests by. Elsewhere, and where
 * they can't be installed, the tests that need them are skipped and say so (test/support/debian-python.ts); without
 * a debugger its test fails.
 */
const PYTHON_LIBRARIES = [
  'python3-fastapi',
  'python3-uvicorn',
  'python3-motor',
  'python3-bson',
  'python3-debugpy',
  'python3-requests',
  'python3-httpx',
  'python3-aiohttp',
];

/** WORKBENCH_CHROMIUM when set, else the machine's own Chromium or Chrome, else null. */
function findChromium() {
  return (
    process.env.WORKBENCH_CHROMIUM ||
    findOnPath(CHROMIUM_NAMES) ||
    CHROMIUM_PLACES.find((path) => isExecutable(path)) ||
    null
  );
}

/**
 * Installs what the tests miss, in one go. Never throws for what is missing: those tests then say so, the
 * others run.
 * @returns {Promise<TestTools>}
 */
export async function tryTestTools() {
  const wanted = [];
  if (findChromium() === null) wanted.push('chromium');
  if (findOnPath(['python3']) === null) wanted.push('python3');
  if ((await displayProblem()) !== null && findOnPath(['Xvfb']) === null) wanted.push('xvfb');
  wanted.push(...(await missingPythonLibraries()));
  try {
    if (wanted.length > 0) await ensureTestPackages(wanted);
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    sayProblem(error);
    return { chromium: findChromium(), problem: `${error.what} (${error.why})` };
  }
  return { chromium: findChromium(), problem: null };
}

async function missingPythonLibraries() {
  if (!isDebianLike()) return [];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills these in.
  const format = '--showformat=${Package} ${db:Status-Status}\n';
  // Ends with 1 when it does not know one of them, and lists the others.
  const { stdout } = await runCommand('dpkg-query', ['--show', format, ...PYTHON_LIBRARIES], {
    timeoutMs: 10_000,
  });
  return PYTHON_LIBRARIES.filter((name) => !stdout.includes(`${name} installed\n`));
}

function ensureTestPackages(wanted) {
  const what = `The tests need ${new Intl.ListFormat('en').format(wanted)}`;
  if (isDebianLike()) return ensurePackages(wanted, what);
  throw new SetupProblem(
    what,
    'not found on PATH',
    'Install them; for Chromium, you may set WORKBENCH_CHROMIUM to any Chromium or Chrome binary instead.',
  );
}

/**
 * What makes the hundreds of processes that the tests start cheap to start:
 *   PATH                      python3 itself first: version managers wrap it in a script that takes several
 *                             times as long as Python
 *   NODE_EXTRA_CA_CERTS       unset: each Node parses all of them, for 80 ms, and the tests stay on this machine
 *   WORKBENCH_EXTRA_CA_CERTS  its value, for the one test that fetches from the registry
 *
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function lightEnvironment() {
  const { PATH = '', NODE_EXTRA_CA_CERTS: certificates } = process.env;
  const { stdout, failure } = await runCommand('python3', ['-c', 'import sys; print(sys.executable)'], {
    timeoutMs: 10_000,
  });
  const python = stdout.trim();
  const isWrapped = failure === null && python !== '' && findOnPath(['python3']) !== python;
  return {
    PATH: isWrapped ? [dirname(python), PATH].join(delimiter) : PATH,
    NODE_EXTRA_CA_CERTS: undefined,
    WORKBENCH_EXTRA_CA_CERTS: certificates,
  };
}
