import { HOST_LIMITS } from '../../../../contract/host.ts';
import type { Json } from '../../../../contract/http.ts';
import { describeThrown } from '../result.ts';

/** Texts that child spans are told with, shortened here: a plugin may send and receive any amount. */

/** Of a text inside of JSON, in characters. */
const MAX_STRING = 256;
const MAX_ITEMS = 100;
const MAX_DEPTH = 20;
/** For what notes of what was left out need, and the last text. */
const MARGIN = 640;

/** How much more fits. */
interface Room {
  left: number;
  /** Of a list. */
  readonly items: number;
  isWhole: boolean;
}

/**
 * The beginning of a text. It is never cut inside of a word: of a secret that is cut in two no mask would match
 * the half.
 */
export function cutText(text: string, limit: number = HOST_LIMITS.childText): string {
  if (text.length <= limit) return text;
  let end = limit - 1;
  while (end > 0 && /[\w.~%+/=-]/.test(text[end - 1] ?? '')) end -= 1;
  return end === 0 ? `(${text.length} characters)` : `${text.slice(0, end)}…`;
}

export function errorText(error: unknown): string {
  return cutText(describeThrown(error));
}

/**
 * A value, of BSON too, as relaxed Extended JSON. It stays JSON when it is shortened, so that secrets are found by
 * their keys. Null where it can't be written.
 */
export function shortJson(value: unknown, limit: number = HOST_LIMITS.childText): string | null {
  return written(value, limit, MAX_ITEMS)?.json ?? null;
}

/** The same, or null where a key or an item had to be left out for want of room. */
export function wholeJson(value: unknown, limit: number): string | null {
  const result = written(value, limit, Number.POSITIVE_INFINITY);
  return result?.isWhole === true ? result.json : null;
}

function written(value: unknown, limit: number, items: number): { json: string; isWhole: boolean } | null {
  const room: Room = { left: limit - MARGIN, items, isWhole: true };
  try {
    const json = JSON.stringify(toJson(value, 0, room));
    return json.length <= limit ? { json, isWhole: room.isWhole } : null;
  } catch {
    // A hostile getter or toBSON: the driver will refuse it, or fail as this does.
    return null;
  }
}

function toJson(value: unknown, depth: number, room: Room): Json {
  if (typeof value === 'string') return fitted(cutText(value, MAX_STRING), room);
  if (typeof value === 'number' && !Number.isFinite(value))
    return fitted({ $numberDouble: String(value) }, room);
  if (typeof value === 'number' || typeof value === 'boolean') return fitted(value, room);
  if (typeof value === 'bigint') return fitted({ $numberLong: String(value) }, room);
  if (typeof value !== 'object' || value === null) return fitted(null, room);
  if (depth >= MAX_DEPTH) return fitted('…', room);
  const special = extended(value);
  if (special !== null) return toJson(special, depth + 1, room);
  return Array.isArray(value) ? list(value, depth, room) : object(value, depth, room);
}

function fitted<T extends Json>(value: T, room: Room): T {
  room.left -= JSON.stringify(value).length + 1;
  return value;
}

/** What stands for a value that JSON doesn't have; null for plain objects and lists. */
function extended(value: object): unknown {
  if (value instanceof Date) return { $date: dateText(value) };
  if (value instanceof RegExp) return { $regularExpression: { pattern: value.source, options: value.flags } };
  if (value instanceof Uint8Array) return binary(value);
  if (value instanceof Map) return Object.fromEntries(value);
  const { _bsontype, toExtendedJSON, toBSON } = value as Readonly<Record<string, unknown>>;
  if (typeof _bsontype === 'string' && typeof toExtendedJSON === 'function')
    return toExtendedJSON.call(value, { relaxed: true });
  return typeof toBSON === 'function' ? toBSON.call(value) : null;
}

function dateText(date: Date): unknown {
  const time = date.getTime();
  return time >= 0 && date.getUTCFullYear() <= 9999 ? date.toISOString() : { $numberLong: String(time) };
}

function binary(bytes: Uint8Array): unknown {
  const beginning = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, MAX_STRING));
  return { $binary: { base64: beginning.toString('base64'), subType: '00' } };
}

function list(items: readonly unknown[], depth: number, room: Room): Json {
  room.left -= 2;
  const kept: Json[] = [];
  for (const item of items.slice(0, room.items)) {
    if (!hasRoom(room)) break;
    kept.push(toJson(item, depth + 1, room));
  }
  const more = items.length - kept.length;
  return more === 0 ? kept : [...kept, `… ${more} more`];
}

function object(value: object, depth: number, room: Room): Json {
  room.left -= 2;
  // Without these JSON and BSON go, too.
  const entries = Object.entries(value).filter(
    ([, one]) => one !== undefined && !['function', 'symbol'].includes(typeof one),
  );
  const kept: [string, Json][] = [];
  for (const [key, one] of entries) {
    if (!hasRoom(room)) break;
    kept.push([fitted(cutText(key, MAX_STRING), room), toJson(one, depth + 1, room)]);
  }
  const more = entries.length - kept.length;
  if (more > 0) kept.push(['…', `${more} more`]);
  return Object.fromEntries(kept);
}

function hasRoom(room: Room): boolean {
  if (room.left <= 0) room.isWhole = false;
  return room.left > 0;
}
