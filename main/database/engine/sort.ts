import { compare } from './compare.ts';
import { DatabaseError } from './errors.ts';
import { isNumeric, toNumber } from './numbers.ts';
import { type Path, parsePath, visitPath } from './paths.ts';
import { type Document, isArray, isDocument, type Maybe } from './values.ts';

/** Sorts a list stably by the documents that `documentOf` finds in its items. */
export type Sort = <T>(items: readonly T[], documentOf: (item: T) => Document) => T[];

export interface SortField {
  readonly name: string;
  readonly direction: 1 | -1;
}

/** @throws {DatabaseError} for a direction that is neither 1 nor -1; NotImplemented by the text score */
export function parseSort(spec: Document): readonly SortField[] {
  return Array.from(spec, ([name, value]) => {
    if (name === '') throw new DatabaseError(40352, 'FieldPath cannot be constructed with empty string');
    if (isDocument(value)) {
      if (value.has('$meta'))
        throw new DatabaseError('NotImplemented', '$meta is not supported by the local database');
      throw new DatabaseError('BadValue', `Illegal key in $sort specification: ${name}`);
    }
    const direction = isNumeric(value) ? Math.trunc(toNumber(value)) : 0;
    if (direction === 1 || direction === -1) return { name, direction };
    throw new DatabaseError(15975, '$sort key ordering must be 1 (for ascending) or -1 (for descending)');
  });
}

export function compileSort(spec: Document): Sort {
  const fields = parseSort(spec).map(({ name, direction }) => ({ path: parsePath(name), direction }));
  return (items, documentOf) => {
    const keyed = items.map((item) => {
      const document = documentOf(item);
      return { item, keys: fields.map(({ path, direction }) => sortKey(document, path, direction)) };
    });
    keyed.sort((a, b) => {
      for (const [index, { direction }] of fields.entries()) {
        const order = compare(a.keys[index], b.keys[index]);
        if (order !== 0) return order * direction;
      }
      return 0;
    });
    return keyed.map(({ item }) => item);
  };
}

/**
 * An array counts as its least element, descending as its greatest; what isn't there as null, an empty array
 * as less.
 */
function sortKey(document: Document, path: Path, direction: 1 | -1): Maybe {
  let key: Maybe = null;
  let isFirst = true;
  visitPath(document, path, (found) => {
    for (const value of elementsOf(found)) {
      if (isFirst || compare(value, key) * direction < 0) key = value;
      isFirst = false;
    }
    return false;
  });
  return key;
}

function elementsOf(found: Maybe): readonly Maybe[] {
  if (!isArray(found)) return [found ?? null];
  return found.length === 0 ? [undefined] : found;
}
