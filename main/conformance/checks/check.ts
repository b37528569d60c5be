import type { SkipCode, Verdict } from '../../contract/conformance.ts';
import type { ClauseId } from '../clauses/clauses.ts';
import type { Exchange, Observed } from '../run/exchange.ts';
import type { CheckContext, Skip, Variant } from '../target/target.ts';

export interface ClauseVerdict {
  /** `skipped` where the answers show another fault that prevents the check; the reason names its clause. */
  readonly verdict: Verdict;
  /** Why it did not pass; what was observed, when it passed. */
  readonly reason: string;
  /** Only with `skipped`. */
  readonly skipCode?: SkipCode | undefined;
  /** What was observed, in full: it is masked before it is cut. */
  readonly observed: string;
}

/** Checks one clause, on the target as it runs or on one variant of it. */
export interface ClauseCheck {
  /** Default: the target as it runs. */
  readonly variant?: Variant | undefined;
  /** The requests to send, one after the other, or the reason why they can't be sent here. */
  send(context: CheckContext): readonly Exchange[] | Skip;
  /** Called with one answer per request. */
  evaluate(observed: readonly Observed[], context: CheckContext): ClauseVerdict;
}

/**
 * Checks a clause that may need several variants: that one of them did not end a call, for example, means one
 * thing if another did, and something else if none did.
 */
export interface VariantClauseCheck {
  /** Tried one after the other, until `evaluate` returns a verdict; null is the target as it runs. */
  readonly variants: readonly (Variant | null)[];
  send(context: CheckContext): readonly Exchange[] | Skip;
  /**
   * Takes one entry per variant so far; null asks for the next variant. At the last one it must return a
   * verdict.
   */
  evaluate(seen: readonly SeenVariant[], isLast: boolean): ClauseVerdict | null;
}

/** Checks on the variant with the probe, else on the target as it runs, which may show less. */
export function onProbeOrSelf({ send, evaluate }: Omit<ClauseCheck, 'variant'>): VariantClauseCheck {
  return {
    variants: ['probe', null],
    send,
    evaluate(seen, isLast) {
      const last = seen.at(-1);
      if (last === undefined) return inconclusive('', 'the target was not called');
      if (!('skip' in last)) return evaluate(last.observed, last.context);
      return isLast ? inconclusive('', last.skip, last.code) : null;
    },
  };
}

/** What a variant answered, or why it could not be started or called. */
export type SeenVariant =
  | {
      readonly variant: Variant | null;
      readonly context: CheckContext;
      readonly observed: readonly Observed[];
    }
  | (Skip & { readonly variant: Variant | null });

/**
 * The check of every clause whose id starts with this prefix: `cors`. The compiler rejects a missing or extra
 * one.
 */
export type ClausesOf<Prefix extends string, Code = ClauseCheck> = Readonly<
  Record<Extract<ClauseId, `${Prefix}.${string}`>, Code>
>;

export function passed(observed: string, reason = 'As the contract says'): ClauseVerdict {
  return { verdict: 'passed', reason, observed };
}

export function failed(observed: string, reason: string): ClauseVerdict {
  return { verdict: 'failed', reason, observed };
}

/** Differs from the contract's text in the way another public implementation does; `reason` says which. */
export function differs(observed: string, reason: string): ClauseVerdict {
  return { verdict: 'differs', reason, observed };
}

export function inconclusive(observed: string, reason: string, skipCode?: SkipCode): ClauseVerdict {
  return { verdict: 'skipped', reason, skipCode, observed };
}
