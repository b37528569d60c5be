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
  /** What it can be called with (see tokens.ts); without, clauses that need a caller are skipped where it demands one. */
  readonly tokens?: CheckTokens;
  /** What MOZAIKS_PLUGIN_TIMEOUT_SECONDS is there, where that is known. */
  readonly timeoutSeconds?: number | undefined;
  /** What MAX_REQUEST_BODY_BYTES is there; default: the contract's. */
  readonly maxBodyBytes?: number | undefined;
  /** An origin that may call it from a browser; default: the contract's. */
  readonly allowedOrigin?: string | undefined;
  /** It may be sent calls that end or block a plugin's process: one that isolates no plugin would go down by them. */
  readonly allowDisruptive?: boolean | undefined;
}

/** Defaults of CONTRACT.md §5, which nothing tells from outside. */
const DEFAULTS = { timeoutSeconds: 30, maxBodyBytes: 1_000_000, allowedOrigin: 'http://localhost:5173' };

/**
 * Another runtime as a target, after asking it over HTTP what it offers.
 * @throws {WorkbenchError} BAD_REQUEST when `url` is no origin, NOT_READY when nothing answers there: judging every clause of
 *   it would only take long
 */
export async function connectTarget(options: RemoteOptions, signal: AbortSignal): Promise<CheckTarget> {
  const { tokens = NO_TOKENS } = options;
  const origin = parseOrigin(options.url);
  const info = await inspectTarget(origin, tokens.tokens.user ?? null, signal);
  const { anonymousAllowed, plugins, probe, executeRoute } = info;
  const noProbe = probe === null ? explainMissingProbe(info, tokens) : null;
  const context: CheckContext = {
    ...tokens,
    anonymousAllowed,
    plugin: plugins[0] ?? (probe === null ? null : PROBE),
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
    `${JSON.stringify(target.slice(0, 200))} is no runtime's address; give it as http://host:port, without a path`,
  );
}

/** Without `URL.canParse`, which the oldest supported Electron does not have. */
function parseUrl(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

function resolveTimeout(told: number | undefined, probe: TargetInfo['probe']): CheckContext['timeout'] {
  const newer = parseSeconds(probe?.environment.MOZAIKS_PLUGIN_TIMEOUT_SECONDS);
  const older = parseSeconds(probe?.environment.PLUGIN_EXEC_TIMEOUT_S);
  const seen: readonly (readonly [number | null, TimeoutSource])[] = [
    [newer, 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS'],
    [older, 'PLUGIN_EXEC_TIMEOUT_S'],
  ];
  for (const [seconds, from] of seen) if (seconds !== null) return { seconds: told ?? seconds, from };
  if (told !== undefined) return { seconds: told, from: 'MOZAIKS_PLUGIN_TIMEOUT_SECONDS' };
  return { seconds: DEFAULTS.timeoutSeconds, from: 'assumed' };
}

function parseSeconds(text: unknown): number | null {
  const seconds = typeof text === 'string' && text.trim() !== '' ? Number(text) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}

function explainMissingProbe({ callerRefused }: TargetInfo, { tokens }: CheckTokens): Skip {
  if (!callerRefused) {
    const skip = `the plugin ${PROBE} is not loaded there: install it with \`mozaiks-workbench check --save-probe <dir>\``;
    return { skip, code: 'probe-missing' };
  }
  return {
    skip: tokens.user === undefined ? NO_CALLER : 'the target refuses the token given for this run',
  };
}

/** A runtime of somebody else's is not started anew: what it isn't started for can't be judged on it. */
function findObstacle(variant: Variant, timeout: CheckContext['timeout']): Skip | null {
  const wanted = REQUIRED_TIMEOUT[variant];
  if (wanted === undefined || wanted.from.includes(timeout.from)) return null;
  return { skip: `${describeTimeout(timeout)}: ${wanted.remedy}` };
}

/** How the timeout must be set for a variant, and what would make it so. */
const REQUIRED_TIMEOUT: Readonly<
  Partial<Record<Variant, { readonly from: readonly TimeoutSource[]; readonly remedy: string }>>
> = {
  'timeout-set': {
    from: ['MOZAIKS_PLUGIN_TIMEOUT_SECONDS'],
    remedy:
      'start it with MOZAIKS_PLUGIN_TIMEOUT_SECONDS=2, and say so with --timeout 2 where plugins can’t see it',
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
  return from === 'assumed' ? 'no variable of the timeout is seen there' : `${from} is ${seconds} there`;
}
