import type { Json, JsonObject } from '../contract/http.ts';
import type { Provenance } from '../contract/trace.ts';
import { type Granted, toInjected } from './granted.ts';
import { ENTITLEMENTS_FILE, type PluginFile } from './plugin-file.ts';
import type { PluginTier } from './subscription.ts';
import type { ResolvedTier } from './tier.ts';
import { USAGE } from './usage.ts';

/** `_entitlements` as a plugin receives it, and where its parts came from (CONTRACT.md §4). */
export interface InjectedEntitlements {
  readonly value: JsonObject;
  readonly provenance: readonly Provenance[];
}

const RULE = 'contract §4: the runtime sets it; what a client sent is discarded';

type Origin = Pick<Provenance, 'source' | 'name' | 'label'>;

function part(field: string, value: Json, origin: Origin): Provenance {
  return { field, value, present: true, ...origin, rule: RULE };
}

/** Without monetization: empty, so nothing is restricted. `setting` is "MONETIZATION (environment)". */
export function unrestricted(setting: string): InjectedEntitlements {
  const label = `${setting}: off, so nothing is restricted`;
  return {
    value: {},
    provenance: [part('_entitlements', {}, { source: 'setting', name: 'MONETIZATION', label })],
  };
}

/** For a plugin without a usable file. */
export function withoutFile(
  file: Exclude<PluginFile, { kind: 'valid' }>,
  setting: string,
): InjectedEntitlements {
  const enforce = file.kind === 'none';
  const label =
    file.kind === 'none'
      ? `no ${ENTITLEMENTS_FILE}: nothing is restricted`
      : `${ENTITLEMENTS_FILE} is invalid: ${file.problems.join('; ')}`;
  const origin: Origin = { source: 'file', name: ENTITLEMENTS_FILE, label };
  const enforced: Origin = enforce ? { source: 'setting', name: 'MONETIZATION', label: setting } : origin;
  return {
    value: { enforce, features: {}, limits: {} },
    provenance: [
      part('_entitlements.enforce', enforce, enforced),
      part('_entitlements.features', {}, origin),
      part('_entitlements.limits', {}, origin),
    ],
  };
}

/** What authors often mean by it, and neither production nor this runtime does. */
const NEGATIVE = '; a limit below 0 allows nothing: it is not unlimited';

export function withTier(
  granted: Granted,
  { origin }: PluginTier,
  { chain }: ResolvedTier,
  setting: string,
): InjectedEntitlements {
  const value = toInjected(granted);
  const tiers =
    chain.length === 0
      ? `defaults in ${ENTITLEMENTS_FILE}, which has no tier "${granted.tier}"`
      : `${chain.map((name) => `tiers.${name}`).join(', which inherits ')} in ${ENTITLEMENTS_FILE}`;
  const fromFile: Origin = { source: 'file', name: ENTITLEMENTS_FILE, label: tiers };
  const used = `${tiers}; used: ${USAGE}${[...granted.limits.values()].some(({ allowed }) => allowed < 0) ? NEGATIVE : ''}`;
  const limits: Origin = { source: 'file', name: ENTITLEMENTS_FILE, label: used };
  return {
    value,
    provenance: [
      part('_entitlements.tier', granted.tier, origin),
      part('_entitlements.features', value.features ?? {}, fromFile),
      part('_entitlements.limits', value.limits ?? {}, limits),
      part('_entitlements.enforce', true, { source: 'setting', name: 'MONETIZATION', label: setting }),
    ],
  };
}
