import { DatabaseError, notImplemented } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import type { Variables } from '../expressions/scope.ts';
import { parsePath, visitLeaves, visitPath } from '../paths.ts';
import { type Document, isArray, isDocument, isTruthy, type Maybe, type Value } from '../values.ts';
import { leafTests, matchesRegex, type Test, wholeTests } from './operators.ts';
import { compileRegex, isRegex, regexOf } from './regex.ts';

/** Where a query found what it asked for: the position in an array that `$` in an update stands for. */
export interface Found {
  position: number | undefined;
}

/** Whether a document matches; `variables` are those of the `$expr`s. */
export type Query = (document: Document, found?: Found, variables?: Variables) => boolean;

/** MongoDB has these, this database does not. */
const NOT_IMPLEMENTED = new Set([
  '$where',
  '$text',
  '$jsonSchema',
  '$sampleRate',
  '$geoWithin',
  '$geoIntersects',
  '$geoNear',
  '$near',
  '$nearSphere',
  '$within',
]);

/** @throws {DatabaseError} BadValue for what is no query, NotImplemented */
export function compileQuery(query: Document): Query {
  const conditions = Array.from(query, ([name, value]) =>
    name.startsWith('$') ? compileTopLevel(name, value) : compileField(name, value),
  );
  const [only] = conditions;
  if (conditions.length === 1 && only !== undefined) return only;
  return (document, found, variables) =>
    conditions.every((condition) => condition(document, found, variables));
}

function compileTopLevel(name: string, value: Value): Query {
  switch (name) {
    case '$and': {
      const all = compileList(name, value);
      return (document, found, variables) => all.every((query) => query(document, found, variables));
    }
    case '$or': {
      const all = compileList(name, value);
      return (document, found, variables) => all.some((query) => query(document, found, variables));
    }
    case '$nor': {
      const all = compileList(name, value);
      return (document, _, variables) => !all.some((query) => query(document, undefined, variables));
    }
    case '$expr': {
      const expression = compile(value);
      return (document, _, variables) =>
        isTruthy(expression({ root: document, current: document, variables }));
    }
    case '$comment':
    case '$alwaysTrue':
      return () => true;
    case '$alwaysFalse':
      return () => false;
    default:
      if (NOT_IMPLEMENTED.has(name)) throw notImplemented(`The query operator ${name}`);
      throw new DatabaseError(
        'BadValue',
        `unknown top level operator: ${name}. If you have a field name that starts with a '$' symbol, consider using $getField or $setField.`,
      );
  }
}

function compileList(name: string, value: Value): Query[] {
  if (!isArray(value)) throw new DatabaseError('BadValue', `${name} must be an array`);
  if (value.length === 0) throw new DatabaseError('BadValue', '$and/$or/$nor must be a nonempty array');
  return value.map((inner) => {
    if (!isDocument(inner))
      throw new DatabaseError('BadValue', '$or/$and/$nor entries need to be full objects');
    return compileQuery(inner);
  });
}

/** `{$gt: 1}` and not `{$ref: …}`, which is a value. */
export function isOperators(value: Maybe): value is Document {
  if (!isDocument(value)) return false;
  const [first] = value.keys();
  return first?.startsWith('$') === true && first !== '$ref' && first !== '$id' && first !== '$db';
}

/** What a query asks of one field, by its path. */
export function compileField(name: string, value: Value): Query {
  return compileCondition(name, value, onLeaves);
}

/** What `$elemMatch` and `$pull` ask of one element: an array that is one is not looked into. */
export function compileElement(value: Value): (element: Value) => boolean {
  const query = compileCondition('element', value, onWhole);
  return (element) => query(new Map([['element', element]]));
}

/** Applies a test to what is at a path: to elements as well, or not. */
type Apply = (name: string, test: Test) => Query;

function compileCondition(name: string, value: Value, apply: Apply): Query {
  if (!isOperators(value)) return apply(name, isRegex(value) ? regexTest(value) : equalityTest(value));
  const conditions = Array.from(value, ([operator, operand]) =>
    compileOperator(name, operator, operand, value, apply),
  ).filter((condition) => condition !== undefined);
  return (document, found, variables) =>
    conditions.every((condition) => condition(document, found, variables));
}

function equalityTest(value: Value): Test {
  return leafTests.$eq?.(value) ?? (() => false);
}

function regexTest(value: Value): Test {
  return leafTests.$regex?.(value) ?? (() => false);
}

function onLeaves(name: string, test: Test): Query {
  const path = parsePath(name);
  return (document, found) =>
    visitLeaves(document, path, (value, position) => {
      if (!test(value)) return false;
      if (found !== undefined && position !== undefined) found.position = position;
      return true;
    });
}

function onWhole(name: string, test: Test): Query {
  const path = parsePath(name);
  return (document, found) =>
    visitPath(document, path, (value, position) => {
      if (!test(value)) return false;
      if (found !== undefined && position !== undefined) found.position = position;
      return true;
    });
}

function not(query: Query): Query {
  return (document, _, variables) => !query(document, undefined, variables);
}

function compileOperator(
  name: string,
  operator: string,
  operand: Value,
  all: Document,
  apply: Apply,
): Query | undefined {
  switch (operator) {
    case '$ne':
      if (isRegex(operand)) throw new DatabaseError('BadValue', "Can't have regex as arg to $ne.");
      return not(apply(name, equalityTest(operand)));
    case '$nin':
      return not(compileOperator(name, '$in', operand, all, apply) ?? (() => false));
    case '$not':
      return not(compileNot(name, operand, apply));
    case '$regex':
      return apply(name, compileRegexOperator(operand, all.get('$options')));
    case '$options':
      if (all.has('$regex')) return undefined;
      throw new DatabaseError('BadValue', '$options needs a $regex');
    case '$elemMatch':
      return compileElemMatch(name, operand);
    case '$all':
      return compileAll(name, operand);
    case '$exists':
      return isTruthy(operand)
        ? onWhole(name, (value) => value !== undefined)
        : not(onWhole(name, (value) => value !== undefined));
  }
  const leaf = leafTests[operator];
  if (leaf !== undefined) return apply(name, leaf(operand));
  const whole = wholeTests[operator];
  if (whole !== undefined) return onWhole(name, whole(operand));
  if (NOT_IMPLEMENTED.has(operator)) throw notImplemented(`The query operator ${operator}`);
  throw new DatabaseError('BadValue', `unknown operator: ${operator}`);
}

function compileNot(name: string, operand: Value, apply: Apply): Query {
  if (isRegex(operand)) return apply(name, regexTest(operand));
  if (!isDocument(operand)) throw new DatabaseError('BadValue', '$not needs a regex or a document');
  if (operand.size === 0) throw new DatabaseError('BadValue', '$not cannot be empty');
  const [first] = operand.keys();
  if (!isOperators(operand)) throw new DatabaseError('BadValue', `unknown operator: ${first}`);
  return compileCondition(name, operand, apply);
}

function compileRegexOperator(pattern: Value, options: Maybe): Test {
  if (options !== undefined && typeof options !== 'string') {
    throw new DatabaseError('BadValue', '$options has to be a string');
  }
  if (isRegex(pattern)) {
    const regex = options === undefined ? regexOf(pattern) : compileRegex(pattern.pattern, options);
    return matchesRegex(regex);
  }
  if (typeof pattern !== 'string') throw new DatabaseError('BadValue', '$regex has to be a string');
  return matchesRegex(compileRegex(pattern, options ?? ''));
}

/** By the element's own value when it consists of operators, else by its fields. */
function elementTest(operand: Value): Test {
  if (!isDocument(operand)) throw new DatabaseError('BadValue', '$elemMatch needs an Object');
  const [first] = operand.keys();
  const isLogical = first === '$and' || first === '$or' || first === '$nor' || first === '$expr';
  if (isOperators(operand) && !isLogical) {
    const matches = compileElement(operand);
    return (value) => value !== undefined && matches(value);
  }
  const query = compileQuery(operand);
  return (value) => {
    if (isDocument(value)) return query(value);
    return isArray(value) && query(new Map(value.map((inner, index) => [String(index), inner])));
  };
}

function compileElemMatch(name: string, operand: Value): Query {
  const test = elementTest(operand);
  const path = parsePath(name);
  return (document, found) =>
    visitPath(document, path, (value, position) => {
      const index = isArray(value) ? value.findIndex((inner) => test(inner)) : -1;
      if (index < 0) return false;
      if (found !== undefined) found.position = position ?? index;
      return true;
    });
}

function compileAll(name: string, operand: Value): Query {
  if (!isArray(operand)) throw new DatabaseError('BadValue', '$all needs an array');
  const conditions = operand.map((item) => {
    if (isOperators(item)) {
      if (item.size === 1 && item.has('$elemMatch')) return compileField(name, item);
      throw new DatabaseError('BadValue', 'no $ expressions in $all');
    }
    return onLeaves(name, isRegex(item) ? regexTest(item) : equalityTest(item));
  });
  return (document, found) =>
    conditions.length > 0 && conditions.every((condition) => condition(document, found));
}
