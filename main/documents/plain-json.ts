import type { Json, JsonObject } from '../contract/http.ts';

/**
 * Documents hold what JSON lacks as MongoDB's extended JSON, as the stubs write it
 * (hosts/python/mozaiks_standins_documents.py). Here it becomes what production answers with, and back.
 */

const WRITERS: Readonly<Record<string, (item: Json) => string | null>> = {
  $numberDouble: (item) => (Number.isFinite(Number(item)) ? String(item) : 'null'),
  $numberLong: (item) => (/^-?\d{1,19}$/.test(String(item)) ? String(item) : null),
  $date: (item) => (typeof item === 'number' ? JSON.stringify(dateText(item)) : null),
  $binary: (item) => JSON.stringify(Buffer.from(String(item), 'hex').toString('utf8')),
  $oid: (item) => JSON.stringify(String(item)),
  $document: (item) => (Array.isArray(item) ? pairsText(item) : null),
};

/** The JSON that production answers with for a stored value: `1.0` stays `1.0`, dates are ISO 8601. */
export function toPlainText(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(toPlainText).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value);
  const [[key, item] = ['', null], second] = entries;
  const written = second === undefined ? WRITERS[key]?.(item) : undefined;
  return written ?? objectText(entries);
}

/** A client's value as it is stored: its own keys that look like extended JSON stay its own. */
export function toStored(value: Json): Json {
  if (Array.isArray(value)) return value.map(toStored);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [key, toStored(item)]);
  const isOdd = entries.some(([key]) => Object.hasOwn(WRITERS, key));
  return isOdd ? { $document: entries } : (Object.fromEntries(entries) as JsonObject);
}

function objectText(entries: readonly (readonly [string, Json])[]): string {
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${toPlainText(item)}`).join(',')}}`;
}

function pairsText(pairs: readonly Json[]): string {
  return objectText(pairs.flatMap((pair) => (isPair(pair) ? [pair] : [])));
}

function isPair(value: Json): value is [string, Json] {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}

/** As Python's `isoformat`: six digits of a second, or none. */
function dateText(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return String(milliseconds);
  const text = date.toISOString().slice(0, -1);
  return text.endsWith('.000') ? text.slice(0, -4) : `${text}000`;
}
