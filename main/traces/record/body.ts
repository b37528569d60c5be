import { randomUUID } from 'node:crypto';
import type { Json, JsonObject } from '../../contract/http.ts';
import { beginningOf, hasOnlyPlainNumbers, replaceNumbers } from '../../contract/json-members.ts';
import type { StoredBody } from '../../contract/trace.ts';
import { isSecretKey, type Redactor } from './redact.ts';

/**
 * Bodies are stored up to here, masked first: cutting through a secret would leave a half that no mask
 * matches.
 */
export const MAX_STORED_BYTES = 256 * 1024;
/** A value this small is stored whole when the object around it is too large. */
const MAX_STORED_VALUE_BYTES = 4 * 1024;
/** What JSON writes besides a key and its value: two quotes, a colon and a comma. */
const AROUND_A_KEY = 4;

/** A body as it crossed the wire. */
export type SeenBody =
  | { readonly kind: 'json'; readonly value: Json; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly bytes: number }
  /** Too large to be read; `bytes` as declared, or as counted until the reading stopped. */
  | { readonly kind: 'unread'; readonly bytes: number };

/** Masks a body, then cuts it to what a trace stores; `bytes` remains the real size. */
export function keepBody(body: SeenBody, redactor: Redactor): StoredBody {
  if (body.kind === 'unread') return { bytes: body.bytes, truncated: true };
  if (body.kind === 'text') return keepText(redactor.text(body.text), body.bytes);
  const bytes = Buffer.byteLength(body.text);
  // Numbers are shown as they were sent, and keys in the order in which they were.
  if (!hasOnlyPlainNumbers(body.text) || WHOLE_NUMBER_KEY.test(body.text)) {
    const beginning = beginningOf(body.text, MAX_STORED_BYTES);
    const isCut = beginning.length < body.text.length;
    return keepText(maskJsonText(beginning, redactor, MAX_STORED_BYTES), bytes, isCut);
  }
  const { json, isWhole } = redactor.beginning(body.value, MAX_STORED_BYTES);
  // Most bodies are small: their masked form, hardly longer than the original, needs no measuring.
  const fits = isWhole && (bytes * 2 <= MAX_STORED_BYTES || jsonBytes(json) <= MAX_STORED_BYTES);
  return fits ? { json, bytes, truncated: false } : keepText(JSON.stringify(json), bytes);
}

/** JavaScript moves these keys before all others. A quote within a string is escaped, so this is a key. */
const WHOLE_NUMBER_KEY = /"(\d+)"(?=\s*:)/;
const WHOLE_NUMBER_KEYS = new RegExp(WHOLE_NUMBER_KEY, 'g');

/**
 * Masks a JSON text as {@link Redactor.json} masks a value, every number written as it was, and the keys in
 * their order. What comes after `length` may be left out.
 */
export function maskJsonText(text: string, redactor: Redactor, length = Number.POSITIVE_INFINITY): string {
  const marked = replaceNumbers(text, (literal) => JSON.stringify(NUMBER_MARK + literal)).replace(
    WHOLE_NUMBER_KEYS,
    (_, key: string) => JSON.stringify(NUMBER_MARK + key),
  );
  const { json } = redactor.beginning(JSON.parse(marked) as Json, length, lengthUnmarked);
  const masked = JSON.stringify(json);
  // A number that holds a secret's digits is masked too: then it is no number any more.
  return masked.replace(MARKED_NUMBER, (_, found: string, colon: string) =>
    colon === '' && isNumber(found) ? found : `"${found}"${colon}`,
  );
}

/** Nothing that a client could send begins so. */
const NUMBER_MARK = `number ${randomUUID()} `;
const MARKED_NUMBER = new RegExp(`"${NUMBER_MARK}([^"]*)"(:?)`, 'g');

function lengthUnmarked(text: string): number {
  return text.startsWith(NUMBER_MARK) ? text.length - NUMBER_MARK.length : text.length;
}

function isNumber(text: string): boolean {
  return /^-?\d[\d.eE+-]*$/.test(text);
}

function keepText(text: string, bytes: number, isCut = false): StoredBody {
  const encoded = Buffer.from(text);
  if (encoded.length <= MAX_STORED_BYTES) return { text, bytes, truncated: isCut };
  // A character cut in two becomes one replacement character; drop it.
  const cut = encoded
    .subarray(0, MAX_STORED_BYTES)
    .toString('utf8')
    .replace(/\ufffd$/, '');
  return { text: cut, bytes, truncated: true };
}

/**
 * What the plugin received, masked and shortened: long values are replaced by a note on their size, so that
 * every field has its line in the context view; of thousands of fields, only the keys in `always` are stored.
 */
export function keepReceived(data: JsonObject, always: readonly string[], redactor: Redactor): JsonObject {
  const keys = Object.keys(data);
  // No value is shorter than one character.
  const least = keys.reduce((sum, key) => sum + key.length + AROUND_A_KEY + 1, 0);
  if (least <= MAX_STORED_BYTES) {
    const { json, isWhole } = redactor.beginning(data, MAX_STORED_BYTES);
    if (isWhole && jsonBytes(json) <= MAX_STORED_BYTES) return json as JsonObject;
    const shortened = shortenAll(data, keys, redactor);
    if (shortened !== null) return shortened;
  }
  const stored = keys.filter((key) => always.includes(key));
  return {
    [`(${keys.length - stored.length} more keys, not stored)`]: null,
    ...shortenAll(data, stored, redactor),
  };
}

/** Null once it is too much to be stored. */
function shortenAll(data: JsonObject, keys: readonly string[], redactor: Redactor): JsonObject | null {
  const entries: [string, Json][] = [];
  let bytes = 0;
  for (const key of keys) {
    const name = redactor.text(key);
    const value = shorten(key, data[key] ?? null, redactor);
    entries.push([name, value]);
    bytes += name.length + AROUND_A_KEY + jsonBytes(value);
    if (bytes > MAX_STORED_BYTES) return null;
  }
  return Object.fromEntries(entries);
}

/** The size that is noted is that of what the plugin received. */
function shorten(key: string, value: Json, redactor: Redactor): Json {
  const bytes = jsonBytes(value);
  const isStored = bytes <= MAX_STORED_VALUE_BYTES || isSecretKey(key);
  return isStored ? redactor.field(key, value) : `(${bytes} bytes, not stored)`;
}

function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
