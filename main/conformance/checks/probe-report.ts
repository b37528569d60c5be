import type { Observed } from '../run/exchange.ts';
import { type Fields, formatAnswer, parseBody, toFields } from './answers.ts';
import { type ClauseVerdict, inconclusive } from './check.ts';

/** What the probe plugin reports it received; not trusted. */
export interface Report {
  /** Everything it received except `user_jwt`. */
  readonly received: Fields;
  /** The received `_context`; without fields where it is not an object. */
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

/** For clauses about what the probe received, when even its plainest call failed. */
export function missingReport(answer: Observed | undefined): ClauseVerdict {
  return inconclusive(formatAnswer(answer), 'the probe’s report did not arrive; see execute.path');
}

/** A value as JSON, for a message. */
export function formatValue(value: unknown): string {
  if (value === undefined) return 'missing';
  try {
    return JSON.stringify(value);
  } catch {
    return 'nested too deeply to show'; // JSON.parse accepts any depth, JSON.stringify recurses.
  }
}
