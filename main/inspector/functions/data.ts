import { z } from 'zod';
import {
  type DataFunctions,
  EXPORT_FORMATS,
  MAX_IMPORT_CHARS,
  MAX_PAGE_DOCUMENTS,
  MAX_SHOWN_CHARS,
} from '../../contract/data.ts';
import {
  countMatching,
  deleteMatching,
  deleteOne,
  insertOne,
  readOne,
  readPage,
  replaceOne,
} from '../../database/client/documents.ts';
import { describeDatabase } from '../../database/client/overview.ts';
import {
  createIndex,
  dropCollection,
  dropIndex,
  readIndexes,
  readSnapshots,
  resetDatabase,
  runOnSnapshot,
} from '../../database/client/schema.ts';
import { documentFileName, exportDocuments, importDocuments } from '../../database/client/transfer.ts';
import type { HandlerDeps } from '../deps.ts';
import { saveFile } from '../downloads.ts';
import type { ArgumentsOf, HandlersOf } from '../function-types.ts';
import { name } from './fields.ts';

/** As MongoDB: a namespace has at most 255 bytes. */
const namespace = { database: z.string().min(1).max(63), collection: z.string().min(1).max(255) };
const filter = z.string().max(100_000);
const query = { ...namespace, filter, sort: z.string().max(10_000) };
const ref = { ...namespace, id: z.string().min(1).max(100_000) };
const version = z.string().max(100);
/** Somewhat more than is shown, for what was added to it. */
const text = z.string().max(4 * MAX_SHOWN_CHARS);
const snapshot = z.strictObject({ name: z.string().min(1).max(200) });

export const DATA_ARGUMENTS: ArgumentsOf<DataFunctions> = {
  database: z.null(),
  documents: z.strictObject({
    ...query,
    skip: z
      .int()
      .min(0)
      .max(2 ** 31 - 1),
    limit: z.int().min(1).max(MAX_PAGE_DOCUMENTS),
  }),
  countDocuments: z.strictObject({ ...namespace, filter }),
  document: z.strictObject(ref),
  insertDocument: z.strictObject({ ...namespace, text }),
  replaceDocument: z.strictObject({ ...ref, version, text }),
  deleteDocument: z.strictObject({ ...ref, version }),
  deleteDocuments: z.strictObject({ ...namespace, filter }),
  importDocuments: z.strictObject({ ...namespace, text: z.string().max(MAX_IMPORT_CHARS) }),
  exportDocuments: z.strictObject({ ...query, format: z.enum(EXPORT_FORMATS) }),
  indexes: z.strictObject(namespace),
  createIndex: z.strictObject({ ...namespace, keys: z.string().max(10_000), unique: z.boolean() }),
  dropIndex: z.strictObject({ ...namespace, name }),
  dropCollection: z.strictObject(namespace),
  resetDatabase: z.null(),
  dataSnapshots: z.null(),
  createDataSnapshot: snapshot,
  restoreDataSnapshot: snapshot,
  deleteDataSnapshot: snapshot,
};

export function createDataHandlers(deps: HandlerDeps): HandlersOf<DataFunctions> {
  const { data } = deps;
  return {
    database: () => describeDatabase(data),
    documents: (query) => readPage(data, query),
    countDocuments: async (query) => ({ count: await countMatching(data, query) }),
    document: (ref) => readOne(data, ref),
    insertDocument: async (input) => ({ id: await insertOne(data, input) }),
    replaceDocument: (input) => replaceOne(data, input),
    deleteDocument: async (input) => ({ text: await deleteOne(data, input) }),
    deleteDocuments: async (query) => ({ deleted: await deleteMatching(data, query) }),
    importDocuments: (input) => importDocuments(data, input),
    async exportDocuments(input) {
      let count = 0;
      const chunks = exportDocuments(data, input, () => {
        count += 1;
      });
      const outcome = await saveFile(deps, documentFileName(input, input.format), chunks);
      return outcome.state === 'saved' ? { ...outcome, count } : outcome;
    },
    indexes: (namespace) => readIndexes(data, namespace),
    createIndex: async (input) => ({ name: await createIndex(data, input) }),
    dropIndex: (input) => nothing(dropIndex(data, input)),
    dropCollection: (namespace) => nothing(dropCollection(data, namespace)),
    resetDatabase: async () => ({ dropped: await resetDatabase(data) }),
    dataSnapshots: () => readSnapshots(data),
    createDataSnapshot: ({ name }) => nothing(runOnSnapshot(data, 'workbenchSnapshot', name)),
    restoreDataSnapshot: ({ name }) => nothing(runOnSnapshot(data, 'workbenchRestore', name)),
    deleteDataSnapshot: ({ name }) => nothing(runOnSnapshot(data, 'workbenchDropSnapshot', name)),
  };
}

async function nothing(done: Promise<void>): Promise<null> {
  await done;
  return null;
}
