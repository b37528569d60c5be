import type { ClauseId } from '../../../../main/conformance/clauses/clauses.ts';
import type { Answer, Asked } from '../answer.ts';
import { COMPLIANT, type Rules, type TokenRules } from '../rules.ts';

/** One way to break the contract: what a runtime does instead of one requirement, and all else as before. */
export interface Fault {
  /** What it does, as an end of "The stand-in …". */
  readonly says: string;
  readonly rules: Partial<Rules>;
}

/**
 * A fault for every requirement whose id starts so: `cors`. The compiler proves that none is missing, and
 * none too many.
 */
export type FaultsOf<Prefix extends string> = Readonly<
  Record<Extract<ClauseId, `${Prefix}.${string}`>, Fault>
>;

/** Changes the answers that `which` picks, on their way out. */
export function onAnswer(
  says: string,
  which: (answer: Answer, asked: Asked) => boolean,
  change: (answer: Answer) => Answer,
): Fault {
  const finish: Rules['finish'] = (healthy, asked) => (which(healthy, asked) ? change(healthy) : healthy);
  return { says, rules: { finish } };
}

/** Picks the good answers to `GET path`. */
export function onGet(path: string): (answer: Answer, asked: Asked) => boolean {
  return ({ status }, asked) => status === 200 && asked.method === 'GET' && asked.path === path;
}

/** Refuses tokens but for one fault of them. */
export function accepting(says: string, fault: keyof TokenRules): Fault {
  return { says, rules: { refuses: { ...COMPLIANT.refuses, [fault]: false } } };
}
