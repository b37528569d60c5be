import { CLAUSES } from '../../conformance/clauses/clauses.ts';
import { formatCounts } from '../../conformance/reports/findings.ts';
import {
  type CountedAs,
  classifyCheck,
  type OutcomeRules,
  resolveOutcome,
} from '../../conformance/reports/outcome-rules.ts';
import type { CheckResult, ConformanceReport } from '../../contract/conformance.ts';
import { inOneLine } from '../../system/printable.ts';

/** The text that `check` prints. Pure. */

const LABELS: Readonly<Record<CountedAs, string>> = {
  passed: 'passed',
  differs: 'differs',
  skipped: 'skipped',
  uncounted: 'failed, not counted',
  expected: 'failed, as expected',
  failed: 'failed',
  'unexpected-pass': 'passed unexpectedly',
  'counted-skip': 'skipped',
};

/** The result: one line of counts, what did not pass in full, and why the run failed. */
export function formatReport(report: ConformanceReport, rules: OutcomeRules, verbose: boolean): string {
  const { checks } = report;
  const classify = (check: CheckResult) => classifyCheck(check, rules);
  const shown = checks.filter((check) => !['passed', 'skipped'].includes(classify(check)) || verbose);
  const { reasons } = resolveOutcome(report, rules);
  return [
    formatHead(report),
    ...shown.flatMap((check) => formatCheck(check, classify(check))),
    ...(verbose ? [] : formatSkipped(checks.filter((check) => classify(check) === 'skipped'))),
    ...(reasons.length === 0 ? [] : ['', ...reasons]),
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
  return `${inOneLine(target)} · ${about.join(' · ')}\n${formatCounts(checks)} · ${(durationMs / 1000).toFixed(1)} s`;
}

function formatCheck(check: CheckResult, counted: CountedAs): string[] {
  const { id, severity, title, expected, observed, reason, stage } = check;
  const head = `${LABELS[counted]}: ${id} (${severity}) ${title}`;
  if (counted === 'passed') return [head];
  if (check.verdict === 'skipped') return [head, `  reason      ${inOneLine(reason)}`];
  return [
    '',
    head,
    `  expected    ${inOneLine(expected)}`,
    `  observed    ${inOneLine(observed)}`,
    `  reason      ${inOneLine(reason)}`,
    ...(stage === null ? [] : [`  checked on  ${inOneLine(stage)}`]),
  ];
}

/** One line per reason: a target without the probe plugin skips a third of the clauses for it. */
function formatSkipped(skipped: readonly CheckResult[]): string[] {
  const byReason = new Map<string, string[]>();
  for (const { id, reason } of skipped) byReason.set(reason, [...(byReason.get(reason) ?? []), id]);
  return [...byReason].flatMap(([reason, ids]) => [
    '',
    `${ids.length} skipped: ${inOneLine(reason)}`,
    `  ${ids.join(', ')}`,
  ]);
}

/** Every clause in a line. */
export function formatClauses(): string {
  const width = Math.max(...CLAUSES.map(({ id }) => id.length));
  const lines = CLAUSES.map(
    ({ id, severity, title, place }) => `${id.padEnd(width)}  ${severity.padEnd(6)}  ${title} (${place})`,
  );
  return `${lines.join('\n')}\n`;
}
