import type { Mint } from '../../auth/mint.ts';
import type { Config } from '../../config/types.ts';
import type { Outcome as CallOutcome, Trace } from '../../contract/trace.ts';
import { createRedactor } from '../../traces/record/redact.ts';
import { type CommandContext, UsageError } from '../command.ts';
import type { NamedPersona } from '../options.ts';
import type { CallTarget } from '../target/call-target.ts';
import { type CallAnswer, callPlugin, findTrace } from '../target/plugin-call.ts';
import { createProgress } from '../terminal.ts';
import { compareWithRecorded, type Difference } from './compare.ts';
import { planReplay } from './plan.ts';
import { signIdentity } from './recorded-identity.ts';

export interface Replayed {
  readonly id: string;
  readonly plugin: string;
  readonly verdict: 'same' | 'differs' | 'skipped';
  /** Empty unless it differs. */
  readonly differences: readonly Difference[];
  /** Why it was skipped; null else. */
  readonly reason: string | null;
  /** As it is now; null where it was skipped or nothing came. */
  readonly status: number | null;
  readonly outcome: CallOutcome | null;
}

export interface ReplayInput {
  /** For all, as it is given. */
  readonly token: string | null;
  /** For all. */
  readonly persona?: NamedPersona;
  readonly ignore: readonly string[];
  readonly timeoutMs: number | null;
}

type Signer = () => Promise<{ readonly mint: Mint; readonly config: Config }>;

/** One after the other, in the order given: plugins may keep something between calls. */
export async function replayAll(
  traces: readonly Trace[],
  target: CallTarget,
  wish: ReplayInput,
  context: CommandContext,
): Promise<readonly Replayed[]> {
  const progress = createProgress(context.terminal);
  const signer = createSigner(target);
  const results: Replayed[] = [];
  for (const [index, trace] of traces.entries()) {
    const name = `${index + 1} of ${traces.length}, ${trace.plugin}`;
    progress.show(name);
    results.push(await replayOne(trace, { name, target, wish, context, signer }));
  }
  progress.end();
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
  /** As progress names it. */
  readonly name: string;
  readonly target: CallTarget;
  readonly wish: ReplayInput;
  readonly context: CommandContext;
  readonly signer: Signer;
}

async function replayOne(trace: Trace, { name, target, wish, context, signer }: Round): Promise<Replayed> {
  const { id, plugin } = trace;
  const plan = planReplay(trace, wish.token !== null || wish.persona !== undefined);
  if ('skip' in plan) return createSkipped(trace, plan.skip);
  const token = await findToken(trace, wish, signer);
  if (typeof token === 'object' && token !== null) return createSkipped(trace, token.skip);
  const call = { name, ...plan.call, token, timeoutMs: wish.timeoutMs };
  const answered = await callPlugin(target, call, context);
  const now = await resolveAnswer(target, answered);
  const secrets = target.started?.config.secrets ?? [];
  const differences = compareWithRecorded(trace, now, {
    redactor: createRedactor([...secrets, ...(token === null ? [] : [token])]),
    ignore: wish.ignore,
    outcomeIsKnown: target.started !== null,
  });
  const verdict = differences.length === 0 ? 'same' : 'differs';
  const { answer, outcome } = now;
  return { id, plugin, verdict, differences, reason: null, status: answer?.status ?? null, outcome };
}

function createSkipped({ id, plugin }: Trace, reason: string): Replayed {
  return { id, plugin, verdict: 'skipped', differences: [], reason, status: null, outcome: null };
}

async function findToken(
  { identity }: Trace,
  { token, persona }: ReplayInput,
  signer: Signer,
): Promise<string | null | { readonly skip: string }> {
  if (token !== null) return token;
  if (persona === 'anonymous' || (persona === undefined && identity?.kind !== 'token')) return null;
  const { mint, config } = await signer();
  if (persona !== undefined) {
    if (mint.signs.algorithm === null) throw new UsageError(`--as ${persona}: ${mint.signs.reason}`);
    return mint.personaToken(persona);
  }
  if (mint.signs.algorithm === null || identity === null) {
    return { skip: 'it was sent with a token, and none can be signed here: give --token' };
  }
  return signIdentity(identity, config.auth, mint);
}

async function resolveAnswer({ started }: CallTarget, answered: CallAnswer): Promise<CallAnswer> {
  const trace = started === null ? null : await findTrace(started, answered);
  return trace === null ? answered : { ...answered, outcome: trace.outcome };
}
