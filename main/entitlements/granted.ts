import type { JsonObject } from '../contract/http.ts';
import { periodOf } from './period.ts';
import type { EntitlementsConfig, LimitDefinition } from './schema.ts';
import type { ResolvedTier } from './tier.ts';
import { insufficient, type StoredUsage } from './usage.ts';

/** What a user may do with a plugin at the moment of one call. Pure. */

interface GrantedLimit {
  readonly allowed: number;
  /** What is used in the running period; null for a cap. */
  readonly used: number | null;
  /** What an earlier period used, which production goes on counting; null when the last use is of this one. */
  readonly usedBefore: number | null;
}

export interface Granted {
  readonly tier: string;
  readonly features: Readonly<Record<string, boolean>>;
  readonly limits: ReadonlyMap<string, GrantedLimit>;
}

const UNDEFINED_LIMIT: LimitDefinition = { type: 'consumable', reset: 'monthly', default: 0 };

/** How a limit is defined; one that a tier lists and the file doesn't define is consumed monthly. */
export function definitionOf({ limits }: EntitlementsConfig, key: string): LimitDefinition {
  return (Object.hasOwn(limits, key) ? limits[key] : undefined) ?? UNDEFINED_LIMIT;
}

export function grant(
  config: EntitlementsConfig,
  tier: string,
  resolved: ResolvedTier,
  usage: ReadonlyMap<string, StoredUsage>,
  now: Date,
): Granted {
  const limits = Object.entries(resolved.limits).map(([key, allowed]): [string, GrantedLimit] => {
    const { type, reset } = definitionOf(config, key);
    if (type === 'cap') return [key, { allowed, used: null, usedBefore: null }];
    const stored = usage.get(key);
    const isCurrent = stored?.period === periodOf(reset, now);
    const usedBefore = stored === undefined || isCurrent ? null : stored.used;
    return [key, { allowed, used: isCurrent ? stored.used : 0, usedBefore }];
  });
  return { tier, features: resolved.features, limits: new Map(limits) };
}

/** `_entitlements` of it. */
export function toInjected({ tier, features, limits }: Granted): JsonObject {
  const shown = [...limits].map(([key, { allowed, used }]): [string, JsonObject] => [
    key,
    used === null ? { allowed } : { allowed, used, remaining: remainingOf(allowed, used) },
  ]);
  return { tier, features: { ...features }, limits: Object.fromEntries(shown), enforce: true };
}

function remainingOf(allowed: number, used: number): number {
  return Math.max(0, allowed - used);
}

export type ActionVerdict =
  | { readonly kind: 'allowed'; readonly consumes: Readonly<Record<string, number>> }
  | { readonly kind: 'feature'; readonly reason: string; readonly feature: string }
  | { readonly kind: 'limit'; readonly reason: string; readonly limitKey: string; readonly amount: number };

/** Whether an action of the file may run, with production's sentence where it may not. */
export function checkAction(config: EntitlementsConfig, action: string, granted: Granted): ActionVerdict {
  const needs = Object.hasOwn(config.actions, action) ? config.actions[action] : undefined;
  if (needs === undefined) return { kind: 'allowed', consumes: {} };
  const missing = needs.requires_features.find((feature) => !hasFeature(granted, feature));
  if (missing !== undefined) {
    const reason = `Feature '${missing}' not available on ${granted.tier} tier`;
    return { kind: 'feature', reason, feature: missing };
  }
  for (const [key, amount] of Object.entries(needs.consumes)) {
    const left = leftOf(granted.limits.get(key), ({ used }) => used);
    if (left < amount) {
      return { kind: 'limit', reason: insufficient(key, amount, left), limitKey: key, amount };
    }
  }
  return { kind: 'allowed', consumes: needs.consumes };
}

/**
 * What production would refuse although it is allowed here: a limit that an earlier period used up stays used
 * up there.
 */
export function blockedInProduction(
  consumes: Readonly<Record<string, number>>,
  granted: Granted,
): string | null {
  for (const [key, amount] of Object.entries(consumes)) {
    const left = leftOf(granted.limits.get(key), ({ used, usedBefore }) => usedBefore ?? used);
    if (left < amount) return insufficient(key, amount, left);
  }
  return null;
}

/** A feature that the tier doesn't list is available. */
function hasFeature({ features }: Granted, feature: string): boolean {
  return Object.hasOwn(features, feature) ? features[feature] === true : true;
}

/** Infinite for a cap and for a limit that the tier doesn't list. */
function leftOf(limit: GrantedLimit | undefined, usedOf: (limit: GrantedLimit) => number | null): number {
  const used = limit === undefined ? null : usedOf(limit);
  return limit === undefined || used === null ? Number.POSITIVE_INFINITY : remainingOf(limit.allowed, used);
}
