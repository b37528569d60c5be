import type { Observed } from '../run/exchange.ts';
import { type Fields, formatAnswer, parseBody, toFields } from './answers.ts';
import { type ClauseVerdict, inconclusive } from './check.ts';

/** What the probe plugin says that it was given, read as a stranger's words. */
export interface Report {
  /** Everything it received but `user_jwt`. */
  readonly received: Fields;
  /** The received `_context`; no fields where it is no object. */
  readonly context: Fields;
  /** SHA-256 of the received `user_jwt`, null when there was none, undefined when the report doesn't say. */
  readonly tokenHash: string | null | undefined;
}

/** Null where the answer is not the probe's report. */
export function findReport(answer: Observed | undefined): Report | null {
  const body = parseBody(answer);
  if (answer?.status !== 200 || body.probe !== 1) return null;
  const received = toFields(body.received);
  const { user_jwt_sha256: hash } = body;
  return {
    received,
    context: toFields(received._context),
    tokenHash: hash === null || typeof hash === 'string' ? hash : undefined,
  };
}

/** For clauses about what the probe received, where the plainest call of it did not work. */
export function missingReport(answer: Observed | undefined): ClauseVerdict {
  return inconclusive(formatAnswer(answer), 'the probe’s report did not come, see execute.path');
}

/** A value as JSON, for a sentence. */
export function formatValue(value: unknown): string {
  if (value === undefined) return 'missing';
  try {
    return JSON.stringify(value);
  } catch {
    return 'nested too deep to be written'; // JSON.parse takes any depth, JSON.stringify recurses.
  }
}
