import { errorMessage } from '../../system/errors.ts';
import type { CheckTarget, Skip, Variant, VariantTarget } from '../target/target.ts';

/**
 * Finds the runtime of a variant, `null` being the target as it runs, or gives the reason why there is none.
 * Never rejects.
 */
export type FindVariant = (variant: Variant | null) => Promise<VariantTarget | Skip>;

/**
 * The variants of one run. An abort of `signal` ends the wait, not the start: the target's creator closes it.
 */
export function createVariants(target: CheckTarget, signal: AbortSignal | undefined): FindVariant {
  const found = new Map<Variant, Promise<VariantTarget | Skip>>();
  const find = (variant: Variant) => {
    const known = found.get(variant) ?? target.findVariant(variant).catch(toSkip);
    found.set(variant, known);
    return known;
  };
  const ended = signal === undefined ? null : cancelled(signal);
  return async (variant) => {
    if (variant === null) return target.self;
    return ended === null ? find(variant) : Promise.race([find(variant), ended]);
  };
}

function toSkip(error: unknown): Skip {
  return { skip: `no runtime could be started for it: ${errorMessage(error)}` };
}

function cancelled(signal: AbortSignal): Promise<Skip> {
  return new Promise((resolve) => {
    const skip = () => resolve({ skip: 'the run was cancelled' });
    if (signal.aborted) skip();
    else signal.addEventListener('abort', skip, { once: true });
  });
}
