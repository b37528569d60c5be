import type { JsonObject } from '../contract/http.ts';
import type { Provenance } from '../contract/trace.ts';

/** What a plan lets a user do with a plugin (CONTRACT.md §4, `_entitlements`). */
export interface Entitlements {
  /** Decides about one call before its plugin runs. */
  admit(): Promise<Admission>;
}

export interface Admission {
  /** `_entitlements` as the plugin receives it, and where its parts came from. */
  readonly injected: { readonly value: JsonObject; readonly provenance: readonly Provenance[] };
}

/** The entitlements of an app without monetization: none, so nothing is restricted. */
export function createEntitlements(): Entitlements {
  return { admit: async () => ({ injected: { value: {}, provenance: [UNRESTRICTED] } }) };
}

const UNRESTRICTED: Provenance = {
  field: '_entitlements',
  value: {},
  present: true,
  source: 'setting',
  name: 'MONETIZATION',
  label: 'MONETIZATION is off: nothing is restricted',
  rule: 'contract §4: the runtime sets it; what a client sent is discarded',
};
