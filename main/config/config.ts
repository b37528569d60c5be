import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { NOTICE_VARIABLE } from '../bin/fallback-electron/floor.ts';
import { inOneLine } from '../system/printable.ts';
import { type Layer, type Layers, loadLayers, ownValue, pluginsFolder } from './layers.ts';
import { loadSecret } from './local-secret.ts';
import { createReader } from './reader.ts';
import { loadLastFolder } from './recent-folders.ts';
import { resolveAsProduction, withPreset } from './settings/as-production.ts';
import { needsLocalSecret, resolveAuth, secretValues } from './settings/auth.ts';
import { trialLayer } from './settings/dev-issuer.ts';
import { resolveEditor } from './settings/editor.ts';
import { resolveMonetization } from './settings/monetization.ts';
import { otlpSecrets, resolveOtlp } from './settings/otlp.ts';
import { resolveDatabase, resolvePluginVariables, secretVariables } from './settings/plugin-variables.ts';
import { resolvePlugins } from './settings/plugins.ts';
import { checkReach, resolveServer } from './settings/server.ts';
import type { AuthTrial, Config, ConfigProblem, ConfigSources, LocalSecret } from './types.ts';

/**
 * The runtime's configuration: read once at start, checked whole, frozen. This file holds the only reader of
 * `process.env`. Variables, defaults and precedence: CONTRACT.md §5.
 */

/** Every invalid setting, in one message. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const head = problems.length === 1 ? 'Invalid setting:' : 'Invalid settings:';
    super([head, ...problems.map(describeProblem)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function describeProblem({ name, value, place, remedy }: ConfigProblem): string {
  return `  ${inOneLine(`${name}${value === null ? '' : `=${value}`}${place ? ` (${place})` : ''}: ${remedy}`)}`;
}

/**
 * What the process itself gives: arguments after the script, environment, working directory, the user's
 * folder.
 */
export function processSources(argv: readonly string[] = process.argv.slice(2)): ConfigSources {
  const env = { ...process.env };
  return { env, argv, cwd: process.cwd(), configPath: userFolder(env) };
}

function userFolder(env: ConfigSources['env']): string {
  const name = 'mozaiks-workbench';
  if (process.platform === 'win32') return join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), name);
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', name);
  // The XDG rules: a relative path there is to be ignored.
  const base = env.XDG_CONFIG_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), '.config'), name);
}

/**
 * Reads the `.env` files, reads or makes the local secret where local mode needs it, then resolves.
 *
 * @throws ConfigError that lists every invalid setting (CONTRACT.md §5).
 */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const layers = withPreset(await loadLayers(sources, await loadLastFolder(sources.configPath)));
  const localSecret = needsLocalSecret(layers.layers) ? await loadSecret(sources.configPath) : null;
  return resolveConfig({ layers, localSecret, cwd: sources.cwd, configPath: sources.configPath });
}

/**
 * The plugins' folder alone, absolute: for commands that need nothing else, so that no other setting can stop
 * them.
 *
 * @throws ConfigError when the command line or a `.env` file can't be read.
 */
export async function loadPluginsPath(sources: ConfigSources): Promise<string> {
  const { layers, problems } = await loadLayers(sources);
  if (problems.length > 0) throw new ConfigError(problems);
  return pluginsFolder(layers, sources.cwd);
}

export interface ConfigInputs {
  readonly layers: Layers;
  /** The local secret; null when none is needed. */
  readonly localSecret: LocalSecret | null;
  readonly cwd: string;
  readonly configPath: string;
}

/**
 * Turns what was read into a frozen configuration; pure.
 *
 * @throws ConfigError that lists every invalid setting.
 */
function resolveConfig(inputs: ConfigInputs): Config {
  const { layers, notices: loadNotices, problems: loadProblems } = inputs.layers;
  const { settings, problems, notices, ...values } = resolveAll(layers, inputs);
  const allProblems = [...loadProblems, ...problems];
  if (allProblems.length > 0) throw new ConfigError(allProblems);
  const electronNotices = layers.flatMap(({ values }) => ownValue(values, NOTICE_VARIABLE) ?? []).slice(0, 1);
  const pluginVariables = resolvePluginVariables(layers, settings, values);
  return deepFreeze({
    ...values,
    pluginVariables,
    trial: resolveTrial(inputs),
    configPath: inputs.configPath,
    settings,
    notices: [...loadNotices, ...notices, ...electronNotices],
    secrets: [
      ...secretValues(layers, inputs.localSecret),
      ...secretVariables(layers, settings, pluginVariables),
      ...otlpSecrets(values.otlp),
    ],
  });
}

/** Every value, and what is wrong; an invalid setting has its default. */
export function resolveAll(layers: readonly Layer[], { localSecret, cwd }: ConfigInputs) {
  const reader = createReader(layers);
  const values = { ...resolveServer(reader), ...resolvePlugins(reader, layers, cwd) };
  const asProduction = resolveAsProduction(reader);
  const monetization = resolveMonetization(reader, { pluginsPath: values.pluginsPath, cwd });
  resolveDatabase(reader);
  const auth = resolveAuth(reader, localSecret);
  const editor = resolveEditor(reader, layers);
  const otlp = resolveOtlp(reader);
  checkReach(reader, values, auth);
  return { ...values, ...monetization, asProduction, auth, editor, otlp, ...reader.account() };
}

function resolveTrial(inputs: ConfigInputs): AuthTrial {
  const { layers } = inputs.layers;
  const { auth, settings, problems } = resolveAll([trialLayer(layers), ...layers], inputs);
  if (auth.mode === 'external' && problems.length === 0) return { auth, settings };
  return { problem: problems.map(describeProblem).join('\n').trim() };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(Object.freeze(value))) deepFreeze(inner);
  return value;
}
