import type { CheckResult, ConformanceReport } from '../../contract/conformance.ts';

/** What of a report makes its run fail. Without rules: every broken clause, a must or a should. */
export interface OutcomeRules {
  /** Clauses that are known to fail, by id, with the reason; see `readBaseline`. */
  readonly baseline?: Baseline;
  /** What differs as another public implementation differs counts as broken, too. */
  readonly strict?: boolean;
  /** Broken shoulds are reported, and count for nothing. */
  readonly mustsOnly?: boolean;
  /** What could not be judged counts as a failure, too. */
  readonly noSkips?: boolean;
}

/** Ids of clauses that are expected to fail, each with the reason, empty where none was given. */
export type Baseline = ReadonlyMap<string, string>;

/**
 * How one clause counts. `kept`, `differs`, `skipped` and `uncounted` (a broken should under `mustsOnly`) don't fail a run,
 * nor does `expected`, a failure that the baseline names. The others do: `broken`, `unexpected-pass` (the baseline names it, and
 * it is kept), `not-judged` (skipped under `noSkips`).
 */
export type CountedAs =
  | 'kept'
  | 'differs'
  | 'skipped'
  | 'uncounted'
  | 'expected'
  | 'broken'
  | 'unexpected-pass'
  | 'not-judged';

const FAILING: ReadonlySet<CountedAs> = new Set<CountedAs>(['broken', 'unexpected-pass', 'not-judged']);

/** How one clause counts under the rules. */
export function classifyCheck(check: CheckResult, rules: OutcomeRules = {}): CountedAs {
  const { baseline, strict = false, mustsOnly = false, noSkips = false } = rules;
  const { id, verdict, severity } = check;
  const counts = !mustsOnly || severity === 'must';
  if (verdict === 'skipped') return noSkips && counts ? 'not-judged' : 'skipped';
  const fails = verdict === 'failed' || (strict && verdict === 'differs');
  const named = baseline?.has(id) === true;
  if (fails) return named ? 'expected' : counts ? 'broken' : 'uncounted';
  if (named && counts) return 'unexpected-pass';
  return verdict === 'differs' ? 'differs' : 'kept';
}

/** Whether a clause that stands so fails the run. */
export function failsRun(standing: CountedAs): boolean {
  return FAILING.has(standing);
}

export interface BaselineComparison {
  /** Broken, and not in the baseline. */
  readonly newFailures: readonly CheckResult[];
  /** In the baseline, and kept: the line can go. */
  readonly unexpectedPasses: readonly CheckResult[];
  /** In the baseline, and broken. */
  readonly expected: readonly CheckResult[];
  /** Ids in the baseline that were skipped or not asked for, so that nothing is known of them; they fail no run. */
  readonly notTested: readonly string[];
}

/** Holds a report against what is known to fail. */
export function compareWithBaseline(
  { checks }: ConformanceReport,
  baseline: Baseline,
  rules: Omit<OutcomeRules, 'baseline'> = {},
): BaselineComparison {
  const withStanding = (wanted: CountedAs) =>
    checks.filter((check) => classifyCheck(check, { ...rules, baseline }) === wanted);
  const judged = new Set(checks.filter(({ verdict }) => verdict !== 'skipped').map(({ id }) => id));
  return {
    newFailures: withStanding('broken'),
    unexpectedPasses: withStanding('unexpected-pass'),
    expected: withStanding('expected'),
    notTested: [...baseline.keys()].filter((id) => !judged.has(id)),
  };
}

export interface RunOutcome {
  readonly ok: boolean;
  /** Why it is not, a line each; empty when it is. */
  readonly reasons: readonly string[];
}

/**
 * Whether a run succeeded: nothing that counts is broken, nothing passed that was expected to fail, the run was not cancelled,
 * and something was judged at all.
 */
export function resolveOutcome(report: ConformanceReport, rules: OutcomeRules = {}): RunOutcome {
  const { checks, cancelled } = report;
  const named = (wanted: CountedAs) =>
    checks.filter((check) => classifyCheck(check, rules) === wanted).map(({ id }) => id);
  const reasons = [
    ...(cancelled ? ['The run was cancelled before every clause was judged'] : []),
    ...(checks.some(({ verdict }) => verdict !== 'skipped') ? [] : ['No clause could be judged']),
    ...reason(named('broken'), rules.baseline === undefined ? 'broken' : 'broken, and not expected to be'),
    ...reason(named('unexpected-pass'), 'kept, and expected to be broken'),
    ...reason(named('not-judged'), 'skipped, and skips count'),
  ];
  return { ok: reasons.length === 0, reasons };
}

function reason(ids: readonly string[], what: string): readonly string[] {
  if (ids.length === 0) return [];
  return [`${ids.length} ${ids.length === 1 ? 'clause is' : 'clauses are'} ${what}: ${ids.join(', ')}`];
}
