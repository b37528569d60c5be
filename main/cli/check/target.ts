import { decodeToken } from '../../auth/token-shape.ts';
import { loadConfig } from '../../config/config.ts';
import { pythonOfEnvFile } from '../../config/settings/plugins.ts';
import type { Config } from '../../config/types.ts';
import { checkInThread } from '../../conformance/run/check-task.ts';
import { type ConformanceOptions, checkConformance } from '../../conformance/run/run.ts';
import { parseOrigin, type RemoteOptions } from '../../conformance/target/remote-target.ts';
import {
  type CheckTokens,
  deriveTokens,
  NO_TOKENS,
  signTokens,
  signTokensWithSecret,
} from '../../conformance/target/tokens.ts';
import type { ConformanceReport } from '../../contract/conformance.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { productFiles } from '../../runtime/product-files.ts';
import { httpCall } from '../../system/http-call.ts';
import { createRedactor } from '../../traces/record/redact.ts';
import { type CommandContext, UsageError } from '../command.ts';
import { readSecret, readToken } from '../input-values.ts';
import type { CheckOptions } from './options.ts';

/** How a check is run and followed. */
type Run = Pick<ConformanceOptions, 'clauses'> &
  Required<Pick<ConformanceOptions, 'onProgress'>> & { readonly signal: AbortSignal };

/** A runtime that can be checked. Its secrets are masked in everything that is stored about it. */
export interface OpenedTarget {
  /** @throws {WorkbenchError} NOT_READY when nothing answers at its address */
  check(run: Run): Promise<ConformanceReport>;
  close(): Promise<void>;
}

/**
 * The runtime at `url`, or without one a runtime that is started with the current settings.
 * @throws {UsageError} for an invalid address, token or secret; {WorkbenchError} CONFLICT when the development
 *   issuer's port is taken by another program; ConfigError
 */
export async function openCheckTarget(
  context: CommandContext,
  url: string | undefined,
  options: CheckOptions,
): Promise<OpenedTarget> {
  return url === undefined ? startOwn(context, options) : openRemote(context, url, options);
}

async function startOwn(context: CommandContext, options: CheckOptions): Promise<OpenedTarget> {
  const { sources, signal, terminal } = context;
  const { token, probe: language, verbose } = options;
  const config = await loadConfig(sources);
  const python = pythonOfEnvFile(config.settings)?.instead ?? config.python;
  const [{ startOwnTarget }, { createHeadlessRuntime }] = await Promise.all([
    import('../../ephemeral/own-target.ts'),
    import('../target/headless-runtime.ts'),
  ]);
  // Plugins crash and time out there on purpose: its log is shown only with --verbose.
  const write = (line: string) => (verbose === true ? terminal.err(`${line}\n`) : undefined);
  const target = await startOwnTarget(
    { ...config, python },
    (settings) => createHeadlessRuntime(settings, context, { ui: false, write }).runtime,
    { language, signal, token: token === undefined ? undefined : await readToken(token, context) },
  );
  const redactor = createRedactor(config.secrets);
  return { check: (run) => checkConformance({ target, redactor, ...run }), close: target.close };
}

/** Read in a thread: a target chooses how long its answers take to read, and Ctrl+C must work meanwhile. */
async function openRemote(
  context: CommandContext,
  url: string,
  options: CheckOptions,
): Promise<OpenedTarget> {
  const { timeout, maxBodyBytes, origin: allowedOrigin, disruptive } = options;
  try {
    parseOrigin(url);
    const { tokens, secrets, close } = await findCallers(context, options);
    const target: RemoteOptions = {
      url,
      tokens,
      allowDisruptive: disruptive === true,
      timeoutSeconds: timeout === undefined ? undefined : timeout / 1000,
      maxBodyBytes,
      allowedOrigin,
    };
    const script = productFiles(context.entry).threadScripts.check;
    return {
      check: ({ clauses, ...run }) => checkInThread(script, { target, secrets, clauses }, run),
      close,
    };
  } catch (error) {
    return asUsage(error);
  }
}

/** Invalid addresses and tokens are usage errors. */
function asUsage(error: unknown): never {
  throw error instanceof WorkbenchError && error.code === 'BAD_REQUEST'
    ? new UsageError(error.message)
    : error;
}

interface Callers {
  readonly tokens: CheckTokens;
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

async function findCallers(
  context: CommandContext,
  { token, secret, issuer }: CheckOptions,
): Promise<Callers> {
  if (issuer === true) return issuerCallers(context);
  const close = async () => undefined;
  const given = secret === undefined ? null : await readSecret('--secret', secret, context);
  if (given !== null) return { tokens: await signTokensWithSecret(given), secrets: [given], close };
  const tokens = token === undefined ? NO_TOKENS : deriveTokens(await readToken(token, context));
  return { tokens, secrets: [], close };
}

/** Signs as the development issuer, whose keys are served here while the check runs. */
async function issuerCallers(context: CommandContext): Promise<Callers> {
  const { sources, terminal } = context;
  const config = await loadConfig({
    ...sources,
    chosen: { MOZAIKS_AUTH_MODE: 'external', MOZAIKS_DEV_ISSUER: 'true', MOZAIKS_TRACES_MAX_MB: '0' },
  });
  const { createHeadlessRuntime } = await import('../target/headless-runtime.ts');
  const write = (line: string) => terminal.err(`${line}\n`);
  const { authSwitch } = createHeadlessRuntime(config, context, { ui: false, write }).runtime;
  const sign = (claims: Parameters<typeof authSwitch.mint.mint>[0]) => authSwitch.mint.mint(claims);
  try {
    await authSwitch.start();
  } catch (error) {
    if (!(await servesOurKey(config, error))) throw error;
  }
  const tokens = await signTokens(config.auth, sign);
  return { tokens, secrets: config.secrets, close: () => authSwitch.stop() };
}

const KEYS_TIMEOUT_MS = 2_000;

/** A workbench of the same user that is already running serves the same keys. */
async function servesOurKey({ auth, configPath }: Config, error: unknown): Promise<boolean> {
  const isTaken = error instanceof WorkbenchError && error.code === 'CONFLICT';
  if (!isTaken || auth.mode !== 'external') return false;
  const { loadMint } = await import('../target/own-mint.ts');
  const token = await (await loadMint({ auth, configPath })).personaToken('user');
  const kid = decodeToken(token ?? '').header?.kid;
  try {
    const answer = await httpCall({
      method: 'GET',
      url: auth.jwksUrl,
      headers: {},
      body: null,
      timeoutMs: KEYS_TIMEOUT_MS,
    });
    return typeof kid === 'string' && answer.body.includes(JSON.stringify(kid));
  } catch {
    return false; // The program on that port serves no keys.
  }
}
