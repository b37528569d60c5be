import type { Binary, BSONRegExp, Code } from 'bson';
import { compareNumbers, isNumeric, numberKey } from './numbers.ts';
import { type Document, type Maybe, type TypeNumber, typeOf, type Value } from './values.ts';

/** BSON's order: of any two values, whatever their types, one comes first or both are equal. */

/** Types in their order; those of one number compare with one another. */
const RANKS: Readonly<Record<TypeNumber, number>> = {
  [-1]: -1,
  6: 4,
  10: 5,
  1: 10,
  16: 10,
  18: 10,
  19: 10,
  2: 15,
  14: 15,
  3: 20,
  4: 25,
  5: 30,
  7: 35,
  8: 40,
  9: 45,
  17: 47,
  11: 50,
  12: 55,
  13: 60,
  15: 65,
  127: 127,
};

/** What isn't there comes after MinKey and before null. */
const MISSING_RANK = 0;

export function rankOf(value: Maybe): number {
  return value === undefined ? MISSING_RANK : RANKS[typeOf(value)];
}

/** Negative, zero or positive. */
export function compare(a: Maybe, b: Maybe): number {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  const [left, right] = [rankOf(a), rankOf(b)];
  if (left !== right || a === undefined || b === undefined) return left - right;
  return compareAlike(a, b);
}

export function isEqual(a: Maybe, b: Maybe): boolean {
  return a === b || compare(a, b) === 0;
}

/** In the order of their UTF-8, which that of UTF-16 is as well but for what lies above the surrogates. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  if (/[\uD800-\uFFFF]/.test(a) || /[\uD800-\uFFFF]/.test(b)) {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return a < b ? -1 : 1;
}

function compareAlike(a: Value, b: Value): number {
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a, b);
  if (a instanceof Map && b instanceof Map) return compareDocuments(a, b);
  if (Array.isArray(a) && Array.isArray(b)) return compareArrays(a, b);
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a === null || b === null) return 0;
  return compareClasses(a, b);
}

function compareClasses(a: NonNullable<Value>, b: NonNullable<Value>): number {
  const [left, right] = [bytesOf(a), bytesOf(b)];
  if (left !== undefined && right !== undefined) {
    return left.length - right.length || Buffer.compare(left, right);
  }
  return compareText(textOf(a), textOf(b));
}

/** Binary data compares by length, type, bytes; ids, timestamps by their bytes, the highest first. */
function bytesOf(value: NonNullable<Value>): Uint8Array | undefined {
  if (typeof value !== 'object' || !('_bsontype' in value)) return undefined;
  switch (value._bsontype) {
    case 'ObjectId':
      return value.id;
    case 'Binary':
      return binaryBytes(value);
    case 'Timestamp': {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64BE(value.toBigInt());
      return bytes;
    }
    default:
      return undefined;
  }
}

function binaryBytes(value: Binary): Uint8Array {
  return Buffer.concat([Buffer.from([value.sub_type]), value.buffer.subarray(0, value.position)]);
}

function textOf(value: NonNullable<Value>): string {
  if (typeof value !== 'object' || !('_bsontype' in value)) return String(value);
  switch (value._bsontype) {
    case 'BSONRegExp':
      return regexText(value);
    case 'Code':
      return codeText(value);
    case 'BSONSymbol':
      return value.valueOf();
    default:
      return '';
  }
}

function regexText({ pattern, options }: BSONRegExp): string {
  return `${pattern}\0${options}`;
}

function codeText({ code, scope }: Code): string {
  return `${code}\0${JSON.stringify(scope ?? {})}`;
}

/** Field by field: the type's rank, then the name, then the value. */
function compareDocuments(a: Document, b: Document): number {
  const others = b.entries();
  for (const [name, value] of a) {
    const next = others.next();
    if (next.done) return 1;
    const [otherName, otherValue] = next.value;
    const order =
      rankOf(value) - rankOf(otherValue) || compareText(name, otherName) || compare(value, otherValue);
    if (order !== 0) return order;
  }
  return others.next().done ? 0 : -1;
}

function compareArrays(a: readonly Value[], b: readonly Value[]): number {
  const shared = Math.min(a.length, b.length);
  for (let index = 0; index < shared; index++) {
    const order = compare(a[index], b[index]);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

/**
 * A text that is the same for equal values and differs for others: groups, sets and joins look values up by
 * it.
 */
export function keyOf(value: Maybe): string {
  if (value === undefined) return '-';
  if (typeof value === 'string') return `s${value.length}:${value}`;
  if (isNumeric(value)) return `n${numberKey(value)};`;
  if (value === null) return '0';
  if (value instanceof Map) {
    return `{${Array.from(value, ([name, inner]) => `${name.length}:${name}${keyOf(inner)}`).join('')}}`;
  }
  if (Array.isArray(value)) return `[${value.map(keyOf).join('')}]`;
  if (value instanceof Date) return `d${value.getTime()};`;
  if (typeof value === 'boolean') return value ? 't' : 'f';
  const bytes = bytesOf(value);
  const content = bytes === undefined ? textOf(value) : Buffer.from(bytes).toString('latin1');
  return `${rankOf(value)}:${content.length}:${content}`;
}
