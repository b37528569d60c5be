import type { CheckView, Verdict } from '../../../main/contract/conformance.ts';
import { CONTRACT_VERSION, HEADERS } from '../../../main/contract/http.ts';

export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** Checks of one chapter of the contract, in the report's order. */
export interface CheckGroup {
  readonly name: string;
  readonly checks: readonly CheckView[];
  readonly counts: VerdictCounts;
  /** Nothing failed: it may be folded. */
  readonly green: boolean;
}

/** One answer that had to carry the version header (contract §1). */
export interface HeaderRow {
  readonly check: CheckView;
  /** First line of the request: "GET /health"; empty when it was never sent. */
  readonly request: string;
  /** Null where the check names none. */
  readonly expectedStatus: number | null;
  /** Null when there was no answer. */
  readonly observedStatus: number | null;
  readonly expectedVersion: string;
  /** Null when the header was missing, or there was no answer. */
  readonly observedVersion: string | null;
}

/** Ids of the checks that look at the version header start so. */
const HEADER_CHECK = 'header.';

export function countVerdicts(checks: readonly CheckView[]): VerdictCounts {
  const counts = { passed: 0, differs: 0, failed: 0, skipped: 0 };
  for (const check of checks) counts[check.verdict] += 1;
  return counts;
}

/** Groups in the order in which the report first names them. */
export function groupChecks(checks: readonly CheckView[]): readonly CheckGroup[] {
  const groups = new Map<string, CheckView[]>();
  for (const check of checks) {
    const group = groups.get(check.group);
    if (group === undefined) groups.set(check.group, [check]);
    else group.push(check);
  }
  return [...groups].map(([name, members]) => {
    const counts = countVerdicts(members);
    return { name, checks: members, counts, green: counts.failed === 0 };
  });
}

/** The head's one line: "38 of 40 kept · 2 skipped". */
export function headline(checks: readonly CheckView[]): string {
  const { passed, differs, failed, skipped } = countVerdicts(checks);
  const parts = [`${passed} of ${checks.length} kept`];
  if (differs > 0) parts.push(`${differs} different`);
  if (failed > 0) parts.push(`${failed} broken`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  return parts.join(' · ');
}

/** Whether the whole group is about the version header, and so reads best as a table of routes. */
export function isHeaderGroup(group: CheckGroup): boolean {
  return group.checks.every((check) => check.id.startsWith(HEADER_CHECK));
}

/** A header check as a row: which route, what was expected of its answer and what was there. */
export function headerRow(check: CheckView): HeaderRow {
  const [first] = check.exchanges;
  const answer = first?.answer ?? null;
  const expected = /^\d{3}\b/.exec(check.expected)?.[0];
  return {
    check,
    request: firstLine(first?.request ?? ''),
    expectedStatus: expected === undefined ? null : Number(expected),
    observedStatus: answer?.status ?? null,
    expectedVersion: CONTRACT_VERSION,
    observedVersion: answer === null ? null : findHeader(answer.headers, HEADERS.runtimeVersion),
  };
}

/** A header's value whatever the letter case of its name, or null. */
function findHeader(headers: Readonly<Record<string, string>>, name: string): string | null {
  const wanted = name.toLowerCase();
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === wanted);
  return found === undefined ? null : found[1];
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.trim() ?? '';
}
