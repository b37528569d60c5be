import { ROUTES } from '../../contract/http.ts';
import type { Observed } from '../run/exchange.ts';
import type { CheckContext } from '../target/target.ts';
import { shown } from './answers.ts';
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
import { reportIn } from './probe-report.ts';
import { all, fresh, get, isSkip, probeCall } from './requests.ts';
import { endedIn, longPast, patienceMs, sendSleep, skipsOf } from './sleep.ts';

/** A plugin that blocks its thread (CONTRACT.md §4): only a runtime that isolates plugins can end it. */

/** When /health is asked: the probe is at it then, and not yet ended. */
function healthAfterMs({ timeout }: CheckContext): number {
  return Math.min(500, timeout.seconds * 250);
}

const send: ClauseCheck['send'] = (context) => {
  if (!context.mayDisrupt) return DISRUPTIVE;
  const seconds = longPast(context);
  const block = fresh(probeCall(context, { action: 'block', seconds }));
  const sleep = sendSleep(context);
  if (isSkip(sleep)) return sleep;
  return all(
    ...sleep,
    isSkip(block) ? block : { ...block, limitMs: patienceMs(seconds) },
    {
      ...fresh(get(ROUTES.health)),
      besideAfterMs: healthAfterMs(context),
      limitMs: patienceMs(seconds),
    },
    fresh(probeCall(context, REPORT)),
  );
};

function judgeBlocking([, block, health, next]: readonly Observed[], context: CheckContext): ClauseVerdict {
  const observed = `${shown(block)}, after ${seconds(block)}; /health: ${health?.status}, after ${seconds(health)}; then ${shown(next)}`;
  if (block === undefined || health === undefined) return inconclusive(observed, 'not every answer came');
  if (block.status < 400 || block.durationMs >= longPast(context) * 1000) {
    return failed(observed, 'The plugin blocked past the timeout to its end');
  }
  // Where everything waits for the plugin, both answers come together, and timers are late now and then.
  const wasDelayed = health.durationMs >= 0.75 * (block.durationMs - healthAfterMs(context));
  if (wasDelayed) return failed(observed, '/health answered only after the call that blocks had ended');
  if (reportIn(next) === null) return failed(observed, 'The next call did not work');
  return passed(observed, 'It was ended, and delayed neither /health nor the next call');
}

function seconds(answer: Observed | undefined): string {
  return `${((answer?.durationMs ?? 0) / 1000).toFixed(2)} s`;
}

export const BLOCKING: VariantClauseCheck = {
  stages: ['timeout-set', 'timeout-unset', 'probe'],
  send,
  judge(seen, isLast) {
    // The first stage that can be had, so that nothing is blocked longer than needed.
    const entry = seen.find((one) => !isSkip(one));
    if (entry === undefined || isSkip(entry)) return isLast ? inconclusive('', skipsOf(seen)) : null;
    const { context, observed } = entry;
    if (endedIn([entry]) !== null) return judgeBlocking(observed, context);
    return inconclusive('', 'a call that only sleeps is not ended there either, see timeout.enforced');
  },
};
