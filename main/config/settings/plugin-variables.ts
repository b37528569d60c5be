import type { Setting } from '../../contract/snapshot.ts';
import { passwordsIn } from '../../system/addresses.ts';
import { type Layer, ownValue } from '../layers.ts';
import type { Reader } from '../reader.ts';
import type { Config } from '../types.ts';
import { text } from '../values.ts';

/**
 * What plugins find in their environment beside the allow-list of the process's own (CONTRACT.md §5): in
 * production they share the server's, its `.env` included.
 */

/** Settings that plugins read in production; here they get what is in effect, defaults too. */
const IN_EFFECT = ['MOZAIKS_APP_ID', 'APP_TIER', 'APP_NAME', 'MONETIZATION'] as const;

/** Not settings of this product, but of what it stands for: passed on wherever they are set. */
const PASSED_ON = ['ENV', 'PLUGINS_DB_NAME'] as const;

/** One database serves under both names. */
const DATABASES = ['DATABASE_URI', 'MONGODB_URI'] as const;

/** Their values are ordinary words, which masking would take out of every text. */
const NOT_SECRET: readonly string[] = [...PASSED_ON, ...IN_EFFECT, 'NODE_ENV'];

/** `MOZAIKS_PLUGIN_ENV_KEY` is for plugins alone. */
const FOR_PLUGINS = 'MOZAIKS_PLUGIN_ENV_';

/** Shorter values would mask ordinary text. */
const MIN_SECRET_LENGTH = 8;

const DATABASE = 'The MongoDB that plugins use; MONGODB_URI counts where only that is set.';

/** Which database plugins use: those that are set, else the workbench's own. */
export function resolveDatabase(reader: Reader): void {
  const set = DATABASES.flatMap((name) => [FOR_PLUGINS + name, name]).filter((name) => reader.isSet(name));
  for (const name of set) {
    reader.read({ name, description: DATABASE, parse: text, fallback: '', fallbackText: null, secret: true });
  }
  if (set.length > 0) return;
  const [name] = DATABASES;
  const value = 'local database, not MongoDB';
  const origin = `${name} (default)`;
  reader.setting({ name, value, source: 'default', origin, description: DATABASE, secret: false });
}

type Variables = Readonly<Record<string, string>>;

/** Every variable of the `.env` files, and the settings in effect; those that plugins may not see included. */
export function resolvePluginVariables(
  layers: readonly Layer[],
  settings: readonly Setting[],
  { auth, pluginsPath, configsPath }: Pick<Config, 'auth' | 'pluginsPath' | 'configsPath'>,
): Variables {
  const variables: Record<string, string> = {};
  for (const name of [...envFileNames(layers), ...PASSED_ON]) {
    // As a server's own environment wins over its `.env`.
    const value = layers.map(({ values }) => values[name]).find((text) => text !== undefined);
    if (value !== undefined) variables[name] = value;
  }
  for (const { name, value } of settings) {
    if (IN_EFFECT.some((known) => known === name)) variables[name] = value;
  }
  const database = DATABASES.flatMap((name) => databaseOf(layers, name) ?? [])[0];
  for (const name of DATABASES) {
    const uri = databaseOf(layers, name) ?? database;
    if (uri !== undefined) variables[name] = uri;
  }
  variables.MOZAIKS_AUTH_MODE = auth.mode;
  variables.MOZAIKS_PLUGINS_PATH = pluginsPath;
  variables.MOZAIKS_CONFIGS_PATH = configsPath;
  return variables;
}

/**
 * What traces never show of them: values of variables that no setting of this product shows, and the passwords
 * in addresses.
 */
export function secretVariables(
  layers: readonly Layer[],
  settings: readonly Setting[],
  variables: Variables,
): readonly string[] {
  const shown = new Set([...NOT_SECRET, ...settings.filter(({ secret }) => !secret).map(({ name }) => name)]);
  const passed = Object.entries(variables).filter(([name]) => !shown.has(name));
  const meant = layers.flatMap(({ values }) =>
    Object.entries(values).filter(([name]) => name.startsWith(FOR_PLUGINS)),
  );
  return [...passed, ...meant]
    .flatMap(([, value = '']) => [value, ...passwordsIn(value)])
    .filter((value) => value.length >= MIN_SECRET_LENGTH);
}

function envFileNames(layers: readonly Layer[]): readonly string[] {
  return layers.filter(({ source }) => source === 'env-file').flatMap(({ values }) => Object.keys(values));
}

/** Also where it is meant for plugins alone. */
function databaseOf(layers: readonly Layer[], name: string): string | undefined {
  return effectiveValue(layers, FOR_PLUGINS + name) ?? effectiveValue(layers, name);
}

function effectiveValue(layers: readonly Layer[], name: string): string | undefined {
  return layers.map(({ values }) => ownValue(values, name)).find((value) => value !== undefined);
}
