import { compare } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { isNumeric, toNumber } from '../numbers.ts';
import { isArray, isNullish, isTruthy, type Maybe, typeName, type Value } from '../values.ts';
import { binary, unary, withNamed } from './operator.ts';
import type { Operator, Operators } from './scope.ts';

/** Expressions that pick elements of an array. */

function elementAt(list: Maybe, position: Maybe): Maybe {
  if (isNullish(list) || isNullish(position)) return null;
  if (!isArray(list)) {
    throw new DatabaseError(
      28689,
      `$arrayElemAt's first argument must be an array, but is ${typeName(list)}`,
    );
  }
  if (!isNumeric(position)) {
    throw new DatabaseError(
      28690,
      `$arrayElemAt's second argument must be a numeric value, but is ${typeName(position)}`,
    );
  }
  const index = toNumber(position);
  if (!Number.isInteger(index)) {
    throw new DatabaseError(
      28691,
      `$arrayElemAt's second argument must be representable as a 32-bit integer: ${index}`,
    );
  }
  return list.at(index);
}

function edge(pick: (list: readonly Value[]) => Maybe): Operator {
  return unary((list, name) => {
    if (isNullish(list)) return null;
    if (isArray(list)) return pick(list);
    throw new DatabaseError(28689, `${name}'s argument must be an array, but is ${typeName(list)}`);
  });
}

/** `{n, input}`: so many of the elements, as `pick` orders or cuts them. */
function several(pick: (list: readonly Value[], count: number) => Value[]): Operator {
  return withNamed(['n', 'input'], [], ({ n, input }, name) => {
    if (!isArray(input)) {
      throw new DatabaseError(5788200, `${name} input must be an array, found: ${typeName(input)}`);
    }
    return pick(input, requirePositive(n));
  });
}

/** @throws {DatabaseError} when it isn't a whole number above zero */
export function requirePositive(value: Maybe): number {
  const count = isNumeric(value) ? toNumber(value) : Number.NaN;
  if (Number.isInteger(count) && count > 0) return count;
  throw new DatabaseError(
    5787902,
    `Value for 'n' must be of integral type and positive, but found ${typeName(value)}`,
  );
}

function extremes(direction: 1 | -1) {
  return (list: readonly Value[], count: number): Value[] =>
    list
      .filter((value) => value !== null)
      .sort((a, b) => direction * compare(a, b))
      .slice(0, count);
}

export const arrayItems: Operators = {
  $arrayElemAt: binary(elementAt),
  $first: edge((list) => list[0]),
  $last: edge((list) => list.at(-1)),
  $firstN: several((list, count) => list.slice(0, count)),
  $lastN: several((list, count) => list.slice(-count)),
  $minN: several(extremes(1)),
  $maxN: several(extremes(-1)),
  $anyElementTrue: edge((list) => list.some(isTruthy)),
  $allElementsTrue: edge((list) => list.every(isTruthy)),
};
