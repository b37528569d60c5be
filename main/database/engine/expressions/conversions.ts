import { Decimal128, Long, ObjectId } from 'bson';
import { DatabaseError } from '../errors.ts';
import { isInteger, isLong, isNumeric, makeDouble, type Numeric, toDecimal, toNumber } from '../numbers.ts';
import { isInt32, isNullish, isTruthy, type Maybe, typeName, type Value } from '../values.ts';
import { parseDate } from './date-text.ts';
import { formatValue } from './format.ts';
import { namedOperands, unary } from './operator.ts';
import type { Compile, Expression, Operator, Operators } from './scope.ts';

/** From one type to another. */

type Conversion = (value: NonNullable<Value>) => Value;

function failure(message: string): DatabaseError {
  return new DatabaseError('ConversionFailure', `${message} in $convert with no onError value`);
}

function unsupported(value: Value, target: string): DatabaseError {
  return failure(`Unsupported conversion from ${typeName(value)} to ${target}`);
}

function toText(value: NonNullable<Value>): Value {
  const text = formatValue(value);
  if (text === undefined) throw unsupported(value, 'string');
  return text;
}

function toObjectId(value: NonNullable<Value>): Value {
  if (typeName(value) === 'objectId') return value;
  if (typeof value !== 'string') throw unsupported(value, 'objectId');
  if (/^[0-9a-f]{24}$/i.test(value)) return new ObjectId(value);
  throw failure(
    `Failed to parse objectId '${value}': Invalid string length for parsing to OID, expected 24 but found ${value.length}`,
  );
}

function toDate(value: NonNullable<Value>): Value {
  if (value instanceof Date) return value;
  if (value instanceof ObjectId) return value.getTimestamp();
  if (typeof value === 'string') return parseDate(value, undefined);
  if (isNumeric(value) && !(typeof value === 'number' && isInt32(value)))
    return new Date(Math.trunc(toNumber(value)));
  if (typeof value === 'object' && '_bsontype' in value && value._bsontype === 'Timestamp') {
    return new Date(value.getHighBitsUnsigned() * 1000);
  }
  throw unsupported(value, 'date');
}

/** From a number, a date, a bool or a text with a number. */
function sourceNumber(value: NonNullable<Value>, target: string): Numeric {
  if (isNumeric(value)) return value;
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Date && target !== 'int') return Long.fromNumber(value.getTime());
  if (typeof value !== 'string') throw unsupported(value, target);
  const isValid =
    target === 'int' || target === 'long'
      ? /^-?\d+$/
      : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^-?inf(inity)?$|^nan$/i;
  if (!isValid.test(value)) throw failure(`Failed to parse number '${value}'`);
  if (target === 'double') return Number(value.replace(/inf(inity)?/i, 'Infinity'));
  if (target === 'decimal') return Decimal128.fromString(value);
  const whole = BigInt(value);
  if (BigInt.asIntN(64, whole) !== whole) throw failure(`Failed to parse number '${value}': overflow`);
  return Long.fromBigInt(whole);
}

function toWhole(value: NonNullable<Value>, target: 'int' | 'long'): Value {
  const number = sourceNumber(value, target);
  if (isInteger(number) && (target === 'long' || !isLong(number))) {
    return target === 'long' ? Long.fromValue(number) : number;
  }
  const whole = isLong(number) ? number.toNumber() : Math.trunc(toNumber(number));
  const limit = target === 'int' ? 2 ** 31 : 2 ** 63;
  if (!(whole >= -limit && whole < limit)) {
    throw failure(`Conversion would overflow target type: ${formatValue(value) ?? ''}`);
  }
  return target === 'int' ? whole | 0 : Long.fromBigInt(BigInt(whole));
}

const CONVERSIONS: Readonly<Record<string, Conversion>> = {
  string: toText,
  objectId: toObjectId,
  date: toDate,
  bool: (value) => (isNumeric(value) || typeof value === 'boolean' ? isTruthy(value) : true),
  int: (value) => toWhole(value, 'int'),
  long: (value) => toWhole(value, 'long'),
  double: (value) => makeDouble(toNumber(sourceNumber(value, 'double'))),
  decimal: (value) => toDecimal(sourceNumber(value, 'decimal')),
};

const TYPES_BY_NUMBER: Readonly<Record<number, string>> = {
  1: 'double',
  2: 'string',
  7: 'objectId',
  8: 'bool',
  9: 'date',
  16: 'int',
  18: 'long',
  19: 'decimal',
};

function converter(target: string): Operator {
  const convert = CONVERSIONS[target];
  return unary((value) => (isNullish(value) || convert === undefined ? null : convert(value)));
}

function convert(operand: Value, compile: Compile, name: string): Expression {
  const fields = namedOperands(name, operand, ['input', 'to'], ['onError', 'onNull']);
  const [input, to] = [compile(fields.get('input') ?? null), compile(fields.get('to') ?? null)];
  const onNull = compile(fields.get('onNull') ?? null);
  const given = fields.get('onError');
  const onError = given === undefined ? undefined : compile(given);
  return (scope) => {
    const [value, wanted] = [input(scope), to(scope)];
    if (isNullish(value)) return onNull(scope);
    const target = isNumeric(wanted) ? TYPES_BY_NUMBER[toNumber(wanted)] : wanted;
    const conversion = typeof target === 'string' ? CONVERSIONS[target] : undefined;
    if (conversion === undefined)
      throw new DatabaseError('BadValue', `Unknown type name in $convert: ${formatValue(wanted)}`);
    if (onError === undefined) return conversion(value);
    try {
      return conversion(value);
    } catch (error) {
      if (error instanceof DatabaseError) return onError(scope);
      throw error;
    }
  };
}

export const conversions: Operators = {
  $toString: converter('string'),
  $toObjectId: converter('objectId'),
  $toDate: converter('date'),
  $toBool: converter('bool'),
  $toInt: converter('int'),
  $toLong: converter('long'),
  $toDouble: converter('double'),
  $toDecimal: converter('decimal'),
  $convert: convert,
  $type: unary((value: Maybe) => typeName(value)),
  $isNumber: unary((value: Maybe) => isNumeric(value)),
};
