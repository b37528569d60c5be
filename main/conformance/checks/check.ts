import type { SkipCode, Verdict } from '../../contract/conformance.ts';
import type { ClauseId } from '../clauses/clauses.ts';
import type { Exchange, Observed } from '../run/exchange.ts';
import type { CheckContext, Skip, Variant } from '../target/target.ts';

export interface ClauseVerdict {
  /** `skipped` where the answers show that something else is in the way; the reason names the clause that judges that. */
  readonly verdict: Verdict;
  /** Why it failed, in words; what was seen, when it passed. */
  readonly reason: string;
  /** Only with `skipped`. */
  readonly skipCode?: SkipCode | undefined;
  /** What was seen. As long as it is: it is masked before it is cut. */
  readonly observed: string;
}

/** How one requirement is judged: on the target as it runs, or on one variant of it. */
export interface ClauseCheck {
  /** The target as it runs unless told otherwise. */
  readonly variant?: Variant | undefined;
  /** The requests to make, one after the other, or the reason why they can't be made here. */
  send(context: CheckContext): readonly Exchange[] | Skip;
  /** Called with as many answers as requests were made. */
  evaluate(observed: readonly Observed[], context: CheckContext): ClauseVerdict;
}

/**
 * How a requirement is judged that may need to see several variants: that a call was not ended there, for one, means one thing
 * where it is ended elsewhere, and another where it never is.
 */
export interface VariantClauseCheck {
  /** Asked one after the other, until `judge` answers; null is the target as it runs. */
  readonly variants: readonly (Variant | null)[];
  send(context: CheckContext): readonly Exchange[] | Skip;
  /** What was seen so far, one entry a variant; null asks for the next variant. At the last one it must answer. */
  evaluate(seen: readonly SeenVariant[], isLast: boolean): ClauseVerdict | null;
}

/** What a variant showed, or why it could not be had or asked. */
export type SeenVariant =
  | {
      readonly variant: Variant | null;
      readonly context: CheckContext;
      readonly observed: readonly Observed[];
    }
  | (Skip & { readonly variant: Variant | null });

/** The code of every clause whose id starts so: `cors`. The compiler proves that none is missing, and none too many. */
export type ClausesOf<Prefix extends string, Code = ClauseCheck> = Readonly<
  Record<Extract<ClauseId, `${Prefix}.${string}`>, Code>
>;

export function passed(observed: string, reason = 'As the contract says'): ClauseVerdict {
  return { verdict: 'passed', reason, observed };
}

export function failed(observed: string, reason: string): ClauseVerdict {
  return { verdict: 'failed', reason, observed };
}

/** Not the contract's text, but what another public implementation of it does; `reason` says which. */
export function differs(observed: string, reason: string): ClauseVerdict {
  return { verdict: 'differs', reason, observed };
}

export function inconclusive(observed: string, reason: string, skipCode?: SkipCode): ClauseVerdict {
  return { verdict: 'skipped', reason, skipCode, observed };
}
