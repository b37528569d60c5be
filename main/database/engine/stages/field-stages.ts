import { DatabaseError } from '../errors.ts';
import { compile } from '../expressions/compile.ts';
import type { Expression, Scope } from '../expressions/scope.ts';
import { parsePath } from '../paths.ts';
import { compileProjection } from '../projection.ts';
import { type Document, isArray, isDocument, type Maybe, typeName, type Value } from '../values.ts';
import type { Pipeline } from './stage.ts';

/** Stages that make one document of one: those that an update's pipeline may have. */

type SetNode = Expression | Map<string, SetNode>;

/** `$set`: adds or replaces fields; a path leads into every element of an array. */
function setFields(spec: Value, _: unknown, name: string): Pipeline {
  if (!isDocument(spec)) {
    throw new DatabaseError(40272, `${name} specification stage must be an object, got ${typeName(spec)}`);
  }
  if (spec.size === 0) {
    throw new DatabaseError(
      40177,
      `Invalid ${name} :: caused by :: specification must have at least one field`,
    );
  }
  const root = new Map<string, SetNode>();
  for (const [path, value] of spec) placeSet(root, path, value);
  return (documents, variables) =>
    documents.map((document) => setInside(document, root, { root: document, current: document, variables }));
}

function placeSet(root: Map<string, SetNode>, name: string, value: Value): void {
  const path = parsePath(name);
  if (path.some((part) => part === ''))
    throw new DatabaseError(15998, 'FieldPath field names may not be empty strings.');
  if (path.some((part) => part.startsWith('$'))) {
    throw new DatabaseError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    );
  }
  if (isDocument(value) && isNestedFields(value)) {
    for (const [inner, innerValue] of value) placeSet(root, `${name}.${inner}`, innerValue);
    return;
  }
  let fields = root;
  for (const part of path.slice(0, -1)) {
    const node = fields.get(part);
    if (node !== undefined && !(node instanceof Map))
      throw new DatabaseError(40176, `Path collision at ${name}`);
    const inner = node ?? new Map<string, SetNode>();
    fields.set(part, inner);
    fields = inner;
  }
  const last = path.at(-1) ?? '';
  if (fields.has(last)) throw new DatabaseError(40176, `Path collision at ${name}`);
  fields.set(last, compile(value));
}

function isNestedFields(value: Document): boolean {
  const [first] = value.keys();
  return first !== undefined && !first.startsWith('$');
}

function setInside(document: Document, fields: ReadonlyMap<string, SetNode>, scope: Scope): Document {
  const result = new Map(document);
  for (const [name, node] of fields) {
    const value = node instanceof Map ? setNested(document.get(name), node, scope) : node(scope);
    if (value === undefined) result.delete(name);
    else result.set(name, value);
  }
  return result;
}

function setNested(value: Maybe, fields: ReadonlyMap<string, SetNode>, scope: Scope): Value {
  if (isArray(value)) return value.map((inner) => setNested(inner, fields, scope));
  return setInside(isDocument(value) ? value : new Map(), fields, scope);
}

function unset(spec: Value): Pipeline {
  const names = isArray(spec) ? spec : [spec];
  const fields = names.map((name): [string, Value] => {
    if (typeof name !== 'string' || name === '') {
      throw new DatabaseError(31002, '$unset specification must be a string or an array of strings');
    }
    return [name, false];
  });
  if (fields.length === 0)
    throw new DatabaseError(
      31119,
      '$unset specification must be a string or an array with at least one field',
    );
  const projection = compileProjection(new Map(fields), { isFind: false });
  return (documents) => documents.map((document) => projection(document));
}

function project(spec: Value): Pipeline {
  if (!isDocument(spec)) throw new DatabaseError(15969, '$project specification must be an object');
  const projection = compileProjection(spec, { isFind: false });
  return (documents, variables) => documents.map((document) => projection(document, undefined, variables));
}

function replaceWith(spec: Value): Pipeline {
  const expression = compile(spec);
  return (documents, variables) =>
    documents.map((document) => {
      const value = expression({ root: document, current: document, variables });
      if (isDocument(value)) return value;
      throw new DatabaseError(
        40228,
        `'newRoot' expression must evaluate to an object, but resulting value was of type: '${typeName(value)}'`,
      );
    });
}

function replaceRoot(spec: Value): Pipeline {
  const newRoot = isDocument(spec) ? spec.get('newRoot') : undefined;
  if (newRoot === undefined)
    throw new DatabaseError(40231, 'no newRoot specified for the $replaceRoot stage');
  return replaceWith(newRoot);
}

/** They need nothing of the database around them. */
export const fieldStages: Readonly<
  Record<string, (spec: Value, context: unknown, name: string) => Pipeline>
> = {
  $set: setFields,
  $addFields: setFields,
  $unset: unset,
  $project: project,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
};
