import { type Layer, pluginsFolder } from '../layers.ts';
import type { Reader, Variable } from '../reader.ts';
import type { AuthConfig, Config } from '../types.ts';
import {
  allowedHost,
  host,
  isLoopback,
  listOf,
  oneOf,
  origin,
  path,
  seconds,
  text,
  wholeNumber,
} from '../values.ts';

/** The variables of CONTRACT.md §5 that are not about identity. */

export type ServerSettings = Pick<
  Config,
  | 'appId'
  | 'appTier'
  | 'appName'
  | 'host'
  | 'port'
  | 'portExplicit'
  | 'allowedHosts'
  | 'corsOrigins'
  | 'maxBodyBytes'
>;
export type PluginSettings = Pick<
  Config,
  | 'pluginsPath'
  | 'timeoutMs'
  | 'maxConcurrency'
  | 'maxLiveHosts'
  | 'pluginMemoryMb'
  | 'tracesMaxMb'
  | 'python'
  | 'watch'
>;

const number = (
  name: string,
  fallback: number,
  [from, to]: readonly [number, number],
  description: string,
): Variable<number> => ({
  name,
  description,
  parse: wholeNumber(from, to),
  fallback,
  fallbackText: String(fallback),
});

const words = (name: string, fallback: string, description: string): Variable<string> => ({
  name,
  description,
  parse: text,
  fallback,
  fallbackText: fallback,
});

const NO_LIST: readonly string[] = [];
const MIB = 1024 * 1024;

export function resolveServer(reader: Reader): ServerSettings {
  const appId = reader.read(words('MOZAIKS_APP_ID', 'dev_app', 'The app that plugins see as app_id.'));
  const appTier = reader.read(words('APP_TIER', 'free', 'Tier of the app, shown by /health.'));
  const appName = reader.read(words('APP_NAME', 'Mozaiks', 'Name of the app, shown by /info.'));
  const address = reader.read<string>({
    ...words('HOST', '127.0.0.1', 'The address the server listens on.'),
    parse: host,
  });
  const port = reader.read(
    number('PORT', 8080, [0, 65_535], 'The port; 0 takes any free one. An unset one moves when it is taken.'),
  );
  const allowedHosts = reader.read<readonly string[]>({
    name: 'ALLOWED_HOSTS',
    description: 'Host headers accepted besides the loopback ones.',
    parse: listOf(allowedHost),
    fallback: NO_LIST,
    fallbackText: '',
    show: (list) => list.join(', '),
  });
  const corsOrigins = resolveOrigins(reader);
  const maxBodyBytes = reader.read(
    number('MAX_REQUEST_BODY_BYTES', 1_000_000, [1, 256 * MIB], 'The largest request body, in bytes.'),
  );
  const portExplicit = reader.isSet('PORT');
  return {
    appId,
    appTier,
    appName,
    host: address,
    port,
    portExplicit,
    allowedHosts,
    corsOrigins,
    maxBodyBytes,
  };
}

function resolveOrigins(reader: Reader): readonly string[] {
  const frontend = reader.read<string>({
    ...words('FRONTEND_URL', 'http://localhost:5173', 'The origin of the app itself (CORS).'),
    parse: origin,
  });
  const additional = reader.read<readonly string[]>({
    name: 'ADDITIONAL_CORS_ORIGINS',
    description: 'More origins that may call from a browser.',
    parse: listOf(origin),
    fallback: NO_LIST,
    fallbackText: '',
    show: (list) => list.join(', '),
  });
  return [...new Set([frontend, ...additional])];
}

const PYTHON: Variable<string> = {
  ...words(
    'MOZAIKS_PYTHON',
    process.platform === 'win32' ? 'python' : 'python3',
    'What runs Python plugins: a command, a path, or the folder of a virtual environment.',
  ),
  parse: path,
};

const WATCH: Variable<Config['watch']> = {
  name: 'MOZAIKS_WATCH',
  description: 'How changed files are noticed: auto, events or polling. auto polls where no events come.',
  parse: oneOf(['auto', 'events', 'polling']),
  fallback: 'auto',
  fallbackText: 'auto',
};

const TRACES_MAX_MB: Variable<number> = {
  ...number(
    'MOZAIKS_TRACES_MAX_MB',
    512,
    [0, 1_000_000],
    'Traces on disk, in MiB; 0 keeps them in memory only.',
  ),
  // The largest traces have some MiB, and a sixteenth is dropped at a time.
  parse: (value) => {
    const parsed = wholeNumber(0, 1_000_000)(value);
    return parsed.ok && parsed.value > 0 && parsed.value < 16
      ? { ok: false, remedy: 'give 0, or a whole number from 16 to 1000000' }
      : parsed;
  },
};

export function resolvePlugins(reader: Reader, layers: readonly Layer[], cwd: string): PluginSettings {
  const pluginsPath = pluginsFolder(layers, cwd);
  reader.read<string>({
    name: 'MOZAIKS_PLUGINS_PATH',
    description: 'The watched folder.',
    parse: path,
    fallback: pluginsPath,
    fallbackText: pluginsPath,
    show: () => pluginsPath,
  });
  const timeoutMs = reader.read<number>({
    name: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS',
    description: 'How long a plugin may take, queueing included, in seconds.',
    parse: seconds,
    fallback: 30_000,
    fallbackText: '30',
    deprecated: 'PLUGIN_EXEC_TIMEOUT_S',
  });
  const maxConcurrency = reader.read(
    number('PLUGIN_EXEC_MAX_CONCURRENCY', 8, [1, 10_000], 'Calls at once per plugin; more of them queue.'),
  );
  const maxLiveHosts = reader.read(
    number('MOZAIKS_MAX_PLUGIN_PROCESSES', 8, [1, 1000], 'Plugin processes alive at once; idle ones park.'),
  );
  const pluginMemoryMb = reader.read(
    number('MOZAIKS_PLUGIN_MEMORY_MB', 512, [64, 65_536], 'Memory of one plugin process, in MiB.'),
  );
  const tracesMaxMb = reader.read(TRACES_MAX_MB);
  const python = reader.read(PYTHON);
  const watch = reader.read(WATCH);
  return { pluginsPath, timeoutMs, maxConcurrency, maxLiveHosts, pluginMemoryMb, tracesMaxMb, python, watch };
}

/** A wider address is a door for the whole network (SECURITY.md §3). */
export function checkReach(
  reader: Reader,
  { host, allowedHosts }: Pick<Config, 'host' | 'allowedHosts'>,
  auth: AuthConfig,
): void {
  const tokenRequired = auth.mode === 'external' || auth.requireToken;
  if (isLoopback(host) || (allowedHosts.length > 0 && tokenRequired)) return;
  reader.problem({
    name: 'HOST',
    value: host,
    remedy:
      'reaches beyond this machine; give 127.0.0.1, or set ALLOWED_HOSTS to the Host headers to accept and make a token mandatory (MOZAIKS_REQUIRE_TOKEN=true)',
  });
}
