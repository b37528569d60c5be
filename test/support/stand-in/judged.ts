import { CLAUSES, type ClauseId } from '../../../main/conformance/clauses/clauses.ts';
import { checkConformance } from '../../../main/conformance/run/run.ts';
import { type ConformanceReport, VERDICTS, type Verdict } from '../../../main/contract/conformance.ts';
import { createRedactor } from '../../../main/traces/record/redact.ts';
import { type StandInTargetOptions, standInTarget } from './check-target.ts';

const SLOW: readonly ClauseId[] = ['timeout.default'];

/** Every requirement but those that take as long as the contract's own timeout. */
export const QUICK = CLAUSES.map(({ id }) => id).filter((id) => !SLOW.includes(id));

/** What a run says of stand-ins of one kind, which are gone when it has ended. */
export async function judgeStandIn(
  options: StandInTargetOptions,
  clauses: readonly ClauseId[] = QUICK,
): Promise<ConformanceReport> {
  const target = await standInTarget(options);
  try {
    return await checkConformance({ target, redactor: createRedactor([]), clauses });
  } finally {
    await target.close();
  }
}

/** The ids of each verdict, in the order of the report. */
export function byVerdict({ checks }: ConformanceReport): Readonly<Record<Verdict, readonly string[]>> {
  const ids = (wanted: Verdict) => checks.filter(({ verdict }) => verdict === wanted).map(({ id }) => id);
  const entries = VERDICTS.map((verdict) => [verdict, ids(verdict)]);
  return Object.fromEntries(entries) as Record<Verdict, readonly string[]>;
}
