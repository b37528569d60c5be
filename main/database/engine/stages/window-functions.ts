import { isEqual } from '../compare.ts';
import { DatabaseError, notImplemented } from '../errors.ts';
import { requireFields } from '../expressions/accumulators.ts';
import { compile } from '../expressions/compile.ts';
import type { Expression, Variables } from '../expressions/scope.ts';
import { calculate, isNumeric, makeDouble, toNumber } from '../numbers.ts';
import { type Path, valueAt } from '../paths.ts';
import { type Document, isNullish, type Maybe, type Value } from '../values.ts';

/** The documents that are computed over together, in their order. */
export interface Partition {
  readonly documents: readonly Document[];
  /** The fields of the order. */
  readonly orderedBy: readonly Path[];
  readonly variables: Variables | undefined;
}

/** Functions that depend on a document's place, not on a window. */

type Positional = (operand: Value) => (partition: Partition) => readonly Maybe[];

/**
 * @param next the rank of a document from its position and that of the first it is tied with, and the places
 *   before
 */
function ranking(next: (position: number, places: number) => number): Positional {
  return () => (partition) => {
    const keys = partition.documents.map((document) =>
      partition.orderedBy.map((path) => valueAt(document, path)),
    );
    let [rank, places] = [0, 0];
    return keys.map((key, position) => {
      const before = keys[position - 1];
      if (before === undefined || !key.every((value, index) => isEqual(value, before[index]))) {
        rank = next(position, places);
        places++;
      }
      return rank;
    });
  };
}

function evaluate(expression: Expression, { documents, variables }: Partition): Maybe[] {
  return documents.map((document) => expression({ root: document, current: document, variables }));
}

function shift(operand: Value): (partition: Partition) => readonly Maybe[] {
  const fields = requireFields(operand, '$shift');
  const [by, output, otherwise] = [fields.get('by'), fields.get('output'), fields.get('default')];
  if (!isNumeric(by) || output === undefined) {
    throw new DatabaseError('FailedToParse', "$shift requires 'by' as a whole number and 'output'");
  }
  const [expression, fallback, offset] = [compile(output), otherwise ?? null, toNumber(by)];
  return (partition) => {
    const values = evaluate(expression, partition);
    return values.map((_, index) => {
      const from = index + offset;
      return from >= 0 && from < values.length ? (values[from] ?? null) : fallback;
    });
  };
}

/** The last value that isn't null. */
function carryForward(operand: Value): (partition: Partition) => readonly Maybe[] {
  const expression = compile(operand);
  return (partition) => {
    let last: Maybe = null;
    return evaluate(expression, partition).map((value) => {
      if (!isNullish(value)) last = value;
      return last;
    });
  };
}

function movingAverage(operand: Value): (partition: Partition) => readonly Maybe[] {
  const fields = requireFields(operand, '$expMovingAvg');
  const [input, n, alpha] = [fields.get('input'), fields.get('N'), fields.get('alpha')];
  if (input === undefined || (isNumeric(n) ? 1 : 0) + (isNumeric(alpha) ? 1 : 0) !== 1) {
    throw new DatabaseError('FailedToParse', '$expMovingAvg requires input, and either N or alpha');
  }
  const weight = isNumeric(alpha) ? toNumber(alpha) : 2 / ((isNumeric(n) ? toNumber(n) : 1) + 1);
  const expression = compile(input);
  return (partition) => {
    let average: number | undefined;
    return evaluate(expression, partition).map((value) => {
      if (!isNumeric(value)) return average === undefined ? null : makeDouble(average);
      const number = toNumber(value);
      average = average === undefined ? number : number * weight + average * (1 - weight);
      return makeDouble(average);
    });
  };
}

/** What lies between two values, by the order's field. */
function fillLinearly(operand: Value): (partition: Partition) => readonly Maybe[] {
  const expression = compile(operand);
  return (partition) => {
    const values = evaluate(expression, partition);
    const [path = []] = partition.orderedBy;
    const places = partition.documents.map((document) => placeOf(valueAt(document, path)));
    return values.map((value, index) => {
      if (!isNullish(value)) return value;
      const before = values.slice(0, index).findLastIndex((other) => !isNullish(other));
      const after = values.findIndex((other, at) => at > index && !isNullish(other));
      const [low, high] = [values[before], values[after]];
      if (!isNumeric(low) || !isNumeric(high)) return null;
      const [from, at, to] = [before, index, after].map((which) => places[which] ?? 0) as [
        number,
        number,
        number,
      ];
      const share = (at - from) / (to - from);
      return calculate('add', low, makeDouble((toNumber(high) - toNumber(low)) * share));
    });
  };
}

function placeOf(value: Maybe): number {
  if (value instanceof Date) return value.getTime();
  return isNumeric(value) ? toNumber(value) : 0;
}

const POSITIONAL: Readonly<Record<string, Positional>> = {
  $documentNumber:
    () =>
    ({ documents }) =>
      documents.map((_, index) => index + 1),
  $rank: ranking((position) => position + 1),
  $denseRank: ranking((_, places) => places + 1),
  $shift: shift,
  $locf: carryForward,
  $expMovingAvg: movingAverage,
  $linearFill: fillLinearly,
};

const NOT_IMPLEMENTED = ['$derivative', '$integral'];

export function isPositional(name: string): boolean {
  return name in POSITIONAL || NOT_IMPLEMENTED.includes(name);
}

/** @throws {DatabaseError} 5339900 when there is no order to have a place in */
export function compilePositional(
  name: string,
  operand: Value,
  order: Document | undefined,
): (partition: Partition) => readonly Maybe[] {
  const create = POSITIONAL[name];
  if (create === undefined) throw notImplemented(`The window function ${name}`);
  if (order === undefined)
    throw new DatabaseError(5371602, `${name} must be specified with a top level sortBy expression`);
  return create(operand);
}
