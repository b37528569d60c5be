import type { CheckView } from '../contract/conformance.ts';
import type { Redactor } from '../traces/redact.ts';
import type { CheckContext, Clause } from './clause.ts';
import { ENDPOINT_CLAUSES } from './endpoint-clauses.ts';
import { describeExchange, type Exchange, type Observed, send } from './exchange.ts';
import { HEADER_CLAUSES } from './header-clauses.ts';

/** Every clause, in the order of the report. */
export const CLAUSES: readonly Clause[] = [...HEADER_CLAUSES, ...ENDPOINT_CLAUSES];

export interface CheckOptions {
  /** Origin of the runtime to judge. */
  readonly target: string;
  readonly context: CheckContext;
  readonly redactor: Redactor;
  /** Those to judge; every one unless told otherwise. */
  readonly clauses?: readonly Clause[];
  /** What is not judged when it aborts is skipped. */
  readonly signal?: AbortSignal;
  /** Called before each clause. */
  readonly onClause?: (clause: Clause, index: number) => void;
}

/**
 * Judges clauses one after the other over real HTTP. A clause passes only on evidence: request and answer are kept,
 * masked by `redactor`. Never rejects: a target that doesn't answer fails its clauses with the socket's reason.
 */
export async function checkClauses(options: CheckOptions): Promise<readonly CheckView[]> {
  const { context, redactor, clauses = CLAUSES, signal, onClause } = options;
  const masked = context.caller === null ? redactor : redactor.with([context.caller.token]);
  const checks: CheckView[] = [];
  for (const [index, clause] of clauses.entries()) {
    onClause?.(clause, index);
    const check = await runClause(clause, { ...options, redactor: masked });
    // An answer that was cut off by the caller says nothing about the target.
    checks.push(signal?.aborted ? skipped(clause, 'the run was cancelled') : check);
  }
  return checks;
}

const NO_EVIDENCE = { status: null, headers: {}, body: '' } as const;

async function runClause(
  clause: Clause,
  { target, context, redactor, signal }: CheckOptions,
): Promise<CheckView> {
  const { id, group, title, rule, expected } = clause;
  const exchanges = clause.send(context);
  if ('skip' in exchanges) return skipped(clause, exchanges.skip);
  const request = redactor.text(exchanges.map(describeExchange).join('\n\n'));
  try {
    const answers = await sendAll(new URL(target), exchanges, signal);
    const judgement = clause.judge(answers, context);
    // What is shown is shortened, so it is masked before: of a secret that is cut, no mask matches the rest.
    const masked = answers.map((answer) => maskAnswer(answer, redactor));
    return {
      ...{ id, group, title, rule, expected, request },
      verdict: judgement.ok ? 'passed' : 'failed',
      reason: redactor.text(judgement.reason),
      observed: clause.judge(masked, context).observed,
      evidence: evidence(masked),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const reason = redactor.text(`No answer: ${why}`);
    const failed = { verdict: 'failed', reason, observed: 'no answer', evidence: NO_EVIDENCE } as const;
    return { id, group, title, rule, expected, request, ...failed };
  }
}

function skipped({ id, group, title, rule, expected }: Clause, reason: string): CheckView {
  const nothing = { request: '', observed: '', evidence: NO_EVIDENCE };
  return { id, group, title, rule, expected, verdict: 'skipped', reason, ...nothing };
}

async function sendAll(
  target: URL,
  exchanges: readonly Exchange[],
  signal?: AbortSignal,
): Promise<Observed[]> {
  const answers: Observed[] = [];
  for (const exchange of exchanges) answers.push(await send(target, exchange, signal));
  return answers;
}

function maskAnswer({ status, headers, body }: Observed, redactor: Redactor): Observed {
  return { status, headers: redactor.headers(headers), body: redactor.text(body) };
}

/** The first answer; later ones of the same clause only serve its judgement. */
function evidence([first]: readonly Observed[]): CheckView['evidence'] {
  return first === undefined ? NO_EVIDENCE : { ...first, body: first.body.slice(0, 16_384) };
}
