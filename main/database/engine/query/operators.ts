import type { Binary } from 'bson';
import { compare, isEqual, keyOf, rankOf } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { isInteger, isNumeric, type Numeric, toBigInt, toNumber } from '../numbers.ts';
import {
  isArray,
  isNullish,
  isTypeNumber,
  type Maybe,
  type TypeNumber,
  typeNumber,
  typeOf,
  type Value,
} from '../values.ts';
import { isRegex, regexOf } from './regex.ts';

/** What a query's operators ask of one value. */
export type Test = (value: Maybe) => boolean;

type Operator = (operand: Value) => Test;

function equals(operand: Value): Test {
  return operand === null ? isNullish : (value) => value !== undefined && isEqual(value, operand);
}

/** Values of another kind are neither less nor greater; null equals what isn't there. */
function inOrder(accepts: (order: number) => boolean): Operator {
  return (operand) => {
    const rank = rankOf(operand);
    const isOutermost = rank === -1 || rank === 127;
    return (value) => {
      if (isOutermost) return value !== undefined && accepts(compare(value, operand));
      if (operand === null) return isNullish(value) && accepts(0);
      if (rankOf(value) !== rank) return false;
      // NaN is in no order with others.
      if (isNumeric(value) && isNumeric(operand) && isNan(value) !== isNan(operand)) return false;
      return accepts(compare(value, operand));
    };
  };
}

function isNan(value: Numeric): boolean {
  return Number.isNaN(toNumber(value));
}

function isIn(operand: Value): Test {
  if (!isArray(operand)) throw new DatabaseError('BadValue', '$in needs an array');
  const regexes = operand.filter(isRegex).map(matchesRegexValue);
  const keys = new Set(operand.filter((item) => !isRegex(item)).map(keyOf));
  const hasNull = operand.includes(null);
  return (value) => {
    if (value === undefined) return hasNull;
    return keys.has(keyOf(value)) || regexes.some((matches) => matches(value));
  };
}

export function matchesRegex(regex: RegExp): Test {
  return (value) => typeof value === 'string' && regex.test(value);
}

function matchesRegexValue(operand: Value): Test {
  if (!isRegex(operand)) throw new DatabaseError('BadValue', '$regex has to be a string');
  const matches = matchesRegex(regexOf(operand));
  return (value) => matches(value) || (isRegex(value) && isEqual(value, operand));
}

function hasType(operand: Value): Test {
  const names = isArray(operand) ? operand : [operand];
  const types = new Set(names.flatMap(typesNamed));
  return (value) => value !== undefined && types.has(typeOf(value));
}

const NUMBER_TYPES: readonly TypeNumber[] = [1, 16, 18, 19];

function typesNamed(name: Value): readonly TypeNumber[] {
  if (typeof name === 'string') {
    if (name === 'number') return NUMBER_TYPES;
    const type = typeNumber(name);
    if (type === undefined) throw new DatabaseError('BadValue', `Unknown type name alias: ${name}`);
    return [type];
  }
  if (!isNumeric(name))
    throw new DatabaseError('TypeMismatch', 'type must be represented as a number or a string');
  const number = toNumber(name);
  if (!isTypeNumber(number)) throw new DatabaseError('BadValue', `Invalid numerical type code: ${number}`);
  return [number];
}

function hasRemainder(operand: Value): Test {
  if (!isArray(operand)) throw new DatabaseError('BadValue', 'malformed mod, needs to be an array');
  const [divisor, remainder] = operand;
  if (operand.length < 2) throw new DatabaseError('BadValue', 'malformed mod, not enough elements');
  if (operand.length > 2) throw new DatabaseError('BadValue', 'malformed mod, too many elements');
  if (!isNumeric(divisor)) throw new DatabaseError('BadValue', 'malformed mod, divisor not a number');
  if (!isNumeric(remainder)) throw new DatabaseError('BadValue', 'malformed mod, remainder not a number');
  const [by, left] = [wholeOf(divisor), wholeOf(remainder)];
  if (by === 0n || by === undefined) throw new DatabaseError('BadValue', 'divisor cannot be 0');
  return (value) => {
    const whole = isNumeric(value) ? wholeOf(value) : undefined;
    return whole !== undefined && whole % by === left;
  };
}

function wholeOf(value: Numeric): bigint | undefined {
  if (isInteger(value)) return toBigInt(value);
  const plain = toNumber(value);
  return Number.isFinite(plain) ? BigInt(Math.trunc(plain)) : undefined;
}

function hasSize(operand: Value): Test {
  if (!isNumeric(operand)) {
    throw new DatabaseError('BadValue', `Failed to parse $size. Expected a number in: $size: ${operand}`);
  }
  const size = toNumber(operand);
  if (!Number.isInteger(size)) {
    throw new DatabaseError('BadValue', `Failed to parse $size. Expected an integer: $size: ${size}`);
  }
  if (size < 0) {
    throw new DatabaseError(
      'BadValue',
      `Failed to parse $size. Expected a non-negative number in: $size: ${size}`,
    );
  }
  return (value) => isArray(value) && value.length === size;
}

/** For the `$bits…` operators; `accepts` gets the bits that are set and those that were asked for. */
function hasBits(name: string, accepts: (set: bigint, mask: bigint) => boolean): Operator {
  return (operand) => {
    const mask = maskOf(name, operand);
    return (value) => {
      const bits = bitsOf(value);
      return bits !== undefined && accepts(bits & mask, mask);
    };
  };
}

function maskOf(name: string, operand: Value): bigint {
  if (isArray(operand)) {
    return operand.reduce((mask: bigint, position) => {
      const index = isNumeric(position) ? toNumber(position) : -1;
      if (!Number.isInteger(index) || index < 0) {
        throw new DatabaseError('BadValue', `${name} bit positions must be integers >= 0`);
      }
      return mask | (1n << BigInt(index));
    }, 0n);
  }
  const bits = bitsOf(operand);
  if (bits !== undefined && bits >= 0n) return bits;
  throw new DatabaseError('FailedToParse', `${name} takes an Array, a number, or a BinData`);
}

function bitsOf(value: Maybe): bigint | undefined {
  if (isNumeric(value)) return Number.isInteger(toNumber(value)) ? wholeOf(value) : undefined;
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return undefined;
  return value._bsontype === 'Binary' ? binaryBits(value) : undefined;
}

function binaryBits(value: Binary): bigint {
  const bytes = value.buffer.subarray(0, value.position);
  return bytes.reduceRight((bits, byte) => (bits << 8n) | BigInt(byte), 0n);
}

/** Asked of each element of an array as well as of the whole. */
export const leafTests: Readonly<Record<string, Operator>> = {
  $eq: equals,
  $gt: inOrder((order) => order > 0),
  $gte: inOrder((order) => order >= 0),
  $lt: inOrder((order) => order < 0),
  $lte: inOrder((order) => order <= 0),
  $in: isIn,
  $regex: matchesRegexValue,
  $type: hasType,
  $mod: hasRemainder,
  $bitsAllSet: hasBits('$bitsAllSet', (set, mask) => set === mask),
  $bitsAnySet: hasBits('$bitsAnySet', (set) => set !== 0n),
  $bitsAllClear: hasBits('$bitsAllClear', (set) => set === 0n),
  $bitsAnyClear: hasBits('$bitsAnyClear', (set, mask) => set !== mask),
};

/** Asked of an array as a whole. */
export const wholeTests: Readonly<Record<string, Operator>> = {
  $size: hasSize,
};
