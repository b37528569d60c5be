import type {
  Binary,
  BSONRegExp,
  BSONSymbol,
  Code,
  Decimal128,
  Double,
  Long,
  MaxKey,
  MinKey,
  ObjectId,
  Timestamp,
} from 'bson';

/**
 * What a document holds, in memory. Every value knows its BSON type, so that what is read and written again
 * stays what it was. A whole number in the range of an int32 is an int32, any other plain number a double;
 * `Double` stands for the doubles that a plain number can't tell from an int32 (`1.0`, `-0.0`). Values are
 * never changed in place, but by an update on its own copy.
 */
export type Value =
  | null
  | boolean
  | string
  | number
  | Double
  | Long
  | Decimal128
  | ObjectId
  | Date
  | Binary
  | BSONRegExp
  | Timestamp
  | Code
  | BSONSymbol
  | MinKey
  | MaxKey
  | Document
  | Value[];

/** A Map, since an object would sort keys such as "1" to the front, and "__proto__" is a key as any other. */
export type Document = Map<string, Value>;

/** `undefined` is a field that isn't there, which is not null. */
export type Maybe = Value | undefined;

/** BSON's numbers for the types, and their names in `$type`. */
const TYPE_NAMES = {
  1: 'double',
  2: 'string',
  3: 'object',
  4: 'array',
  5: 'binData',
  6: 'undefined',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  10: 'null',
  11: 'regex',
  12: 'dbPointer',
  13: 'javascript',
  14: 'symbol',
  15: 'javascriptWithScope',
  16: 'int',
  17: 'timestamp',
  18: 'long',
  19: 'decimal',
  [-1]: 'minKey',
  127: 'maxKey',
} as const;

export type TypeNumber = keyof typeof TYPE_NAMES;

const OBJECT_TYPES: Readonly<Record<string, TypeNumber>> = {
  Double: 1,
  Binary: 5,
  ObjectId: 7,
  BSONRegExp: 11,
  Code: 13,
  BSONSymbol: 14,
  Timestamp: 17,
  Long: 18,
  Decimal128: 19,
  MinKey: -1,
  MaxKey: 127,
};

export function isInt32(value: number): boolean {
  return (value | 0) === value && !Object.is(value, -0);
}

export function typeOf(value: Value): TypeNumber {
  switch (typeof value) {
    case 'string':
      return 2;
    case 'number':
      return isInt32(value) ? 16 : 1;
    case 'boolean':
      return 8;
  }
  if (value === null) return 10;
  if (value instanceof Map) return 3;
  if (Array.isArray(value)) return 4;
  if (value instanceof Date) return 9;
  return OBJECT_TYPES[value._bsontype] ?? 6;
}

/** As `$type` names it in an expression: `missing` for what isn't there. */
export function typeName(value: Maybe): string {
  return value === undefined ? 'missing' : TYPE_NAMES[typeOf(value)];
}

/** The type's number for a name that a query's `$type` may give; undefined for any other. */
export function typeNumber(name: string): TypeNumber | undefined {
  const found = Object.entries(TYPE_NAMES).find(([, candidate]) => candidate === name);
  return found === undefined ? undefined : (Number(found[0]) as TypeNumber);
}

export function isTypeNumber(value: number): value is TypeNumber {
  return value in TYPE_NAMES;
}

export function isDocument(value: unknown): value is Document {
  return value instanceof Map;
}

export function isArray(value: Maybe): value is Value[] {
  return Array.isArray(value);
}

/** Null, or not there: what most expressions answer with null. */
export function isNullish(value: Maybe): value is null | undefined {
  return value === undefined || value === null;
}

/** How MongoDB sees a value as a condition: false, null, what isn't there and every zero are false. */
export function isTruthy(value: Maybe): boolean {
  if (isNullish(value) || value === false || value === 0) return false;
  if (typeof value === 'object' && '_bsontype' in value) {
    switch (value._bsontype) {
      case 'Double':
        return value.valueOf() !== 0;
      case 'Long':
        return !value.isZero();
      case 'Decimal128':
        return !/^-?0*(\.0*)?(E[+-]?\d+)?$/.test(value.toString());
    }
  }
  return true;
}

/** A copy that an update may change. */
export function copyValue<T extends Value>(value: T): T;
export function copyValue(value: Value): Value {
  if (value instanceof Map) return new Map(Array.from(value, ([key, inner]) => [key, copyValue(inner)]));
  return Array.isArray(value) ? value.map((inner) => copyValue(inner)) : value;
}
