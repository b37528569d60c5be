import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
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

/** Makes a runtime whose traces are kept apart from all others. */
export type RuntimeFactory = (config: Config) => StartableRuntime;

/** A runtime over a folder of its own. */
export interface EphemeralRuntime {
  readonly runtime: StartableRuntime;
  /** Leaves no process, port or file behind. */
  stop(): Promise<void>;
}

/** How the settings of one such runtime are made, given its home, an empty folder, and the plugins' folder in it. */
export type ConfigFactory = (home: string, plugins: string) => Promise<Config>;

/**
 * Starts a runtime with the probe plugin in a folder of its own. When that fails nothing is left.
 * @throws {WorkbenchError} NOT_READY with the reason: no interpreter for the probe, no free port, no room
 */
export async function startEphemeral(
  make: RuntimeFactory,
  { language, createConfig, signal }: EphemeralOptions,
): Promise<EphemeralRuntime> {
  const home = await realpath(await mkdtemp(join(tmpdir(), 'mozaiks-check-')));
  let runtime: StartableRuntime | null = null;
  const stop = async () => {
    await runtime?.stop();
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const plugins = join(home, 'plugins');
    await writeProbe(plugins, language);
    runtime = make(await createConfig(home, plugins));
    await runtime.start();
    await probeServes(runtime.engine, signal);
    return { runtime, stop };
  } catch (error) {
    await stop();
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('NOT_READY', `A runtime for the checks could not be started: ${reason}`, {
      cause: error,
    });
  }
}

export interface EphemeralOptions {
  readonly language: ProbeLanguage;
  readonly createConfig: ConfigFactory;
  /** Gives up waiting. */
  readonly signal: AbortSignal;
}

/** A busy machine may take its time to start an interpreter; start() waits for three seconds of it. */
const PROBE_TIMEOUT_MS = 20_000;

function probeServes(engine: CheckedRuntime['engine'], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const undo: (() => void)[] = [];
    const done = (createConfig: () => void) => {
      for (const release of undo.splice(0)) release();
      createConfig();
    };
    const look = () => {
      const { serving = false, failure = null } = engine.get(PROBE) ?? {};
      if (serving) done(resolve);
      else if (failure !== null) done(() => reject(notLoaded(failure.message)));
    };
    const giveUp = () => done(() => reject(new Error('the wait for the probe plugin was ended')));
    const limit = setTimeout(giveUp, PROBE_TIMEOUT_MS);
    undo.push(() => clearTimeout(limit), engine.on('changed', look));
    undo.push(() => signal.removeEventListener('abort', giveUp));
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    else look();
  });
}

function notLoaded(message: string): Error {
  return new Error(`the probe plugin does not load: ${message.split('\n', 2).join('. ')}`);
}

/** So short that a run waits little; so long that a busy machine tells a call that blocks from an answer that is slow. */
const TIMEOUT_SECONDS = '2';

/** The timeout's variables in each variant; null leaves them as the checked runtime has them. */
const VARIANT_ENVIRONMENTS: Readonly<Record<Variant, Readonly<Record<string, string>> | null>> = {
  probe: null,
  'timeout-set': { MOZAIKS_PLUGIN_TIMEOUT_SECONDS: TIMEOUT_SECONDS },
  'timeout-unset': {},
  'timeout-older-name': { PLUGIN_EXEC_TIMEOUT_S: TIMEOUT_SECONDS },
};

export const VARIANT_DESCRIPTIONS: Readonly<Record<Variant, string>> = {
  probe: `a second runtime with these settings and the plugin ${PROBE}`,
  'timeout-set': `a second runtime with the plugin ${PROBE} and MOZAIKS_PLUGIN_TIMEOUT_SECONDS=${TIMEOUT_SECONDS}`,
  'timeout-unset': `a second runtime with the plugin ${PROBE} and no variable of the timeout`,
  'timeout-older-name': `a second runtime with the plugin ${PROBE} and PLUGIN_EXEC_TIMEOUT_S=${TIMEOUT_SECONDS}`,
};

/** The settings of a checked runtime's variant. A timeout goes through the same reading as any start's does. */
export function variantConfig(variant: Variant, config: Config, auth: AuthConfig): ConfigFactory {
  return async (home, plugins) => {
    const env = VARIANT_ENVIRONMENTS[variant];
    if (env === null) return ephemeralConfig({ ...config, auth: withoutIssuer(auth) }, home, plugins);
    const read = await loadConfig({ env, argv: [], cwd: home, configPath: join(home, 'user') });
    const { timeoutMs, settings } = read;
    return ephemeralConfig({ ...config, auth: withoutIssuer(auth), timeoutMs, settings }, home, plugins);
  };
}

/** The same settings for a runtime that gets in nobody's way: own folder and port, nothing kept, reached from here alone. */
export function ephemeralConfig(config: Config, home: string, plugins: string): Config {
  return {
    ...config,
    ...{ host: '127.0.0.1', port: 0, portExplicit: true },
    ...{ pluginsPath: plugins, configPath: join(home, 'user'), tracesMaxMb: 0, maxLiveHosts: 2, notices: [] },
  };
}

/** A development issuer is served once, by the runtime that is checked; another one fetches its keys like any verifier. */
function withoutIssuer(auth: AuthConfig): AuthConfig {
  return auth.mode === 'external' ? { ...auth, devIssuer: null } : auth;
}
