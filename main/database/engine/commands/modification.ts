import { encode } from '../bson.ts';
import type { Catalog } from '../catalog.ts';
import type { Collection } from '../collection.ts';
import { DatabaseError } from '../errors.ts';
import { variablesOf } from '../stages/stage.ts';
import { compileUpdate, type Update } from '../update/update.ts';
import { upsertedDocument, withIdFirst } from '../update/upsert.ts';
import { type Document, isDocument, type Maybe, typeName, type Value } from '../values.ts';
import { type Selected, select } from './selection.ts';

/** What `update` and `findAndModify` share. */

export interface Modification {
  readonly query: Document;
  readonly update: Maybe;
  readonly isMulti: boolean;
  readonly isUpsert: boolean;
  readonly arrayFilters: Maybe;
  readonly hint: Maybe;
  /** Variables of the statement's pipeline. */
  readonly constants: Maybe;
  /** The command's variables. */
  readonly variables: Maybe;
}

export interface Modified {
  readonly matched: number;
  readonly modified: number;
  readonly upsertedId: Value | undefined;
}

/** @throws {DatabaseError} for what is no update, and for the first document that it can't change */
export function updateDocuments(catalog: Catalog, namespace: string, given: Modification): Modified {
  const update = compileModification(given);
  if (given.isMulti && update.isReplacement) {
    throw new DatabaseError('FailedToParse', 'multi update is not supported for replacement-style update');
  }
  const collection = catalog.find(namespace);
  const { selected } = select(collection, {
    query: given.query,
    limit: given.isMulti ? 0 : 1,
    hint: given.hint,
    variables: variablesOf(given.variables),
  });
  if (selected.length === 0 && given.isUpsert) {
    const document = upsert(catalog.ensure(namespace), given.query, update);
    return { matched: 0, modified: 0, upsertedId: document.get('_id') ?? null };
  }
  let modified = 0;
  for (const item of selected) {
    if (collection !== undefined && modify(collection, item, update) !== undefined) modified++;
  }
  return { matched: selected.length, modified, upsertedId: undefined };
}

export function compileModification({ update, arrayFilters, constants, variables }: Modification): Update {
  const all: Document = new Map();
  for (const some of [variables, constants]) {
    if (isDocument(some)) for (const [name, value] of some) all.set(name, value);
  }
  return compileUpdate(update, { arrayFilters, let: all });
}

/** @returns the new document; undefined when it is the old one, byte by byte */
export function modify(
  collection: Collection,
  { stored, found }: Selected,
  update: Update,
): Document | undefined {
  const next = withIdFirst(update.apply(stored.document, found, false));
  const raw = encode(next);
  if (Buffer.compare(raw, stored.raw) === 0) return undefined;
  collection.replace(stored, raw);
  return next;
}

export function upsert(collection: Collection, query: Document, update: Update): Document {
  const document = upsertedDocument(query, update);
  checkId(document.get('_id'));
  collection.insert(encode(document));
  return document;
}

/** @throws {DatabaseError} for what can't tell a document from others */
export function checkId(id: Maybe): void {
  const type = typeName(id);
  if (type === 'array' || type === 'regex' || type === 'undefined') {
    throw new DatabaseError('InvalidIdField', `The '_id' value cannot be of type ${type}`);
  }
  const [first] = isDocument(id) ? id.keys() : [];
  if (first?.startsWith('$') === true && first !== '$ref') {
    throw new DatabaseError(
      'DollarPrefixedFieldName',
      `_id fields may not contain '$'-prefixed fields: ${first} is not valid for storage.`,
    );
  }
}
