import type { Observed } from '../run/exchange.ts';
import { isHostError, isString, parseBody } from './answers.ts';
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
 * The timeout of plugins (CONTRACT.md §4, §5). The probe sleeps well past it, so its answer shows whether and
 * when the call was ended. A call that was not ended can mean that this runtime ignores the variable, or that
 * it ends no call at all; the other variants tell the two apart.
 */

/** Evaluates the first variant that ended a call; where none did, timeout.enforced reports that. */
function whereEnded(evaluateEnded: (sleep: Sleep) => ClauseVerdict): VariantClauseCheck {
  return {
    variants: ['timeout-set', 'timeout-unset', 'probe'],
    send: sendSleep,
    evaluate(seen, isLast) {
      const ended = findEndedSleep(seen);
      if (ended !== null) return evaluateEnded(ended);
      if (!isLast) return null;
      const slept = findSleep(seen);
      if (slept === null) return skipClause(seen);
      return inconclusive(formatSleep(slept), 'the timeout ended no call; see timeout.enforced');
    },
  };
}

const ENFORCED: VariantClauseCheck = {
  variants: ['timeout-set', 'timeout-unset', 'probe'],
  send: sendSleep,
  evaluate(seen, isLast) {
    const ended = findEndedSleep(seen);
    if (ended !== null) return passed(formatSleep(ended), 'The call was ended before the plugin finished');
    if (!isLast) return null;
    const slept = findSleep(seen);
    if (slept === null) return skipClause(seen);
    return slept.context.timeout.from === 'assumed' ? longerThan(slept) : notEnded(slept);
  },
};

function notEnded(sleep: Sleep): ClauseVerdict {
  const { answer } = sleep;
  return answer.status === 200
    ? failed(formatSleep(sleep), 'The plugin ran past the timeout until it finished')
    : inconclusive(formatSleep(sleep), `the call was answered with ${answer.status}, not by a timeout`);
}

function longerThan(sleep: Sleep): ClauseVerdict {
  const reason = `the target’s timeout variables are not visible: the timeout may exceed ${sleep.sleptSeconds} seconds`;
  return inconclusive(formatSleep(sleep), reason);
}

/**
 * Ended after the seconds of one variant, the first in `variants`; the others show whether calls are ended at
 * all.
 */
function endedAfter(variants: VariantClauseCheck['variants']): VariantClauseCheck {
  return {
    variants,
    send: sendSleep,
    evaluate(seen, isLast) {
      const [first] = seen;
      if (first === undefined || 'skip' in first) return skipClause(seen.slice(0, 1));
      const sleep = findSleep([first]);
      if (sleep === null) return inconclusive('', 'the probe was not called');
      if (sleep.isEnded) return evaluateDelay(sleep);
      if (sleep.context.timeout.from === 'assumed') return longerThan(sleep);
      if (findEndedSleep(seen) !== null) return notEnded(sleep);
      if (!isLast) return null;
      return seen.some((entry, index) => index > 0 && !('skip' in entry))
        ? inconclusive(formatSleep(sleep), 'no call is ended at all; see timeout.enforced')
        : notEnded(sleep);
    },
  };
}

const SENTENCE = /^Plugin execution timed out after (\d+(?:\.\d+)?) seconds$/;

/**
 * The seconds that the answer names, as written; null where it names none. The clock alone would accept a
 * late end.
 */
function parseSeconds(answer: Observed): string | null {
  const { detail } = parseBody(answer);
  return SENTENCE.exec(isString(detail) ? detail : '')?.[1] ?? null;
}

/** A timer may be early by this much, and clocks differ. */
const TOLERANCE_MS = 20;

/** A busy machine may be late by this much. */
function latenessLimitMs(seconds: number): number {
  return Math.max(3_000, seconds * 100);
}

function evaluateDelay(sleep: Sleep): ClauseVerdict {
  const { context, answer } = sleep;
  const { seconds, from } = context.timeout;
  const named = parseSeconds(answer);
  // Some runtimes round it; timeout.detail checks how it is written.
  const isOther = named !== null && Math.abs(Number(named) - seconds) >= 1;
  const lateMs = answer.durationMs - seconds * 1000;
  if (lateMs >= -TOLERANCE_MS && lateMs <= latenessLimitMs(seconds) && !isOther) {
    return passed(formatSleep(sleep), `Ended after ${seconds} seconds`);
  }
  const reason = `Ended after ${(answer.durationMs / 1000).toFixed(1)} seconds, not after ${seconds}`;
  return from === 'assumed'
    ? inconclusive(
        formatSleep(sleep),
        `${reason}; the target may have a timeout variable that is not visible`,
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
    return differs(observed, 'The plugin host answers 500 with its own error text, without an error code');
  }
  return failed(observed, `The answer is ${formatCode(answer)}, not 500 PLUGIN_TIMEOUT`);
}

function formatCode(answer: Observed): string {
  const { error_code: code } = parseBody(answer);
  return `${answer.status} ${isString(code) ? code : 'without an error code'}`;
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
  if (isHostError(answer, context) && isString(details)) {
    return differs(observed, 'The plugin host reports it in `details`, with its own text');
  }
  if (answer.status === 504 || answer.status === 408) {
    return differs(observed, `The ${answer.status} has a text of its own`);
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
