import { compare, keyOf } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { isArray, isNullish, type Maybe, typeName, type Value } from '../values.ts';
import { binary, withOperands } from './operator.ts';
import type { Operators } from './scope.ts';

/** Arrays as sets: order and repetition don't count. */

function requireSet(value: Maybe, name: string, code: number): Value[] {
  if (isArray(value)) return value;
  throw new DatabaseError(
    code,
    `All operands of ${name} must be arrays. One argument is of type: ${typeName(value)}`,
  );
}

function distinct(values: readonly Value[]): Value[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()].sort(compare);
}

function union(values: readonly Maybe[], name: string): Maybe {
  if (values.some(isNullish)) return null;
  return distinct(values.flatMap((value) => requireSet(value, name, 17043)));
}

function intersection(values: readonly Maybe[], name: string): Maybe {
  if (values.some(isNullish)) return null;
  const [first = [], ...others] = values.map((value) => requireSet(value, name, 17047));
  const keys = others.map((other) => new Set(other.map(keyOf)));
  return distinct(first.filter((value) => keys.every((known) => known.has(keyOf(value)))));
}

function difference(a: Maybe, b: Maybe, name: string): Maybe {
  if (isNullish(a) || isNullish(b)) return null;
  const known = new Set(requireSet(b, name, 17049).map(keyOf));
  const left = requireSet(a, name, 17048).filter((value) => !known.has(keyOf(value)));
  return [...new Map(left.map((value) => [keyOf(value), value])).values()];
}

function isSubset(a: Maybe, b: Maybe, name: string): Maybe {
  const known = new Set(requireSet(b, name, 17042).map(keyOf));
  return requireSet(a, name, 17046).every((value) => known.has(keyOf(value)));
}

function equals(values: readonly Maybe[], name: string): Maybe {
  const texts = values.map((value) =>
    [...new Set(requireSet(value, name, 17044).map(keyOf))].sort().join('\0'),
  );
  return texts.every((text) => text === texts[0]);
}

export const sets: Operators = {
  $setUnion: withOperands(0, Number.POSITIVE_INFINITY, union),
  $setIntersection: withOperands(0, Number.POSITIVE_INFINITY, intersection),
  $setDifference: binary(difference),
  $setIsSubset: binary(isSubset),
  $setEquals: withOperands(2, Number.POSITIVE_INFINITY, equals),
};
