import { loadConfig, loadPluginsPath } from '../../config/config.ts';
import type { Config } from '../../config/types.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { HEADERS, ROUTES } from '../../contract/http.ts';
import type { Runtime } from '../../runtime/runtime.ts';
import { httpCall } from '../../system/http-call.ts';
import { pickFreePort } from '../../system/ports.ts';
import { type CommandContext, Interrupted } from '../command.ts';

/** Where the commands that call plugins send their calls: an address, a runtime that runs, or one that is started for them. */
export interface CallTarget {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Null where it ran before. Its traces are in memory, and nothing of it outlives `close`. */
  readonly started: Runtime | null;
  /** The settings in force here; read when first asked for. @throws ConfigError */
  settings(): Promise<Config>;
  close(): Promise<void>;
}

export interface TargetOptions {
  readonly url?: string;
  /** Given: a runtime is started over this folder, whatever runs. */
  readonly plugins?: string;
  /** What a plugin may take in a runtime that is started. */
  readonly timeoutMs?: number;
  /** The plugins that will be called; all unless told. */
  readonly only?: readonly string[];
  /** Gets the log of a runtime that is started. */
  readonly write: (line: string) => void;
}

/** For help texts: the rule by which `openTarget` goes. */
export const TARGET_HELP = `Where it is called: at --url when given; else at the runtime that answers at the configured address (HOST and PORT,
http://127.0.0.1:8080 unless set), unless --plugins names a folder; else at a runtime that is started for this alone, on a
free port, with the settings in force, and ended afterwards. Its traces are kept in memory only.`;

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

/** The folder watched last time in the window has no say: a command means what it says and where it stands. */
async function loadSettings(
  { sources }: CommandContext,
  plugins: string | undefined,
  chosen: Readonly<Record<string, string>> = {},
): Promise<Config> {
  const argv = plugins === undefined ? [] : [`--plugins=${plugins}`];
  const folder = await loadPluginsPath({ ...sources, argv });
  return loadConfig({ ...sources, argv, chosen: { MOZAIKS_PLUGINS_PATH: folder, ...chosen } });
}

const PROBE_MS = 2_000;

/** The configured address, when a runtime of this contract answers there. */
export async function findRunning({ host, port }: Pick<Config, 'host' | 'port'>): Promise<string | null> {
  if (port === 0) return null;
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const baseUrl = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
  try {
    const url = `${baseUrl}${ROUTES.health}`;
    const { headers } = await httpCall({ method: 'GET', url, headers: {}, body: null, timeoutMs: PROBE_MS });
    return /^1\.0(\.\d+)?$/.test(headers[HEADERS.runtimeVersion.toLowerCase()] ?? '') ? baseUrl : null;
  } catch {
    return null; // Nobody there, or nobody who speaks HTTP: either way no runtime.
  }
}

async function start(context: CommandContext, options: TargetOptions): Promise<CallTarget> {
  const { signal } = context;
  const config = await loadSettings(context, options.plugins, {
    ...{
      HOST: '127.0.0.1',
      PORT: '0',
      MOZAIKS_TRACES_MAX_MB: '0',
      ...(await freeIssuerPort(context, options)),
    },
    ...(options.timeoutMs === undefined
      ? {}
      : { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: String(options.timeoutMs / 1000) }),
  });
  const { makeHeadlessRuntime } = await import('./headless-runtime.ts');
  const { write, only } = options;
  const { runtime } = makeHeadlessRuntime(config, context, {
    ...{ ui: false, write },
    ...(only === undefined ? {} : { only }),
  });
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

/** A workbench may run beside it and have the issuer's usual port. */
async function freeIssuerPort(
  context: CommandContext,
  { plugins }: TargetOptions,
): Promise<Readonly<Record<string, string>>> {
  const { auth } = await loadSettings(context, plugins);
  if (auth.mode === 'local' || auth.devIssuer === null) return {};
  return { MOZAIKS_DEV_ISSUER_PORT: String(await pickFreePort()) };
}

/** An error of the socket in words. */
export function toNotReady(baseUrl: string, error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  const reason = code === '' && error instanceof Error ? `: ${error.message}` : code;
  return new WorkbenchError('NOT_READY', `Nothing answers at ${baseUrl}${reason}`, { cause: error });
}
