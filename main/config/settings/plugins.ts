import { CHILD_SPAN_MODES } from '../../contract/child-span.ts';
import type { Setting } from '../../contract/snapshot.ts';
import { type Layer, pluginsFolder } from '../layers.ts';
import { numberVariable, type Reader, textVariable, type Variable } from '../reader.ts';
import type { Config } from '../types.ts';
import { oneOf, path, seconds, wholeNumber } from '../values.ts';

/** Variables of the plugins, their processes and the traces of their calls (CONTRACT.md §5). */

export type PluginSettings = Pick<
  Config,
  | 'pluginsPath'
  | 'timeoutMs'
  | 'maxConcurrency'
  | 'maxLiveHosts'
  | 'pluginMemoryMb'
  | 'childSpans'
  | 'tracesMaxMb'
  | 'python'
  | 'watch'
>;

const DEFAULT_PYTHON = process.platform === 'win32' ? 'python' : 'python3';

const PYTHON: Variable<string> = {
  ...textVariable(
    'MOZAIKS_PYTHON',
    DEFAULT_PYTHON,
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

const CHILD_SPANS: Variable<Config['childSpans']> = {
  name: 'MOZAIKS_CHILD_SPANS',
  description:
    'Whether traces show what a plugin does outside its code: on, off, or bodies, which adds those of HTTP requests.',
  parse: oneOf(CHILD_SPAN_MODES),
  fallback: 'on',
  fallbackText: 'on',
};

const TRACES_MAX_MB: Variable<number> = {
  ...numberVariable(
    'MOZAIKS_TRACES_MAX_MB',
    512,
    [0, 1_000_000],
    'Traces on disk, in MiB; 0 keeps them in memory only.',
  ),
  // The largest traces have some MiB, and a sixteenth of the room is freed at a time.
  parse: (value) => {
    const parsed = wholeNumber(0, 1_000_000)(value);
    return parsed.ok && parsed.value > 0 && parsed.value < 16
      ? { ok: false, remedy: 'give 0, or a whole number from 16 to 1000000' }
      : parsed;
  },
};

/**
 * Where a `.env` names the interpreter, and what to start instead where none of its folder's plugins runs: the file
 * came with that folder.
 */
export function pythonOfEnvFile(
  settings: readonly Setting[],
): { readonly origin: string; readonly instead: string } | null {
  const found = settings.find(({ name, source }) => name === PYTHON.name && source === 'env-file');
  return found === undefined ? null : { origin: found.origin, instead: DEFAULT_PYTHON };
}

/** Who chose the interpreter, such as "MOZAIKS_PYTHON (environment)": then no other takes its place. Null: nobody. */
export function pythonSetBy(settings: readonly Setting[]): string | null {
  const setting = settings.find(({ name }) => name === PYTHON.name);
  return setting === undefined || setting.source === 'default' ? null : setting.origin;
}

export function resolvePlugins(reader: Reader, layers: readonly Layer[], cwd: string): PluginSettings {
  const pluginsPath = pluginsFolder(layers, cwd);
  reader.read<string>({
    name: 'MOZAIKS_PLUGINS_PATH',
    description: 'The watched folder; in production it is called plugins.',
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
    numberVariable(
      'PLUGIN_EXEC_MAX_CONCURRENCY',
      8,
      [1, 10_000],
      'Calls at once per plugin; more of them queue.',
    ),
  );
  const maxLiveHosts = reader.read(
    numberVariable(
      'MOZAIKS_MAX_PLUGIN_PROCESSES',
      8,
      [1, 1000],
      'Plugin processes alive at once; idle ones park.',
    ),
  );
  const pluginMemoryMb = reader.read(
    numberVariable('MOZAIKS_PLUGIN_MEMORY_MB', 512, [64, 65_536], 'Memory of one plugin process, in MiB.'),
  );
  const childSpans = reader.read(CHILD_SPANS);
  const tracesMaxMb = reader.read(TRACES_MAX_MB);
  const python = reader.read(PYTHON);
  const watch = reader.read(WATCH);
  return {
    pluginsPath,
    timeoutMs,
    maxConcurrency,
    maxLiveHosts,
    pluginMemoryMb,
    childSpans,
    tracesMaxMb,
    python,
    watch,
  };
}
