import { compare, isEqual } from '../compare.ts';
import { DatabaseError } from '../errors.ts';
import { isArray, isDocument, isNullish, isTruthy, type Maybe, type Value } from '../values.ts';
import { binary, checkCount, constant, namedOperands, operandList, unary } from './operator.ts';
import { type Compile, type Expression, type Operator, type Operators, withVariable } from './scope.ts';

function comparison(accepts: (order: number) => boolean): Operator {
  return binary((a, b) => accepts(compare(a, b)));
}

function and(operand: Value, compile: Compile): Expression {
  const all = operandList(operand).map(compile);
  return (scope) => all.every((expression) => isTruthy(expression(scope)));
}

function or(operand: Value, compile: Compile): Expression {
  const all = operandList(operand).map(compile);
  return (scope) => all.some((expression) => isTruthy(expression(scope)));
}

/** Both `{if, then, else}` and `[if, then, else]`. */
function cond(operand: Value, compile: Compile, name: string): Expression {
  if (!isDocument(operand)) checkCount(name, operandList(operand).length, 3, 3);
  else checkCond(operand);
  const parts = isDocument(operand)
    ? [operand.get('if'), operand.get('then'), operand.get('else')]
    : operandList(operand);
  const [test, yes, no] = [0, 1, 2].map((index) => compile(parts[index] ?? null));
  return (scope) => (isTruthy(test?.(scope)) ? yes?.(scope) : no?.(scope));
}

const COND_PARTS = [
  ['if', 17080],
  ['then', 17081],
  ['else', 17082],
] as const;

function checkCond(operand: ReadonlyMap<string, Value>): void {
  for (const key of operand.keys()) {
    if (COND_PARTS.some(([part]) => part === key)) continue;
    throw new DatabaseError(17083, `Unrecognized parameter to $cond: ${key}`);
  }
  for (const [key, code] of COND_PARTS) {
    if (!operand.has(key)) throw new DatabaseError(code, `Missing '${key}' parameter to $cond`);
  }
}

function ifNull(operand: Value, compile: Compile): Expression {
  const list = operandList(operand);
  if (list.length < 2) {
    throw new DatabaseError(1257300, `$ifNull needs at least two arguments, had: ${list.length}`);
  }
  const all = list.map(compile);
  return (scope) => {
    let value: Maybe;
    for (const expression of all) {
      value = expression(scope);
      if (!isNullish(value)) break;
    }
    return value;
  };
}

function switchBranches(operand: Value, compile: Compile): Expression {
  if (!isDocument(operand)) {
    throw new DatabaseError(
      40060,
      '$switch requires an object as an argument, found: a value of another type',
    );
  }
  for (const key of operand.keys()) {
    if (key !== 'branches' && key !== 'default') {
      throw new DatabaseError(40067, `$switch found an unknown argument: ${key}`);
    }
  }
  const list = operand.get('branches') ?? [];
  if (!isArray(list)) throw new DatabaseError(40061, "$switch expected an array for 'branches'");
  if (list.length === 0) throw new DatabaseError(40068, '$switch requires at least one branch.');
  const branches = list.map((branch) => compileBranch(branch, compile));
  const otherwise = operand.get('default');
  const fallback = otherwise === undefined ? undefined : compile(otherwise);
  return (scope) => {
    const found = branches.find(({ test }) => isTruthy(test(scope)));
    if (found !== undefined) return found.value(scope);
    if (fallback !== undefined) return fallback(scope);
    throw new DatabaseError(
      40066,
      '$switch could not find a matching branch for an input, and no default was specified.',
    );
  };
}

function compileBranch(branch: Value, compile: Compile) {
  if (!isDocument(branch)) throw new DatabaseError(40062, '$switch expected each branch to be an object');
  for (const key of branch.keys()) {
    if (key !== 'case' && key !== 'then') {
      throw new DatabaseError(40063, `$switch found an unknown argument to a branch: ${key}`);
    }
  }
  const [test, then] = [branch.get('case'), branch.get('then')];
  if (test === undefined)
    throw new DatabaseError(40064, "$switch requires each branch have a 'case' expression");
  if (then === undefined)
    throw new DatabaseError(40065, "$switch requires each branch have a 'then' expression.");
  return { test: compile(test), value: compile(then) };
}

function letVariables(operand: Value, compile: Compile, name: string): Expression {
  const fields = namedOperands(name, operand, ['vars', 'in'], []);
  const vars = fields.get('vars');
  if (!isDocument(vars)) throw new DatabaseError(16876, 'invalid parameter: expected an object (vars)');
  const definitions = Array.from(vars, ([key, value]) => [key, compile(value)] as const);
  const inner = compile(fields.get('in') ?? null);
  return (scope) =>
    inner(
      definitions.reduce((within, [key, expression]) => withVariable(within, key, expression(scope)), scope),
    );
}

export const logic: Operators = {
  $eq: binary((a, b) => isEqual(a, b)),
  $ne: binary((a, b) => !isEqual(a, b)),
  $gt: comparison((order) => order > 0),
  $gte: comparison((order) => order >= 0),
  $lt: comparison((order) => order < 0),
  $lte: comparison((order) => order <= 0),
  $cmp: binary((a, b) => Math.sign(compare(a, b))),
  $and: and,
  $or: or,
  $not: unary((value) => !isTruthy(value)),
  $cond: cond,
  $ifNull: ifNull,
  $switch: switchBranches,
  $let: letVariables,
  $literal: (operand) => constant(operand),
};
