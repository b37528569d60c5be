import { Decimal128, Double, Long } from 'bson';
import { isInt32, type Maybe } from './values.ts';

/**
 * MongoDB's arithmetic: int32, then int64, then double, then decimal; the widest operand decides, and an int
 * that grows becomes an int64 or, beyond that, a double.
 */

export type Numeric = number | Double | Long | Decimal128;

export function isNumeric(value: Maybe): value is Numeric {
  if (typeof value === 'number') return true;
  if (typeof value !== 'object' || value === null || !('_bsontype' in value)) return false;
  return value._bsontype === 'Double' || value._bsontype === 'Long' || value._bsontype === 'Decimal128';
}

export function isDecimal(value: Numeric): value is Decimal128 {
  return typeof value === 'object' && value._bsontype === 'Decimal128';
}

export function isLong(value: Maybe): value is Long {
  return typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'Long';
}

/** An int32 or an int64. */
export function isInteger(value: Maybe): value is number | Long {
  return typeof value === 'number' ? isInt32(value) : isLong(value);
}

export function toNumber(value: Numeric): number {
  if (typeof value === 'number') return value;
  if (value._bsontype === 'Decimal128') return Number(value.toString());
  return value._bsontype === 'Long' ? value.toNumber() : value.valueOf();
}

/** The number as a double, whatever it looks like. */
export function makeDouble(value: number): number | Double {
  return isInt32(value) || Object.is(value, -0) ? new Double(value) : value;
}

const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

/** As an int32 if neither operand was an int64 and it fits; undefined beyond an int64. */
export function makeInteger(value: bigint, isWide: boolean): number | Long | undefined {
  if (value < MIN_LONG || value > MAX_LONG) return undefined;
  const plain = Number(value);
  return !isWide && isInt32(plain) ? plain : Long.fromBigInt(value);
}

export function toBigInt(value: number | Long): bigint {
  return typeof value === 'number' ? BigInt(value) : value.toBigInt();
}

type Operation = 'add' | 'subtract' | 'multiply';

const ON_NUMBERS: Readonly<Record<Operation, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
};

const ON_INTEGERS: Readonly<Record<Operation, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
};

/** @returns undefined when two integers have a result beyond an int64 */
export function calculateExactly(operation: Operation, a: Numeric, b: Numeric): Numeric | undefined {
  if (isDecimal(a) || isDecimal(b)) return calculateDecimal(operation, toDecimal(a), toDecimal(b));
  if (isInteger(a) && isInteger(b)) {
    const isWide = isLong(a) || isLong(b);
    if (!isWide) {
      const result = ON_NUMBERS[operation](toNumber(a), toNumber(b));
      if (isInt32(result)) return result;
    }
    return makeInteger(ON_INTEGERS[operation](toBigInt(a), toBigInt(b)), isWide);
  }
  return makeDouble(ON_NUMBERS[operation](toNumber(a), toNumber(b)));
}

/** As in expressions: what an int64 can't hold becomes a double. */
export function calculate(operation: Operation, a: Numeric, b: Numeric): Numeric {
  return calculateExactly(operation, a, b) ?? makeDouble(ON_NUMBERS[operation](toNumber(a), toNumber(b)));
}

/** A decimal is `coefficient * 10 ** exponent`; infinities and NaN are plain numbers. */
interface Parts {
  readonly coefficient: bigint;
  readonly exponent: number;
}

const DIGITS = 34;

export function toDecimal(value: Numeric): Decimal128 {
  if (typeof value === 'object' && value._bsontype === 'Decimal128') return value;
  if (isInteger(value)) return Decimal128.fromString(value.toString());
  // As MongoDB turns a double into a decimal: with 15 digits.
  const plain = toNumber(value);
  return Decimal128.fromString(
    Number.isFinite(plain) ? String(Number(plain.toPrecision(15))) : String(plain),
  );
}

function partsOf(value: Decimal128): Parts | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/.exec(value.toString());
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  return { coefficient: BigInt(`${sign}${whole}${fraction}`), exponent: Number(exponent) - fraction.length };
}

function fromParts({ coefficient, exponent }: Parts): Decimal128 {
  return Decimal128.fromStringWithRounding(`${coefficient}E${exponent}`);
}

function calculateDecimal(operation: Operation, a: Decimal128, b: Decimal128): Decimal128 {
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left === undefined || right === undefined) {
    return Decimal128.fromString(String(ON_NUMBERS[operation](toNumber(a), toNumber(b))));
  }
  if (operation === 'multiply') {
    return fromParts({
      coefficient: left.coefficient * right.coefficient,
      exponent: left.exponent + right.exponent,
    });
  }
  const exponent = Math.min(left.exponent, right.exponent);
  const [x, y] = [left, right].map((parts) => scale(parts, exponent)) as [bigint, bigint];
  return fromParts({ coefficient: ON_INTEGERS[operation](x, y), exponent });
}

/** Exponents reach 6,000, which a bigint takes. */
function scale({ coefficient, exponent }: Parts, to: number): bigint {
  return coefficient * 10n ** BigInt(exponent - to);
}

/** The quotient to 34 digits. */
export function divideDecimal(a: Decimal128, b: Decimal128): Decimal128 {
  const [left, right] = [partsOf(a), partsOf(b)];
  if (left === undefined || right === undefined || right.coefficient === 0n) {
    return Decimal128.fromString(String(toNumber(a) / toNumber(b)));
  }
  let exponent = left.exponent - right.exponent;
  if (left.coefficient % right.coefficient === 0n) {
    return fromParts({ coefficient: left.coefficient / right.coefficient, exponent });
  }
  const shift = DIGITS + 2 + right.coefficient.toString().length;
  exponent -= shift;
  const text = ((left.coefficient * 10n ** BigInt(shift)) / right.coefficient).toString();
  const trimmed = text.replace(/0+$/, '');
  return fromParts({ coefficient: BigInt(trimmed), exponent: exponent + text.length - trimmed.length });
}

/** By value, whatever the types; NaN is below every other number, and equal to itself. */
export function compareNumbers(a: Numeric, b: Numeric): number {
  if (typeof a === 'number' && typeof b === 'number') return comparePlain(a, b);
  if (isDecimal(a) || isDecimal(b)) return compareDecimals(a, b);
  // JavaScript compares a bigint with a number exactly.
  const [left, right] = [comparable(a), comparable(b)];
  if (left < right) return -1;
  if (left > right) return 1;
  return comparePlain(Number(left), Number(right));
}

function comparable(value: Exclude<Numeric, Decimal128>): number | bigint {
  return isLong(value) ? value.toBigInt() : value.valueOf();
}

function comparePlain(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
}

function compareDecimals(a: Numeric, b: Numeric): number {
  const [left, right] = [exactParts(a), exactParts(b)];
  if (left === undefined || right === undefined) return comparePlain(toNumber(a), toNumber(b));
  // Of very different sizes, plain numbers tell, and no power of ten needs to be written out.
  const [x, y] = [toNumber(a), toNumber(b)];
  if (Math.abs(x - y) > 1e-9 * Math.max(Math.abs(x), Math.abs(y)) && Number.isFinite(x - y)) {
    return comparePlain(x, y);
  }
  const exponent = Math.min(left.exponent, right.exponent);
  const difference = scale(left, exponent) - scale(right, exponent);
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

/** The exact value, for a double as well, which holds more digits than it shows. */
function exactParts(value: Numeric): Parts | undefined {
  if (isDecimal(value)) return partsOf(value);
  if (isInteger(value)) return { coefficient: toBigInt(value), exponent: 0 };
  const plain = toNumber(value);
  if (!Number.isFinite(plain)) return undefined;
  const [mantissa = '0', exponent = '0'] = plain.toExponential(40).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  return { coefficient: BigInt(`${whole}${fraction}`), exponent: Number(exponent) - fraction.length };
}

/** The same text for numbers that compare as equal. */
export function numberKey(value: Numeric): string {
  const plain = toNumber(value);
  return compareNumbers(value, plain) === 0 ? String(plain === 0 ? 0 : plain) : normalizedText(value);
}

/** For what a double can't hold exactly: an int64, or a decimal. */
function normalizedText(value: Numeric): string {
  const parts = exactParts(value);
  if (parts === undefined) return String(value);
  const text = parts.coefficient.toString();
  const trimmed = text.replace(/0+$/, '');
  return `${trimmed}e${parts.exponent + text.length - trimmed.length}`;
}
