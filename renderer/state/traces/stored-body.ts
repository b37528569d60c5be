import type { Json } from '../../../main/contract/http.ts';
import { formatJson } from '../../../main/contract/json-text.ts';
import type { StoredBody } from '../../../main/contract/trace.ts';

/** A body as text to read: JSON indented, its numbers as they were sent; anything else as it is. */
export function prettyBody({ json, text = '' }: StoredBody): string {
  return json === undefined ? (formatJson(text) ?? text) : JSON.stringify(json, null, 2);
}

/**
 * A body's JSON, parsed where it is stored as text for its length; undefined when it is not JSON or was
 * truncated.
 */
export function bodyJson({ json, text, truncated }: StoredBody): Json | undefined {
  if (json !== undefined || truncated || text === undefined || !/^\s*[[{]/.test(text)) return json;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined; // It only started like JSON.
  }
}
