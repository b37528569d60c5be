import { type Document, isArray, isDocument, type Maybe, type Value } from './values.ts';

/** How dotted paths find their values: in queries and indexes through arrays, elsewhere not. */

export type Path = readonly string[];

export function parsePath(text: string): Path {
  return text.split('.');
}

const INDEX = /^(?:0|[1-9]\d*)$/;

export function isIndex(part: string): boolean {
  return INDEX.test(part);
}

/** What stands there, without looking into arrays but by position; undefined when nothing does. */
export function valueAt(document: Document, path: Path): Maybe {
  let value: Maybe = document;
  for (const part of path) {
    if (isDocument(value)) value = value.get(part);
    else if (isArray(value) && isIndex(part)) value = value[Number(part)];
    else return undefined;
  }
  return value;
}

/**
 * Called for each value at a path. `position`: the index in the outermost array on the way, which `$` in an
 * update stands for.
 * @returns true to look no further
 */
export type Visit = (value: Maybe, position: number | undefined) => boolean;

/**
 * Visits what a query sees at a path: each element of an array on the way is looked into, and a number is
 * also a position. An array at the end is visited as a whole.
 * @returns whether a visit returned true
 */
export function visitPath(document: Document, path: Path, visit: Visit): boolean {
  if (path.length === 1) return visit(document.get(path[0] ?? ''), undefined);
  return visitFrom(document, path, 0, visit, undefined);
}

function visitFrom(
  value: Maybe,
  path: Path,
  depth: number,
  visit: Visit,
  position: number | undefined,
): boolean {
  const part = path[depth];
  if (part === undefined) return visit(value, position);
  if (isDocument(value)) return visitFrom(value.get(part), path, depth + 1, visit, position);
  if (!isArray(value)) return visit(undefined, position);
  if (isIndex(part)) {
    const index = Number(part);
    const inner = value[index];
    if (inner !== undefined && visitFrom(inner, path, depth + 1, visit, position ?? index)) return true;
  }
  return value.some(
    (inner, index) => isDocument(inner) && visitFrom(inner, path, depth, visit, position ?? index),
  );
}

/** As `visitPath`, but an array at the end is visited by element first, then as a whole. */
export function visitLeaves(document: Document, path: Path, visit: Visit): boolean {
  return visitPath(document, path, (value, position) => {
    if (isArray(value) && value.some((inner, index) => visit(inner, position ?? index))) return true;
    return visit(value, position);
  });
}

/** What an expression's `$a.b` is: through an array on the way, the array of what its elements have there. */
export function resolveField(value: Maybe, path: Path, depth = 0): Maybe {
  const part = path[depth];
  if (part === undefined) return value;
  if (isDocument(value)) return resolveField(value.get(part), path, depth + 1);
  if (!isArray(value)) return undefined;
  const found: Value[] = [];
  for (const inner of value) {
    const result = isDocument(inner) ? resolveField(inner, path, depth) : undefined;
    if (result !== undefined) found.push(result);
  }
  return found;
}

/**
 * Puts a value at a path of a document of our own, making the documents on the way; a scalar there is
 * replaced.
 */
export function putAt(document: Document, path: Path, value: Value): void {
  let inner = document;
  for (const part of path.slice(0, -1)) {
    const next = inner.get(part);
    if (isDocument(next)) {
      inner = next;
    } else {
      const made: Document = new Map();
      inner.set(part, made);
      inner = made;
    }
  }
  inner.set(path.at(-1) ?? '', value);
}
