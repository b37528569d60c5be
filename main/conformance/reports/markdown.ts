import type { CheckResult, ConformanceReport, ExchangeView, Verdict } from '../../contract/conformance.ts';
import {
  type CheckGroup,
  type Compliance,
  countVerdicts,
  createHeadline,
  createSummary,
  describeTarget,
  findProblems,
  formatCounts,
  groupChecks,
} from './findings.ts';
import { formatDate, formatDuration, shorten, showHidden, toOneLine } from './foreign-text.ts';
import type { OutcomeRules } from './outcome-rules.ts';

const COMPLIANCE: Readonly<Record<Compliance, string>> = {
  compliant: '✅ Done',
  partial: '⚠️ Partial',
  broken: '❌ Not implemented',
  open: '➖ Not fully checked',
};

const MARKS: Readonly<Record<Compliance, string>> = {
  compliant: '✅',
  partial: '⚠️',
  broken: '❌',
  open: '➖',
};

const VERDICT: Readonly<Record<Verdict, string>> = {
  passed: '✅ Passed',
  differs: '⚠️ Differs',
  failed: '❌ Failed',
  skipped: '➖ Skipped',
};

/**
 * The report as Markdown, in the form of the contract's compliance report: status, the six requirements,
 * every clause, failures in full, counts. A target's answers stay plain text: no markup, link or mention in
 * them takes effect.
 */
export function toMarkdown(report: ConformanceReport, rules: OutcomeRules = {}): string {
  const { target, at, durationMs, contractVersion, edition, checks } = report;
  const { compliance, word, text, reasons } = createHeadline(report, rules);
  return [
    `# Runtime ↔ Platform Contract v${toOneLine(contractVersion)} — Implementation Compliance Report`,
    '',
    `**Date**: ${formatDate(at)}, in ${formatDuration(durationMs)}  `,
    `**Target**: ${code(target)} (${describeTarget(report)})  `,
    `**Contract Version**: ${inLine(contractVersion)}, edition ${edition} of its clauses  `,
    `**Status**: ${MARKS[compliance]} **${word.toUpperCase()}**: ${text}`,
    ...(reasons.length === 0 ? [] : ['', ...reasons.map((reason) => `- ${inLine(reason)}`)]),
    ...section('Implementation Summary'),
    ...table(['Requirement', 'Status', 'Evidence'], summaryRows(report)),
    ...section('1. Clauses'),
    ...groupChecks(checks).flatMap(groupTable),
    ...section('2. Failures and Differences'),
    ...problems(checks),
    ...section('3. Summary'),
    ...table(['Category', 'Count'], countRows(checks)),
    '',
  ].join('\n');
}

function section(title: string): string[] {
  return ['', '---', '', `## ${title}`, ''];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}

function summaryRows(report: ConformanceReport): string[][] {
  return createSummary(report).map(({ requirement, compliance, evidence }) => [
    requirement,
    COMPLIANCE[compliance],
    cell(evidence),
  ]);
}

function groupTable({ name, checks }: CheckGroup): string[] {
  const rows = checks.map(({ title, severity, verdict, observed, reason }) => {
    const evidence = verdict === 'passed' && observed !== '' ? observed : reason;
    return [cell(title), severity, VERDICT[verdict], cell(evidence)];
  });
  const head = ['Clause', 'Severity', 'Status', 'Evidence'];
  return [`### ${inLine(name)}: ${formatCounts(checks)}`, '', ...table(head, rows), ''];
}

function problems(checks: readonly CheckResult[]): string[] {
  const found = findProblems(checks);
  if (found.length === 0) return ['None.'];
  return found.flatMap((check, index) => details(check, `2.${index + 1}`));
}

function details(check: CheckResult, number: string): string[] {
  const { id, group, title, severity, verdict, rule, place, expected, observed, reason, stage } = check;
  return [
    `### ${number} ${inLine(`${group}: ${title}`)}`,
    '',
    `${VERDICT[verdict]} · ${severity} · ${code(id)}`,
    '',
    `- **Rule**: ${inLine(rule)} (${inLine(place)})`,
    `- **Expected**: ${inLine(expected)}`,
    ...(observed === '' ? [] : [`- **Observed**: ${inLine(observed)}`]),
    `- **Reason**: ${inLine(reason)}`,
    ...(stage === null ? [] : [`- **Checked on**: ${inLine(stage)}`]),
    '',
    ...check.exchanges.flatMap(evidence),
  ];
}

const MAX_CELL = 200;
const MAX_BODY = 2_000;

function evidence({ request, answer, durationMs }: ExchangeView): string[] {
  const asked = fenced(request, 'http');
  if (answer === null) return [asked, '', 'No HTTP answer.', ''];
  const headers = Object.entries(answer.headers).map(([name, value]) => toOneLine(`${name}: ${value}`));
  const text = [`HTTP ${answer.status}`, ...headers, '', shorten(answer.body, MAX_BODY)].join('\n');
  return [asked, '', `Answer after ${formatDuration(durationMs)}:`, '', fenced(text.trimEnd(), 'http'), ''];
}

function countRows(checks: readonly CheckResult[]): string[][] {
  const counts = countVerdicts(checks);
  const named = (verdict: Verdict) => {
    const ids = checks.filter((check) => check.verdict === verdict).map(({ id }) => code(id));
    return ids.length === 0 ? '0' : `${ids.length} (${ids.join(', ')})`;
  };
  return [
    [VERDICT.passed, String(counts.passed)],
    [VERDICT.differs, named('differs')],
    [VERDICT.failed, named('failed')],
    [VERDICT.skipped, named('skipped')],
  ];
}

/** Words that a renderer turns into links, mentions or references without any markup. */
const ACTING = /@|:\/\/|www\.|mailto:|xmpp:|#\d|GH-\d/i;

/** What a parser may take for markup; a `_` within a word is not. */
const MARKUP = /[\\`*[\]<>|#&~$^]|(?<![a-z\d])_|_(?![a-z\d])/gi;

/** Foreign text within a line of prose. */
function inLine(text: string): string {
  return toOneLine(text)
    .split(' ')
    .map((word) => (ACTING.test(word) ? code(word) : word.replace(MARKUP, '\\$&')))
    .join(' ');
}

/** Foreign text in a cell of a table. */
function cell(text: string, limit = MAX_CELL): string {
  return inLine(shorten(toOneLine(text), limit));
}

/**
 * A code span, delimited by more backticks than any run in the text. In a table even a code span can't
 * contain a `|`.
 */
function code(text: string): string {
  const content = toOneLine(text).replaceAll('|', '⟨U+007C⟩');
  if (content === '') return '';
  const marks = backticks(content, 1);
  const padding = /^`|`$/.test(content) ? ' ' : '';
  return `${marks}${padding}${content}${padding}${marks}`;
}

function fenced(text: string, language: string): string {
  const content = showHidden(text);
  const fence = backticks(content, 3);
  return `${fence}${language}\n${content}\n${fence}`;
}

function backticks(text: string, atLeast: number): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  return '`'.repeat(Math.max(atLeast, longest + 1));
}
