import { loadConfig, loadPluginsPath } from '../../config/config.ts';
import type { Config } from '../../config/types.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { HEADERS, ROUTES } from '../../contract/http.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { errorCode, errorMessage } from '../../system/errors.ts';
import { httpCall } from '../../system/http-call.ts';
import { pickFreePort } from '../../system/ports.ts';
import { type CommandContext, Interrupted } from '../command.ts';

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
  return `${subject}: the one at --url; else the one that answers at the configured address (HOST and PORT,
default http://127.0.0.1:8080), unless --plugins names a folder; else one started for this command on a free port
with the current settings, which loads ${loads} and stops afterwards. Its traces stay in memory.`;
}

/** @throws {WorkbenchError} CONFLICT and others when no runtime can be started; ConfigError */
export async function openTarget(context: CommandContext, options: TargetOptions): Promise<CallTarget> {
  const { url, plugins } = options;
  if (url !== undefined)
    return existing(
      url,
      memo(() => loadSettings(context, plugins)),
    );
  const settings = await loadSettings(context, plugins);
  const running = plugins === undefined ? await findRunning(settings) : null;
  if (running !== null) return existing(running, async () => settings);
  return start(context, options);
}

function existing(baseUrl: string, settings: () => Promise<Config>): CallTarget {
  return { baseUrl, started: null, settings, close: async () => undefined };
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

const PROBE_TIMEOUT_MS = 2_000;
/** Where an address that listens everywhere is reached from here. */
const LOOPBACK_OF: ReadonlyMap<string, string> = new Map([
  ['0.0.0.0', '127.0.0.1'],
  ['::', '::1'],
]);

/** The configured address, when a runtime of this contract answers there. */
export async function findRunning({ host, port }: Pick<Config, 'host' | 'port'>): Promise<string | null> {
  if (port === 0) return null;
  const reachable = LOOPBACK_OF.get(host) ?? host;
  const baseUrl = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  try {
    const url = `${baseUrl}${ROUTES.health}`;
    const { headers } = await httpCall({
      method: 'GET',
      url,
      headers: {},
      body: null,
      timeoutMs: PROBE_TIMEOUT_MS,
    });
    return /^1\.0(\.\d+)?$/.test(headers[HEADERS.runtimeVersion.toLowerCase()] ?? '') ? baseUrl : null;
  } catch {
    return null; // Nothing there speaks HTTP: no runtime.
  }
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
  return { baseUrl, started: runtime, settings: async () => config, close: () => runtime.stop() };
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
