import { encode } from '../bson.ts';
import type { Collection } from '../collection.ts';
import { DatabaseError } from '../errors.ts';
import { variablesOf } from '../stages/stage.ts';
import { withIdFirst } from '../update/upsert.ts';
import { type Document, isDocument, type Value } from '../values.ts';
import { checkCollation, wholeNumber } from './arguments.ts';
import { type Command, type CommandInput, type Commands, OK, type RawDocument, reply } from './command.ts';
import { findAndModify } from './find-and-modify.ts';
import { checkId, updateDocuments } from './modification.ts';
import { select } from './selection.ts';

/** `insert`, `update`, `delete`: many statements each, of which one may fail. */

const MAX_STATEMENTS = 100_000;

/** @returns what failed; ordered, nothing follows that */
function runStatements<T>(
  statements: readonly T[],
  isOrdered: boolean,
  run: (statement: T, index: number) => void,
): Document[] {
  if (statements.length === 0 || statements.length > MAX_STATEMENTS) {
    throw new DatabaseError(
      'InvalidLength',
      `Write batch sizes must be between 1 and ${MAX_STATEMENTS}. Got ${statements.length} operations.`,
    );
  }
  const errors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      errors.push(describeWriteError(index, error));
      if (isOrdered) break;
    }
  }
  return errors;
}

function describeWriteError(index: number, { code, details, message }: DatabaseError): Document {
  return new Map<string, Value>([['index', index], ['code', code], ...details, ['errmsg', message]]);
}

function withErrors(result: Document, errors: readonly Document[]): Document {
  if (errors.length > 0) result.set('writeErrors', [...errors]);
  result.set(...OK);
  return result;
}

const insert: Command = {
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  run(input, { catalog }) {
    const { arguments: given } = input;
    const documents = input.documents('documents');
    let count = 0;
    let collection: Collection | undefined;
    const errors = runStatements(documents, given.flag('ordered', true), (item) => {
      const raw = storable(item);
      collection ??= catalog.ensure(given.namespace);
      collection.insert(raw);
      count++;
    });
    return withErrors(reply(['n', count]), errors);
  },
};

/** The bytes as they came, unless `_id` is missing or not at the front. */
function storable({ raw, document }: RawDocument): Uint8Array {
  checkId(document.get('_id'));
  const first = withIdFirst(document);
  return first === document ? raw : encode(first);
}

function statementsOf(input: CommandInput, field: string, known: readonly string[]): readonly Document[] {
  return input.documents(field).map(({ document }) => {
    for (const name of document.keys()) {
      if (!known.includes(name)) {
        throw new DatabaseError(
          40415,
          `BSON field '${input.arguments.name}.${field}.${name}' is an unknown field.`,
        );
      }
    }
    checkCollation(document.get('collation'));
    return document;
  });
}

function queryOf(statement: Document): Document {
  const query = statement.get('q');
  if (isDocument(query)) return query;
  throw new DatabaseError(40414, "BSON field 'q' is missing but a required field");
}

const update: Command = {
  fields: ['updates', 'ordered', 'bypassDocumentValidation', 'let'],
  run(input, { catalog }) {
    const { arguments: given } = input;
    const known = ['q', 'u', 'c', 'multi', 'upsert', 'arrayFilters', 'hint', 'collation', 'upsertSupplied'];
    const statements = statementsOf(input, 'updates', known);
    let [matched, modified] = [0, 0];
    const upserted: Document[] = [];
    const errors = runStatements(statements, given.flag('ordered', true), (statement, index) => {
      const result = updateDocuments(catalog, given.namespace, {
        query: queryOf(statement),
        update: statement.get('u'),
        isMulti: statement.get('multi') === true,
        isUpsert: statement.get('upsert') === true,
        arrayFilters: statement.get('arrayFilters'),
        hint: statement.get('hint'),
        constants: statement.get('c'),
        variables: given.get('let'),
      });
      matched += result.matched;
      modified += result.modified;
      if (result.upsertedId !== undefined) {
        matched++;
        upserted.push(reply(['index', index], ['_id', result.upsertedId]));
      }
    });
    const result = reply(['n', matched], ['nModified', modified]);
    if (upserted.length > 0) result.set('upserted', upserted);
    return withErrors(result, errors);
  },
};

const remove: Command = {
  fields: ['deletes', 'ordered', 'let'],
  run(input, { catalog }) {
    const { arguments: given } = input;
    const statements = statementsOf(input, 'deletes', ['q', 'limit', 'hint', 'collation']);
    const variables = variablesOf(given.get('let'));
    let count = 0;
    const errors = runStatements(statements, given.flag('ordered', true), (statement) => {
      const limit = wholeNumber(statement.get('limit'), 'delete.deletes.limit');
      if (limit !== 0 && limit !== 1) {
        throw new DatabaseError(
          'FailedToParse',
          `The limit field in delete objects must be 0 or 1. Got ${limit}`,
        );
      }
      const collection = catalog.find(given.namespace);
      const hint = statement.get('hint');
      const { selected } = select(collection, { query: queryOf(statement), limit, hint, variables });
      for (const { stored } of selected) {
        collection?.remove(stored);
        count++;
      }
    });
    return withErrors(reply(['n', count]), errors);
  },
};

export const writeCommands: Commands = {
  insert,
  update,
  delete: remove,
  findAndModify,
  findandmodify: findAndModify,
};
