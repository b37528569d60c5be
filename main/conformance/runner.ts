import { performance } from 'node:perf_hooks';
import type { CheckView, ConformanceReport } from '../contract/conformance.ts';
import type { Redactor } from '../traces/redact.ts';
import type { CheckContext, Clause } from './clause.ts';
import { ENDPOINT_CLAUSES } from './endpoint-clauses.ts';
import { describeExchange, type Exchange, type Observed, send } from './exchange.ts';
import { HEADER_CLAUSES } from './header-clauses.ts';

/** Every clause, in the order of the report. */
export const CLAUSES: readonly Clause[] = [...HEADER_CLAUSES, ...ENDPOINT_CLAUSES];

/**
 * Runs the clauses one after the other over real HTTP. A clause passes only on evidence: request and answer are kept,
 * masked by `redactor`. Never rejects: a target that doesn't answer fails its clauses with the socket's reason.
 */
export async function checkContract(
  target: string,
  context: CheckContext,
  redactor: Redactor,
): Promise<ConformanceReport> {
  const at = Date.now();
  const started = performance.now();
  const masked = context.caller === null ? redactor : redactor.with([context.caller.token]);
  const checks: CheckView[] = [];
  for (const clause of CLAUSES) checks.push(await runClause(new URL(target), clause, context, masked));
  return { target, at, durationMs: performance.now() - started, checks };
}

const NO_EVIDENCE = { status: null, headers: {}, body: '' } as const;

async function runClause(
  target: URL,
  clause: Clause,
  context: CheckContext,
  redactor: Redactor,
): Promise<CheckView> {
  const { id, group, title, rule, expected } = clause;
  const exchanges = clause.send(context);
  if ('skip' in exchanges) {
    const skipped = { verdict: 'skipped', reason: exchanges.skip, request: '', observed: '' } as const;
    return { id, group, title, rule, expected, ...skipped, evidence: NO_EVIDENCE };
  }
  const request = redactor.text(exchanges.map(describeExchange).join('\n\n'));
  try {
    const answers = await sendAll(target, exchanges);
    const judgement = clause.judge(answers, context);
    return {
      ...{ id, group, title, rule, expected, request },
      verdict: judgement.ok ? 'passed' : 'failed',
      reason: judgement.reason,
      observed: redactor.text(judgement.observed),
      evidence: evidence(answers, redactor),
    };
  } catch (error) {
    const reason = `No answer: ${error instanceof Error ? error.message : String(error)}`;
    const failed = { verdict: 'failed', reason, observed: 'no answer', evidence: NO_EVIDENCE } as const;
    return { id, group, title, rule, expected, request, ...failed };
  }
}

async function sendAll(target: URL, exchanges: readonly Exchange[]): Promise<Observed[]> {
  const answers: Observed[] = [];
  for (const exchange of exchanges) answers.push(await send(target, exchange));
  return answers;
}

/** The first answer; later ones of the same clause only serve its judgement. */
function evidence([first]: readonly Observed[], redactor: Redactor): CheckView['evidence'] {
  if (first === undefined) return NO_EVIDENCE;
  return {
    status: first.status,
    headers: redactor.headers(first.headers),
    body: redactor.text(first.body.slice(0, 16_384)),
  };
}
