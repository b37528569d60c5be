import { shown } from '../answers.ts';
import type { SeenStage } from '../clause.ts';
import type { Exchange, Observed } from '../exchange.ts';
import { all, probeCall } from '../requests.ts';
import type { CheckContext, Skip } from '../target.ts';

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
export function longPast({ timeout }: CheckContext): number {
  return timeout.seconds + Math.max(3, timeout.seconds / 2);
}

/** Beyond the end of the sleep: a runtime that ends no call answers then. */
export function patienceMs(seconds: number): number {
  return seconds * 1000 + 10_000;
}

export function sendSleep(context: CheckContext): readonly Exchange[] | Skip {
  const seconds = longPast(context);
  const call = probeCall(context, { action: 'sleep', seconds });
  return all('skip' in call ? call : { ...call, limitMs: patienceMs(seconds) });
}

function toSleep(context: CheckContext, answer: Observed): Sleep {
  const sleptSeconds = longPast(context);
  const isError = answer.status >= 400 && answer.durationMs < sleptSeconds * 1000;
  // A plugin that fails at once was not ended by a timeout, unless the answer says so.
  const isLate = answer.durationMs >= context.timeout.seconds * 500;
  return { context, answer, sleptSeconds, isEnded: isError && (isLate || saysTimeout(answer)) };
}

function saysTimeout({ status, body }: Observed): boolean {
  return status === 504 || status === 408 || /time[ds]?[ _-]?out/i.test(body);
}

/** The sleeps of the stages that could be asked, and were answered by the runtime's timeout or the probe. */
function sleepsIn(seen: readonly SeenStage[]): readonly Sleep[] {
  return seen.flatMap((entry) => {
    const answer = 'skip' in entry ? undefined : entry.observed[0];
    return 'skip' in entry || answer === undefined ? [] : [toSleep(entry.context, answer)];
  });
}

export function sleepIn(seen: readonly SeenStage[]): Sleep | null {
  return sleepsIn(seen)[0] ?? null;
}

/** The first that was ended. */
export function endedIn(seen: readonly SeenStage[]): Sleep | null {
  return sleepsIn(seen).find(({ isEnded }) => isEnded) ?? null;
}

/** Why no stage could be asked. */
export function skipsOf(seen: readonly SeenStage[]): string {
  const reasons = seen.flatMap((entry) => ('skip' in entry ? entry.skip : []));
  return [...new Set(reasons)].join('; ');
}

export function shownSleep({ answer, sleptSeconds }: Sleep): string {
  return `${shown(answer)}, after ${(answer.durationMs / 1000).toFixed(2)} s of a sleep of ${sleptSeconds} s`;
}
