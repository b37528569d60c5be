import { DatabaseError } from '../errors.ts';
import {
  type Document,
  isArray,
  isDocument,
  isNullish,
  type Maybe,
  typeName,
  type Value,
} from '../values.ts';
import { constant, namedOperands, unary, withOperands } from './operator.ts';
import type { Compile, Expression, Operators } from './scope.ts';

/** Expressions over documents as values. */

export function mergeObjects(values: readonly Maybe[]): Document {
  const merged: Document = new Map();
  for (const value of values) {
    if (isNullish(value)) continue;
    if (!isDocument(value)) {
      throw new DatabaseError(
        40400,
        `$mergeObjects requires object inputs, but input is of type ${typeName(value)}`,
      );
    }
    for (const [name, inner] of value) merged.set(name, inner);
  }
  return merged;
}

function objectToArray(value: Maybe): Maybe {
  if (isNullish(value)) return null;
  if (!isDocument(value)) {
    throw new DatabaseError(40390, `$objectToArray requires a document input, found: ${typeName(value)}`);
  }
  return Array.from(
    value,
    ([k, v]) =>
      new Map<string, Value>([
        ['k', k],
        ['v', v],
      ]),
  );
}

/** Of pairs, or of `{k, v}`. */
function arrayToObject(value: Maybe): Maybe {
  if (isNullish(value)) return null;
  if (!isArray(value)) {
    throw new DatabaseError(40386, `$arrayToObject requires an array input, found: ${typeName(value)}`);
  }
  const result: Document = new Map();
  for (const item of value) {
    const [name, inner] = entryOf(item);
    if (typeof name !== 'string') {
      throw new DatabaseError(
        40394,
        `$arrayToObject requires an object with keys of type string, found: ${typeName(name)}`,
      );
    }
    result.set(name, inner ?? null);
  }
  return result;
}

function entryOf(item: Value): readonly Maybe[] {
  if (isArray(item) && item.length === 2) return item;
  if (isDocument(item) && item.size === 2 && item.has('k') && item.has('v'))
    return [item.get('k'), item.get('v')];
  throw new DatabaseError(40392, '$arrayToObject requires pairs, or objects with exactly 2 keys: k and v');
}

/** `{field, input}`, or the field's name alone. */
function getField(operand: Value, compile: Compile, name: string): Expression {
  const isShort = !isDocument(operand) || !operand.has('field');
  const fields = isShort
    ? new Map<string, Value>([['field', operand]])
    : namedOperands(name, operand, ['field'], ['input']);
  const field = fields.get('field') ?? null;
  const key = compile(field);
  const input = fields.get('input');
  const source = input === undefined ? undefined : compile(input);
  return (scope) => {
    const from = source === undefined ? scope.current : source(scope);
    const wanted = key(scope);
    if (typeof wanted !== 'string') {
      throw new DatabaseError(
        5654602,
        `$getField requires 'field' to evaluate to type String, but got ${typeName(wanted)}`,
      );
    }
    if (isDocument(from)) return from.get(wanted);
    return from === null ? null : undefined;
  };
}

function setField(operand: Value, compile: Compile, name: string): Expression {
  const fields = namedOperands(name, operand, ['field', 'input'], ['value']);
  const [key, input] = [compile(fields.get('field') ?? null), compile(fields.get('input') ?? null)];
  const given = fields.get('value');
  const value = given === undefined ? constant(undefined) : compile(given);
  return (scope) => {
    const [from, wanted, next] = [input(scope), key(scope), value(scope)];
    if (isNullish(from)) return null;
    if (typeof wanted !== 'string') {
      throw new DatabaseError(
        4161107,
        `${name} requires 'field' to evaluate to type String, but got ${typeName(wanted)}`,
      );
    }
    if (!isDocument(from)) {
      throw new DatabaseError(4161105, `${name} requires 'input' to evaluate to type Object`);
    }
    const result = new Map(from);
    if (next === undefined) result.delete(wanted);
    else result.set(wanted, next);
    return result;
  };
}

export const objects: Operators = {
  $mergeObjects: withOperands(0, Number.POSITIVE_INFINITY, (values) =>
    mergeObjects(values.length === 1 && isArray(values[0]) ? values[0] : values),
  ),
  $objectToArray: unary(objectToArray),
  $arrayToObject: unary(arrayToObject),
  $getField: getField,
  $setField: setField,
  $unsetField: setField,
};
