import type { Exchange, Observed } from './exchange.ts';
import type { Skip } from './requests.ts';

/** What a run knows about its target; what a clause needs and isn't there makes it skipped, never passed. */
export interface CheckContext {
  /** A bearer token that the target should accept, and its user; null when none can be had. */
  readonly caller: { readonly token: string; readonly userId: string } | null;
  /** The target answers API routes without a token. */
  readonly anonymousAllowed: boolean;
  /** A plugin that would execute, for clauses about execute requests that are refused before it runs; or null. */
  readonly plugin: string | null;
  /** A plugin that answers with what was injected (plugins/whoami), or null. */
  readonly probe: string | null;
  /** Largest body the target accepts, in bytes; null when unknown. */
  readonly maxBodyBytes: number | null;
}

export interface Judgement {
  readonly ok: boolean;
  /** Why it failed, in words; what was seen, when it passed. */
  readonly reason: string;
  readonly observed: string;
}

/** One sentence of the contract as a check. */
export interface Clause {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** The rule in our words, with its place. */
  readonly rule: string;
  readonly expected: string;
  /** The requests to make, or the reason why they can't be made here. */
  send(context: CheckContext): readonly Exchange[] | Skip;
  judge(observed: readonly Observed[], context: CheckContext): Judgement;
}
