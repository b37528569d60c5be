import type { CheckResult, ConformanceReport } from '../../contract/conformance.ts';

/** Which results make a run fail. Without rules: every failed clause, whether a must or a should. */
export interface OutcomeRules {
  /** Clauses that are known to fail, by id, with the reason; see `parseBaseline`. */
  readonly baseline?: Baseline | undefined;
  /** Clauses that differ count as failed too. */
  readonly strict?: boolean;
  /** Failed shoulds are reported but don't count. */
  readonly mustsOnly?: boolean;
  /** Skipped clauses count as failures too. */
  readonly noSkips?: boolean;
}

/** Ids of clauses that are expected to fail, each with the reason, empty where none was given. */
export type Baseline = ReadonlyMap<string, string>;

/**
 * How one clause counts. `passed`, `differs`, `skipped` and `uncounted` (a failed should under `mustsOnly`)
 * don't fail a run, nor does `expected`, a failure that the baseline names. The others do: `failed`,
 * `unexpected-pass` (the baseline names it, and it passed), `counted-skip` (skipped under `noSkips`).
 */
export type CountedAs =
  | 'passed'
  | 'differs'
  | 'skipped'
  | 'uncounted'
  | 'expected'
  | 'failed'
  | 'unexpected-pass'
  | 'counted-skip';

const FAILING: ReadonlySet<CountedAs> = new Set<CountedAs>(['failed', 'unexpected-pass', 'counted-skip']);

/** How one clause counts under the rules. */
export function classifyCheck(check: CheckResult, rules: OutcomeRules = {}): CountedAs {
  const { baseline, strict = false, mustsOnly = false, noSkips = false } = rules;
  const { id, verdict, severity } = check;
  const counts = !mustsOnly || severity === 'must';
  if (verdict === 'skipped') return noSkips && counts ? 'counted-skip' : 'skipped';
  const fails = verdict === 'failed' || (strict && verdict === 'differs');
  const named = baseline?.has(id) === true;
  if (fails && named) return 'expected';
  if (fails) return counts ? 'failed' : 'uncounted';
  if (named && counts) return 'unexpected-pass';
  return verdict === 'differs' ? 'differs' : 'passed';
}

/** Whether a clause that is counted like this fails the run. */
export function failsRun(counted: CountedAs): boolean {
  return FAILING.has(counted);
}

export interface BaselineComparison {
  /** Failed, and not in the baseline. */
  readonly newFailures: readonly CheckResult[];
  /** In the baseline, and passed: the line can be removed. */
  readonly unexpectedPasses: readonly CheckResult[];
  /** In the baseline, and failed. */
  readonly expected: readonly CheckResult[];
  /** Ids in the baseline that were skipped or not selected; they don't fail the run. */
  readonly notTested: readonly string[];
}

/** Compares a report with the expected failures. */
export function compareWithBaseline(
  { checks }: ConformanceReport,
  baseline: Baseline,
  rules: Omit<OutcomeRules, 'baseline'> = {},
): BaselineComparison {
  const countedAs = (wanted: CountedAs) =>
    checks.filter((check) => classifyCheck(check, { ...rules, baseline }) === wanted);
  const tested = new Set(checks.filter(({ verdict }) => verdict !== 'skipped').map(({ id }) => id));
  return {
    newFailures: countedAs('failed'),
    unexpectedPasses: countedAs('unexpected-pass'),
    expected: countedAs('expected'),
    notTested: [...baseline.keys()].filter((id) => !tested.has(id)),
  };
}

export interface RunOutcome {
  readonly ok: boolean;
  /** Why it is not, a line each; empty when it is. */
  readonly reasons: readonly string[];
}

/**
 * Whether a run succeeded: nothing that counts failed, nothing passed that was expected to fail, the run was
 * not cancelled, and something was checked at all.
 */
export function resolveOutcome(report: ConformanceReport, rules: OutcomeRules = {}): RunOutcome {
  const { checks, cancelled } = report;
  const named = (wanted: CountedAs) =>
    checks.filter((check) => classifyCheck(check, rules) === wanted).map(({ id }) => id);
  const reasons = [
    ...(cancelled ? ['The run was cancelled before every clause was checked'] : []),
    ...(checks.some(({ verdict }) => verdict !== 'skipped') ? [] : ['No clause could be checked']),
    ...listClauses(named('failed'), rules.baseline === undefined ? 'failed' : 'failed unexpectedly'),
    ...listClauses(named('unexpected-pass'), 'passed unexpectedly'),
    ...listClauses(named('counted-skip'), 'skipped, which counts as failed'),
  ];
  return { ok: reasons.length === 0, reasons };
}

function listClauses(ids: readonly string[], what: string): readonly string[] {
  if (ids.length === 0) return [];
  return [`${ids.length} ${ids.length === 1 ? 'clause' : 'clauses'} ${what}: ${ids.join(', ')}`];
}
