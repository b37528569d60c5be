import { Decimal128 } from 'bson';
import { DatabaseError } from '../errors.ts';
import {
  calculate,
  compareNumbers,
  divideDecimal,
  isDecimal,
  isInteger,
  isLong,
  isNumeric,
  makeDouble,
  makeInteger,
  type Numeric,
  toBigInt,
  toDecimal,
  toNumber,
} from '../numbers.ts';
import { isNullish, type Maybe, typeName } from '../values.ts';
import { binary, unary, withOperands } from './operator.ts';
import type { Operator, Operators } from './scope.ts';

function requireNumber(value: Maybe, name: string): Numeric {
  if (isNumeric(value)) return value;
  throw new DatabaseError(28765, `${name} only supports numeric types, not ${typeName(value)}`);
}

/** Numbers, and at most one date, to which the numbers are milliseconds. */
function add(values: readonly Maybe[]): Maybe {
  let date: Date | undefined;
  let sum: Numeric = 0;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (value instanceof Date) {
      if (date !== undefined) throw new DatabaseError(16612, 'only one date allowed in an $add expression');
      date = value;
    } else if (isNumeric(value)) {
      sum = calculate('add', sum, value);
    } else {
      throw new DatabaseError(
        'TypeMismatch',
        `$add only supports numeric or date types, not ${typeName(value)}`,
      );
    }
  }
  return date === undefined ? sum : new Date(date.getTime() + Math.round(toNumber(sum)));
}

function subtract(a: Maybe, b: Maybe): Maybe {
  if (isNullish(a) || isNullish(b)) return null;
  if (isNumeric(a) && isNumeric(b)) return calculate('subtract', a, b);
  if (a instanceof Date && b instanceof Date) {
    return makeInteger(BigInt(a.getTime() - b.getTime()), true);
  }
  if (a instanceof Date && isNumeric(b)) return new Date(a.getTime() - Math.round(toNumber(b)));
  throw new DatabaseError('TypeMismatch', `can't $subtract ${typeName(b)} from ${typeName(a)}`);
}

function multiply(values: readonly Maybe[]): Maybe {
  let product: Numeric = 1;
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!isNumeric(value)) {
      throw new DatabaseError(
        'TypeMismatch',
        `$multiply only supports numeric types, not ${typeName(value)}`,
      );
    }
    product = calculate('multiply', product, value);
  }
  return product;
}

function divide(a: Maybe, b: Maybe): Maybe {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumeric(a) || !isNumeric(b)) {
    throw new DatabaseError(
      'TypeMismatch',
      `$divide only supports numeric types, not ${typeName(a)} and ${typeName(b)}`,
    );
  }
  if (toNumber(b) === 0) throw new DatabaseError('BadValue', "can't $divide by zero");
  if (isDecimal(a) || isDecimal(b)) return divideDecimal(toDecimal(a), toDecimal(b));
  return makeDouble(toNumber(a) / toNumber(b));
}

function remainder(a: Maybe, b: Maybe): Maybe {
  if (isNullish(a) || isNullish(b)) return null;
  if (!isNumeric(a) || !isNumeric(b)) {
    throw new DatabaseError(16611, `$mod only supports numeric types, not ${typeName(a)} and ${typeName(b)}`);
  }
  if (toNumber(b) === 0) throw new DatabaseError(16610, "can't $mod by zero");
  if (isInteger(a) && isInteger(b)) return makeInteger(toBigInt(a) % toBigInt(b), isLong(a) || isLong(b));
  const result = toNumber(a) % toNumber(b);
  return isDecimal(a) || isDecimal(b) ? toDecimal(makeDouble(result)) : makeDouble(result);
}

function absolute(value: Maybe, name: string): Maybe {
  if (isNullish(value)) return null;
  const number = requireNumber(value, name);
  return compareNumbers(number, 0) < 0 ? calculate('multiply', number, -1) : number;
}

/** To a whole number, of the same type. */
function toWhole(round: (value: number) => number): Operator {
  return unary((value, name) => {
    if (isNullish(value)) return null;
    const number = requireNumber(value, name);
    if (isInteger(number)) return number;
    const result = round(toNumber(number));
    return isDecimal(number) ? toDecimal(makeDouble(result)) : makeDouble(result);
  });
}

/** To so many places after the point, or before it; halves go to the even neighbour. */
function toPlaces(roundWhole: (value: number) => number): Operator {
  return withOperands(1, 2, ([value, places = 0], name) => {
    if (isNullish(value) || isNullish(places)) return null;
    const number = requireNumber(value, name);
    const count = toNumber(requireNumber(places, name));
    if (!Number.isInteger(count) || count < -20 || count > 100) {
      throw new DatabaseError(
        51082,
        `cannot apply ${name} with precision value ${count} value must be in [-20, 100]`,
      );
    }
    if (isInteger(number)) {
      if (count >= 0) return number;
      return makeInteger(BigInt(atPlaces(toNumber(number), count, roundWhole)), isLong(number));
    }
    const plain = toNumber(number);
    if (!Number.isFinite(plain)) return number;
    const result = atPlaces(plain, count, roundWhole);
    return isDecimal(number) ? Decimal128.fromString(fixedText(result, count)) : makeDouble(result);
  });
}

/** By the number's own digits: 2.675 times 100 would be 267.49999999999994. */
function atPlaces(value: number, places: number, roundWhole: (value: number) => number): number {
  const shifted = Number(shift(value, places));
  return Number(shift(roundWhole(shifted), -places));
}

function shift(value: number, places: number): string {
  const [digits = '0', exponent = '0'] = String(value).split('e');
  return `${digits}e${Number(exponent) + places}`;
}

function fixedText(value: number, places: number): string {
  return places > 0 ? value.toFixed(places) : String(value);
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function power(base: Maybe, exponent: Maybe): Maybe {
  if (isNullish(base) || isNullish(exponent)) return null;
  if (!isNumeric(base)) throw new DatabaseError(28762, `$pow's base must be numeric, not ${typeName(base)}`);
  if (!isNumeric(exponent)) {
    throw new DatabaseError(28763, `$pow's exponent must be numeric, not ${typeName(exponent)}`);
  }
  const [by, to] = [toNumber(base), toNumber(exponent)];
  if (by === 0 && to < 0)
    throw new DatabaseError(28764, '$pow cannot take a base of 0 and a negative exponent');
  if (isInteger(base) && isInteger(exponent) && to >= 0 && Math.abs(by ** to) < 2 ** 63) {
    return makeInteger(toBigInt(base) ** toBigInt(exponent), isLong(base) || isLong(exponent));
  }
  const result = makeDouble(by ** to);
  return isDecimal(base) || isDecimal(exponent) ? toDecimal(result) : result;
}

/** A function of doubles; `check` tells the message for a value outside its range. */
function ofDouble(
  compute: (value: number) => number,
  check?: (value: number) => string | undefined,
): Operator {
  return unary((value, name) => {
    if (isNullish(value)) return null;
    const number = requireNumber(value, name);
    const plain = toNumber(number);
    const problem = check?.(plain);
    if (problem !== undefined) throw new DatabaseError(28714, `${name}${problem}`);
    const result = makeDouble(compute(plain));
    return isDecimal(number) ? toDecimal(result) : result;
  });
}

function mustBePositive(value: number): string | undefined {
  return value <= 0 ? `'s argument must be a positive number, but is ${value}` : undefined;
}

function mustNotBeNegative(value: number): string | undefined {
  return value < 0 ? "'s argument must be greater than or equal to 0" : undefined;
}

function within(min: number, max: number): (value: number) => string | undefined {
  return (value) =>
    value < min || value > max
      ? ` cannot be applied to ${value}: value must be in [${min},${max}]`
      : undefined;
}

function logarithm(value: Maybe, base: Maybe): Maybe {
  if (isNullish(value) || isNullish(base)) return null;
  const [of, by] = [toNumber(requireNumber(value, '$log')), toNumber(requireNumber(base, '$log'))];
  if (of <= 0) throw new DatabaseError(28758, `$log's argument must be a positive number, but is ${of}`);
  if (by <= 0 || by === 1) {
    throw new DatabaseError(28759, `$log's base must be a positive number not equal to 1, but is ${by}`);
  }
  return makeDouble(Math.log(of) / Math.log(by));
}

function bitwise(name: string, combine: (a: bigint, b: bigint) => bigint, start: bigint): Operator {
  return withOperands(0, Number.POSITIVE_INFINITY, (values) => {
    if (values.some(isNullish)) return null;
    let isWide = false;
    let bits = start;
    for (const value of values) {
      if (!isInteger(value)) {
        throw new DatabaseError('TypeMismatch', `${name} only supports int and long operands.`);
      }
      isWide ||= isLong(value);
      bits = combine(bits, toBigInt(value));
    }
    return makeInteger(bits, isWide);
  });
}

const RADIANS_PER_DEGREE = Math.PI / 180;

export const arithmetic: Operators = {
  $add: withOperands(0, Number.POSITIVE_INFINITY, add),
  $subtract: binary(subtract),
  $multiply: withOperands(0, Number.POSITIVE_INFINITY, multiply),
  $divide: binary(divide),
  $mod: binary(remainder),
  $abs: unary(absolute),
  $ceil: toWhole(Math.ceil),
  $floor: toWhole(Math.floor),
  $round: toPlaces(roundHalfEven),
  $trunc: toPlaces(Math.trunc),
  $pow: binary(power),
  $sqrt: ofDouble(Math.sqrt, mustNotBeNegative),
  $exp: ofDouble(Math.exp),
  $ln: ofDouble(Math.log, mustBePositive),
  $log10: ofDouble(Math.log10, mustBePositive),
  $log: binary(logarithm),
  $bitAnd: bitwise('$bitAnd', (a, b) => a & b, -1n),
  $bitOr: bitwise('$bitOr', (a, b) => a | b, 0n),
  $bitXor: bitwise('$bitXor', (a, b) => a ^ b, 0n),
  $bitNot: unary((value) => {
    if (isNullish(value)) return null;
    if (isInteger(value)) return makeInteger(~toBigInt(value), isLong(value));
    throw new DatabaseError('TypeMismatch', `$bitNot only supports int and long, not: ${typeName(value)}.`);
  }),
  $sin: ofDouble(Math.sin),
  $cos: ofDouble(Math.cos),
  $tan: ofDouble(Math.tan),
  $asin: ofDouble(Math.asin, within(-1, 1)),
  $acos: ofDouble(Math.acos, within(-1, 1)),
  $atan: ofDouble(Math.atan),
  $atan2: binary((a, b, name) =>
    isNullish(a) || isNullish(b)
      ? null
      : makeDouble(Math.atan2(toNumber(requireNumber(a, name)), toNumber(requireNumber(b, name)))),
  ),
  $sinh: ofDouble(Math.sinh),
  $cosh: ofDouble(Math.cosh),
  $tanh: ofDouble(Math.tanh),
  $asinh: ofDouble(Math.asinh),
  $acosh: ofDouble(Math.acosh, within(1, Number.POSITIVE_INFINITY)),
  $atanh: ofDouble(Math.atanh, within(-1, 1)),
  $degreesToRadians: ofDouble((value) => value * RADIANS_PER_DEGREE),
  $radiansToDegrees: ofDouble((value) => value / RADIANS_PER_DEGREE),
  $rand: () => () => makeDouble(Math.random()),
};
