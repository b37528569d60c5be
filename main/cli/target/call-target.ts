import { loadConfig, loadPluginsPath } from '../../config/config.ts';
import { DEFAULT_ADDRESS } from '../../config/settings/server.ts';
import type { Config } from '../../config/types.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { errorCode, errorMessage } from '../../system/errors.ts';
import { pickFreePort } from '../../system/ports.ts';
import { type CommandContext, Interrupted, UsageError } from '../command.ts';
import { findRunning, isOwnRuntime } from './running-runtime.ts';

/**
 * Where commands send their calls: to a given address, a running runtime, or one that is started for them.
 */
export interface CallTarget {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** Null if it was already running. Its traces are in memory, and nothing of it outlives `close`. */
  readonly started: Runtime | null;
  /** The current settings, read on first use. @throws ConfigError */
  settings(): Promise<Config>;
  /**
   * Whether tokens may be signed for it: a stranger could use them against the user's own runtime. Asked on first
   * use. @throws {WorkbenchError} NOT_READY when nothing answers there
   */
  isOwn(): Promise<boolean>;
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly url?: string;
  /** When given, a runtime is started over this folder even if another one is running. */
  readonly plugins?: string;
  /** The plugins' timeout in a runtime that is started. */
  readonly timeoutMs?: number | undefined;
  /** The plugins that will be called; default: all. */
  readonly only?: readonly string[] | undefined;
  /** Gets the log of a runtime that is started. */
  readonly write: (line: string) => void;
}

interface TargetRule {
  /** What the paragraph is about: "Runtime called". */
  readonly subject: string;
  /** Which plugins a runtime that is started loads. */
  readonly loads: string;
}

/** For help texts: how `openTarget` finds the runtime. */
export function describeTargetRule({ subject, loads }: TargetRule): string {
  return `${subject}: the one at --url; else your own that runs at HOST and PORT of the environment (default
http://127.0.0.1:8080), which stderr then names, unless --plugins names a folder; else one started for this command
on a free port with the current settings, which loads ${loads} and stops afterwards. Its traces stay in memory.
A .env does not choose the runtime, and nothing is sent to one there that does not prove to be yours: name it with --url.`;
}

/**
 * @throws {UsageError} when the address is not the user's choice, or what answers there not their runtime;
 *   {WorkbenchError} CONFLICT and others when no runtime can be started; ConfigError
 */
export async function openTarget(context: CommandContext, options: TargetOptions): Promise<CallTarget> {
  const { url, plugins } = options;
  if (url !== undefined) return named(url, context, plugins);
  if (plugins !== undefined) return start(context, options);
  const settings = await loadSettings(context, undefined);
  requireOwnAddress(settings);
  const running = await findRunning(settings);
  if (running === null) return start(context, options);
  const { baseUrl, isOwn } = running;
  if (!isOwn) {
    throw new UsageError(
      `The runtime that answers at ${baseUrl} does not prove to be yours, so nothing was sent to it: ${chooseTarget(baseUrl)}`,
    );
  }
  context.terminal.err(`Calling the running runtime at ${baseUrl}\n`);
  return { ...existing(baseUrl), settings: async () => settings, isOwn: async () => true };
}

function named(url: string, context: CommandContext, plugins: string | undefined): CallTarget {
  const { configPath } = context.sources;
  return {
    ...existing(url),
    settings: memo(() => loadSettings(context, plugins)),
    isOwn: memo(() =>
      isOwnRuntime(url, configPath).catch((error: unknown) => {
        throw toNotReady(url, error);
      }),
    ),
  };
}

function existing(baseUrl: string): Pick<CallTarget, 'baseUrl' | 'started' | 'close'> {
  return { baseUrl, started: null, close: async () => undefined };
}

/** A `.env` comes with a folder, and must not decide where a token or a body goes. */
function requireOwnAddress({ settings, host, port }: Config): void {
  const isDefault = { HOST: host === DEFAULT_ADDRESS.HOST, PORT: port === DEFAULT_ADDRESS.PORT };
  const chosen = settings.find(
    ({ name, source }) => source === 'env-file' && (name === 'HOST' || name === 'PORT') && !isDefault[name],
  );
  if (chosen === undefined) return;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  throw new UsageError(`${chosen.origin} does not choose the runtime that is called: ${chooseTarget(url)}`);
}

function chooseTarget(url: string): string {
  return `give --url ${url} to call what is there, or --plugins to have a runtime started`;
}

function memo<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/**
 * Ignores the folder last watched in the window: a command depends on its options and working directory
 * alone.
 */
async function loadSettings(
  { sources }: CommandContext,
  plugins: string | undefined,
  chosen: Readonly<Record<string, string>> = {},
): Promise<Config> {
  const argv = plugins === undefined ? [] : [`--plugins=${plugins}`];
  const folder = await loadPluginsPath({ ...sources, argv });
  return loadConfig({ ...sources, argv, chosen: { MOZAIKS_PLUGINS_PATH: folder, ...chosen } });
}

async function start(context: CommandContext, options: TargetOptions): Promise<CallTarget> {
  const { signal } = context;
  const chosen: Record<string, string> = {
    HOST: '127.0.0.1',
    PORT: '0',
    MOZAIKS_TRACES_MAX_MB: '0',
    ...(await freeIssuerPort(context, options)),
  };
  if (options.timeoutMs !== undefined) {
    chosen.MOZAIKS_PLUGIN_TIMEOUT_SECONDS = String(options.timeoutMs / 1000);
  }
  const config = await loadSettings(context, options.plugins, chosen);
  const { createHeadlessRuntime } = await import('./headless-runtime.ts');
  const { write, only } = options;
  const { runtime } = createHeadlessRuntime(config, context, { ui: false, write, only });
  try {
    await runtime.start();
    if (signal.aborted) throw new Interrupted();
  } catch (error) {
    await runtime.stop();
    throw error;
  }
  const { baseUrl } = runtime;
  return {
    baseUrl,
    started: runtime,
    settings: async () => config,
    isOwn: async () => true,
    close: () => runtime.stop(),
  };
}

/** A running workbench may use the issuer's usual port. */
async function freeIssuerPort(
  context: CommandContext,
  { plugins }: TargetOptions,
): Promise<Readonly<Record<string, string>>> {
  const { auth } = await loadSettings(context, plugins);
  if (auth.mode === 'local' || auth.devIssuer === null) return {};
  return { MOZAIKS_DEV_ISSUER_PORT: String(await pickFreePort()) };
}

export function toNotReady(baseUrl: string, error: unknown): WorkbenchError {
  const code = errorCode(error);
  const reason = code === undefined ? `: ${errorMessage(error)}` : ` (${code})`;
  return new WorkbenchError('NOT_READY', `Nothing answers at ${baseUrl}${reason}`, { cause: error });
}
