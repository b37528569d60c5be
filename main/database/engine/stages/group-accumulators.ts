import { DatabaseError, notImplemented } from '../errors.ts';
import {
  ACCUMULATORS,
  type Accumulator,
  percentiles,
  requireFields,
  requireFractions,
  SEVERAL,
} from '../expressions/accumulators.ts';
import { requirePositive } from '../expressions/array-items.ts';
import { compile } from '../expressions/compile.ts';
import { constant } from '../expressions/operator.ts';
import type { Expression, Scope } from '../expressions/scope.ts';
import { compileSort, type Sort } from '../sort.ts';
import { type Document, isArray, isDocument, type Maybe, type Value } from '../values.ts';

/** `{$sum: "$x"}` in `$group` and its kind: what is computed of each document, and what becomes of all. */
export interface Accumulation {
  readonly input: Expression;
  /** @param scope that of the group: its id is the document */
  create(scope: Scope): Accumulator;
}

/** @throws {DatabaseError} 15952 for an unknown one */
export function compileAccumulation(spec: Value, field: string): Accumulation {
  if (!isDocument(spec)) {
    throw new DatabaseError(40234, `The field '${field}' must be an accumulator object`);
  }
  const [entry] = spec;
  if (entry === undefined || spec.size !== 1) {
    throw new DatabaseError(40238, `The field '${field}' must specify one accumulator`);
  }
  return accumulationOf(...entry);
}

function accumulationOf(name: string, operand: Value): Accumulation {
  const simple = ACCUMULATORS[name];
  if (simple !== undefined) {
    if (name === '$count') return { input: constant(null), create: simple };
    if (isArray(operand) && operand.length !== 1 && !name.startsWith('$covariance')) {
      throw new DatabaseError(40237, `The ${name} accumulator is a unary operator`);
    }
    return { input: compile(operand), create: simple };
  }
  const several = SEVERAL[name];
  if (several !== undefined) {
    const fields = requireFields(operand, name);
    const n = compile(fields.get('n') ?? null);
    return {
      input: compile(fields.get('input') ?? null),
      create: (scope) => several(requirePositive(n(scope))),
    };
  }
  switch (name) {
    case '$top':
    case '$bottom':
    case '$topN':
    case '$bottomN':
      return ordered(name, requireFields(operand, name));
    case '$percentile': {
      const fields = requireFields(operand, name);
      const fractions = requireFractions(fields.get('p'));
      return { input: compile(fields.get('input') ?? null), create: () => percentiles(fractions) };
    }
    case '$median':
      return median(requireFields(operand, name));
    case '$accumulator':
      throw notImplemented('The accumulator $accumulator');
    default:
      throw new DatabaseError(15952, `unknown group operator '${name}'`);
  }
}

function median(fields: ReadonlyMap<string, Value>): Accumulation {
  return {
    input: compile(fields.get('input') ?? null),
    create: () => {
      const inner = percentiles([0.5]);
      return {
        add: inner.add,
        result: () => {
          const found = inner.result();
          return isArray(found) ? found[0] : null;
        },
      };
    },
  };
}

/** By `sortBy`: the first or the last, or so many of them. */
function ordered(name: string, fields: ReadonlyMap<string, Value>): Accumulation {
  const [sortBy, output] = [fields.get('sortBy'), fields.get('output')];
  if (!isDocument(sortBy)) throw new DatabaseError(5788005, `Missing value for 'sortBy' in ${name}`);
  if (output === undefined) throw new DatabaseError(5788004, `Missing value for 'output' in ${name}`);
  const sort = compileSort(sortBy);
  const isOne = name === '$top' || name === '$bottom';
  const n = compile(fields.get('n') ?? null);
  const value = compile(output);
  return {
    // The document goes along with the output: it is what the order is by.
    input: (scope) => [scope.root, value(scope) ?? null],
    create: (scope) => {
      const count = isOne ? 1 : requirePositive(n(scope));
      return orderedAccumulator(sort, (all) => {
        const some = name.startsWith('$top') ? all.slice(0, count) : all.slice(-count);
        return isOne ? some[0] : some;
      });
    },
  };
}

function orderedAccumulator(sort: Sort, pick: (values: Value[]) => Maybe): Accumulator {
  const pairs: { document: Document; value: Value }[] = [];
  return {
    add(pair) {
      const [document, value] = isArray(pair) ? pair : [];
      if (isDocument(document)) pairs.push({ document, value: value ?? null });
    },
    result: () => pick(sort(pairs, ({ document }) => document).map(({ value }) => value)),
  };
}
