import { WorkbenchError } from '../../contract/errors.ts';
import { PROBE } from './probe.ts';
import { inspectTarget, type TargetInfo } from './survey.ts';
import {
  type CheckContext,
  type CheckTarget,
  NO_CALLER,
  type Skip,
  type TimeoutSource,
  type Variant,
} from './target.ts';
import { type CheckTokens, NO_TOKENS } from './tokens.ts';

export interface RemoteOptions {
  /** Its origin: `http://127.0.0.1:8080`. */
  readonly url: string;
  /**
   * Tokens to call it with (see tokens.ts); without them, clauses that need a caller are skipped if it
   * requires a token.
   */
  readonly tokens?: CheckTokens;
  /** Its MOZAIKS_PLUGIN_TIMEOUT_SECONDS, if known. */
  readonly timeoutSeconds?: number | undefined;
  /** Its MAX_REQUEST_BODY_BYTES; default: the contract's. */
  readonly maxBodyBytes?: number | undefined;
  /** An origin that may call it from a browser; default: the contract's. */
  readonly allowedOrigin?: string | undefined;
  /**
   * Allows calls that end or block a plugin's process, which take down a runtime that doesn't isolate its
   * plugins.
   */
  readonly allowDisruptive?: boolean | undefined;
}

/** Defaults of CONTRACT.md §5, which can't be observed from outside. */
const DEFAULTS = { timeoutSeconds: 30, maxBodyBytes: 1_000_000, allowedOrigin: 'http://localhost:5173' };

/**
 * Another runtime as a target, after asking it over HTTP what it offers.
 * @throws {WorkbenchError} BAD_REQUEST when `url` is not an origin, NOT_READY when nothing answers there:
 *   checking every clause would only take long
 */
export async function connectTarget(options: RemoteOptions, signal: AbortSignal): Promise<CheckTarget> {
  const { tokens = NO_TOKENS } = options;
  const origin = parseOrigin(options.url);
  const info = await inspectTarget(origin, tokens.tokens.user ?? null, signal);
  const { anonymousAllowed, plugins, failing, probe, executeRoute } = info;
  const noProbe = probe === null ? explainMissingProbe(info, tokens) : null;
  const context: CheckContext = {
    ...tokens,
    anonymousAllowed,
    plugin: plugins[0] ?? (probe === null ? null : PROBE),
    failing: failing[0] ?? null,
    probe: probe === null ? null : PROBE,
    executeRoute,
    maxBodyBytes: options.maxBodyBytes ?? DEFAULTS.maxBodyBytes,
    allowedOrigin: options.allowedOrigin ?? DEFAULTS.allowedOrigin,
    timeout: resolveTimeout(options.timeoutSeconds, probe),
    allowDisruptive: options.allowDisruptive ?? false,
  };
  const self = { origin, context, description: null };
  return {
    self,
    own: false,
    findVariant: async (variant) => noProbe ?? findObstacle(variant, context.timeout) ?? self,
    close: async () => undefined,
  };
}

/** @throws {WorkbenchError} BAD_REQUEST when `target` is not the address of a server, without a path */
export function parseOrigin(target: string): URL {
  const url = parseUrl(target);
  const isOrigin = url !== null && url.username === '' && url.password === '' && url.pathname === '/';
  const isPlain = isOrigin && url.search === '' && url.hash === '';
  if (isPlain && ['http:', 'https:'].includes(url.protocol)) return url;
  throw new WorkbenchError(
    'BAD_REQUEST',
    `${JSON.stringify(target.slice(0, 200))} is not a runtime's address; give it as http://host:port, without a path`,
  );
}

/** Without `URL.canParse`, which the oldest supported Electron lacks. */
function parseUrl(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

function resolveTimeout(given: number | undefined, probe: TargetInfo['probe']): CheckContext['timeout'] {
  const newer = parseSeconds(probe?.environment.MOZAIKS_PLUGIN_TIMEOUT_SECONDS);
  const older = parseSeconds(probe?.environment.PLUGIN_EXEC_TIMEOUT_S);
  const seen: readonly (readonly [number | null, TimeoutSource])[] = [
    [newer, 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS'],
    [older, 'PLUGIN_EXEC_TIMEOUT_S'],
  ];
  for (const [seconds, from] of seen) if (seconds !== null) return { seconds: given ?? seconds, from };
  if (given !== undefined) return { seconds: given, from: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS' };
  return { seconds: DEFAULTS.timeoutSeconds, from: 'assumed' };
}

function parseSeconds(text: unknown): number | null {
  const seconds = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

function explainMissingProbe({ callerRefused }: TargetInfo, { tokens }: CheckTokens): Skip {
  if (!callerRefused) {
    const skip = `the target has not loaded the plugin ${PROBE}: install it with \`mozaiks-workbench check --save-probe <dir>\``;
    return { skip, code: 'probe-missing' };
  }
  return {
    skip: tokens.user === undefined ? NO_CALLER : 'the target refuses the token given for this run',
  };
}

/** Another runtime is never restarted: what its settings don't allow can't be checked on it. */
function findObstacle(variant: Variant, timeout: CheckContext['timeout']): Skip | null {
  const wanted = REQUIRED_TIMEOUT[variant];
  if (wanted === undefined || wanted.from.includes(timeout.from)) return null;
  return { skip: `${describeTimeout(timeout)}: ${wanted.remedy}` };
}

/** How the timeout must be set for a variant, and how to set it. */
const REQUIRED_TIMEOUT: Readonly<
  Partial<Record<Variant, { readonly from: readonly TimeoutSource[]; readonly remedy: string }>>
> = {
  'timeout-set': {
    from: ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS'],
    remedy: 'start it with MOZAIKS_PLUGIN_TIMEOUT_SECONDS=2, and pass --timeout 2 if plugins can’t see it',
  },
  'timeout-unset': {
    from: ['default', 'assumed'],
    remedy: 'start it without MOZAIKS_PLUGIN_TIMEOUT_SECONDS and PLUGIN_EXEC_TIMEOUT_S',
  },
  'timeout-older-name': {
    from: ['PLUGIN_EXEC_TIMEOUT_S'],
    remedy: 'start it with PLUGIN_EXEC_TIMEOUT_S=2 and without MOZAIKS_PLUGIN_TIMEOUT_SECONDS',
  },
};

function describeTimeout({ seconds, from }: CheckContext['timeout']): string {
  return from === 'assumed' ? 'its timeout variables are not visible' : `its ${from} is ${seconds}`;
}
