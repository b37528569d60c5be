import { compare, keyOf } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import {
  calculate,
  divideDecimal,
  isDecimal,
  isNumeric,
  makeDouble,
  type Numeric,
  toDecimal,
  toNumber,
} from '../numbers.ts';
import { isArray, isDocument, isNullish, type Maybe, type Value } from '../values.ts';
import { mergeObjects } from './objects.ts';

/** What `$group`, `$bucket`, `$setWindowFields` and, over a list, expressions make of many values. */
export interface Accumulator {
  add(value: Maybe): void;
  /** Undefined when there is none. */
  result(): Maybe;
}

function sum(): Accumulator {
  let total: Numeric = 0;
  return {
    add: (value) => {
      if (isNumeric(value)) total = calculate('add', total, value);
    },
    result: () => total,
  };
}

function average(): Accumulator {
  let total: Numeric = 0;
  let count = 0;
  return {
    add: (value) => {
      if (!isNumeric(value)) return;
      total = calculate('add', total, value);
      count++;
    },
    result: () => {
      if (count === 0) return null;
      return isDecimal(total) ? divideDecimal(total, toDecimal(count)) : makeDouble(toNumber(total) / count);
    },
  };
}

/** What isn't there and null don't count. */
function extreme(direction: 1 | -1): () => Accumulator {
  return () => {
    let best: Maybe = null;
    return {
      add: (value) => {
        if (isNullish(value)) return;
        if (best === null || compare(value, best) * direction < 0) best = value;
      },
      result: () => best,
    };
  };
}

function first(): Accumulator {
  let found: Maybe;
  let isSet = false;
  return {
    add: (value) => {
      if (!isSet) found = value;
      isSet = true;
    },
    result: () => found ?? null,
  };
}

function last(): Accumulator {
  let found: Maybe;
  return {
    add: (value) => {
      found = value;
    },
    result: () => found ?? null,
  };
}

function push(): Accumulator {
  const all: Value[] = [];
  return {
    add: (value) => {
      if (value !== undefined) all.push(value);
    },
    result: () => all.slice(),
  };
}

function addToSet(): Accumulator {
  const all = new Map<string, Value>();
  return {
    add: (value) => {
      if (value === undefined) return;
      const key = keyOf(value);
      if (!all.has(key)) all.set(key, value);
    },
    result: () => [...all.values()],
  };
}

function merge(): Accumulator {
  const all: Maybe[] = [];
  return { add: (value) => all.push(value), result: () => mergeObjects(all) };
}

/** Of a sample one fewer counts. */
function deviation(fewer: 0 | 1): () => Accumulator {
  return () => {
    let [count, mean, squares] = [0, 0, 0];
    return {
      add: (value) => {
        if (!isNumeric(value)) return;
        const number = toNumber(value);
        count++;
        const delta = number - mean;
        mean += delta / count;
        squares += delta * (number - mean);
      },
      result: () => (count <= fewer ? null : makeDouble(Math.sqrt(squares / (count - fewer)))),
    };
  };
}

function count(): Accumulator {
  let total = 0;
  return {
    add: () => {
      total++;
    },
    result: () => total,
  };
}

/** So many of the values, as `pick` orders or cuts them. */
function several(pick: (values: readonly Value[], n: number) => Value[]): (n: number) => Accumulator {
  return (n) => {
    const all: Value[] = [];
    return { add: (value) => all.push(value ?? null), result: () => pick(all, n) };
  };
}

function extremes(direction: 1 | -1) {
  return several((values, n) =>
    values
      .filter((value) => value !== null)
      .sort((a, b) => direction * compare(a, b))
      .slice(0, n),
  );
}

/** The values below which so many of all lie, by the method that `approximate` allows. */
export function percentiles(fractions: readonly number[]): Accumulator {
  const numbers: number[] = [];
  return {
    add: (value) => {
      if (isNumeric(value)) numbers.push(toNumber(value));
    },
    result: () => {
      numbers.sort((a, b) => a - b);
      return fractions.map((fraction) => {
        const found = numbers[Math.max(0, Math.ceil(fraction * numbers.length) - 1)];
        return found === undefined ? null : makeDouble(found);
      });
    },
  };
}

/** Pairs `[x, y]`. */
function covariance(fewer: 0 | 1): () => Accumulator {
  return () => {
    const pairs: [number, number][] = [];
    return {
      add: (value) => {
        if (!isArray(value)) return;
        const [x, y] = value;
        if (isNumeric(x) && isNumeric(y)) pairs.push([toNumber(x), toNumber(y)]);
      },
      result: () => {
        if (pairs.length <= fewer) return null;
        const mean = (which: 0 | 1) => pairs.reduce((total, pair) => total + pair[which], 0) / pairs.length;
        const [meanX, meanY] = [mean(0), mean(1)];
        const total = pairs.reduce((all, [x, y]) => all + (x - meanX) * (y - meanY), 0);
        return makeDouble(total / (pairs.length - fewer));
      },
    };
  };
}

/** Those that take one value of each document. */
export const ACCUMULATORS: Readonly<Record<string, () => Accumulator>> = {
  $sum: sum,
  $avg: average,
  $min: extreme(1),
  $max: extreme(-1),
  $first: first,
  $last: last,
  $push: push,
  $addToSet: addToSet,
  $mergeObjects: merge,
  $stdDevPop: deviation(0),
  $stdDevSamp: deviation(1),
  $count: count,
  $covariancePop: covariance(0),
  $covarianceSamp: covariance(1),
};

/** Those that take `{n, input}`. */
export const SEVERAL: Readonly<Record<string, (n: number) => Accumulator>> = {
  $firstN: several((values, n) => values.slice(0, n)),
  $lastN: several((values, n) => values.slice(-n)),
  $minN: extremes(1),
  $maxN: extremes(-1),
};

/** The fractions of `$percentile`'s `p`. @throws {DatabaseError} for one outside 0 to 1 */
export function requireFractions(value: Maybe): number[] {
  const list = isArray(value) ? value : [];
  const fractions = list.map((item) => (isNumeric(item) ? toNumber(item) : Number.NaN));
  if (fractions.length > 0 && fractions.every((fraction) => fraction >= 0 && fraction <= 1)) return fractions;
  throw new DatabaseError(
    7750301,
    "The $percentile 'p' field must be an array of numbers from the range [0.0, 1.0]",
  );
}

export function requireFields(operand: Value, name: string): ReadonlyMap<string, Value> {
  if (isDocument(operand)) return operand;
  throw new DatabaseError(5787900, `specification must be an object; found ${name}: not an object`);
}
