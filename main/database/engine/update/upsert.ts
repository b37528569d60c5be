import { ObjectId } from 'bson';
import { DatabaseError } from '../errors.ts';
import { parsePath, putAt, valueAt } from '../paths.ts';
import { isOperators } from '../query/query.ts';
import { isRegex } from '../query/regex.ts';
import { copyValue, type Document, isArray, isDocument, type Value } from '../values.ts';
import type { Update } from './update.ts';

/**
 * The document that an upsert makes when nothing matches: what the query says by equality, then the update.
 */
export function upsertedDocument(query: Document, update: Update): Document {
  const base: Document = new Map();
  if (update.isReplacement) {
    const id = equalities(query).find(([name]) => name === '_id');
    if (id !== undefined) base.set('_id', id[1]);
  } else {
    for (const [name, value] of equalities(query)) {
      if (valueAt(base, parsePath(name)) !== undefined) {
        throw new DatabaseError(54, `cannot infer query fields to set, path '${name}' is matched twice`);
      }
      putAt(base, parsePath(name), copyValue(value));
    }
  }
  const made = update.apply(base, { position: undefined }, true);
  if (made.has('_id')) return withIdFirst(made);
  return new Map<string, Value>([['_id', new ObjectId()], ...made]);
}

/** A document as it is stored: `_id` is its first field. */
export function withIdFirst(document: Document): Document {
  const [first] = document.keys();
  const id = document.get('_id');
  if (first === '_id') return document;
  return new Map<string, Value>([
    ['_id', id ?? new ObjectId()],
    ...[...document].filter(([name]) => name !== '_id'),
  ]);
}

function equalities(query: Document): [string, Value][] {
  return Array.from(query, ([name, value]): [string, Value][] => {
    if (name === '$and' || (name === '$or' && isArray(value) && value.length === 1)) {
      return isArray(value) ? value.flatMap((inner) => (isDocument(inner) ? equalities(inner) : [])) : [];
    }
    if (name.startsWith('$') || isRegex(value)) return [];
    return equalTo(value).map((equal) => [name, equal]);
  }).flat();
}

function equalTo(value: Value): Value[] {
  if (!isOperators(value)) return [value];
  const [equal, list] = [value.get('$eq'), value.get('$in') ?? value.get('$all')];
  if (equal !== undefined) return [equal];
  const [only] = isArray(list) && list.length === 1 ? list : [];
  return only === undefined || isRegex(only) || isOperators(only) ? [] : [only];
}
