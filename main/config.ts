import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { needsKeptSecret, resolveAuth, secretValues } from './config-auth.ts';
import { trialLayer } from './config-dev-issuer.ts';
import { type EditorSettings, resolveEditor } from './config-editor.ts';
import { loadLastFolder } from './config-folders.ts';
import { type Layer, type Layers, loadLayers, ownValue, pluginsFolder } from './config-layers.ts';
import { createReader } from './config-reader.ts';
import { type KeptSecret, loadSecret } from './config-secret.ts';
import { checkReach, resolvePlugins, resolveServer } from './config-settings.ts';
import type { Setting } from './contract/snapshot.ts';

/**
 * The runtime's configuration: read once at start, checked whole, frozen. This file holds the only reader of `process.env`.
 * Variables, defaults and precedence: contract §5.
 */

export type HmacAlgorithm = 'HS256' | 'HS384' | 'HS512';

/** Names of the claims that become an identity; unset ones fall back as contract §3 says. Dotted paths work. */
export interface ClaimNames {
  readonly userId?: string;
  readonly username?: string;
  readonly email?: string;
  readonly roles?: string;
  readonly superadmin?: string;
  /** The role that makes a superadmin, any letter case. */
  readonly superadminRole: string;
}

/** The two modes share no key path: a secret never verifies an external token, a public key never a local one. */
export type AuthConfig = LocalAuthConfig | ExternalAuthConfig;

export interface LocalAuthConfig {
  readonly mode: 'local';
  readonly secret: string;
  readonly algorithm: HmacAlgorithm;
  readonly requireToken: boolean;
  readonly claims: ClaimNames;
}

export interface ExternalAuthConfig {
  readonly mode: 'external';
  /** The issuer that this runtime runs itself, for trying external mode offline; null with a real provider. */
  readonly devIssuer: DevIssuerConfig | null;
  readonly jwksUrl: string;
  readonly issuer: string;
  readonly audience: string;
  readonly algorithms: readonly string[];
  readonly claims: ClaimNames;
}

/** The same settings with external mode and the development issuer put on top: what can be switched to while running. */
export type AuthTrial =
  | { readonly auth: ExternalAuthConfig; readonly settings: readonly Setting[] }
  /** Why that can't be: a setting that makes no sense with it. */
  | { readonly problem: string };

export interface DevIssuerConfig {
  /** On 127.0.0.1; part of the issuer's name, so it never moves by itself. */
  readonly port: number;
}

export interface Config {
  readonly appId: string;
  readonly appTier: string;
  readonly appName: string;
  /** An address or a host name, without brackets. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** The port was chosen by someone: when it is taken that is an error, never a reason to move. */
  readonly portExplicit: boolean;
  /** Host headers accepted besides the loopback ones, in lower case, as `name` or `name:port`. */
  readonly allowedHosts: readonly string[];
  /** Absolute. */
  readonly pluginsPath: string;
  readonly timeoutMs: number;
  /** Calls at once per plugin. */
  readonly maxConcurrency: number;
  readonly maxBodyBytes: number;
  /** Exact origins, as a browser sends them. */
  readonly corsOrigins: readonly string[];
  readonly auth: AuthConfig;
  readonly trial: AuthTrial;
  /** Plugin processes alive at once. */
  readonly maxLiveHosts: number;
  /** Memory of one plugin process, in MiB. */
  readonly pluginMemoryMb: number;
  /** The interpreter of Python plugins: a command, a path or the folder of a virtual environment. */
  readonly python: string;
  /** How changed files are noticed: `auto` compares them regularly where the system sends no events. */
  readonly watch: 'auto' | 'events' | 'polling';
  readonly editor: EditorSettings;
  /** Room for traces on disk, in MiB; 0 keeps them in memory only. */
  readonly tracesMaxMb: number;
  /** Every effective setting, secrets masked. */
  readonly settings: readonly Setting[];
  /** Things the user should know, in words: deprecated variables, settings without effect. */
  readonly notices: readonly string[];
  /** Exact values the redactor must mask. */
  readonly secrets: readonly string[];
  /** The per-user folder; the generated secret lives there. */
  readonly configPath: string;
}

/** Where a configuration is read from; a value, so that tests need no process of their own. */
export interface ConfigSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Arguments only: neither the executable nor the script. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The per-user folder. */
  readonly configPath: string;
  /** Variables chosen in a window of this start; they win over all others. */
  readonly chosen?: Readonly<Record<string, string>>;
}

export interface ConfigProblem {
  /** The variable or option. */
  readonly name: string;
  /** As given, masked when secret; null when it is missing. */
  readonly value: string | null;
  /** Where it was set: "environment", "command line" or the `.env` file. */
  readonly place?: string;
  /** What is wrong and what would be right. */
  readonly remedy: string;
}

/** Every variable that makes no sense, in one message. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const head = problems.length === 1 ? 'A setting makes no sense:' : 'Some settings make no sense:';
    super([head, ...problems.map(describeProblem)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

function describeProblem({ name, value, place, remedy }: ConfigProblem): string {
  return `  ${name}${value === null ? '' : `=${value}`}${place ? ` (${place})` : ''}: ${remedy}`;
}

/** What the process itself gives: arguments after the script, environment, working directory, the user's folder. */
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
 * Reads the `.env` files, makes or reads the kept secret where local mode needs it, then resolves.
 *
 * @throws ConfigError that lists every variable that makes no sense (contract §5).
 */
export async function loadConfig(sources: ConfigSources): Promise<Config> {
  const layers = await loadLayers(sources, await loadLastFolder(sources.configPath));
  const kept = needsKeptSecret(layers.layers) ? await loadSecret(sources.configPath) : null;
  return resolveConfig({ layers, kept, cwd: sources.cwd, configPath: sources.configPath });
}

/**
 * The plugins' folder alone, absolute: for commands that need nothing else, so that they mind no setting but this one.
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
  /** The kept secret; null when none is needed. */
  readonly kept: KeptSecret | null;
  readonly cwd: string;
  readonly configPath: string;
}

/**
 * Turns what was read into a frozen configuration; pure.
 *
 * @throws ConfigError that lists every variable that makes no sense.
 */
function resolveConfig(inputs: ConfigInputs): Config {
  const { layers, notices: loadNotices, problems: loadProblems } = inputs.layers;
  const { settings, problems, notices, ...values } = resolveAll(layers, inputs);
  const allProblems = [...loadProblems, ...problems];
  if (allProblems.length > 0) throw new ConfigError(allProblems);
  const electron = layers
    .map(({ values }) => ownValue(values, ELECTRON_NOTICE))
    .find((text) => text !== undefined);
  return deepFreeze({
    ...values,
    trial: resolveTrial(inputs),
    configPath: inputs.configPath,
    settings,
    notices: [...loadNotices, ...notices, ...(electron === undefined ? [] : [electron])],
    secrets: secretValues(layers, inputs.kept),
  });
}

/** Every value with what is wrong beside it; a setting that makes no sense has its default. */
export function resolveAll(layers: readonly Layer[], { kept, cwd }: ConfigInputs) {
  const reader = createReader(layers);
  const values = { ...resolveServer(reader), ...resolvePlugins(reader, layers, cwd) };
  const auth = resolveAuth(reader, kept);
  const editor = resolveEditor(reader, layers);
  checkReach(reader, values, auth);
  return { ...values, auth, editor, ...reader.account() };
}

function resolveTrial(inputs: ConfigInputs): AuthTrial {
  const { layers } = inputs.layers;
  const { auth, settings, problems } = resolveAll([trialLayer(layers), ...layers], inputs);
  if (auth.mode === 'external' && problems.length === 0) return { auth, settings };
  return { problem: problems.map(describeProblem).join('\n').trim() };
}

/** Set by the start script when it fell back to another Electron; shown, never a setting. */
const ELECTRON_NOTICE = 'MOZAIKS_WORKBENCH_ELECTRON_NOTICE';

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(Object.freeze(value))) deepFreeze(inner);
  return value;
}
