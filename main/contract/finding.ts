/** What a rule found in one call: a note for the plugin's author, never an error (plugins/README.md). */

export const FINDING_RULES = [
  /** A query or an insert without the user's or the app's id. */
  'not-scoped',
  /** A query for another user than the caller. */
  'other-user',
  /** It held the event loop, so that in production all users waited. */
  'blocking',
  /** It raised an exception instead of returning an error. */
  'raised',
  /** The same query again and again. */
  'repeated-query',
  /** A coroutine that was never awaited. */
  'unawaited',
] as const;
export type FindingRule = (typeof FINDING_RULES)[number];

export interface Finding {
  readonly rule: FindingRule;
  /** A sentence: what, and what it would do in production. Masked. */
  readonly text: string;
  /** The collection that it is about, by which it can be muted. */
  readonly collection: string | null;
  /** Which of the trace's children it is about, from 0. */
  readonly child?: number | undefined;
}
