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
import { formatDate, formatDuration, shorten, toOneLine } from './foreign-text.ts';
import { COMPLIANCE_LOOK, ICON_SHEET, icon, mark, VERDICT_LOOK } from './html-marks.ts';
import { STYLE } from './html-style.ts';
import { html, lines, type Markup, NOTHING, trusted } from './html-template.ts';
import { type CountedAs, classifyCheck, type OutcomeRules } from './outcome-rules.ts';

/**
 * The report as one HTML file that needs nothing else: no script, no network. Threat model: what a target
 * answered is in it, and anyone may be sent the file and open it. The template escapes every value and writes
 * out hidden characters; should that ever fail, the policy in the file lets no script run, no form be sent
 * and nothing be loaded, and allows this one style.
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
  /** The anchor of each clause on the page; its id in the report would be foreign text in a link. */
  readonly anchors: ReadonlyMap<CheckResult, string>;
}

/**
 * The report as HTML: the outcome in one line, the six requirements, what failed, then every clause with its
 * evidence.
 */
export function toHtml(report: ConformanceReport, rules: OutcomeRules = {}): string {
  const anchors = new Map(report.checks.map((check, index) => [check, `clause-${index + 1}`]));
  const page: Page = { report, rules, anchors };
  const title = `Runtime ↔ Platform Contract v${toOneLine(report.contractVersion)}`;
  const groups = groupChecks(report.checks).map((group, index) => createGroup(page, group, index));
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}: ${toOneLine(report.target)}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${ICON_SHEET}
<div class="page">
${createHeader(page, title)}
<main>
${lines([createSummaryTable(page), createProblemList(page), ...groups])}
</main>
<footer>Report ${toOneLine(report.id)}, created by the Mozaiks Workbench. Secrets are masked in all evidence.</footer>
</div>
</body>
</html>
`.source;
}

function createHeader({ report, rules }: Page, title: string): Markup {
  const { target, at, durationMs, edition, checks } = report;
  const { compliance, word, text: counts, reasons } = createHeadline(report, rules);
  const { tone, icon: name } = COMPLIANCE_LOOK[compliance];
  const facts: readonly (readonly [term: string, value: Markup | string])[] = [
    ['Target', html`<code>${toOneLine(target)}</code>`],
    ['Kind', describeTarget(report)],
    ['Date', html`<time datetime="${new Date(at).toISOString()}">${formatDate(at)}</time>`],
    ['Duration', formatDuration(durationMs)],
    ['Clauses', `edition ${edition}`],
  ];
  return lines([
    html`<header>`,
    html`<p class="kind">Implementation compliance report</p>`,
    html`<h1>${title}</h1>`,
    html`<div class="verdict">`,
    html`<p class="verdict-line"><strong class="${tone}">${icon(name, 18)}${word}</strong><span>${counts}</span></p>`,
    reasons.length === 0
      ? NOTHING
      : html`<ul>${reasons.map((reason) => html`<li>${toOneLine(reason)}</li>`)}</ul>`,
    createBar(checks),
    html`</div>`,
    html`<dl class="facts">${facts.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`,
    html`</header>`,
  ]);
}

/** The counts as lengths; the text beside it says the same. */
function createBar(checks: readonly CheckResult[]): Markup {
  const counts = countVerdicts(checks);
  let from = 0;
  const parts = (['passed', 'differs', 'failed', 'skipped'] as const).map((verdict) => {
    const { tone } = VERDICT_LOOK[verdict];
    const part = html`<rect class="${tone}" x="${from}" width="${counts[verdict]}" height="1"/>`;
    from += counts[verdict];
    return counts[verdict] === 0 ? NOTHING : part;
  });
  const width = Math.max(1, from);
  return html`<svg class="bar" viewBox="0 0 ${width} 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

function createHeading(id: string, title: string, note: Markup | string): Markup {
  return html`<div class="head"><h2 id="${id}">${title}</h2>${note === '' ? NOTHING : html`<p>${note}</p>`}</div>`;
}

/** In characters, for a line of the summary; the clause itself shows all of it. */
const MAX_EVIDENCE = 160;

function createSummaryTable({ report }: Page): Markup {
  const rows = createSummary(report).map(({ requirement, compliance, evidence }) => {
    const cells = [
      // Every second part is in backticks.
      requirement.split('`').map((part, index) => (index % 2 === 0 ? part : html`<code>${part}</code>`)),
      mark(COMPLIANCE_LOOK[compliance]),
      toOneLine(shorten(evidence, MAX_EVIDENCE)),
    ];
    return html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`;
  });
  return lines([
    html`<section aria-labelledby="summary">`,
    createHeading('summary', 'Summary', ''),
    html`<table class="summary">`,
    html`<thead><tr><th scope="col">Requirement</th><th scope="col">Status</th><th scope="col">Evidence</th></tr></thead>`,
    html`<tbody>${lines(rows)}</tbody>`,
    html`</table>`,
    html`</section>`,
  ]);
}

function createProblemList({ report, anchors }: Page): Markup {
  const found = findProblems(report.checks);
  if (found.length === 0) return NOTHING;
  const items = found.map((check) => {
    const title = toOneLine(`${check.group}: ${check.title}`);
    const link = html`<a href="#${anchors.get(check) ?? ''}">${title}</a>`;
    return html`<li>${mark(VERDICT_LOOK[check.verdict])}<span>${link}</span><span>${toOneLine(check.reason)}</span></li>`;
  });
  return lines([
    html`<section aria-labelledby="problems">`,
    createHeading('problems', 'Failures and differences', String(found.length)),
    html`<ul class="problems">`,
    ...items,
    html`</ul>`,
    html`</section>`,
  ]);
}

function createGroup(page: Page, { name, checks }: CheckGroup, index: number): Markup {
  const id = `group-${index + 1}`;
  return lines([
    html`<section aria-labelledby="${id}">`,
    createHeading(id, toOneLine(name), mark({ ...findGroupLook(checks), word: formatCounts(checks) })),
    ...checks.map((check) => createClause(page, check)),
    html`</section>`,
  ]);
}

/** One failed clause marks its group, whatever else passed. */
function findGroupLook(checks: readonly CheckResult[]) {
  return countVerdicts(checks).failed > 0 ? VERDICT_LOOK.failed : COMPLIANCE_LOOK[resolveCompliance(checks)];
}

const TAGS: Readonly<Partial<Record<CountedAs, string>>> = {
  expected: 'expected to fail',
  'unexpected-pass': 'expected to fail',
};

function createClause({ rules, anchors }: Page, check: CheckResult): Markup {
  const { id, title, severity, verdict, observed, reason, rule, place } = check;
  const known = TAGS[classifyCheck(check, rules)];
  const tags = [severity === 'should' ? severity : undefined, known].filter((tag) => tag !== undefined);
  const seen = verdict === 'passed' && observed !== '' ? observed : reason;
  return lines([
    html`<details id="${anchors.get(check) ?? ''}"${verdict === 'failed' ? html` open` : NOTHING}>`,
    html`<summary>${icon('chevron')}${mark(VERDICT_LOOK[verdict])}`,
    html`<span>${toOneLine(title)}${tags.map((tag) => html`<span class="tag">${tag}</span>`)}</span>`,
    html`<span class="seen">${toOneLine(seen)}</span></summary>`,
    html`<div class="body">`,
    html`<p class="rule"><span>${toOneLine(rule)} (${toOneLine(place)})</span><span class="id">${toOneLine(id)}</span></p>`,
    createComparison(check),
    ...check.exchanges.map(createExchange),
    html`</div>`,
    html`</details>`,
  ]);
}

function createComparison({ verdict, expected, observed, reason, stage }: CheckResult): Markup {
  const { tone } = VERDICT_LOOK[verdict];
  const [heading, seen] = observed === '' ? ['Not checked', reason] : ['Observed', observed];
  return lines([
    html`<div class="pair">`,
    html`<div><h3>Expected</h3><p>${toOneLine(expected)}</p></div>`,
    html`<div class="${tone}-soft"><h3>${heading}</h3><p>${toOneLine(seen)}</p></div>`,
    html`</div>`,
    observed === '' || verdict === 'passed' ? NOTHING : html`<p class="note">${toOneLine(reason)}</p>`,
    stage === null ? NOTHING : html`<p class="note">Checked on: ${toOneLine(stage)}</p>`,
  ]);
}

function createExchange({ request, answer, durationMs }: ExchangeView): Markup {
  const asked = html`<div><h3>Request</h3>${createBlock('Request', request)}</div>`;
  return html`<div class="exchange">${asked}<div>${createAnswer(answer, durationMs)}</div></div>`;
}

function createAnswer(answer: ExchangeView['answer'], durationMs: number): Markup {
  if (answer === null) return html`<h3>No HTTP answer</h3>`;
  const headers = Object.entries(answer.headers).map(([name, value]) => toOneLine(`${name}: ${value}`));
  const content = `${headers.join('\n')}\n\n${answer.body}`;
  return html`<h3>Answer ${answer.status}, after ${formatDuration(durationMs)}</h3>${createBlock('Answer', content)}`;
}

/** Long ones scroll, so they must be reachable by keyboard. */
function createBlock(label: string, content: string): Markup {
  return html`<pre tabindex="0" role="group" aria-label="${label}">${content.trimEnd()}</pre>`;
}
