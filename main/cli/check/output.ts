import { CLAUSES } from '../../conformance/clauses/clauses.ts';
import { formatCounts } from '../../conformance/reports/findings.ts';
import {
  type CountedAs,
  classifyCheck,
  type OutcomeRules,
  resolveOutcome,
} from '../../conformance/reports/outcome-rules.ts';
import type { CheckResult, ConformanceReport } from '../../contract/conformance.ts';
import { printable } from '../printable.ts';

/** What `check` says for a reader. Pure. */

const LABELS: Readonly<Record<CountedAs, string>> = {
  kept: 'kept',
  differs: 'differs',
  skipped: 'skipped',
  uncounted: 'broken, not counted',
  expected: 'broken, as expected',
  broken: 'broken',
  'unexpected-pass': 'kept, though expected to be broken',
  'not-judged': 'skipped',
};

/** The result: one line of counts, what is not kept in full, and why the run failed. */
export function formatReport(report: ConformanceReport, rules: OutcomeRules, verbose: boolean): string {
  const { checks } = report;
  const standing = (check: CheckResult) => classifyCheck(check, rules);
  const told = checks.filter((check) => !['kept', 'skipped'].includes(standing(check)) || verbose);
  const { reasons } = resolveOutcome(report, rules);
  return [
    formatHead(report),
    ...told.flatMap((check) => formatCheck(check, standing(check))),
    ...(verbose ? [] : formatSkipped(checks.filter((check) => standing(check) === 'skipped'))),
    ...(reasons.length === 0 ? [] : ['', ...reasons.map(printable)]),
    '',
  ].join('\n');
}

function formatHead({
  target,
  contractVersion,
  edition,
  mode,
  durationMs,
  checks,
}: ConformanceReport): string {
  const about = [
    `contract ${contractVersion} (edition ${edition})`,
    ...(mode === null ? [] : [`${mode} mode`]),
  ];
  return `${printable(target)} · ${about.join(' · ')}\n${formatCounts(checks)} · ${(durationMs / 1000).toFixed(1)} s`;
}

function formatCheck(check: CheckResult, standing: CountedAs): string[] {
  const { id, severity, title, expected, observed, reason, stage } = check;
  const head = `${LABELS[standing]}: ${id} (${severity}) ${title}`;
  if (standing === 'kept') return [head];
  if (check.verdict === 'skipped') return [head, `  why       ${inLine(reason)}`];
  return [
    '',
    head,
    `  expected  ${inLine(expected)}`,
    `  observed  ${inLine(observed)}`,
    `  why       ${inLine(reason)}`,
    ...(stage === null ? [] : [`  judged on ${inLine(stage)}`]),
  ];
}

/** One line a reason: a target without the probe plugin skips a third of the clauses for it. */
function formatSkipped(skipped: readonly CheckResult[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  return [...byReason].flatMap(([reason, ids]) => [
    '',
    `${ids.length} skipped: ${inLine(reason)}`,
    `  ${ids.join(', ')}`,
  ]);
}

function inLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}

/** Every clause in a line. */
export function formatClauses(): string {
  const width = Math.max(...CLAUSES.map(({ id }) => id.length));
  const lines = CLAUSES.map(
    ({ id, severity, title, place }) => `${id.padEnd(width)}  ${severity.padEnd(6)}  ${title} (${place})`,
  );
  return `${lines.join('\n')}\n`;
}
