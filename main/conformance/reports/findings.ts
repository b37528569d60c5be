import {
  type CheckResult,
  type ConformanceReport,
  VERDICTS,
  type Verdict,
} from '../../contract/conformance.ts';
import { CLAUSES, type ClauseId } from '../clauses/clauses.ts';
import { classifyCheck, type OutcomeRules, resolveOutcome } from './outcome-rules.ts';

/** The summary of a report, the same in every format. Pure. */

export type VerdictCounts = Readonly<Record<Verdict, number>>;

export function countVerdicts(checks: readonly CheckResult[]): VerdictCounts {
  const counts = { passed: 0, differs: 0, failed: 0, skipped: 0 };
  for (const { verdict } of checks) counts[verdict] += 1;
  return counts;
}

export interface CheckGroup {
  readonly name: string;
  readonly checks: readonly CheckResult[];
}

/** In the order in which the report first names them. */
export function groupChecks(checks: readonly CheckResult[]): readonly CheckGroup[] {
  const groups = new Map<string, CheckResult[]>();
  for (const check of checks) {
    const members = groups.get(check.group);
    if (members === undefined) groups.set(check.group, [check]);
    else members.push(check);
  }
  return [...groups].map(([name, members]) => ({ name, checks: members }));
}

/** "72 of 75 passed · 1 failed · 1 differs · 1 skipped" */
export function formatCounts(checks: readonly CheckResult[]): string {
  const counts = countVerdicts(checks);
  const others = (['failed', 'differs', 'skipped'] as const).filter((verdict) => counts[verdict] > 0);
  return [
    `${counts.passed} of ${checks.length} passed`,
    ...others.map((verdict) => {
      const number = counts[verdict];
      return `${number} ${verdict === 'differs' && number > 1 ? 'differ' : verdict}`;
    }),
  ].join(' · ');
}

/**
 * `compliant`: everything passed, on evidence. `open`: what was checked passed, but something was not
 * checked.
 */
export type Compliance = 'compliant' | 'partial' | 'broken' | 'open';

/** One line of the contract's compliance report, with the clauses behind it. */
export interface SummaryLine {
  /** In our own words; parts in backticks are code. */
  readonly requirement: string;
  readonly compliance: Compliance;
  readonly evidence: string;
  readonly clauses: readonly CheckResult[];
}

/**
 * The six lines of the compliance report. A name that ends with a dot means every clause whose id starts with
 * it.
 */
const LINES: readonly {
  readonly requirement: string;
  readonly clauses: readonly (ClauseId | 'header.')[];
}[] = [
  { requirement: '`X-Mozaiks-Runtime-Version: 1.0.0` header on every response', clauses: ['header.'] },
  { requirement: '`plugins_loaded` in `/health`', clauses: ['health.plugins-loaded', 'health.counts'] },
  {
    requirement: '`user_jwt` in plugin context',
    clauses: ['identity.user-jwt', 'identity.anonymous', 'spoof.user-jwt'],
  },
  {
    requirement: '`GET /api/plugins` endpoint and its alias `/api/available-plugins`',
    clauses: ['plugins.list', 'plugins.sorted', 'plugins.alias'],
  },
  {
    requirement: '`MOZAIKS_PLUGIN_TIMEOUT_SECONDS`, default 30',
    clauses: ['timeout.enforced', 'timeout.variable', 'timeout.default', 'timeout.older-name'],
  },
  {
    requirement: '`POST /api/execute/{plugin_name}`',
    clauses: ['execute.path', 'execute.fields', 'execute.numbers', 'execute.content-type'],
  },
];

/** Always all six lines: one with clauses outside the run is open at best. */
export function createSummary({ checks }: ConformanceReport): readonly SummaryLine[] {
  return LINES.map(({ requirement, clauses: names }) => {
    const belongs = ({ id }: { readonly id: string }) =>
      names.some((name) => (name.endsWith('.') ? id.startsWith(name) : id === name));
    const clauses = checks.filter(belongs);
    const leftOut = CLAUSES.filter(belongs).length - clauses.length;
    const together = resolveCompliance(clauses);
    return {
      requirement,
      compliance: together === 'compliant' && leftOut > 0 ? 'open' : together,
      evidence: describeEvidence(clauses, leftOut),
      clauses,
    };
  });
}

/**
 * Combines the verdicts of several clauses: broken where nothing that was checked passed, partial where some
 * did.
 */
export function resolveCompliance(clauses: readonly CheckResult[]): Compliance {
  const { passed, differs, failed, skipped } = countVerdicts(clauses);
  if (failed > 0) return passed + differs > 0 ? 'partial' : 'broken';
  if (differs > 0) return 'partial';
  return skipped > 0 || passed === 0 ? 'open' : 'compliant';
}

/** The most telling sentence: why the worst of them did not pass, or what was observed of the first. */
function describeEvidence(clauses: readonly CheckResult[], leftOut: number): string {
  if (clauses.length === 0) return 'Not part of this run';
  const worst = (['failed', 'differs', 'skipped'] as const)
    .map((verdict) => clauses.find((check) => check.verdict === verdict))
    .find((check) => check !== undefined);
  const counts = [
    ...(clauses.length === 1 ? [] : [formatCounts(clauses)]),
    ...(leftOut > 0 ? [`${leftOut} not part of this run`] : []),
  ].join(' · ');
  const sentence = worst === undefined ? (clauses[0]?.observed ?? '') : `${worst.title}: ${worst.reason}`;
  return counts === '' ? sentence : `${counts}; ${sentence}`;
}

export interface Headline {
  readonly compliance: Compliance;
  /** "Implemented" */
  readonly word: string;
  /** The counts, and with a baseline how many failures were expected. */
  readonly text: string;
  /** Why the run failed, a line each; empty when it did not. */
  readonly reasons: readonly string[];
}

/** The verdict of the report as a whole. */
export function createHeadline(report: ConformanceReport, rules: OutcomeRules = {}): Headline {
  const { ok, reasons } = resolveOutcome(report, rules);
  const { checks, cancelled } = report;
  const together = resolveCompliance(checks);
  const compliance = !ok && together === 'partial' ? 'broken' : together;
  const word = checks.some(({ verdict }) => verdict === 'failed')
    ? WORDS[compliance]
    : UNFAILED_WORDS[compliance];
  const expected = checks.filter((check) => classifyCheck(check, rules) === 'expected').length;
  const text = [formatCounts(checks), ...(expected > 0 ? [`${expected} of the failures expected`] : [])].join(
    ' · ',
  );
  return { compliance, word: cancelled ? 'Not finished' : word, text, reasons };
}

const WORDS: Readonly<Record<Compliance, string>> = {
  compliant: 'Implemented',
  partial: 'Partially implemented',
  broken: 'Does not follow the contract',
  open: 'Implemented as far as checked',
};

/** Where nothing failed; `broken` then means that something differs under strict rules. */
const UNFAILED_WORDS: typeof WORDS = {
  ...WORDS,
  partial: 'Implemented, with differences',
  broken: 'Differs from the contract',
};

/** "another runtime, local mode" */
export function describeTarget({ own, mode }: ConformanceReport): string {
  return `${own ? 'the runtime that created this report' : 'another runtime'}${mode === null ? '' : `, ${mode} mode`}`;
}

/** What a reader should look at, worst first: failed, then differs. */
export function findProblems(checks: readonly CheckResult[]): readonly CheckResult[] {
  return [...checks]
    .filter(({ verdict }) => verdict === 'failed' || verdict === 'differs')
    .sort((a, b) => VERDICTS.indexOf(b.verdict) - VERDICTS.indexOf(a.verdict));
}
