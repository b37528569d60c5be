import type { Mint } from '../../auth/mint.ts';
import type { AuthConfig, Config } from '../../config/types.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { JsonObject } from '../../contract/http.ts';
import type { Outcome as CallOutcome, IdentityView, Trace } from '../../contract/trace.ts';
import { type RecordedCall, recordedCall } from '../../traces/record/recorded-request.ts';
import { createRedactor, isMasked } from '../../traces/record/redact.ts';
import type { CommandContext } from '../command.ts';
import type { NamedPersona } from '../options.ts';
import type { CallTarget } from '../target/call-target.ts';
import { personaToken } from '../target/persona-token.ts';
import { callPlugin, findTrace } from '../target/plugin-call.ts';
import { compareWithRecorded, type Difference } from './compare.ts';

export interface Replayed {
  readonly id: string;
  readonly plugin: string;
  readonly verdict: 'same' | 'differs' | 'skipped';
  /** Empty unless it differs. */
  readonly differences: readonly Difference[];
  /** Why it was skipped, else null. */
  readonly reason: string | null;
  /** The new status; null when it was skipped or no answer came. */
  readonly status: number | null;
  readonly outcome: CallOutcome | null;
  /** Where production would have answered otherwise; absent when nothing is known to differ. */
  readonly inProduction?: readonly string[] | undefined;
}

export interface ReplayInput {
  /** Sent with every call. */
  readonly token: string | null;
  /** Every call is sent as this persona. */
  readonly persona?: NamedPersona | undefined;
  /** Signs the roles in the file, too: whoever wrote it chose them. */
  readonly recordedRoles: boolean;
  readonly ignore: readonly string[];
  readonly timeoutMs: number | null;
}

type Signer = () => Promise<{ readonly mint: Mint; readonly config: Config }>;

/** One after the other, in the order given: plugins may have state between calls. */
export async function replayAll(
  traces: readonly Trace[],
  target: CallTarget,
  input: ReplayInput,
  context: CommandContext,
): Promise<readonly Replayed[]> {
  const signer = createSigner(target);
  const results: Replayed[] = [];
  for (const [index, trace] of traces.entries()) {
    const name = `${index + 1} of ${traces.length}, ${trace.plugin}`;
    context.terminal.draw(name);
    results.push(await replayOne(trace, { name, target, input, context, signer }));
  }
  context.terminal.draw(null);
  return results;
}

/** Loaded when the first request needs a token. */
function createSigner(target: CallTarget): Signer {
  let loaded: ReturnType<Signer> | undefined;
  const load: Signer = async () => {
    const { loadMint } = await import('../target/own-mint.ts');
    const config = await target.settings();
    return { mint: await loadMint(config), config };
  };
  return () => {
    loaded ??= load();
    return loaded;
  };
}

interface Round {
  /** Shown with the progress. */
  readonly name: string;
  readonly target: CallTarget;
  readonly input: ReplayInput;
  readonly context: CommandContext;
  readonly signer: Signer;
}

async function replayOne(trace: Trace, round: Round): Promise<Replayed> {
  const { name, target, input, context } = round;
  const { id, plugin } = trace;
  const plan = planReplay(trace, input.token !== null || input.persona !== undefined);
  if ('skip' in plan) return createSkipped(trace, plan.skip);
  const token = await findToken(trace, round);
  if (typeof token === 'object' && token !== null) return createSkipped(trace, token.skip);
  const call = { name, ...plan.call, token, timeoutMs: input.timeoutMs };
  const answered = await callPlugin(target, call, context);
  const newTrace = target.started === null ? null : await findTrace(target.started, answered);
  const now = newTrace === null ? answered : { ...answered, outcome: newTrace.outcome };
  const secrets = target.started?.config.secrets ?? [];
  const differences = compareWithRecorded(trace, now, {
    redactor: createRedactor([...secrets, ...(token === null ? [] : [token])]),
    ignore: input.ignore,
    outcomeIsKnown: target.started !== null,
  });
  const verdict = differences.length === 0 ? 'same' : 'differs';
  const { answer, outcome } = now;
  const status = answer?.status ?? null;
  const inProduction = newTrace?.inProduction;
  return { id, plugin, verdict, differences, reason: null, status, outcome, inProduction };
}

function createSkipped({ id, plugin }: Trace, reason: string): Replayed {
  return { id, plugin, verdict: 'skipped', differences: [], reason, status: null, outcome: null };
}

async function findToken(
  { identity }: Trace,
  { input: { token, persona, recordedRoles }, target, signer }: Round,
): Promise<string | null | { readonly skip: string }> {
  if (token !== null) return token;
  if (persona !== undefined) return personaToken(target, persona);
  if (identity?.kind !== 'token') return null;
  if (!(await target.isOwn())) {
    return { skip: 'sent with a token, but the runtime does not prove to be yours: give --token' };
  }
  const { mint, config } = await signer();
  if (mint.signs.algorithm === null) {
    return { skip: 'sent with a token, but none can be signed here: give --token' };
  }
  if (!recordedRoles && (identity.roles.length > 0 || identity.isSuperadmin)) {
    const roles = identity.isSuperadmin ? ['superadmin', ...identity.roles] : identity.roles;
    return { skip: `sent with roles (${[...new Set(roles)].join(', ')}): signed only with --recorded-roles` };
  }
  return signIdentity(identity, config.auth, mint);
}

/** The call of a trace, or why it can't be sent again unchanged. */
type Replayable = { readonly call: RecordedCall } | { readonly skip: string };

const EXECUTE_PATH = /^\/api\/(execute\/[^/?#]+|plugins\/[^/?#]+\/execute)(\?|$)/;

/** @param tokenGiven whether every call is sent with a given token or persona */
function planReplay(trace: Trace, tokenGiven: boolean): Replayable {
  const skip = reasonToSkip(trace, tokenGiven);
  if (skip !== null) return { skip };
  try {
    return { call: recordedCall(trace) };
  } catch (error) {
    if (error instanceof WorkbenchError) return { skip: error.message };
    throw error;
  }
}

function reasonToSkip({ request, response, outcome, identity }: Trace, tokenGiven: boolean): string | null {
  if (response === null || outcome === 'aborted') return 'the client disconnected before the answer';
  if (request.method !== 'POST' || !EXECUTE_PATH.test(request.path)) return 'not a plugin call';
  if (outcome === 'refused' && response.status === 403) {
    return 'refused for its Host or Origin, which are not sent again';
  }
  if (isMasked(request.path) || isMasked(JSON.stringify(request.body))) {
    return 'a secret in its body was masked';
  }
  const hadToken = 'authorization' in request.headers;
  if (identity === null && hadToken && !tokenGiven) {
    return 'its token was refused, and tokens are not stored: give --as or --token';
  }
  return null;
}

const VALID_SECONDS = 3600;

/**
 * Tokens are never stored, but the caller's identity is: a new token names the same user with the same roles.
 * @throws {WorkbenchError} BAD_REQUEST where nothing can be signed
 */
function signIdentity(identity: IdentityView, auth: AuthConfig, mint: Mint): Promise<string> {
  const { claims: names } = auth;
  const now = Math.floor(Date.now() / 1000);
  const claims: JsonObject = {
    [names.userId ?? 'sub']: identity.userId,
    [names.roles ?? 'roles']: [...identity.roles],
    iat: now,
    exp: now + VALID_SECONDS,
  };
  if (auth.mode === 'external') {
    claims.iss = auth.issuer;
    claims.aud = auth.audience;
  }
  if (identity.username !== null) claims[names.username ?? 'username'] = identity.username;
  if (identity.isSuperadmin) claims[names.superadmin ?? 'is_superadmin'] = true;
  return mint.mint(claims);
}
