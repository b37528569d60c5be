import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { CheckResult, ConformanceReport } from '../../contract/conformance.ts';
import { CONTRACT_VERSION } from '../../contract/http.ts';
import type { Redactor } from '../../traces/record/redact.ts';
import { CLAUSE_CHECKS } from '../checks/checks.ts';
import { CLAUSES, EDITION, type KnownClause } from '../clauses/clauses.ts';
import type { CheckTarget } from '../target/target.ts';
import { disguisesOf, maskBeginning } from './evidence.ts';
import { createExchangeRunner } from './exchange-runner.ts';
import { type ClauseRun, runCheck } from './run-check.ts';
import { createVariants } from './variants.ts';

export interface ConformanceOptions {
  /** Closed by its creator. */
  readonly target: CheckTarget;
  /** Masks what is stored; the target's tokens are masked, too. */
  readonly redactor: Redactor;
  /** Ids of the clauses to check; default: all. Unknown ids are ignored. */
  readonly clauses?: readonly string[] | undefined;
  /** Clauses that are unchecked when it aborts are skipped. */
  readonly signal?: AbortSignal | undefined;
  /** Called at the start, and after each clause: slow ones come last, wherever they are in the list. */
  readonly onProgress?: (step: ConformanceStep) => void;
}

export interface ConformanceStep {
  /** Clauses checked. */
  readonly done: number;
  readonly total: number;
  /** Title of a clause that is being checked; empty at the end. */
  readonly title: string;
  /** The result of the last clause; null at the start. */
  readonly check: CheckResult | null;
}

/**
 * Checks the clauses of the contract over real HTTP. A clause passes only on evidence: its requests and
 * answers are stored, masked. Never rejects for what the target does: one that doesn't answer fails its
 * clauses with the socket's reason.
 */
export async function checkConformance(options: ConformanceOptions): Promise<ConformanceReport> {
  const { target, clauses, signal, onProgress } = options;
  const [at, started] = [Date.now(), performance.now()];
  const wanted = wantedClauses(clauses);
  const unfinished = new Set<KnownClause>(wanted);
  const report = (check: CheckResult | null) => {
    const [next] = unfinished;
    const done = wanted.length - unfinished.size;
    onProgress?.({ done, total: wanted.length, title: next?.title ?? '', check });
  };
  report(null);
  const run = createRun(options);
  const checks = await Promise.all(
    wanted.map(async (clause) => {
      const check = await checkClause(clause, run);
      unfinished.delete(clause);
      report(check);
      return check;
    }),
  );
  const { origin, context } = target.self;
  return {
    id: randomUUID(),
    target: origin.origin,
    own: target.own,
    contractVersion: CONTRACT_VERSION,
    edition: EDITION,
    mode: context.mode,
    at,
    durationMs: performance.now() - started,
    cancelled: signal?.aborted ?? false,
    checks,
  };
}

/** The report of a run that was ended from outside: what was done is in it, the rest is cancelled. */
export function toCancelledReport({
  clauses,
  checks,
  ...facts
}: Pick<ConformanceReport, 'target' | 'mode' | 'at' | 'durationMs' | 'checks'> &
  Pick<ConformanceOptions, 'clauses'>): ConformanceReport {
  const done = new Map(checks.map((check) => [check.id, check]));
  return {
    ...facts,
    id: randomUUID(),
    own: false,
    contractVersion: CONTRACT_VERSION,
    edition: EDITION,
    cancelled: true,
    checks: wantedClauses(clauses).map(
      (clause) => done.get(clause.id) ?? { ...viewOf(clause), ...CANCELLED },
    ),
  };
}

function wantedClauses(ids: ConformanceOptions['clauses']): readonly KnownClause[] {
  return CLAUSES.filter(({ id }) => ids === undefined || ids.includes(id));
}

function viewOf({ id, group, title, severity, rule, place, expected }: KnownClause) {
  return { id, group, title, severity, rule, place, expected };
}

interface Run extends ClauseRun {
  readonly signal: AbortSignal | undefined;
}

function createRun({ target, redactor, signal }: ConformanceOptions): Run {
  const known = redactor.with(Object.values(target.self.context.tokens).flatMap(disguisesOf));
  return {
    findVariant: createVariants(target, signal),
    runExchanges: createExchangeRunner(known, signal),
    redactor: known,
    signal,
  };
}

async function checkClause(clause: KnownClause, run: Run): Promise<CheckResult> {
  const view = viewOf(clause);
  const outcome = await runCheck(CLAUSE_CHECKS[clause.id], run);
  // An answer that the caller cut off says nothing about the target.
  if (run.signal?.aborted) return { ...view, ...CANCELLED };
  const { clauseVerdict, redactor, variants, exchanges } = outcome;
  const text = (raw: string, limit: number) => shorten(maskBeginning(raw, redactor, limit + 1), limit);
  return {
    ...view,
    verdict: clauseVerdict.verdict,
    reason: text(clauseVerdict.reason, 1_000),
    skipCode: clauseVerdict.skipCode,
    observed: text(clauseVerdict.observed, 400),
    stage: variants.length === 0 ? null : variants.join('; then ').slice(0, 500),
    exchanges,
    durationMs: exchanges.reduce((sum, { durationMs }) => sum + durationMs, 0),
  };
}

const CANCELLED = {
  verdict: 'skipped',
  reason: 'the run was cancelled',
  observed: '',
  stage: null,
  exchanges: [],
  durationMs: 0,
} as const;

function shorten(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}
