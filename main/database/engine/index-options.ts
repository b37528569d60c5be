import { isEqual } from './compare.ts';
import { DatabaseError, notImplemented } from './errors.ts';
import { isNumeric, toNumber } from './numbers.ts';
import { type Document, isDocument, isTruthy, type Maybe, typeName, type Value } from './values.ts';

/** What an index is, as `createIndexes` takes it and `listIndexes` shows it. */
export interface IndexOptions {
  readonly name: string;
  readonly key: Document;
  readonly fields: readonly { readonly name: string; readonly direction: 1 | -1 }[];
  readonly isUnique: boolean;
  readonly isSparse: boolean;
  readonly partialFilter: Document | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** All that was given, as `listIndexes` shows it. */
  readonly spec: Document;
}

const KNOWN = new Set([
  'v',
  'key',
  'name',
  'unique',
  'sparse',
  'partialFilterExpression',
  'expireAfterSeconds',
  'background',
  'hidden',
  'ns',
]);

export const ID_INDEX: IndexOptions = parseIndex(
  new Map<string, Value>([
    ['key', new Map([['_id', 1]])],
    ['name', '_id_'],
  ]),
);

/** @throws {DatabaseError} CannotCreateIndex, NotImplemented and others for a specification that isn't one */
export function parseIndex(spec: Document): IndexOptions {
  const [key, name] = [spec.get('key'), spec.get('name')];
  if (!isDocument(key)) {
    throw new DatabaseError(
      'FailedToParse',
      "The 'key' field is a required property of an index specification",
    );
  }
  if (typeof name !== 'string' || name === '') {
    throw new DatabaseError(
      'FailedToParse',
      "The 'name' field is a required property of an index specification",
    );
  }
  checkOptions(spec);
  const fields = parseKey(key);
  const isIdIndex = key.size === 1 && key.has('_id');
  const partialFilter = spec.get('partialFilterExpression');
  if (partialFilter !== undefined && !isDocument(partialFilter)) {
    throw new DatabaseError('TypeMismatch', "The field 'partialFilterExpression' must be an object");
  }
  return {
    name,
    key,
    fields,
    isUnique: isIdIndex || isTruthy(spec.get('unique')),
    isSparse: isTruthy(spec.get('sparse')),
    partialFilter,
    expireAfterSeconds: parseExpiry(spec.get('expireAfterSeconds'), fields.length),
    spec: normalize(spec),
  };
}

function checkOptions(spec: Document): void {
  for (const name of spec.keys()) {
    if (KNOWN.has(name)) continue;
    if (name === 'collation' || name === 'wildcardProjection' || name === 'storageEngine') {
      throw notImplemented(`The index option ${name}`);
    }
    if (
      /^(weights|default_language|language_override|textIndexVersion|2dsphereIndexVersion|bits|min|max)$/.test(
        name,
      )
    ) {
      throw notImplemented(`The index option ${name}`);
    }
    throw new DatabaseError(
      197,
      `The field '${name}' is not valid for an index specification. Specification: ${[...spec.keys()].join(', ')}`,
    );
  }
}

function parseKey(key: Document): IndexOptions['fields'] {
  if (key.size === 0) throw new DatabaseError('CannotCreateIndex', 'Index keys cannot be an empty object');
  return Array.from(key, ([name, value]) => {
    if (typeof value === 'string') {
      if (/^(text|2d|2dsphere|hashed|geoHaystack|columnstore)$/.test(value)) {
        throw notImplemented(`The index type ${value}`);
      }
      throw new DatabaseError('CannotCreateIndex', `Unknown index plugin '${value}'`);
    }
    if (name === '') throw new DatabaseError('CannotCreateIndex', 'Index keys cannot be an empty field');
    if (name.includes('$**')) throw notImplemented('A wildcard index');
    if (name.startsWith('$')) {
      throw new DatabaseError(
        'CannotCreateIndex',
        `Index key contains an illegal field name: field name starts with '$'.`,
      );
    }
    const number = isNumeric(value) ? toNumber(value) : 0;
    if (number === 0 || Number.isNaN(number)) {
      throw new DatabaseError(
        'CannotCreateIndex',
        `Values in v:2 index key pattern cannot be of type ${typeName(value)} or zero`,
      );
    }
    return { name, direction: number > 0 ? 1 : -1 };
  });
}

function parseExpiry(value: Maybe, fieldCount: number): number | undefined {
  if (value === undefined) return undefined;
  if (!isNumeric(value)) {
    throw new DatabaseError('TypeMismatch', "The field 'expireAfterSeconds' must be a number");
  }
  const seconds = toNumber(value);
  if (seconds < 0 || seconds > 2 ** 31) {
    throw new DatabaseError(
      'CannotCreateIndex',
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, but is ${seconds}`,
    );
  }
  if (fieldCount > 1) {
    throw new DatabaseError(
      'CannotCreateIndex',
      'TTL indexes are single-field indexes, compound indexes do not support TTL',
    );
  }
  return seconds;
}

function normalize(spec: Document): Document {
  const shown: Document = new Map<string, Value>([['v', 2]]);
  for (const [name, value] of spec) {
    if (name !== 'v' && name !== 'background' && name !== 'ns') shown.set(name, value);
  }
  return shown;
}

/** Whether both do the same, whatever their names. */
export function isSameIndex(a: IndexOptions, b: IndexOptions): boolean {
  return (
    hasSameKey(a, b) &&
    a.isUnique === b.isUnique &&
    a.isSparse === b.isSparse &&
    a.expireAfterSeconds === b.expireAfterSeconds &&
    isEqual(a.partialFilter, b.partialFilter)
  );
}

/** Order and direction count. */
export function hasSameKey(a: IndexOptions, b: IndexOptions): boolean {
  return isEqual(a.key, b.key);
}
