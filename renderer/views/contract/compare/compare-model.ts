import type { CheckResult, Clause, ConformanceReport } from '../../../../main/contract/conformance.ts';

/** Two runs clause by clause. Pure. */

export interface ComparedClause {
  readonly clause: Clause;
  /** Null where that run’s edition does not contain the clause. */
  readonly a: CheckResult | null;
  readonly b: CheckResult | null;
  /** The verdicts are not the same. */
  readonly differs: boolean;
}

export interface ComparedGroup {
  readonly name: string;
  readonly rows: readonly ComparedClause[];
  readonly differing: number;
}

/** In the order of the first run; clauses that only the second one has come last in their group. */
export function compareReports(a: ConformanceReport, b: ConformanceReport): readonly ComparedGroup[] {
  const others = new Map(b.checks.map((check) => [check.id, check]));
  const known = new Set(a.checks.map(({ id }) => id));
  const pairs: ComparedClause[] = [
    ...a.checks.map((check) => pair(check, others.get(check.id) ?? null)),
    ...b.checks.filter(({ id }) => !known.has(id)).map((check) => pair(null, check)),
  ].filter((one) => one !== null);
  const groups = new Map<string, ComparedClause[]>();
  for (const one of pairs) groups.set(one.clause.group, [...(groups.get(one.clause.group) ?? []), one]);
  return [...groups].map(([name, rows]) => ({ name, rows, differing: countDiffering(rows) }));
}

function pair(a: CheckResult | null, b: CheckResult | null): ComparedClause | null {
  const clause = a ?? b;
  return clause === null ? null : { clause, a, b, differs: a?.verdict !== b?.verdict };
}

export function countDiffering(rows: readonly ComparedClause[]): number {
  return rows.filter(({ differs }) => differs).length;
}

/** The groups with only their differing rows. */
export function onlyDifferences(groups: readonly ComparedGroup[]): readonly ComparedGroup[] {
  return groups
    .map((group) => ({ ...group, rows: group.rows.filter(({ differs }) => differs) }))
    .filter(({ rows }) => rows.length > 0);
}

/** "3 differ", "1 differs", "no differences" */
export function formatDiffering(count: number): string {
  if (count === 0) return 'no differences';
  return count === 1 ? '1 differs' : `${count} differ`;
}
