import type { Json, JsonObject } from '../../contract/http.ts';
import type { StoredBody } from '../../contract/trace.ts';
import type { Redactor } from './redact.ts';

/** Bodies are kept up to here, masked first: a cut through a secret would leave a half that no mask matches. */
export const MAX_KEPT_BYTES = 256 * 1024;
/** A value this small stays whole when the object around it is too big to keep. */
const MAX_KEPT_VALUE_BYTES = 4 * 1024;

/** A body as it crossed the wire. */
export type SeenBody =
  | { readonly kind: 'json'; readonly value: Json; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  /** Too large to be read; `bytes` as declared, or as counted until the reading stopped. */
  | { readonly kind: 'unread'; readonly bytes: number };

/** Masks a body, then cuts it to what a trace keeps; `bytes` stays the real size. */
export function keepBody(body: SeenBody, redactor: Redactor): StoredBody {
  if (body.kind === 'unread') return { bytes: body.bytes, truncated: true };
  if (body.kind === 'text') return keepText(redactor.text(body.text), body.bytes);
  const bytes = Buffer.byteLength(body.text);
  const json = redactor.json(body.value);
  // Most bodies are small: their masked form, hardly longer than the original, needs no measuring.
  if (bytes * 2 <= MAX_KEPT_BYTES) return { json, bytes, truncated: false };
  const text = JSON.stringify(json);
  return Buffer.byteLength(text) <= MAX_KEPT_BYTES
    ? { json, bytes, truncated: false }
    : keepText(text, bytes);
}

function keepText(text: string, bytes: number): StoredBody {
  const encoded = Buffer.from(text);
  if (encoded.length <= MAX_KEPT_BYTES) return { text, bytes, truncated: false };
  // A character cut in two becomes one replacement character; drop it.
  const cut = encoded
    .subarray(0, MAX_KEPT_BYTES)
    .toString('utf8')
    .replace(/\ufffd$/, '');
  return { text: cut, bytes, truncated: true };
}

/**
 * What the plugin received, masked and kept small: values too long are replaced by a word on their size, so that every
 * field keeps its line in the context view; with thousands of them, only the keys in `always` stay.
 */
export function keepReceived(data: JsonObject, always: readonly string[], redactor: Redactor): JsonObject {
  const masked = redactor.json(data) as JsonObject;
  if (jsonBytes(masked) <= MAX_KEPT_BYTES) return masked;
  const entries = Object.entries(masked);
  const shortened = Object.fromEntries(entries.map(([key, value]) => [key, shorten(value)]));
  if (jsonBytes(shortened) <= MAX_KEPT_BYTES) return shortened;
  const kept = entries.filter(([key]) => always.includes(key));
  return {
    [`(${entries.length - kept.length} more keys, not kept)`]: null,
    ...Object.fromEntries(kept.map(([key, value]) => [key, shorten(value)])),
  };
}

function shorten(value: Json): Json {
  const bytes = jsonBytes(value);
  return bytes <= MAX_KEPT_VALUE_BYTES ? value : `(${bytes} bytes, not kept)`;
}

function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
