import { isArray, isNullish, type Maybe } from '../values.ts';
import { ACCUMULATORS, percentiles, requireFractions } from './accumulators.ts';
import { operandList, withNamed } from './operator.ts';
import type { Operator, Operators } from './scope.ts';

/** Accumulators as expressions: over the operands, or over one that is an array. */
function summary(name: string): Operator {
  const create = ACCUMULATORS[name];
  return (operand, compile) => {
    const expressions = operandList(operand).map(compile);
    return (scope) => {
      const values = expressions.map((expression) => expression(scope));
      const accumulator = create?.();
      for (const value of listed(values)) accumulator?.add(value);
      return accumulator?.result();
    };
  };
}

function listed(values: readonly Maybe[]): readonly Maybe[] {
  const [only] = values;
  return values.length === 1 && isArray(only) ? only : values;
}

const percentile = withNamed(['input', 'p', 'method'], [], ({ input, p }) =>
  summarize(input, requireFractions(p)),
);

const median = withNamed(['input', 'method'], [], ({ input }) => {
  const found = summarize(input, [0.5]);
  return isArray(found) ? found[0] : found;
});

function summarize(input: Maybe, fractions: readonly number[]): Maybe {
  const accumulator = percentiles(fractions);
  for (const value of isArray(input) ? input : [input]) {
    if (!isNullish(value)) accumulator.add(value);
  }
  return accumulator.result();
}

export const summaries: Operators = {
  $sum: summary('$sum'),
  $avg: summary('$avg'),
  $min: summary('$min'),
  $max: summary('$max'),
  $stdDevPop: summary('$stdDevPop'),
  $stdDevSamp: summary('$stdDevSamp'),
  $percentile: percentile,
  $median: median,
};
