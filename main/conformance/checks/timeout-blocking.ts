import { ROUTES } from '../../contract/http.ts';
import type { Observed } from '../run/exchange.ts';
import type { CheckContext } from '../target/target.ts';
import { formatAnswer } from './answers.ts';
import {
  type ClauseCheck,
  type ClauseVerdict,
  failed,
  inconclusive,
  passed,
  type VariantClauseCheck,
} from './check.ts';
import { REPORT } from './common-requests.ts';
import { DISRUPTIVE } from './execution.ts';
import { findReport } from './probe-report.ts';
import { all, fresh, get, isSkip, probeCall } from './requests.ts';
import { findEndedSleep, secondsPastTimeout, sendSleep, skipClause, sleepLimitMs } from './sleep.ts';

/** A plugin that blocks its thread (CONTRACT.md §4): only a runtime that isolates its plugins can end it. */

/** When /health is called: the probe is blocking then, and not yet ended. */
function healthAfterMs({ timeout }: CheckContext): number {
  return Math.min(500, timeout.seconds * 250);
}

const send: ClauseCheck['send'] = (context) => {
  if (!context.allowDisruptive) return DISRUPTIVE;
  const seconds = secondsPastTimeout(context);
  const block = fresh(probeCall(context, { action: 'block', seconds }));
  const sleep = sendSleep(context);
  if (isSkip(sleep)) return sleep;
  return all(
    ...sleep,
    isSkip(block) ? block : { ...block, limitMs: sleepLimitMs(seconds) },
    {
      ...fresh(get(ROUTES.health)),
      besideAfterMs: healthAfterMs(context),
      limitMs: sleepLimitMs(seconds),
    },
    fresh(probeCall(context, REPORT)),
  );
};

function evaluateBlocking(
  [, block, health, next]: readonly Observed[],
  context: CheckContext,
): ClauseVerdict {
  const observed = `${formatAnswer(block)}, after ${formatSeconds(block)}; /health: ${health?.status}, after ${formatSeconds(health)}; then ${formatAnswer(next)}`;
  if (block === undefined || health === undefined) return inconclusive(observed, 'not every answer arrived');
  if (block.status < 400 || block.durationMs >= secondsPastTimeout(context) * 1000) {
    return failed(observed, 'The plugin blocked past the timeout until it finished');
  }
  // Where everything waits for the plugin, both answers arrive together; timers may be a little late.
  const wasDelayed = health.durationMs >= 0.75 * (block.durationMs - healthAfterMs(context));
  if (wasDelayed) return failed(observed, '/health answered only after the blocking call had ended');
  if (findReport(next) === null) return failed(observed, 'The next call failed');
  return passed(observed, 'It was ended, and delayed neither /health nor the next call');
}

function formatSeconds(answer: Observed | undefined): string {
  return `${((answer?.durationMs ?? 0) / 1000).toFixed(2)} s`;
}

export const BLOCKING: VariantClauseCheck = {
  variants: ['timeout-set', 'timeout-unset', 'probe'],
  send,
  evaluate(seen, isLast) {
    // The first variant that is available, so that nothing is blocked longer than needed.
    const entry = seen.find((one) => !isSkip(one));
    if (entry === undefined || isSkip(entry)) return isLast ? skipClause(seen) : null;
    const { context, observed } = entry;
    if (findEndedSleep([entry]) !== null) return evaluateBlocking(observed, context);
    return inconclusive('', 'a call that only sleeps is not ended either; see timeout.enforced');
  },
};
