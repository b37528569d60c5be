import type { ConformanceReport } from '../../contract/conformance.ts';
import { nearNames } from '../../system/near-names.ts';
import { CLAUSES } from '../clauses/clauses.ts';
import { type Baseline, classifyCheck, compareWithBaseline, type OutcomeRules } from './outcome-rules.ts';

/**
 * A file of clauses that are known to fail: one id per line, the reason after it, `#` for comments. Plain
 * lines, so that a diff shows what was fixed and what failed.
 */

/** An invalid baseline; the message has a line for each problem, with the file and the line number. */
export class BaselineError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BaselineError';
  }
}

/** In characters; all clauses with long reasons need a tenth of it. */
const MAX_LENGTH = 200_000;
/** Problems that are reported; the wrong file has thousands. */
const MAX_PROBLEMS = 20;
const MAX_REASON = 200;

/**
 * Reads the text of a baseline.
 * @param file its name, for messages
 * @throws {BaselineError} when an id is unknown or duplicated, or the text is not such a list
 */
export function parseBaseline(text: string, file: string): Baseline {
  if (text.length > MAX_LENGTH) throw new BaselineError(`${file} is longer than ${MAX_LENGTH} characters`);
  const lineOf = new Map<string, number>();
  const baseline = new Map<string, string>();
  const problems: string[] = [];
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    const [id, reason] = parseLine(line);
    if (id === '') continue;
    const known = lineOf.get(id);
    const problem = known === undefined ? unknownClause(id) : `'${formatId(id)}' is already in line ${known}`;
    if (problem !== null) problems.push(`${file}:${index + 1}: ${problem}`);
    lineOf.set(id, index + 1);
    baseline.set(id, reason);
  }
  if (problems.length === 0) return baseline;
  const more = problems.length - MAX_PROBLEMS;
  throw new BaselineError(
    [...problems.slice(0, MAX_PROBLEMS), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n'),
  );
}

/**
 * The clauses that failed in a report, as the text of a baseline. Reasons of a baseline in the rules are
 * retained, and so are its lines about clauses that this run did not check.
 * @param rules of the run; with `strict` differing clauses are listed too, with `mustsOnly` shoulds are not
 */
export function formatBaseline(report: ConformanceReport, rules: OutcomeRules = {}): string {
  const { contractVersion, edition, target, at, checks } = report;
  const known: Baseline = rules.baseline ?? new Map();
  const { notTested } = compareWithBaseline(report, known, rules);
  const lines = [
    ...checks
      .filter((check) => ['failed', 'expected'].includes(classifyCheck(check, rules)))
      .map(({ id, reason }) => [toPlainLine(id), formatReason(known.get(id) || reason)] as const),
    ...notTested.map((id) => [id, known.get(id) ?? ''] as const),
  ];
  const width = Math.max(0, ...lines.map(([id]) => id.length));
  return [
    `# Clauses of the Runtime ↔ Platform Contract v${contractVersion} (edition ${edition}) that are expected to fail.`,
    `# ${toPlainLine(target)}, ${new Date(at).toISOString().slice(0, 10)}. One id per line; what follows it is the reason.`,
    ...lines.map(([id, reason]) => `${id.padEnd(width)}  ${reason}`.trimEnd()),
    '',
  ].join('\n');
}

/** Without characters that would start a comment. */
function formatReason(text: string): string {
  return toPlainLine(text).replaceAll('#', '').slice(0, MAX_REASON);
}

/** Id and reason: what precedes a comment, which `#` starts at the line's start or after a blank. */
function parseLine(line: string): readonly [id: string, reason: string] {
  const content = line.replace(/(^|\s)#.*$/, '').trim();
  const [id = ''] = content.split(/\s+/, 1);
  return [id, content.slice(id.length).trim()];
}

function unknownClause(id: string): string | null {
  if (CLAUSES.some((clause) => clause.id === id)) return null;
  const nearest = nearNames(
    id.slice(0, 80),
    CLAUSES.map((clause) => clause.id),
  );
  const hint = nearest.length === 0 ? '' : `; did you mean ${nearest.join(' or ')}?`;
  return `the contract has no clause '${formatId(id)}'${hint}`;
}

function formatId(id: string): string {
  return toPlainLine(id).slice(0, 80);
}

/** In one line, without characters that a terminal would act on. */
function toPlainLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
}
