import { createHash } from 'node:crypto';
import type { CheckResult, ConformanceReport, ExchangeView } from '../../contract/conformance.ts';
import {
  type CheckGroup,
  countVerdicts,
  createHeadline,
  createSummary,
  describeTarget,
  findProblems,
  formatCounts,
  groupChecks,
  resolveCompliance,
} from './findings.ts';
import { escapeMarkup, formatDate, formatDuration, shorten, toOneLine } from './foreign-text.ts';
import { COMPLIANCE_LOOK, ICON_SHEET, icon, mark, VERDICT_LOOK } from './html-marks.ts';
import { STYLE } from './html-style.ts';
import { type CountedAs, classifyCheck, type OutcomeRules } from './outcome-rules.ts';

/**
 * The report as one HTML file that needs nothing else: no script, no network. Threat model: what a target answered is in it, and
 * whoever is sent the file opens it. Every text is escaped and has its hidden characters written out; should that ever fail, the
 * policy in the file lets no script run, no form be sent and nothing be loaded, and allows this one style.
 */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

interface Page {
  readonly report: ConformanceReport;
  readonly rules: OutcomeRules;
  /** Where on the page each clause is; an id of the report's own would be foreign text in a link. */
  readonly anchors: ReadonlyMap<CheckResult, string>;
}

/** The report as HTML: the verdict in one line, the six requirements, what is broken, then every clause with its evidence. */
export function toHtml(report: ConformanceReport, rules: OutcomeRules = {}): string {
  const anchors = new Map(report.checks.map((check, index) => [check, `clause-${index + 1}`]));
  const page: Page = { report, rules, anchors };
  const title = `Runtime ↔ Platform Contract v${text(report.contractVersion)}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${title}: ${text(report.target)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    ICON_SHEET,
    '<div class="page">',
    ...head(page, title),
    '<main>',
    ...summary(page),
    ...problems(page),
    ...groupChecks(report.checks).flatMap((group, index) => groupSection(page, group, index)),
    '</main>',
    `<footer>Report ${text(report.id)}, made by the Mozaiks Workbench. Secrets are masked in all evidence.</footer>`,
    '</div>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function head({ report, rules }: Page, title: string): string[] {
  const { target, at, durationMs, edition, checks } = report;
  const { compliance, word, text: counts, reasons } = createHeadline(report, rules);
  const { tone, icon: name } = COMPLIANCE_LOOK[compliance];
  const facts = [
    ['Target', `<code>${text(target)}</code>`],
    ['What it is', text(describeTarget(report))],
    ['Date', `<time datetime="${new Date(at).toISOString()}">${formatDate(at)}</time>`],
    ['Duration', formatDuration(durationMs)],
    ['Clauses', `edition ${edition}`],
  ];
  return [
    '<header>',
    '<p class="kind">Implementation compliance report</p>',
    `<h1>${title}</h1>`,
    '<div class="verdict">',
    `<p class="verdict-line"><strong class="${tone}">${icon(name, 18)}${word}</strong><span>${counts}</span></p>`,
    reasons.length === 0 ? '' : `<ul>${reasons.map((reason) => `<li>${text(reason)}</li>`).join('')}</ul>`,
    bar(checks),
    '</div>',
    `<dl class="facts">${facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${value}</dd></div>`).join('')}</dl>`,
    '</header>',
  ];
}

/** The counts as lengths; the words beside it say the same. */
function bar(checks: readonly CheckResult[]): string {
  const counts = countVerdicts(checks);
  let from = 0;
  const parts = (['passed', 'differs', 'failed', 'skipped'] as const).map((verdict) => {
    const part = `<rect class="${VERDICT_LOOK[verdict].tone}" x="${from}" width="${counts[verdict]}" height="1"/>`;
    from += counts[verdict];
    return counts[verdict] === 0 ? '' : part;
  });
  const box = `viewBox="0 0 ${Math.max(1, from)} 1" preserveAspectRatio="none"`;
  return `<svg class="bar" ${box} aria-hidden="true">${parts.join('')}</svg>`;
}

function sectionHead(id: string, title: string, note: string): string {
  return `<div class="head"><h2 id="${id}">${title}</h2>${note === '' ? '' : `<p>${note}</p>`}</div>`;
}

/** Of a line in the summary, in characters; the clause itself shows all of it. */
const MAX_EVIDENCE = 160;

function summary({ report }: Page): string[] {
  const rows = createSummary(report).map(({ requirement, compliance, evidence }) => {
    const words = text(requirement).replace(/`([^`]+)`/g, '<code>$1</code>');
    return `<tr><td>${words}</td><td>${mark(COMPLIANCE_LOOK[compliance])}</td><td>${text(shorten(evidence, MAX_EVIDENCE))}</td></tr>`;
  });
  return [
    '<section aria-labelledby="summary">',
    sectionHead('summary', 'Summary', ''),
    '<table class="summary">',
    '<thead><tr><th scope="col">Requirement</th><th scope="col">Status</th><th scope="col">Evidence</th></tr></thead>',
    `<tbody>${rows.join('\n')}</tbody>`,
    '</table>',
    '</section>',
  ];
}

function problems({ report, anchors }: Page): string[] {
  const found = findProblems(report.checks);
  if (found.length === 0) return [];
  return [
    '<section aria-labelledby="problems">',
    sectionHead('problems', 'Broken or different', String(found.length)),
    '<ul class="problems">',
    ...found.map((check) => {
      const link = `<a href="#${anchors.get(check)}">${text(`${check.group}: ${check.title}`)}</a>`;
      return `<li>${mark(VERDICT_LOOK[check.verdict])}<span>${link}</span><span>${text(check.reason)}</span></li>`;
    }),
    '</ul>',
    '</section>',
  ];
}

function groupSection(page: Page, { name, checks }: CheckGroup, index: number): string[] {
  const id = `group-${index + 1}`;
  return [
    `<section aria-labelledby="${id}">`,
    sectionHead(id, text(name), mark({ ...groupLook(checks), word: formatCounts(checks) })),
    ...checks.flatMap((check) => clause(page, check)),
    '</section>',
  ];
}

/** One broken clause is what to look for in a group, whatever else is kept. */
function groupLook(checks: readonly CheckResult[]) {
  return countVerdicts(checks).failed > 0 ? VERDICT_LOOK.failed : COMPLIANCE_LOOK[resolveCompliance(checks)];
}

const TAGS: Readonly<Partial<Record<CountedAs, string>>> = {
  expected: 'expected to fail',
  'unexpected-pass': 'expected to fail',
};

function clause({ rules, anchors }: Page, check: CheckResult): string[] {
  const { id, title, severity, verdict, observed, reason, rule, place } = check;
  const known = TAGS[classifyCheck(check, rules)];
  const tags = [...(severity === 'should' ? ['should'] : []), ...(known === undefined ? [] : [known])];
  const seen = verdict === 'passed' && observed !== '' ? observed : reason;
  return [
    `<details id="${anchors.get(check)}"${verdict === 'failed' ? ' open' : ''}>`,
    `<summary>${icon('chevron')}${mark(VERDICT_LOOK[verdict])}`,
    `<span>${text(title)}${tags.map((tag) => `<span class="tag">${tag}</span>`).join('')}</span>`,
    `<span class="seen">${text(seen)}</span></summary>`,
    '<div class="body">',
    `<p class="rule"><span>${text(rule)} (${text(place)})</span><span class="id">${text(id)}</span></p>`,
    ...outcome(check),
    ...check.exchanges.map(exchange),
    '</div>',
    '</details>',
  ];
}

function outcome({ verdict, expected, observed, reason, stage }: CheckResult): string[] {
  const { tone } = VERDICT_LOOK[verdict];
  const seen = observed === '' ? reason : observed;
  return [
    '<div class="pair">',
    `<div><h3>Expected</h3><p>${text(expected)}</p></div>`,
    `<div class="${tone}-soft"><h3>${observed === '' ? 'Not judged' : 'Observed'}</h3><p>${text(seen)}</p></div>`,
    '</div>',
    observed === '' || verdict === 'passed' ? '' : `<p class="note">${text(reason)}</p>`,
    stage === null ? '' : `<p class="note">Asked: ${text(stage)}</p>`,
  ];
}

function exchange({ request, answer, durationMs }: ExchangeView): string {
  const headers = Object.entries(answer?.headers ?? {}).map(([name, value]) =>
    toOneLine(`${name}: ${value}`),
  );
  const answered =
    answer === null
      ? '<h3>No HTTP answer</h3>'
      : `<h3>Answer ${answer.status}, after ${formatDuration(durationMs)}</h3>${block('Answer', `${headers.join('\n')}\n\n${answer.body}`)}`;
  return `<div class="exchange"><div><h3>Request</h3>${block('Request', request)}</div><div>${answered}</div></div>`;
}

/** Long ones scroll, so that they must be reachable by the keyboard. */
function block(label: string, content: string): string {
  return `<pre tabindex="0" role="group" aria-label="${label}">${escapeMarkup(content.trimEnd())}</pre>`;
}

function text(foreign: string): string {
  return escapeMarkup(toOneLine(foreign));
}
