import { DatabaseError } from '../errors.ts';
import { isArray, isDocument, type Maybe, type Value } from '../values.ts';
import type { Expression, Operator } from './scope.ts';

/** How operators take their operands: a list, one value, or named ones. */

/** `{$op: x}` is short for `{$op: [x]}`. */
export function operandList(operand: Value): readonly Value[] {
  return isArray(operand) ? operand : [operand];
}

/** @param compute gets the operands' values and the operator's name */
export function withOperands(
  min: number,
  max: number,
  compute: (values: readonly Maybe[], name: string) => Maybe,
): Operator {
  return (operand, compile, name) => {
    const list = operandList(operand);
    checkCount(name, list.length, min, max);
    const expressions = list.map(compile);
    return (scope) =>
      compute(
        expressions.map((expression) => expression(scope)),
        name,
      );
  };
}

export function checkCount(name: string, count: number, min: number, max: number): void {
  if (count >= min && count <= max) return;
  if (min === max) {
    throw new DatabaseError(
      16020,
      `Expression ${name} takes exactly ${min} arguments. ${count} were passed in.`,
    );
  }
  if (max !== Number.POSITIVE_INFINITY) {
    throw new DatabaseError(
      28667,
      `Expression ${name} takes at least ${min} arguments, and at most ${max}, but ${count} were passed in.`,
    );
  }
  throw new DatabaseError(
    28667,
    `Expression ${name} takes at least ${min} arguments, but ${count} were passed in.`,
  );
}

export function unary(compute: (value: Maybe, name: string) => Maybe): Operator {
  return (operand, compile, name) => {
    const list = operandList(operand);
    checkCount(name, list.length, 1, 1);
    const expression = compile(list[0] ?? null);
    return (scope) => compute(expression(scope), name);
  };
}

export function binary(compute: (a: Maybe, b: Maybe, name: string) => Maybe): Operator {
  return (operand, compile, name) => {
    const list = operandList(operand);
    checkCount(name, list.length, 2, 2);
    const [left, right] = [compile(list[0] ?? null), compile(list[1] ?? null)];
    return (scope) => compute(left(scope), right(scope), name);
  };
}

/** The values of named operands; those not given are undefined. */
export type NamedValues = Readonly<Record<string, Maybe>>;

/** @param required also by name; of the others each may be left out */
export function withNamed(
  required: readonly string[],
  optional: readonly string[],
  compute: (values: NamedValues, name: string) => Maybe,
): Operator {
  return (operand, compile, name) => {
    const fields = namedOperands(name, operand, required, optional);
    const expressions = Array.from(fields, ([key, value]) => [key, compile(value)] as const);
    return (scope) => {
      const values: Record<string, Maybe> = {};
      for (const [key, expression] of expressions) values[key] = expression(scope);
      return compute(values, name);
    };
  };
}

/** @throws {DatabaseError} FailedToParse for one too many or too few */
export function namedOperands(
  name: string,
  operand: Value,
  required: readonly string[],
  optional: readonly string[],
): ReadonlyMap<string, Value> {
  if (!isDocument(operand)) {
    throw new DatabaseError('FailedToParse', `${name} only supports an object as its argument`);
  }
  for (const key of operand.keys()) {
    if (!required.includes(key) && !optional.includes(key)) {
      throw new DatabaseError('FailedToParse', `${name} found an unknown argument: ${key}`);
    }
  }
  const missing = required.find((key) => !operand.has(key));
  if (missing !== undefined)
    throw new DatabaseError('FailedToParse', `Missing '${missing}' parameter to ${name}`);
  return operand;
}

export function constant(value: Maybe): Expression {
  return () => value;
}
