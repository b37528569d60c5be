import type { Observed } from '../run/exchange.ts';
import type { CheckContext } from '../target/target.ts';
import { type ClauseVerdict, differs, failed, passed } from './check.ts';
import { isPluginHost } from './requests.ts';

/** Reads answers of a target, which is not trusted: every value is checked before it is used. */

export type Fields = Readonly<Record<string, unknown>>;

/** A JSON object's fields; none for anything else, so that every field is reported missing. */
export function toFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** The answer's body as a JSON object. */
export function parseBody(answer: Observed | undefined): Fields {
  try {
    return toFields(JSON.parse(answer?.body ?? ''));
  } catch {
    return {}; // Not JSON: every key of the shape is then reported missing.
  }
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** Status and body, for a report. */
export function formatAnswer(answer: Observed | undefined): string {
  return answer === undefined ? 'no answer' : `${answer.status} ${answer.body}`.trim();
}

/** Passes when every test holds; the reason lists the ones that don't. */
export function evaluateTests(observed: string, tests: Readonly<Record<string, boolean>>): ClauseVerdict {
  const broken = Object.keys(tests).filter((name) => tests[name] !== true);
  return broken.length === 0 ? passed(observed) : failed(observed, `Not met: ${broken.join('; ')}`);
}

/** The contract's error shape with that status and code (CONTRACT.md §1). */
function createErrorTests(answer: Observed | undefined, status: number, code: string) {
  const body = parseBody(answer);
  return {
    [`status ${status}`]: answer?.status === status,
    'detail is a string': isString(body.detail),
    [`error_code is ${code}`]: body.error_code === code,
    [`status_code is ${status}`]: body.status_code === status,
  };
}

/** The plugin host's error shape (CONTRACT.md §2), for a target that executes at the plugin host's path. */
export function isHostError(answer: Observed | undefined, context: CheckContext): boolean {
  return isPluginHost(context) && isString(parseBody(answer).error);
}

/**
 * An error in the contract's shape; a plugin host's own shape is a difference, as long as the status is
 * right.
 * @param more tests in addition to those of the shape
 */
export function evaluateError(
  answer: Observed | undefined,
  context: CheckContext,
  { status, code, more = {} }: { status: number; code: string; more?: Readonly<Record<string, boolean>> },
): ClauseVerdict {
  if (answer?.status === status && isHostError(answer, context)) {
    return differs(
      formatAnswer(answer),
      'The plugin host writes errors as {"error": …}, not in the contract’s shape',
    );
  }
  return evaluateTests(formatAnswer(answer), { ...createErrorTests(answer, status, code), ...more });
}
