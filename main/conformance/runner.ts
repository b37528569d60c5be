import type { CheckView, ExchangeView } from '../contract/conformance.ts';
import type { Redactor } from '../traces/redact.ts';
import type { CheckContext, Clause } from './clause.ts';
import { ENDPOINT_CLAUSES } from './endpoint-clauses.ts';
import { describeExchange, type Observed, send } from './exchange.ts';
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
  /** Called after each clause. */
  readonly onCheck?: (check: CheckView, done: number) => void;
}

/**
 * Judges clauses one after the other over real HTTP. A clause passes only on evidence: request and answer are kept,
 * masked by `redactor`. Never rejects: a target that doesn't answer fails its clauses with the socket's reason.
 */
export async function checkClauses(options: CheckOptions): Promise<readonly CheckView[]> {
  const { context, redactor, clauses = CLAUSES, signal, onCheck } = options;
  const masked = context.caller === null ? redactor : redactor.with([context.caller.token]);
  const checks: CheckView[] = [];
  for (const clause of clauses) {
    const judged = await runClause(clause, { ...options, redactor: masked });
    // An answer that was cut off by the caller says nothing about the target.
    const check = signal?.aborted ? skipped(clause, 'the run was cancelled') : judged;
    checks.push(check);
    onCheck?.(check, checks.length);
  }
  return checks;
}

async function runClause(
  clause: Clause,
  { target, context, redactor, signal }: CheckOptions,
): Promise<CheckView> {
  const exchanges = clause.send(context);
  if ('skip' in exchanges) return skipped(clause, exchanges.skip);
  const started = performance.now();
  const sent: ExchangeView[] = [];
  const view = { ...viewOf(clause), exchanges: sent };
  try {
    const answers: Observed[] = [];
    for (const exchange of exchanges) {
      const begun = performance.now();
      const request = redactor.text(describeExchange(exchange));
      const open = { request, answer: null, durationMs: 0 };
      sent.push(open);
      const answer = await send(new URL(target), exchange, signal);
      answers.push(answer);
      sent[sent.length - 1] = {
        request,
        answer: evidence(answer, redactor),
        durationMs: performance.now() - begun,
      };
    }
    const judgement = clause.judge(answers, context);
    // What is shown is shortened, so it is masked before: of a secret that is cut, no mask matches the rest.
    const masked = answers.map((answer) => maskAnswer(answer, redactor));
    return {
      ...view,
      verdict: judgement.ok ? 'passed' : 'failed',
      reason: redactor.text(judgement.reason),
      observed: clause.judge(masked, context).observed,
      durationMs: performance.now() - started,
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const reason = redactor.text(`No answer: ${why}`);
    return {
      ...view,
      verdict: 'failed',
      reason,
      observed: 'no answer',
      durationMs: performance.now() - started,
    };
  }
}

function viewOf({ id, group, title, rule, expected }: Clause) {
  return { id, group, title, rule, expected, severity: 'must', place: 'contract', stage: null } as const;
}

function skipped(clause: Clause, reason: string): CheckView {
  return { ...viewOf(clause), verdict: 'skipped', reason, observed: '', exchanges: [], durationMs: 0 };
}

function maskAnswer({ status, headers, body }: Observed, redactor: Redactor): Observed {
  return { status, headers: redactor.headers(headers), body: redactor.text(body) };
}

function evidence(answer: Observed, redactor: Redactor): ExchangeView['answer'] {
  const masked = maskAnswer(answer, redactor);
  return { ...masked, body: masked.body.slice(0, 16_384) };
}
