import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SwitchableAuth } from '../auth/switchable-auth.ts';
import { loadConfig } from '../config/config.ts';
import type { AuthConfig, Config } from '../config/types.ts';
import { PROBE } from '../conformance/target/probe.ts';
import { writeProbe } from '../conformance/target/probe-files.ts';
import type { Variant } from '../conformance/target/target.ts';
import type { ProbeLanguage } from '../contract/conformance.ts';
import { WorkbenchError } from '../contract/errors.ts';
import type { PluginEngine } from '../plugins/engine/types.ts';
import { errorMessage } from '../system/errors.ts';
import { TimeoutError, waitForEvent } from '../system/wait.ts';
import { type Ephemeral, startEphemeral } from './ephemeral.ts';

/** The parts of a runtime that its checks use. */
export interface CheckedRuntime {
  readonly config: Config;
  readonly engine: Pick<PluginEngine, 'get' | 'list' | 'on'>;
  readonly authSwitch: Pick<SwitchableAuth, 'current' | 'mint'>;
  readonly baseUrl: string;
}

export interface StartableRuntime extends CheckedRuntime {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Creates a runtime whose traces are stored apart from all others. */
export type RuntimeFactory = (config: Config) => StartableRuntime;

/**
 * Creates the settings of a second runtime, given its home, an empty folder, and the plugins' folder in it.
 */
export type ConfigFactory = (home: string, plugins: string) => Promise<Config>;

export interface ProbeRuntimeOptions {
  readonly language: ProbeLanguage;
  readonly createConfig: ConfigFactory;
  /** Cancels waiting for the probe plugin. */
  readonly signal: AbortSignal;
}

/**
 * Starts a runtime with the probe plugin in its plugins' folder, and {@link BESIDE_PROBE}. When that fails nothing
 * is left.
 * @throws {WorkbenchError} NOT_READY with the reason: no interpreter for the probe, no free port, no room
 */
export async function startProbeRuntime(
  createRuntime: RuntimeFactory,
  { language, createConfig, signal }: ProbeRuntimeOptions,
): Promise<Ephemeral<StartableRuntime>> {
  try {
    return await startEphemeral({
      purpose: 'check',
      async create(home) {
        const plugins = join(home, 'plugins');
        await writeProbe(plugins, language);
        await writeBesideProbe(plugins);
        return createRuntime(await createConfig(home, plugins));
      },
      whenReady: ({ engine }) => waitForProbe(engine, signal),
    });
  } catch (error) {
    const message = `A runtime for the checks could not be started: ${errorMessage(error)}`;
    throw new WorkbenchError('NOT_READY', message, { cause: error });
  }
}

const FAILING = 'contract-failing';

/** What must not execute, so that its clauses rest on evidence: a folder's name, and the code in it. */
const BESIDE_PROBE: Readonly<Record<string, string>> = {
  registry: 'export const execute = () => ({ registry: true });',
  [FAILING]:
    '// Left unfinished on purpose: the checks look at what becomes of it.\nexport const execute = (',
};

async function writeBesideProbe(plugins: string): Promise<void> {
  for (const [name, code] of Object.entries(BESIDE_PROBE)) {
    await mkdir(join(plugins, name));
    await writeFile(join(plugins, name, 'logic.js'), code);
  }
}

/** A busy machine may take its time to start an interpreter; start() waits for three seconds of it. */
const PROBE_TIMEOUT_MS = 20_000;

async function waitForProbe(engine: CheckedRuntime['engine'], signal: AbortSignal): Promise<void> {
  type ProbeState = {
    readonly serving: boolean;
    readonly failure: { readonly message: string } | null;
    readonly othersDecided: boolean;
  };
  const subscribe = (listener: (state: ProbeState) => void) => {
    const report = () => {
      const { serving = false, failure = null } = engine.get(PROBE) ?? {};
      const othersDecided = (engine.get(FAILING)?.failure ?? null) !== null;
      listener({ serving, failure, othersDecided });
    };
    const unsubscribe = engine.on('changed', report);
    report();
    return unsubscribe;
  };
  const isDecided = ({ serving, failure, othersDecided }: ProbeState) =>
    failure !== null || (serving && othersDecided);
  try {
    const options = { timeoutMs: PROBE_TIMEOUT_MS, signal, accept: isDecided };
    const { serving, failure } = await waitForEvent(subscribe, options);
    if (!serving && failure !== null) throw notLoaded(failure.message);
  } catch (error) {
    if (signal.aborted) throw new Error('waiting for the probe plugin was cancelled', { cause: error });
    if (!(error instanceof TimeoutError)) throw error;
    const seconds = PROBE_TIMEOUT_MS / 1000;
    throw new Error(`the probe plugin did not load within ${seconds} seconds`, { cause: error });
  }
}

function notLoaded(message: string): Error {
  return new Error(`the probe plugin does not load: ${message.split('\n', 2).join('. ')}`);
}

/**
 * Short, since each run waits for it, and long enough to tell a blocking call from a slow answer on a busy
 * machine.
 */
const TIMEOUT_SECONDS = '2';

/** The timeout's variables in each variant; null: as in the checked runtime. */
const VARIANT_ENVIRONMENTS: Readonly<Record<Variant, Readonly<Record<string, string>> | null>> = {
  probe: null,
  'timeout-set': { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: TIMEOUT_SECONDS },
  'timeout-unset': {},
  'timeout-older-name': { PLUGIN_EXEC_TIMEOUT_S: TIMEOUT_SECONDS },
};

export const VARIANT_DESCRIPTIONS: Readonly<Record<Variant, string>> = {
  probe: `a second runtime with these settings and the plugin ${PROBE}`,
  'timeout-set': `a second runtime with the plugin ${PROBE} and MOZAIKS_PLUGIN_TIMEOUT_SECONDS=${TIMEOUT_SECONDS}`,
  'timeout-unset': `a second runtime with the plugin ${PROBE} and no timeout variable`,
  'timeout-older-name': `a second runtime with the plugin ${PROBE} and PLUGIN_EXEC_TIMEOUT_S=${TIMEOUT_SECONDS}`,
};

/** The settings of a checked runtime's variant. The timeout is read from its variables as at any start. */
export function variantConfig(variant: Variant, config: Config, auth: AuthConfig): ConfigFactory {
  return async (home, plugins) => {
    const env = VARIANT_ENVIRONMENTS[variant];
    if (env === null) return ephemeralConfig({ ...config, auth: withoutIssuer(auth) }, home, plugins);
    const read = await loadConfig({ env, argv: [], cwd: home, configPath: join(home, 'user') });
    const { timeoutMs, settings } = read;
    return ephemeralConfig({ ...config, auth: withoutIssuer(auth), timeoutMs, settings }, home, plugins);
  };
}

/**
 * The same settings for a runtime that disturbs no other: own folder and port, nothing on disk, local clients
 * only.
 */
export function ephemeralConfig(config: Config, home: string, plugins: string): Config {
  return {
    ...config,
    host: '127.0.0.1',
    port: 0,
    portExplicit: true,
    pluginsPath: plugins,
    configPath: join(home, 'user'),
    tracesMaxMb: 0,
    maxLiveHosts: 2,
    otlp: null,
    notices: [],
  };
}

/** The checked runtime serves the development issuer; a variant fetches its keys like any verifier. */
function withoutIssuer(auth: AuthConfig): AuthConfig {
  return auth.mode === 'external' ? { ...auth, devIssuer: null } : auth;
}
