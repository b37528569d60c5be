import type { Exchange, Observed } from '../run/exchange.ts';
import type { CheckContext, Skip } from '../target/target.ts';
import { formatAnswer } from './answers.ts';
import { type ClauseVerdict, inconclusive, type SeenVariant } from './check.ts';
import { all, probeCall } from './requests.ts';

/** A call that sleeps well past the timeout, by which clauses see whether and when it is ended. */
export interface Sleep {
  readonly context: CheckContext;
  readonly answer: Observed;
  /** How long the probe was told to sleep. */
  readonly sleptSeconds: number;
  /** The timeout ended it: an error came, before the probe can have been done. */
  readonly isEnded: boolean;
}

/** So long that a slow machine's answer to a call that was ended still comes before. */
export function secondsPastTimeout({ timeout }: CheckContext): number {
  return timeout.seconds + Math.max(3, timeout.seconds / 2);
}

/** Beyond the end of the sleep: a runtime that ends no call answers then. */
export function sleepLimitMs(seconds: number): number {
  return seconds * 1000 + 10_000;
}

export function sendSleep(context: CheckContext): readonly Exchange[] | Skip {
  const seconds = secondsPastTimeout(context);
  const call = probeCall(context, { action: 'sleep', seconds });
  return all('skip' in call ? call : { ...call, limitMs: sleepLimitMs(seconds) });
}

function toSleep(context: CheckContext, answer: Observed): Sleep {
  const sleptSeconds = secondsPastTimeout(context);
  const isError = answer.status >= 400 && answer.durationMs < sleptSeconds * 1000;
  // A plugin that fails at once was not ended by a timeout, unless the answer says so.
  const isLate = answer.durationMs >= context.timeout.seconds * 500;
  return { context, answer, sleptSeconds, isEnded: isError && (isLate || mentionsTimeout(answer)) };
}

function mentionsTimeout({ status, body }: Observed): boolean {
  return status === 504 || status === 408 || /time[ds]?[ _-]?out/i.test(body);
}

/** The sleeps of the variants that could be asked, and were answered by the runtime's timeout or the probe. */
function findSleeps(seen: readonly SeenVariant[]): readonly Sleep[] {
  return seen.flatMap((entry) => {
    const answer = 'skip' in entry ? undefined : entry.observed[0];
    return 'skip' in entry || answer === undefined ? [] : [toSleep(entry.context, answer)];
  });
}

export function findSleep(seen: readonly SeenVariant[]): Sleep | null {
  return findSleeps(seen)[0] ?? null;
}

/** The first that was ended. */
export function findEndedSleep(seen: readonly SeenVariant[]): Sleep | null {
  return findSleeps(seen).find(({ isEnded }) => isEnded) ?? null;
}

/** For clauses of which no variant could be asked. */
export function skipClause(seen: readonly SeenVariant[]): ClauseVerdict {
  const skips = seen.filter((entry) => 'skip' in entry);
  const code = skips[0]?.code;
  const isShared = skips.every((entry) => entry.code === code);
  const reason = [...new Set(skips.map(({ skip }) => skip))].join('; ');
  return inconclusive('', reason, isShared ? code : undefined);
}

export function formatSleep({ answer, sleptSeconds }: Sleep): string {
  return `${formatAnswer(answer)}, after ${(answer.durationMs / 1000).toFixed(2)} s of a sleep of ${sleptSeconds} s`;
}
