import { EJSON, ObjectId, serialize } from 'bson';
import { decode } from '../engine/bson.ts';
import { isArray, isDocument, type Maybe, type Value } from '../engine/values.ts';

/** Values that JSON has no types for, as Extended JSON (`{"$oid": "…"}`) and MongoDB's shell (`ObjectId("…")`) write them. */

/** The first keys of Extended JSON's objects; `$regex` isn't one, since queries have an operator of that name. */
export const EXTENDED_KEYS: ReadonlySet<string> = new Set([
  '$oid',
  '$date',
  '$numberInt',
  '$numberLong',
  '$numberDouble',
  '$numberDecimal',
  '$binary',
  '$uuid',
  '$regularExpression',
  '$timestamp',
  '$code',
  '$symbol',
  '$minKey',
  '$maxKey',
  '$undefined',
]);

/** @throws what the library says of a value that the type can't have */
export function readExtended(object: Map<string, Value>): Value {
  const value: unknown = EJSON.parse(JSON.stringify(plain(object)), { relaxed: false });
  if (value instanceof Date && Number.isNaN(value.getTime())) throw new Error('this is not a date');
  // Through bytes, after which a number is what the engine takes it for.
  return decode(serialize({ value })).get('value') ?? null;
}

/** As the library reads it. The inner values were read already. */
function plain(value: Value): unknown {
  if (isDocument(value)) return Object.fromEntries(Array.from(value, ([key, inner]) => [key, plain(inner)]));
  if (isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return JSON.parse(EJSON.stringify(value, { relaxed: false })) as unknown;
}

function extended(key: string, value: Value): Value {
  return readExtended(new Map([[key, value]]));
}

type ShellFunction = (...given: readonly Maybe[]) => Value;

const objectId: ShellFunction = (id) => (id === undefined ? new ObjectId() : extended('$oid', textOf(id)));

const date: ShellFunction = (given) => {
  if (given === undefined) return new Date();
  const time = typeof given === 'number' ? given : textOf(given);
  const made = new Date(typeof time === 'string' && /^\d+$/.test(time) ? Number(time) : time);
  if (Number.isNaN(made.getTime())) throw new Error(`${JSON.stringify(time)} is not a date`);
  return made;
};

const long: ShellFunction = (given) => extended('$numberLong', textOf(given));
const int: ShellFunction = (given) => extended('$numberInt', textOf(given));
const decimal: ShellFunction = (given) => extended('$numberDecimal', textOf(given));
const double: ShellFunction = (given) => extended('$numberDouble', textOf(given));

/** What MongoDB's shell has, and drivers call so. */
export const SHELL_FUNCTIONS: ReadonlyMap<string, ShellFunction> = new Map<string, ShellFunction>([
  ['ObjectId', objectId],
  ['ISODate', date],
  ['Date', date],
  ['NumberLong', long],
  ['Long', long],
  ['NumberInt', int],
  ['Int32', int],
  ['NumberDecimal', decimal],
  ['Decimal128', decimal],
  ['Double', double],
  ['UUID', (id) => extended('$uuid', textOf(id))],
  [
    'BinData',
    (subType, base64) =>
      extended(
        '$binary',
        new Map([
          ['base64', textOf(base64)],
          ['subType', Number(textOf(subType)).toString(16).padStart(2, '0')],
        ]),
      ),
  ],
  [
    'Timestamp',
    (t, i) =>
      extended(
        '$timestamp',
        new Map([
          ['t', Number(textOf(t))],
          ['i', Number(textOf(i ?? 0))],
        ]),
      ),
  ],
  ['MinKey', () => extended('$minKey', 1)],
  ['MaxKey', () => extended('$maxKey', 1)],
]);

function textOf(value: Maybe): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (value !== null && typeof value === 'object' && '_bsontype' in value) return String(value);
  throw new Error('a string or a number is missing');
}
