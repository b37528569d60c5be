import type { Observed } from '../run/exchange.ts';
import { isHostError, isText, parseBody } from './answers.ts';
import {
  type ClausesOf,
  type ClauseVerdict,
  differs,
  failed,
  inconclusive,
  passed,
  type VariantClauseCheck,
} from './check.ts';
import { findEndedSleep, findSleep, formatSleep, type Sleep, sendSleep, skipClause } from './sleep.ts';
import { BLOCKING } from './timeout-blocking.ts';

/**
 * The timeout of plugins (CONTRACT.md §4, §5). The probe sleeps well past it, so its answer tells whether the call was ended and
 * when. That a call was not ended has two meanings: this runtime heeds its variable not, or it ends no call at all; what the
 * other variants show tells them apart.
 */

/** Judged on the first variant where a call was ended; where none was, that is for timeout.enforced to say. */
function whereEnded(judge: (sleep: Sleep) => ClauseVerdict): VariantClauseCheck {
  return {
    variants: ['timeout-set', 'timeout-unset', 'probe'],
    send: sendSleep,
    evaluate(seen, isLast) {
      const ended = findEndedSleep(seen);
      if (ended !== null) return judge(ended);
      if (!isLast) return null;
      const slept = findSleep(seen);
      if (slept === null) return skipClause(seen);
      return inconclusive(formatSleep(slept), 'no call was ended by the timeout, see timeout.enforced');
    },
  };
}

const ENFORCED: VariantClauseCheck = {
  variants: ['timeout-set', 'timeout-unset', 'probe'],
  send: sendSleep,
  evaluate(seen, isLast) {
    const ended = findEndedSleep(seen);
    if (ended !== null) return passed(formatSleep(ended), 'The call was ended before the plugin was done');
    if (!isLast) return null;
    const slept = findSleep(seen);
    if (slept === null) return skipClause(seen);
    return slept.context.timeout.from === 'assumed' ? longerThan(slept) : notEnded(slept);
  },
};

function notEnded(sleep: Sleep): ClauseVerdict {
  const { answer } = sleep;
  return answer.status === 200
    ? failed(formatSleep(sleep), 'The plugin ran past the timeout to its end')
    : inconclusive(formatSleep(sleep), `the call was answered with ${answer.status}, not by a timeout`);
}

function longerThan(sleep: Sleep): ClauseVerdict {
  const reason = `no variable of the timeout is seen there: it may be set to more than ${sleep.sleptSeconds} seconds`;
  return inconclusive(formatSleep(sleep), reason);
}

/** Ended after the seconds of one variant; `variants` starts with it, and goes on with those that show whether calls are ended. */
function endedAfter(variants: VariantClauseCheck['variants']): VariantClauseCheck {
  return {
    variants,
    send: sendSleep,
    evaluate(seen, isLast) {
      const [first] = seen;
      if (first === undefined || 'skip' in first) return skipClause(seen.slice(0, 1));
      const sleep = findSleep([first]);
      if (sleep === null) return inconclusive('', 'the probe was not asked');
      if (sleep.isEnded) return evaluateDelay(sleep);
      if (sleep.context.timeout.from === 'assumed') return longerThan(sleep);
      if (findEndedSleep(seen) !== null) return notEnded(sleep);
      if (!isLast) return null;
      return seen.some((entry, index) => index > 0 && !('skip' in entry))
        ? inconclusive(formatSleep(sleep), 'calls are not ended at all, see timeout.enforced')
        : notEnded(sleep);
    },
  };
}

const SENTENCE = /^Plugin execution timed out after (\d+(?:\.\d+)?) seconds$/;

/** The seconds that the runtime says it waited, as they are written; null where it says none. A clock alone would call late right. */
function parseSeconds(answer: Observed): string | null {
  const { detail } = parseBody(answer);
  return SENTENCE.exec(isText(detail) ? detail : '')?.[1] ?? null;
}

/** A timer may be early by that much, and clocks differ. */
const TOLERANCE_MS = 20;

/** A busy machine may be late by that much. */
function latenessLimitMs(seconds: number): number {
  return Math.max(3_000, seconds * 100);
}

function evaluateDelay(sleep: Sleep): ClauseVerdict {
  const { context, answer } = sleep;
  const { seconds, from } = context.timeout;
  const named = parseSeconds(answer);
  // Some round what they say; how it is written is for timeout.detail.
  const isOther = named !== null && Math.abs(Number(named) - seconds) >= 1;
  const lateMs = answer.durationMs - seconds * 1000;
  if (lateMs >= -TOLERANCE_MS && lateMs <= latenessLimitMs(seconds) && !isOther) {
    return passed(formatSleep(sleep), `Ended after the ${seconds} seconds`);
  }
  const reason = `Ended after ${(answer.durationMs / 1000).toFixed(1)} seconds, not after ${seconds}`;
  return from === 'assumed'
    ? inconclusive(
        formatSleep(sleep),
        `${reason}; a variable of the timeout may be set there, which is not seen`,
      )
    : failed(formatSleep(sleep), reason);
}

function evaluateStatus(sleep: Sleep): ClauseVerdict {
  const { answer, context } = sleep;
  const { error_code: code } = parseBody(answer);
  const observed = formatSleep(sleep);
  if (answer.status === 500 && code === 'PLUGIN_TIMEOUT') return passed(observed);
  if (answer.status === 504 || answer.status === 408) {
    return differs(observed, `Gateways and other plugin hosts answer a timeout with ${answer.status}`);
  }
  if (answer.status === 500 && isHostError(answer, context)) {
    return differs(observed, 'The plugin host answers 500 in its own words, without an error code');
  }
  return failed(observed, `The answer is ${formatCode(answer)}, not 500 PLUGIN_TIMEOUT`);
}

function formatCode(answer: Observed): string {
  const { error_code: code } = parseBody(answer);
  return `${answer.status} ${isText(code) ? code : 'without an error code'}`;
}

function evaluateDetail(sleep: Sleep): ClauseVerdict {
  const { answer, context } = sleep;
  const { details } = parseBody(answer);
  const { seconds } = context.timeout;
  const observed = formatSleep(sleep);
  const named = parseSeconds(answer);
  if (named === String(seconds)) return passed(observed);
  if (named !== null && Number(named) === seconds) {
    return differs(observed, `The seconds are written as ${named}, as Python writes a float`);
  }
  if (isHostError(answer, context) && isText(details)) {
    return differs(observed, 'The plugin host says it in `details`, in its own words');
  }
  if (answer.status === 504 || answer.status === 408) {
    return differs(observed, `A ${answer.status} comes in words of its own`);
  }
  return failed(observed, `detail is not "Plugin execution timed out after ${seconds} seconds"`);
}

export const TIMEOUT_CLAUSES: ClausesOf<'timeout', VariantClauseCheck> = {
  'timeout.enforced': ENFORCED,
  'timeout.status': whereEnded(evaluateStatus),
  'timeout.detail': whereEnded(evaluateDetail),
  'timeout.variable': endedAfter(['timeout-set', 'timeout-unset']),
  'timeout.default': endedAfter(['timeout-unset', 'timeout-set']),
  'timeout.older-name': endedAfter(['timeout-older-name', 'timeout-set', 'timeout-unset']),
  'timeout.blocking': BLOCKING,
};
