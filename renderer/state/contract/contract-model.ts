import type { CheckResult, Clause, Verdict } from '../../../main/contract/conformance.ts';
import type { ContractRun } from './contract.ts';

/** What the lists of clauses show. Pure. */

/** `pending`: not checked yet; `running`: being checked now. */
export type ClauseState = Verdict | 'pending' | 'running';

/** A clause and, once it was checked, the result. */
export interface ShownClause {
  readonly clause: Clause;
  readonly check: CheckResult | null;
  readonly state: ClauseState;
}

export type ClauseCounts = Readonly<Record<ClauseState, number>>;

/** Clauses of one chapter of the contract, in the contract’s order. */
export interface ClauseGroup {
  readonly name: string;
  readonly rows: readonly ShownClause[];
  readonly counts: ClauseCounts;
  /** Its worst state, for its mark. */
  readonly state: ClauseState;
}

/** Which clauses are listed; `not-kept` are those that did not pass. The names are stored. */
export const CLAUSE_FILTERS = ['all', 'not-kept', 'must'] as const;
export type ClauseFilter = (typeof CLAUSE_FILTERS)[number];

export function countStates(rows: readonly ShownClause[]): ClauseCounts {
  const counts = { passed: 0, differs: 0, failed: 0, skipped: 0, pending: 0, running: 0 };
  for (const { state } of rows) counts[state] += 1;
  return counts;
}

/** The clauses of a finished report. */
export function showChecked(checks: readonly CheckResult[]): readonly ShownClause[] {
  return checks.map((check) => ({ clause: check, check, state: check.verdict }));
}

/**
 * A run in progress on top of what was known before: `clauses` for a whole run, `before` where some are
 * rechecked.
 */
export function showRunning(
  run: ContractRun,
  clauses: readonly Clause[],
  before: readonly CheckResult[],
): readonly ShownClause[] {
  const done = new Map(run.checks.map((check) => [check.id, check]));
  const again = new Set(run.again ?? []);
  const open = (clause: Clause): ShownClause => {
    const check = done.get(clause.id) ?? null;
    if (check !== null) return { clause: check, check, state: check.verdict };
    return { clause, check: null, state: clause.title === run.title ? 'running' : 'pending' };
  };
  if (run.again !== null) {
    return before.map((check) =>
      again.has(check.id) ? open(check) : { clause: check, check, state: check.verdict },
    );
  }
  const known = new Set(clauses.map(({ id }) => id));
  return [...clauses, ...run.checks.filter(({ id }) => !known.has(id))].map(open);
}

/** The clauses before any check. */
export function showUnchecked(clauses: readonly Clause[]): readonly ShownClause[] {
  return clauses.map((clause) => ({ clause, check: null, state: 'pending' }));
}

/** Groups, in the order in which they first appear. */
export function groupClauses(rows: readonly ShownClause[]): readonly ClauseGroup[] {
  const groups = new Map<string, ShownClause[]>();
  for (const row of rows) {
    const group = groups.get(row.clause.group);
    if (group === undefined) groups.set(row.clause.group, [row]);
    else group.push(row);
  }
  return [...groups].map(([name, members]) => {
    const counts = countStates(members);
    return { name, rows: members, counts, state: findWorst(counts) };
  });
}

const BY_WEIGHT: readonly ClauseState[] = ['failed', 'running', 'differs', 'pending', 'skipped', 'passed'];

/** The state that needs the most attention. */
function findWorst(counts: ClauseCounts): ClauseState {
  return BY_WEIGHT.find((state) => counts[state] > 0) ?? 'passed';
}

/**
 * Those that match the filter and every word of the query. Unchecked clauses may still fail, so `not-kept`
 * shows them.
 */
export function filterClauses(
  rows: readonly ShownClause[],
  filter: ClauseFilter,
  query: string,
): readonly ShownClause[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter(({ clause, check, state }) => {
    if (filter === 'not-kept' && state === 'passed') return false;
    if (filter === 'must' && clause.severity !== 'must') return false;
    if (words.length === 0) return true;
    const text = [clause.id, clause.group, clause.title, clause.rule, clause.place, state, check?.reason]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** The line of the headline and of each group: "54 of 73 passed · 2 failed · 1 differs · 3 skipped". */
export function formatCounts({ passed, differs, failed, skipped, pending, running }: ClauseCounts): string {
  const checked = passed + differs + failed + skipped;
  if (checked + running === 0) return pending === 1 ? '1 clause' : `${pending} clauses`;
  const parts = [`${passed} of ${checked + pending + running} passed`];
  if (failed > 0) parts.push(`${failed} failed`);
  if (differs > 0) parts.push(differs === 1 ? '1 differs' : `${differs} differ`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(' · ');
}

/** What a run is doing: "1 running: Unset, the timeout is 30 seconds". */
export function describeProgress({ pending, running }: ClauseCounts, title: string): string {
  const left = pending + running;
  if (left === 0) return 'finishing';
  const progress = left === 1 ? '1 running' : `${left} to go`;
  return title === '' ? progress : `${progress}: ${title}`;
}
