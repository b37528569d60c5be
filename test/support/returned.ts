import type { JsonObject } from '../../main/contract/http.ts';
import type { HostOutcome } from '../../main/hosts/call.ts';

/** What a call comes to when its plugin returned this object. */
export function returned(value: JsonObject): Extract<HostOutcome, { kind: 'returned' }> {
  return { kind: 'returned', value, json: JSON.stringify(value) };
}
