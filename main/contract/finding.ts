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

/** Of a plugin: how many of its calls had a finding of this rule about this collection. */
export interface FindingCount {
  readonly rule: FindingRule;
  readonly collection: string | null;
  /** Calls of the version that ran last, since the runtime started or the traces were cleared. */
  readonly calls: number;
  /** The id of the newest of their traces, which may have been dropped since. */
  readonly latestTrace: string;
}

export const MUTE_LIMITS = {
  collections: 200,
  /** Of a name, in characters; MongoDB's are at most 255 bytes, with the database's. */
  name: 255,
} as const;

/**
 * What a UI may ask about collections that hold documents of no user, such as a catalogue: nothing is `not-scoped`
 * there. They are stored for the app, and hold from the next call on. The answer: all that are muted then, sorted.
 */
export interface MuteFunctions {
  mutedCollections: { argument: null; answer: readonly string[] };
  /** CONFLICT where there are too many. */
  muteCollection: { argument: { collection: string }; answer: readonly string[] };
  unmuteCollection: { argument: { collection: string }; answer: readonly string[] };
}
