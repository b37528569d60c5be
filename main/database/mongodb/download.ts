import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { MONGODB_VERSION, type MongodbFailure } from '../../contract/mongodb.ts';
import { pluginEnvironment } from '../../hosts/environment.ts';
import type { Guardian } from '../../hosts/guardian.ts';
import { MARK_VARIABLE } from '../../hosts/orphans.ts';
import { killGroup } from '../../hosts/process-tree.ts';
import { errorMessage } from '../../system/errors.ts';
import { isRunning } from '../../system/process-identity.ts';
import type { FromDownload } from './download-process.ts';

export interface DownloadRequest {
  /** The bundled `mongodb-download.cjs`. */
  readonly script: string;
  /** The program that appears when it is whole. */
  readonly target: string;
  /** The runtime's own; the downloader gets an allow-list of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly guardian: Guardian;
  readonly signal: AbortSignal;
  readonly onProgress: (received: number, total: number) => void;
}

/** What went wrong, and what to do. */
export class MongodbError extends Error implements MongodbFailure {
  readonly remedy: string;

  constructor(message: string, remedy: string) {
    super(message);
    this.remedy = remedy;
  }
}

const SET_ADDRESS = 'Set DATABASE_URI to use a MongoDB that you have.';
const TRY_MS = 20_000;

/** Proxies, and where else the archives are. Never from a `.env`. */
const VARIABLES = /^((?:https?|all|no)_proxy|MONGOMS_(?:DOWNLOAD_MIRROR|DOWNLOAD_URL|USE_HTTP))$/i;

/** Where archives come from. */
export function downloadOrigin(environment: DownloadRequest['environment']): string {
  const { MONGOMS_DOWNLOAD_URL, MONGOMS_DOWNLOAD_MIRROR } = environment;
  const named = MONGOMS_DOWNLOAD_URL || MONGOMS_DOWNLOAD_MIRROR;
  return named !== undefined && URL.canParse(named) ? new URL(named).host : 'fastdl.mongodb.org';
}

/**
 * Downloads the server and tries it; only then is it at `target`.
 * @throws {MongodbError} when that fails; the signal's reason when it was cancelled
 */
export async function downloadMongod(request: DownloadRequest): Promise<void> {
  const { target, signal } = request;
  const folder = dirname(target);
  const building = `${folder}.new-${process.pid}`;
  try {
    await removeAbandoned(dirname(folder));
    await rm(building, { recursive: true, force: true });
    await mkdir(building, { recursive: true, mode: 0o700 });
    const path = await runDownload(request, building);
    signal.throwIfAborted();
    const program = join(building, target.slice(folder.length + 1));
    await rename(path, program);
    await tryProgram(program);
    await rename(building, folder);
  } catch (error) {
    await rm(building, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

/** One that does not start here, for want of a library say, is not stored. */
async function tryProgram(program: string): Promise<void> {
  try {
    await promisify(execFile)(program, ['--version'], { timeout: TRY_MS, windowsHide: true });
  } catch (error) {
    throw new MongodbError(`MongoDB does not run on this machine: ${errorMessage(error)}`, SET_ADDRESS);
  }
}

async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const abandoned = names.filter((name) => {
    const pid = /\.new-(\d+)$/.exec(name)?.[1];
    return pid !== undefined && !isRunning(Number(pid));
  });
  await Promise.all(abandoned.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** The path of the program. */
async function runDownload(request: DownloadRequest, folder: string): Promise<string> {
  const { script, environment, guardian, signal, onProgress } = request;
  signal.throwIfAborted();
  const child = spawn(process.execPath, [script, MONGODB_VERSION, folder], {
    // It looks for a package.json upwards from here, for settings.
    cwd: folder,
    env: {
      ...downloadEnvironment(environment),
      // Where it would find, and use, what somebody downloaded for something else.
      HOME: folder,
      USERPROFILE: folder,
      [MARK_VARIABLE]: guardian.mark,
    },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
    windowsHide: true,
  });
  const { pid } = child;
  const end = () => {
    if (pid !== undefined) killGroup(pid);
  };
  signal.addEventListener('abort', end, { once: true });
  if (pid !== undefined) guardian.watch(pid);
  try {
    return await new Promise((resolve, reject) => {
      child.on('message', (message: FromDownload) => {
        if (message.type === 'progress') onProgress(message.received, message.total);
        else if (message.type === 'done') resolve(message.path);
        else reject(failureOf(message, downloadOrigin(environment)));
      });
      child.once('error', reject);
      child.once('exit', (code) =>
        reject(
          signal.aborted
            ? signal.reason
            : new MongodbError(`The download ended early (exit code ${code})`, SET_ADDRESS),
        ),
      );
    });
  } finally {
    signal.removeEventListener('abort', end);
    if (pid !== undefined) guardian.forget(pid);
  }
}

function downloadEnvironment(environment: DownloadRequest['environment']): Record<string, string> {
  const chosen = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && VARIABLES.test(name) ? [[name, value] as const] : [],
  );
  return {
    ...pluginEnvironment(environment),
    ...Object.fromEntries(chosen),
    // Without it the downloader accepts any certificate, and what it brings is run.
    npm_config_strict_ssl: 'true',
    MONGOMS_MAX_RETRIES: '1',
    ...(process.versions.electron === undefined ? undefined : { ELECTRON_RUN_AS_NODE: '1' }),
  };
}

const UNREACHABLE = /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPIPE/;

function failureOf(
  { message, code }: Extract<FromDownload, { type: 'failed' }>,
  origin: string,
): MongodbError {
  const isUnreachable = UNREACHABLE.test(`${code} ${message}`);
  const [line = ''] = message.split('\n', 1);
  return isUnreachable
    ? new MongodbError(`This machine can’t reach ${origin}`, SET_ADDRESS)
    : new MongodbError(`MongoDB could not be downloaded from ${origin}: ${line}`, SET_ADDRESS);
}
