import type { CheckView, ConformanceReport, ExchangeView } from '../../contract/conformance.ts';

const MARK = { passed: '✅ kept', differs: '⚠️ differs', failed: '❌ broken', skipped: '⚠️ skipped' } as const;

/** The report as Markdown: the verdict, a summary table (requirement → status → evidence), then what is broken in full. */
export function toMarkdown({ target, at, durationMs, contractVersion, checks }: ConformanceReport): string {
  const count = (verdict: CheckView['verdict']) => checks.filter((check) => check.verdict === verdict).length;
  const broken = checks.filter(({ verdict }) => verdict === 'failed');
  return [
    `# Runtime ↔ Platform Contract v${contractVersion}: conformance report`,
    '',
    `**Target**: ${code(target)}  `,
    `**Date**: ${new Date(at).toISOString()}  `,
    `**Duration**: ${(durationMs / 1000).toFixed(2)} s  `,
    `**Result**: ${count('passed')} of ${checks.length} kept, ${count('failed')} broken, ${count('skipped')} skipped`,
    '',
    '| Requirement | Status | Evidence |',
    '|---|---|---|',
    ...checks.map(row),
    ...broken.flatMap(details),
    '',
  ].join('\n');
}

function row(check: CheckView): string {
  const evidence = check.verdict === 'passed' ? check.observed : check.reason;
  return `| ${cell(`${check.group}: ${check.title}`)} | ${MARK[check.verdict]} | ${cell(shortened(evidence))} |`;
}

function details(check: CheckView): string[] {
  return [
    '',
    `## ${inLine(check.title)}`,
    '',
    `- Rule: ${inLine(check.rule)}`,
    `- Expected: ${inLine(check.expected)}`,
    `- Observed: ${inLine(check.observed)}`,
    `- Why it is broken: ${inLine(check.reason)}`,
    '',
    ...check.exchanges.flatMap(evidence),
  ];
}

function evidence({ request, answer }: ExchangeView): string[] {
  const answered =
    answer === null ? [] : ['', `Answer ${answer.status}:`, '', fenced(shortened(answer.body, 2_000))];
  return [fenced(request), ...answered];
}

function shortened(text: string, limit = 160): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

/** What a target answered is text, whatever Markdown or HTML is in it. */
function inLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, (mark) => `\\${mark}`);
}

const cell = inLine;

function code(text: string): string {
  return `\`${text.replaceAll('`', '')}\``;
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
