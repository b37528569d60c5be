import type { Verdict } from '../contract/conformance.ts';
import type { Exchange, Observed } from './exchange.ts';
import type { RequirementId } from './requirements.ts';
import type { CheckContext, Skip, Stage } from './target.ts';

export interface Judgement {
  /** `skipped` where the answers show that something else is in the way; the reason names the clause that judges that. */
  readonly verdict: Verdict;
  /** Why it failed, in words; what was seen, when it passed. */
  readonly reason: string;
  /** What was seen. As long as it is: it is masked before it is cut. */
  readonly observed: string;
}

/** How one requirement is judged: on the target as it runs, or on one stage of it. */
export interface ClauseCode {
  /** The target as it runs unless told otherwise. */
  readonly stage?: Stage;
  /** The requests to make, one after the other, or the reason why they can't be made here. */
  send(context: CheckContext): readonly Exchange[] | Skip;
  /** Called with as many answers as requests were made. */
  judge(observed: readonly Observed[], context: CheckContext): Judgement;
}

/**
 * How a requirement is judged that may need to see several stages: that a call was not ended there, for one, means one thing
 * where it is ended elsewhere, and another where it never is.
 */
export interface StagedClauseCode {
  /** Asked one after the other, until `judge` answers; null is the target as it runs. */
  readonly stages: readonly (Stage | null)[];
  send(context: CheckContext): readonly Exchange[] | Skip;
  /** What was seen so far, one entry a stage; null asks for the next stage. At the last one it must answer. */
  judge(seen: readonly SeenStage[], isLast: boolean): Judgement | null;
}

/** What a stage showed, or why it could not be had or asked. */
export type SeenStage =
  | {
      readonly stage: Stage | null;
      readonly context: CheckContext;
      readonly observed: readonly Observed[];
    }
  | { readonly stage: Stage | null; readonly skip: string };

/** The code of every clause whose id starts so: `cors`. The compiler proves that none is missing, and none too many. */
export type ClausesOf<Prefix extends string, Code = ClauseCode> = Readonly<
  Record<Extract<RequirementId, `${Prefix}.${string}`>, Code>
>;

export function passed(observed: string, reason = 'As the contract says'): Judgement {
  return { verdict: 'passed', reason, observed };
}

export function failed(observed: string, reason: string): Judgement {
  return { verdict: 'failed', reason, observed };
}

/** Not the contract's text, but what another public implementation of it does; `reason` says which. */
export function differs(observed: string, reason: string): Judgement {
  return { verdict: 'differs', reason, observed };
}

export function undecided(observed: string, reason: string): Judgement {
  return { verdict: 'skipped', reason, observed };
}
