import type { Exchange, Observed } from '../run/exchange.ts';
import type { CheckContext, Skip } from '../target/target.ts';
import { formatAnswer } from './answers.ts';
import { type ClauseVerdict, inconclusive, type SeenVariant } from './check.ts';
import { all, probeCall } from './requests.ts';

/** A call that sleeps well past the timeout, which shows whether and when the runtime ends it. */
export interface Sleep {
  readonly context: CheckContext;
  readonly answer: Observed;
  /** How long the probe was asked to sleep. */
  readonly sleptSeconds: number;
  /** The timeout ended it: an error arrived before the probe can have finished. */
  readonly isEnded: boolean;
}

/** Long enough that even a slow machine answers an ended call before the sleep is over. */
export function secondsPastTimeout({ timeout }: CheckContext): number {
  return timeout.seconds + Math.max(3, timeout.seconds / 2);
}

/** Past the end of the sleep, when a runtime that ends no call answers. */
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

/** The sleeps of the variants that could be called, answered by the runtime's timeout or by the probe. */
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

/** For clauses none of whose variants could be called. */
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
