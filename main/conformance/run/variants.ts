import type { CheckTarget, Skip, Variant, VariantTarget } from '../target/target.ts';

/** Finds the runtime of a variant, `null` for the target as it runs; or says why there is none. Never rejects. */
export type FindVariant = (variant: Variant | null) => Promise<VariantTarget | Skip>;

/** The variants of one run. Ends waiting, not starting, when `signal` aborts: whoever made the target closes it. */
export function createVariants(target: CheckTarget, signal: AbortSignal | undefined): FindVariant {
  const found = new Map<Variant, Promise<VariantTarget | Skip>>();
  const find = (variant: Variant) => {
    const known = found.get(variant) ?? target.findVariant(variant).catch(whyNot);
    found.set(variant, known);
    return known;
  };
  const ended = signal === undefined ? null : cancelled(signal);
  return async (variant) => {
    if (variant === null) return target.self;
    return ended === null ? find(variant) : Promise.race([find(variant), ended]);
  };
}

function whyNot(error: unknown): Skip {
  const why = error instanceof Error ? error.message : String(error);
  return { skip: `no runtime could be had for it: ${why}` };
}

function cancelled(signal: AbortSignal): Promise<Skip> {
  return new Promise((resolve) => {
    const give = () => resolve({ skip: 'the run was cancelled' });
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}
