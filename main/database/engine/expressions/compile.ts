import { DatabaseError, notImplemented } from '../errors.ts';
import { parsePath, resolveField } from '../paths.ts';
import { type Document, isArray, isDocument, type Maybe, type Value } from '../values.ts';
import { arithmetic } from './arithmetic.ts';
import { arrayItems } from './array-items.ts';
import { arrays } from './arrays.ts';
import { conversions } from './conversions.ts';
import { dateCalculations } from './date-calculations.ts';
import { dates } from './dates.ts';
import { logic } from './logic.ts';
import { objects } from './objects.ts';
import { constant } from './operator.ts';
import type { Expression, Operators, Scope } from './scope.ts';
import { sets } from './sets.ts';
import { strings } from './strings.ts';
import { summaries } from './summaries.ts';

/** Aggregation expressions, compiled once and then computed for each document. */

const OPERATORS: Operators = Object.assign(
  Object.create(null),
  arithmetic,
  arrays,
  arrayItems,
  conversions,
  dateCalculations,
  dates,
  logic,
  objects,
  sets,
  strings,
  summaries,
);

const NOT_IMPLEMENTED = new Set(['$function', '$accumulator', '$meta', '$toHashedIndexKey']);

/**
 * @throws {DatabaseError} InvalidPipelineOperator for an unknown operator, and what each says of its operands
 */
export function compile(value: Value): Expression {
  if (typeof value === 'string') return compileText(value);
  if (isArray(value)) return compileArray(value);
  return isDocument(value) ? compileDocument(value) : constant(value);
}

function compileText(text: string): Expression {
  if (text.startsWith('$$')) return compileVariable(text.slice(2));
  if (!text.startsWith('$')) return constant(text);
  const path = fieldPath(text.slice(1));
  if (path.length === 1) {
    const name = path[0] ?? '';
    return ({ root }) => root.get(name);
  }
  return ({ root }) => resolveField(root, path);
}

function fieldPath(text: string): readonly string[] {
  const path = parsePath(text);
  if (text === '') throw new DatabaseError(16872, "'$' by itself is not a valid FieldPath");
  if (path.includes('')) throw new DatabaseError(15998, 'FieldPath field names may not be empty strings.');
  return path;
}

function compileVariable(text: string): Expression {
  const [name = '', ...path] = parsePath(text);
  const find = findVariable(name);
  return path.length === 0 ? find : (scope) => resolveField(find(scope), path);
}

function findVariable(name: string): Expression {
  switch (name) {
    case 'ROOT':
      return ({ root }) => root;
    case 'CURRENT':
      return ({ current }) => current;
    case 'REMOVE':
      return constant(undefined);
    case 'NOW':
      return constant(new Date());
    case 'KEEP':
    case 'PRUNE':
    case 'DESCEND':
      return constant(`$$${name}`);
    default:
      return (scope) => valueOfVariable(scope, name);
  }
}

function valueOfVariable({ variables }: Scope, name: string): Maybe {
  for (let found = variables; found !== undefined; found = found.outer) {
    if (found.name === name) return found.value;
  }
  throw new DatabaseError(17276, `Use of undefined variable: ${name}`);
}

/** In an array, what isn't there is null. */
function compileArray(items: readonly Value[]): Expression {
  const expressions = items.map(compile);
  return (scope) => expressions.map((expression) => expression(scope) ?? null);
}

function compileDocument(document: Document): Expression {
  const [first] = document;
  if (first === undefined) return constant(document);
  const [name, operand] = first;
  if (!name.startsWith('$')) return compileFields(document);
  if (document.size !== 1) {
    throw new DatabaseError(
      15983,
      `an expression specification must contain exactly one field, the name of the expression. Found ${document.size} fields`,
    );
  }
  const operator = OPERATORS[name];
  if (operator !== undefined) return operator(operand, compile, name);
  if (NOT_IMPLEMENTED.has(name)) throw notImplemented(`The expression ${name}`);
  throw new DatabaseError('InvalidPipelineOperator', `Unrecognized expression '${name}'`);
}

function compileFields(document: Document): Expression {
  const fields = Array.from(document, ([name, value]) => {
    if (name.startsWith('$'))
      throw new DatabaseError(
        16410,
        `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
      );
    if (name.includes('.'))
      throw new DatabaseError(
        16412,
        `FieldPath field names may not contain '.'. Consider using $getField or $setField.`,
      );
    return [name, compile(value)] as const;
  });
  return (scope) => {
    const result: Document = new Map();
    for (const [name, expression] of fields) {
      const value = expression(scope);
      if (value !== undefined) result.set(name, value);
    }
    return result;
  };
}
