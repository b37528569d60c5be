import type { Json } from '../../../main/contract/http.ts';
import type { StoredBody } from '../../../main/contract/trace.ts';

/** A body's JSON, also where it came as text because it is long; undefined when it is none, or was cut. */
export function bodyJson({ json, text, truncated }: StoredBody): Json | undefined {
  if (json !== undefined || truncated || text === undefined || !/^\s*[[{]/.test(text)) return json;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // It only began like JSON.
  }
}
