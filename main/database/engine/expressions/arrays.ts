import { compare, isEqual } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { isInteger, isNumeric, toNumber } from '../numbers.ts';
import { compileSort } from '../sort.ts';
import {
  type Document,
  isArray,
  isDocument,
  isNullish,
  isTruthy,
  type Maybe,
  typeName,
  type Value,
} from '../values.ts';
import { binary, namedOperands, unary, withOperands } from './operator.ts';
import { type Compile, type Expression, type Operators, withVariable } from './scope.ts';

/** Expressions over arrays as a whole; those that pick elements are in array-items.ts. */

function concatArrays(values: readonly Maybe[]): Maybe {
  const all: Value[] = [];
  for (const value of values) {
    if (isNullish(value)) return null;
    if (!isArray(value)) {
      throw new DatabaseError(28664, `$concatArrays only supports arrays, not ${typeName(value)}`);
    }
    for (const item of value) all.push(item);
  }
  return all;
}

function size(value: Maybe): Maybe {
  if (isArray(value)) return value.length;
  throw new DatabaseError(
    17124,
    `The argument to $size must be an array, but was of type: ${typeName(value)}`,
  );
}

function isIn(value: Maybe, list: Maybe): Maybe {
  if (!isArray(list)) {
    throw new DatabaseError(40081, `$in requires an array as a second argument, found: ${typeName(list)}`);
  }
  return list.some((item) => isEqual(item, value));
}

function indexOfArray([list, sought, start = 0, end]: readonly Maybe[]): Maybe {
  if (isNullish(list)) return null;
  if (!isArray(list)) {
    throw new DatabaseError(
      40090,
      `$indexOfArray requires an array as a first argument, found: ${typeName(list)}`,
    );
  }
  const from = requireIndex(start, '$indexOfArray');
  const to = end === undefined ? list.length : Math.min(requireIndex(end, '$indexOfArray'), list.length);
  for (let index = from; index < to; index++) {
    if (isEqual(list[index], sought)) return index;
  }
  return -1;
}

function requireIndex(value: Maybe, name: string): number {
  if (!isNumeric(value) || !Number.isInteger(toNumber(value))) {
    throw new DatabaseError(
      40096,
      `${name} requires an integral index, found a value of type: ${typeName(value)}`,
    );
  }
  if (toNumber(value) < 0) throw new DatabaseError(40097, `${name} requires a nonnegative index`);
  return toNumber(value);
}

const MAX_RANGE = 1_000_000;

function range([start, end, step = 1]: readonly Maybe[]): Maybe {
  const [from, to, by] = [start, end, step].map((value) => {
    if (isInteger(value) || (isNumeric(value) && Number.isInteger(toNumber(value)))) return toNumber(value);
    throw new DatabaseError(
      34443,
      `$range requires numeric values that can be represented as 32-bit integers, found value of type: ${typeName(value)}`,
    );
  }) as [number, number, number];
  if (by === 0) throw new DatabaseError(34449, '$range requires a non-zero step value');
  const count = Math.max(0, Math.ceil((to - from) / by));
  if (count > MAX_RANGE) throw new DatabaseError(34450, `$range would make ${count} numbers`);
  return Array.from({ length: count }, (_, index) => from + index * by);
}

function reverse(value: Maybe): Maybe {
  if (isNullish(value)) return null;
  if (isArray(value)) return value.slice().reverse();
  throw new DatabaseError(
    34435,
    `The argument to $reverseArray must be an array, but was of type: ${typeName(value)}`,
  );
}

function slice([list, first, count]: readonly Maybe[]): Maybe {
  if (isNullish(list) || isNullish(first)) return null;
  if (!isArray(list)) {
    throw new DatabaseError(
      28724,
      `First argument to $slice must be an array, but is of type: ${typeName(list)}`,
    );
  }
  const start = requireWhole(first, 28725, 'Second');
  if (count === undefined) return start < 0 ? list.slice(start) : list.slice(0, start);
  if (count === null) return null;
  const length = requireWhole(count, 28727, 'Third');
  if (length <= 0) throw new DatabaseError(28729, `Third argument to $slice must be positive: ${length}`);
  const from = start < 0 ? Math.max(0, list.length + start) : start;
  return list.slice(from, from + length);
}

function requireWhole(value: Value, code: number, which: string): number {
  if (isNumeric(value) && Number.isInteger(toNumber(value))) return toNumber(value);
  throw new DatabaseError(
    code,
    `${which} argument to $slice must be numeric, but is of type: ${typeName(value)}`,
  );
}

/** `input` as an array; null when it is null or not there. */
function inputArray(value: Maybe, code: number, message: string): Value[] | null {
  if (isNullish(value)) return null;
  if (isArray(value)) return value;
  throw new DatabaseError(code, `${message}${typeName(value)}`);
}

function filter(operand: Value, compile: Compile, name: string): Expression {
  const fields = namedOperands(name, operand, ['input', 'cond'], ['as', 'limit']);
  const [input, cond] = [compile(fields.get('input') ?? null), compile(fields.get('cond') ?? null)];
  const limit = compile(fields.get('limit') ?? null);
  const as = variableName(fields.get('as'));
  return (scope) => {
    const list = inputArray(input(scope), 28651, 'input to $filter must be an array not ');
    if (list === null) return null;
    const most = limit(scope);
    const kept: Value[] = [];
    for (const item of list) {
      if (isNumeric(most) && kept.length >= toNumber(most)) break;
      if (isTruthy(cond(withVariable(scope, as, item)))) kept.push(item);
    }
    return kept;
  };
}

function variableName(value: Maybe): string {
  return typeof value === 'string' ? value : 'this';
}

function map(operand: Value, compile: Compile, name: string): Expression {
  const fields = namedOperands(name, operand, ['input', 'in'], ['as']);
  const [input, inner] = [compile(fields.get('input') ?? null), compile(fields.get('in') ?? null)];
  const as = variableName(fields.get('as'));
  return (scope) => {
    const list = inputArray(input(scope), 16883, 'input to $map must be an array not ');
    return list === null ? null : list.map((item) => inner(withVariable(scope, as, item)) ?? null);
  };
}

function reduce(operand: Value, compile: Compile, name: string): Expression {
  const fields = namedOperands(name, operand, ['input', 'initialValue', 'in'], []);
  const [input, initial, inner] = ['input', 'initialValue', 'in'].map((key) =>
    compile(fields.get(key) ?? null),
  );
  return (scope) => {
    const list = inputArray(input?.(scope), 40080, "$reduce requires that 'input' be an array, found: ");
    if (list === null) return null;
    return list.reduce(
      (value: Maybe, item) =>
        inner?.(withVariable(withVariable(scope, 'value', value), 'this', item)) ?? null,
      initial?.(scope) ?? null,
    );
  };
}

/** By a whole value (`1`, `-1`) or by fields of the elements. */
function sortArray(operand: Value, compile: Compile, name: string): Expression {
  const fields = namedOperands(name, operand, ['input', 'sortBy'], []);
  const by = fields.get('sortBy') ?? null;
  const sort = isDocument(by) ? sortByFields(by) : sortByValue(by);
  const input = compile(fields.get('input') ?? null);
  return (scope) => {
    const list = inputArray(
      input(scope),
      2942504,
      'The input argument to $sortArray must be an array, but was of type: ',
    );
    return list === null ? null : sort(list);
  };
}

function sortByValue(by: Value): (list: readonly Value[]) => Value[] {
  const direction = isNumeric(by) && toNumber(by) < 0 ? -1 : 1;
  return (list) => list.slice().sort((a, b) => direction * compare(a, b));
}

function sortByFields(by: Document): (list: readonly Value[]) => Value[] {
  const sort = compileSort(by);
  return (list) => sort(list, (value) => (isDocument(value) ? value : new Map()));
}

function zip(operand: Value, compile: Compile, name: string): Expression {
  const fields = namedOperands(name, operand, ['inputs'], ['useLongestLength', 'defaults']);
  const inputs = compile(fields.get('inputs') ?? null);
  const isLongest = isTruthy(fields.get('useLongestLength'));
  const defaults = compile(fields.get('defaults') ?? []);
  return (scope) => {
    const lists = inputs(scope);
    if (!isArray(lists)) throw new DatabaseError(34461, 'inputs must be an array of expressions');
    if (lists.some(isNullish)) return null;
    const arrays = lists.map(
      (list) => inputArray(list, 34468, '$zip found a non-array expression in input: ') ?? [],
    );
    const lengths = arrays.map(({ length }) => length);
    const length = isLongest ? Math.max(...lengths) : Math.min(...lengths);
    const fallbacks = defaults(scope);
    return Array.from({ length }, (_, index) =>
      arrays.map((list, which) => list[index] ?? (isArray(fallbacks) ? (fallbacks[which] ?? null) : null)),
    );
  };
}

export const arrays: Operators = {
  $isArray: unary(isArray),
  $concatArrays: withOperands(0, Number.POSITIVE_INFINITY, concatArrays),
  $size: unary(size),
  $in: binary(isIn),
  $indexOfArray: withOperands(2, 4, indexOfArray),
  $range: withOperands(2, 3, range),
  $reverseArray: unary(reverse),
  $slice: withOperands(2, 3, slice),
  $filter: filter,
  $map: map,
  $reduce: reduce,
  $sortArray: sortArray,
  $zip: zip,
};
