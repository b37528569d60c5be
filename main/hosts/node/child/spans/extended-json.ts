/**
 * Values of the driver as relaxed Extended JSON (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/),
 * without a library: each plugin brings its own version of the driver's types.
 */

const MAX_DEPTH = 20;

/** `length`: of the longest string; a tenth of it: of the longest list. What is beyond is said to be missing. */
export function toExtendedJson(value: unknown, length: number, depth = 0): unknown {
  if (typeof value === 'string') return value.length > length ? `${value.slice(0, length)}…` : value;
  if (typeof value === 'bigint') return { $numberLong: value.toString() };
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '…';
  const inner = (one: unknown) => toExtendedJson(one, length, depth + 1);
  const most = Math.max(1, Math.floor(length / 10));
  if (Array.isArray(value)) {
    const first = value.slice(0, most).map(inner);
    return value.length > most ? [...first, `… ${value.length - most} more`] : first;
  }
  if (value instanceof Date) return { $date: Number.isNaN(value.getTime()) ? null : value.toISOString() };
  if (value instanceof RegExp) return { $regularExpression: { pattern: value.source, options: value.flags } };
  if (value instanceof Uint8Array) return { $binary: `${value.length} bytes` };
  if (hasExtendedJson(value)) return value.toExtendedJSON({ relaxed: true });
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  const shown = entries.slice(0, most).map(([key, one]) => [String(key), inner(one)] as const);
  const rest = entries.length > most ? [['…', `${entries.length - most} more`] as const] : [];
  return Object.fromEntries([...shown, ...rest]);
}

interface BsonValue {
  toExtendedJSON(options: { readonly relaxed: boolean }): unknown;
}

function hasExtendedJson(value: object): value is BsonValue {
  return '_bsontype' in value && 'toExtendedJSON' in value && typeof value.toExtendedJSON === 'function';
}
