import { devIssuerUrl } from '../config/settings/dev-issuer.ts';
import type { AuthConfig, Config } from '../config/types.ts';
import { PROBE } from '../conformance/target/probe.ts';
import type {
  CheckContext,
  CheckTarget,
  Skip,
  Variant,
  VariantTarget,
} from '../conformance/target/target.ts';
import { type CheckTokens, deriveTokens, NO_TOKENS, signTokens } from '../conformance/target/tokens.ts';
import type { ProbeLanguage } from '../contract/conformance.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { ISSUER_ROUTES, ROUTES } from '../contract/http.ts';
import { errorMessage } from '../system/errors.ts';
import { pickFreePort } from '../system/ports.ts';
import type { Ephemeral } from './ephemeral.ts';
import {
  type CheckedRuntime,
  ephemeralConfig,
  type RuntimeFactory,
  type StartableRuntime,
  startProbeRuntime,
  VARIANT_DESCRIPTIONS,
  variantConfig,
} from './variants.ts';

/**
 * This runtime as a target of the contract's checks. Clauses that need the probe plugin or other settings are
 * checked on second runtimes, started on first use, so that nothing is loaded into the developer's folder and
 * none of its plugins is disturbed.
 */

export interface OwnTargetOptions {
  /** The language of the probe plugin. */
  readonly language: ProbeLanguage;
  /** To call with if this runtime can't sign: external mode with a real provider. */
  readonly token?: string | undefined;
}

/** Opens targets for a running runtime, and stops what they started. */
export interface OwnTargets {
  /** The runtime as a target. Closing the target stops its second runtimes, never the runtime itself. */
  open(options: OwnTargetOptions): Promise<CheckTarget>;
  /** Closes every target that is still open. */
  stop(): Promise<void>;
}

export function createOwnTargets(running: CheckedRuntime, createRuntime: RuntimeFactory): OwnTargets {
  const openTargets = new Set<CheckTarget>();
  let stopped = false;
  return {
    async open(options) {
      const context = await describe(running, options.token);
      if (stopped) throw new WorkbenchError('NOT_READY', 'The runtime is stopping');
      const { close, ...target } = createTarget(running, createRuntime, options, context);
      const tracked: CheckTarget = {
        ...target,
        own: true,
        async close() {
          openTargets.delete(tracked);
          await close();
        },
      };
      openTargets.add(tracked);
      return tracked;
    },
    async stop() {
      stopped = true;
      await Promise.all([...openTargets].map((target) => target.close()));
    },
  };
}

/**
 * Starts a runtime of its own for checks: these settings on a free port, over a folder of its own with the
 * probe plugin.
 * @throws {WorkbenchError} NOT_READY when it can't be started, BAD_REQUEST for an invalid token
 */
export async function startOwnTarget(
  config: Config,
  createRuntime: RuntimeFactory,
  options: OwnTargetOptions & { readonly signal?: AbortSignal },
): Promise<CheckTarget> {
  const { language, token, signal = new AbortController().signal } = options;
  const createConfig = async (home: string, plugins: string) =>
    ephemeralConfig({ ...config, auth: await moveIssuer(config.auth) }, home, plugins);
  const { runtime, stop } = await startProbeRuntime(createRuntime, { language, createConfig, signal });
  try {
    const self = { ...(await describe(runtime, token)), allowDisruptive: true };
    const { findVariant, close, ...target } = createTarget(runtime, createRuntime, options, self);
    return {
      ...target,
      own: true,
      findVariant: async (wanted) => (wanted === 'probe' ? target.self : findVariant(wanted)),
      async close() {
        await close();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function createTarget(
  running: CheckedRuntime,
  createRuntime: RuntimeFactory,
  { language }: OwnTargetOptions,
  context: CheckContext,
): Pick<CheckTarget, 'self' | 'findVariant' | 'close'> {
  const ending = new AbortController();
  const started = new Map<Variant, Promise<Ephemeral<StartableRuntime>>>();
  const start = (variant: Variant) => {
    const createConfig = variantConfig(variant, running.config, running.authSwitch.current().auth);
    const runtime = startProbeRuntime(createRuntime, { language, createConfig, signal: ending.signal });
    started.set(variant, runtime);
    return runtime;
  };
  const findVariant = async (variant: Variant): Promise<VariantTarget | Skip> => {
    if (ending.signal.aborted) return { skip: 'the run has ended' };
    try {
      const { runtime } = await (started.get(variant) ?? start(variant));
      // The checked runtime signs the tokens: a second one only trusts the same keys.
      const { mode, tokens, caller } = context;
      const itsOwn = { ...describeSettings(runtime), mode, tokens, caller, allowDisruptive: true };
      return {
        origin: new URL(runtime.baseUrl),
        context: itsOwn,
        description: VARIANT_DESCRIPTIONS[variant],
      };
    } catch (error) {
      return { skip: errorMessage(error) };
    }
  };
  return {
    self: { origin: new URL(running.baseUrl), context, description: null },
    findVariant,
    async close() {
      ending.abort();
      // One that could not start has already rejected to its caller, and left nothing.
      const stopped = [...started.values()].map(async (runtime) => (await runtime.catch(() => null))?.stop());
      started.clear();
      await Promise.all(stopped);
    },
  };
}

async function describe(runtime: CheckedRuntime, token: string | undefined): Promise<CheckContext> {
  return { ...describeSettings(runtime), ...(await createTokens(runtime, token)), allowDisruptive: false };
}

/**
 * With a real identity provider there is no private key here: without a token, clauses that need a caller are
 * skipped.
 */
async function createTokens({ authSwitch }: CheckedRuntime, token: string | undefined): Promise<CheckTokens> {
  const { auth } = authSwitch.current();
  const { mint } = authSwitch;
  if (mint.signs.algorithm !== null) return signTokens(auth, (claims) => mint.mint(claims));
  const given = token === undefined ? NO_TOKENS : deriveTokens(token, { names: auth.claims });
  return { ...given, mode: auth.mode };
}

function describeSettings({ config, engine, authSwitch }: CheckedRuntime) {
  const { auth } = authSwitch.current();
  const enabled = engine.list().filter((plugin) => plugin.enabled);
  const runnable = enabled.filter(({ serving }) => serving);
  const failing = enabled.find(({ serving, failure }) => !serving && failure !== null);
  return {
    anonymousAllowed: auth.mode === 'local' && !auth.requireToken,
    plugin: runnable[0]?.name ?? null,
    failing: failing?.name ?? null,
    probe: runnable.some(({ name }) => name === PROBE) ? PROBE : null,
    executeRoute: ROUTES.execute,
    maxBodyBytes: config.maxBodyBytes,
    allowedOrigin: config.corsOrigins[0] ?? '',
    timeout: resolveTimeout(config),
  };
}

function resolveTimeout({ settings, timeoutMs }: Config): CheckContext['timeout'] {
  const name = 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS';
  const source = settings.find((setting) => setting.name === name)?.source ?? 'default';
  const set = source === 'deprecated-alias' ? 'PLUGIN_EXEC_TIMEOUT_S' : name;
  return { seconds: timeoutMs / 1000, from: source === 'default' ? 'default' : set };
}

/** A running workbench may use the issuer's usual port. The issuer's address is part of its name. */
async function moveIssuer(auth: AuthConfig): Promise<AuthConfig> {
  if (auth.mode === 'local' || auth.devIssuer === null) return auth;
  const devIssuer = { port: await pickFreePort() };
  const issuer = devIssuerUrl(devIssuer);
  return { ...auth, devIssuer, issuer, jwksUrl: `${issuer}${ISSUER_ROUTES.jwks}` };
}
