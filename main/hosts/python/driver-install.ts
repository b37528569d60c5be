import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { DriverFailure } from '../../contract/python-driver.ts';
import { isRunning } from '../../system/process-identity.ts';
import { pluginEnvironment } from '../environment.ts';
import type { Guardian } from '../guardian.ts';
import { spawnHost } from '../launcher.ts';
import { MARK_VARIABLE } from '../orphans.ts';
import { killTree } from '../process-tree.ts';
import { findPythonIn } from './own-environment.ts';

export interface InstallRequest {
  /** The interpreter that the environment is made with. */
  readonly command: string;
  /** `make_environment.py`. */
  readonly script: string;
  /** What appears when everything is installed. */
  readonly target: string;
  /** The runtime's own; Python and pip get an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly guardian: Guardian;
  readonly signal: AbortSignal;
  readonly onLine: (line: string) => void;
}

/** A step failed: what to tell, its lines were told already. */
export class InstallError extends Error implements DriverFailure {
  readonly remedy: string | null;

  constructor(message: string, remedy: string | null) {
    super(message);
    this.remedy = remedy;
  }
}

/** How people reach their package index: mirrors, proxies, certificates. Not where pip is to install. */
const PIP_VARIABLES =
  /^(PIP_(?!(?:USER|TARGET|PREFIX|ROOT)$)\w+|(?:https?|all|no)_proxy|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|XDG_(?:CACHE|CONFIG)_HOME|PYTHONPATH)$/i;

/** Lines that are remembered to find a remedy. */
const MOST_LINES = 200;

/**
 * Makes an environment, installs motor and tries it; only then is it at `target`: one that is half made is never used.
 * @throws {InstallError} when a step fails; the signal's reason when it was cancelled
 */
export async function installDriver(request: InstallRequest): Promise<void> {
  const { command, script, target, signal } = request;
  await removeAbandoned(dirname(target));
  const building = `${target}.new-${process.pid}`;
  try {
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rm(building, { recursive: true, force: true });
    await run(request, command, [script, building]);
    const python = await findPythonIn(building);
    if (python === null) throw new InstallError('The environment has no interpreter', null);
    if (!(await hasPip(request, python))) await run(request, python, ['-m', 'ensurepip']);
    const quiet = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];
    await run(request, python, ['-m', 'pip', 'install', ...quiet, 'motor']);
    await run(request, python, ['-c', 'import motor.motor_asyncio']);
    signal.throwIfAborted();
    await rename(building, target);
  } catch (error) {
    await rm(building, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

/** At once it is there no more; what is left of it goes later. */
export async function removeEnvironment(target: string): Promise<() => Promise<void>> {
  const old = `${target}.old-${process.pid}`;
  await rm(old, { recursive: true, force: true });
  await rename(target, old);
  return () => rm(old, { recursive: true, force: true, maxRetries: 5 });
}

/** What runtimes left that were ended while they installed or removed one. */
async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const abandoned = names.filter((name) => {
    const pid = /\.(?:new|old)-(\d+)$/.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  await Promise.all(abandoned.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

async function hasPip(request: InstallRequest, python: string): Promise<boolean> {
  try {
    await run({ ...request, onLine: () => undefined }, python, ['-m', 'pip', '--version']);
    return true;
  } catch (error) {
    if (error instanceof InstallError) return false;
    throw error;
  }
}

/** Runs one step to its end, telling what it writes. */
async function run(request: InstallRequest, command: string, args: readonly string[]): Promise<void> {
  const { environment, guardian, signal, onLine } = request;
  signal.throwIfAborted();
  const env = { ...pluginEnvironment(environment), ...matching(environment), [MARK_VARIABLE]: guardian.mark };
  const child = spawnHost(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const { pid } = child;
  const written: string[] = [];
  const note = (line: string) => {
    written.push(line);
    if (written.length > MOST_LINES) written.shift();
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream as Readable }).on('line', note);
  }
  const end = () => {
    if (pid !== undefined) killTree(pid);
  };
  signal.addEventListener('abort', end, { once: true });
  if (pid !== undefined) guardian.watch(pid);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    signal.throwIfAborted();
    if (code !== 0) throw failureOf(command, args, code, written.join('\n'));
  } finally {
    signal.removeEventListener('abort', end);
    if (pid !== undefined) guardian.forget(pid);
  }
}

function matching(environment: InstallRequest['environment']): Record<string, string> {
  const found = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && PIP_VARIABLES.test(name) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(found);
}

const APT = 'On Debian and Ubuntu they are packages of their own: sudo apt install python3-venv python3-pip';
const NETWORK =
  'Is this machine online? A proxy or a mirror is found in HTTPS_PROXY or PIP_INDEX_URL of the environment that starts the workbench.';

function failureOf(
  command: string,
  args: readonly string[],
  code: number | null,
  written: string,
): InstallError {
  if (/No module named '?(?:ensurepip|venv|pip)\b|ensurepip is (?:not available|disabled)/.test(written)) {
    return new InstallError('This Python comes without venv or pip', APT);
  }
  const what = args[1] === 'pip' ? 'pip' : basename(command);
  const isUnreachable =
    /NewConnectionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError|name resolution/i.test(written);
  return new InstallError(`${what} failed (exit code ${code})`, isUnreachable ? NETWORK : null);
}
