import { type EntitlementsConfig, inheritanceOf } from './schema.ts';

/** What a tier gives: what it lists itself, then what it inherits. */
export interface ResolvedTier {
  readonly features: Readonly<Record<string, boolean>>;
  readonly limits: Readonly<Record<string, number>>;
  /** The tiers it came from, the nearest first; empty for a tier that the file doesn't name. */
  readonly chain: readonly string[];
}

/**
 * A tier that the file names gives only what it and its parents list; any other name gives every feature and
 * limit its default. Pure.
 */
export function resolveTier(config: EntitlementsConfig, name: string): ResolvedTier {
  if (!Object.hasOwn(config.tiers, name)) return defaultTier(config);
  const chain = inheritanceOf(config.tiers, name) ?? [];
  const tiers = chain.flatMap((one) => config.tiers[one] ?? []).toReversed();
  return {
    features: Object.fromEntries(tiers.flatMap(({ features }) => Object.entries(features))),
    limits: Object.fromEntries(tiers.flatMap(({ limits }) => Object.entries(limits))),
    chain,
  };
}

function defaultTier({ features, limits }: EntitlementsConfig): ResolvedTier {
  const defaults = <T>(definitions: Readonly<Record<string, { readonly default: T }>>) =>
    Object.fromEntries(Object.entries(definitions).map(([key, one]) => [key, one.default]));
  return { features: defaults(features), limits: defaults(limits), chain: [] };
}
