import { dirname, join, resolve } from 'node:path';
import { parse } from 'dotenv';
import type { RecentFolder } from '../contract/folder.ts';
import type { Setting } from '../contract/snapshot.ts';
import { hasErrorCode } from '../system/errors.ts';
import { isInside } from '../system/paths.ts';
import { describeReadError, readBoundedFile } from '../system/read-file.ts';
import type { ConfigProblem, ConfigSources } from './types.ts';

/** One place that may set variables. Earlier layers win (CONTRACT.md §5). */
export interface Layer {
  readonly source: Setting['source'];
  /** "command line", "environment" or the path of the `.env` file. */
  readonly place: string;
  readonly values: Readonly<Record<string, string | undefined>>;
}

export interface Layers {
  readonly layers: readonly Layer[];
  readonly problems: readonly ConfigProblem[];
  readonly notices: readonly string[];
}

/** Each option of the command line and the variable it sets. */
export const OPTIONS = {
  '--port': 'PORT',
  '--plugins': 'MOZAIKS_PLUGINS_PATH',
  '--host': 'HOST',
  '--auth-mode': 'MOZAIKS_AUTH_MODE',
  '--dev-issuer': 'MOZAIKS_DEV_ISSUER',
  '--as-production': 'MOZAIKS_AS_PRODUCTION',
} as const;

/** Options that mean yes when nothing follows them. */
const SWITCHES: readonly string[] = ['--dev-issuer', '--as-production'];

const PLUGINS_PATH = 'MOZAIKS_PLUGINS_PATH';
const PYTHON = 'MOZAIKS_PYTHON';

/**
 * Reads every layer: command line, environment, the `.env` beside the plugins' folder, the `.env` in the
 * working directory, and last the folder that was watched last time. A missing file is not a problem; one
 * that can't be read is.
 */
export async function loadLayers(
  sources: ConfigSources,
  lastFolder: RecentFolder | null = null,
): Promise<Layers> {
  const line = parseArguments(sources.argv);
  const chosen: Layer[] = sources.chosen === undefined ? [] : [{ ...CHOSEN, values: sources.chosen }];
  const own: Layer[] = [
    ...chosen,
    { source: 'command-line', place: 'command line', values: line.values },
    { source: 'environment', place: 'environment', values: sources.env },
  ];
  const read = await loadEnvFile(join(sources.cwd, '.env'));
  const named = [...own, ...read.layers];
  const last = reopened(lastFolder, named, sources.cwd);
  const folder = pluginsFolder([...named, ...last.layers], sources.cwd);
  const besidePath = join(dirname(folder), '.env');
  const found = besidePath === join(sources.cwd, '.env') ? NOTHING : await loadEnvFile(besidePath);
  const beside = without(PLUGINS_PATH, found, "that file was found beside the plugins' folder");
  // What it starts, it starts for the plugins of its own folder, which run anyway.
  const here = isInside(sources.cwd, folder)
    ? read
    : without(PYTHON, read, "the plugins' folder is not below that file's own");
  return {
    layers: [...own, ...beside.layers, ...here.layers, ...last.layers],
    problems: [...line.problems, ...beside.problems, ...here.problems],
    notices: [...beside.notices, ...here.notices, ...last.notices],
  };
}

/** The plugins' folder as these layers set it; absolute. Relative paths start at the working directory. */
export function pluginsFolder(layers: readonly Layer[], cwd: string): string {
  const set = layers.map(({ values }) => ownValue(values, PLUGINS_PATH)).find((value) => value !== undefined);
  return resolve(cwd, set ?? 'plugins');
}

/**
 * A variable's text without blanks around it; undefined when it is unset or empty, which mean the same here.
 */
export function ownValue(values: Layer['values'], name: string): string | undefined {
  const text = Object.hasOwn(values, name) ? values[name]?.trim() : undefined;
  return text === '' ? undefined : text;
}

/** What is chosen in the UI rather than set. */
const CHOSEN = { source: 'window', place: 'chosen in the window' } as const;

const NOTHING: Layers = { layers: [], problems: [], notices: [] };

/** The last folder counts only where nothing else names one; a notice says so either way. */
function reopened(lastFolder: RecentFolder | null, named: readonly Layer[], cwd: string): Layers {
  const isNamed = named.some(({ values }) => ownValue(values, PLUGINS_PATH) !== undefined);
  const usual = resolve(cwd, 'plugins');
  if (lastFolder === null || isNamed || lastFolder.path === usual) return NOTHING;
  const { path, state } = lastFolder;
  if (state === 'missing') {
    return { ...NOTHING, notices: [`${path}, watched last time, is gone: started with ${usual} instead.`] };
  }
  return {
    ...NOTHING,
    layers: [{ ...CHOSEN, values: { [PLUGINS_PATH]: path } }],
    notices: [`Started with ${path}, the folder of last time, not ${usual}.`],
  };
}

/** Understands `--port 80` and `--port=80`; anything else is a problem, never ignored. */
export function parseArguments(argv: readonly string[]): {
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly ConfigProblem[];
} {
  const values: Record<string, string> = {};
  const problems: ConfigProblem[] = [];
  const rest = [...argv];
  for (let given = rest.shift(); given !== undefined; given = rest.shift()) {
    const [option = '', inline] = splitOnce(given, '=');
    if (!isOption(option)) {
      const remedy = `is an unknown argument; known are ${Object.keys(OPTIONS).join(', ')}`;
      problems.push({ name: given, value: null, remedy });
      continue;
    }
    const value = inline ?? valueAfter(option, rest);
    if (value === undefined || value.trim() === '') {
      problems.push({ name: option, value: null, remedy: 'needs a value' });
    } else if (Object.hasOwn(values, OPTIONS[option])) {
      problems.push({ name: option, value, remedy: 'is given twice; give it once' });
    } else {
      values[OPTIONS[option]] = value;
    }
  }
  return { values, problems };
}

/** Takes the value from what follows the option; undefined when it has none. */
function valueAfter(option: string, rest: string[]): string | undefined {
  const hasValue = rest[0] !== undefined && !rest[0].startsWith('--');
  if (hasValue) return rest.shift();
  return SWITCHES.includes(option) ? 'true' : undefined;
}

function isOption(text: string): text is keyof typeof OPTIONS {
  return Object.hasOwn(OPTIONS, text);
}

function splitOnce(text: string, separator: string): readonly [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

const MAX_ENV_FILE_BYTES = 1024 * 1024;

async function loadEnvFile(path: string): Promise<Layers> {
  try {
    const text = (await readBoundedFile(path, { maxBytes: MAX_ENV_FILE_BYTES })).toString('utf8');
    return {
      ...NOTHING,
      layers: [{ source: 'env-file', place: path, values: parse(text.replace(/^\uFEFF/, '')) }],
    };
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return NOTHING;
    const remedy = `can't be read (${describeReadError(error)}); make it a readable file or remove it`;
    return { ...NOTHING, problems: [{ name: path, value: null, remedy }] };
  }
}

/** A `.env` that may not set this variable, for the reason that the notice gives. */
function without(name: string, file: Layers, reason: string): Layers {
  const [layer] = file.layers;
  if (!layer || ownValue(layer.values, name) === undefined) return file;
  const { [name]: _ignored, ...values } = layer.values;
  return {
    ...file,
    layers: [{ ...layer, values }],
    notices: [`${name} in ${layer.place} has no effect: ${reason}.`],
  };
}
