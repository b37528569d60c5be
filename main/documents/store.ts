import { join } from 'node:path';
import { WorkbenchError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/http.ts';
import { saveJson } from '../system/atomic-file.ts';
import { hasErrorCode } from '../system/errors.ts';
import { describeReadError, readBoundedFile } from '../system/read-file.ts';

/**
 * What production stores in its own database (subscriptions, usage, settings, notifications): one JSON file for
 * each collection, below a folder for each app that only its user can read. Files are read each time, so that a
 * second runtime, or an editor, is heard at once.
 */
export interface DocumentStore {
  /**
   * The documents of a collection, in the order in which they were added; none when it was never written.
   * @throws {WorkbenchError} CONFLICT when the file holds something else
   */
  read(collection: string): Promise<readonly JsonObject[]>;
  /**
   * Lets `change` edit the list in place, then stores it. Changes of one collection run one after the other; one
   * that throws stores nothing.
   * @returns what `change` returned
   * @throws {WorkbenchError} CONFLICT when the file holds something else
   */
  update<T>(collection: string, change: (documents: JsonObject[]) => T): Promise<T>;
}

/** Where an app's documents are, in the user's folder: as in production each app has its own. */
export function documentsFolder({
  configPath,
  app,
}: {
  readonly configPath: string;
  readonly app: { readonly appId: string };
}): string {
  return join(configPath, 'documents', `app-${encodeURIComponent(app.appId)}`);
}

/** More than the stubs can fill in any use. */
const MAX_BYTES = 64 * 1024 * 1024;

const COLLECTION_NAME = /^[A-Za-z0-9_-]{1,64}$/;

/** The documents below `folder`, which is created by the first change. */
export function createDocumentStore(folder: string): DocumentStore {
  const pathOf = (collection: string): string => {
    if (COLLECTION_NAME.test(collection)) return join(folder, `${collection}.json`);
    throw new WorkbenchError(
      'BAD_REQUEST',
      `'${collection}' can't name a collection: give 1 to 64 letters, digits, _ or -`,
    );
  };
  /** The end of each collection's newest change; never rejects. */
  const ends = new Map<string, Promise<void>>();

  return {
    read: async (collection) => (await loadDocuments(pathOf(collection))).documents,
    async update(collection, change) {
      const path = pathOf(collection);
      const before = ends.get(collection) ?? Promise.resolve();
      const changed = before.then(() => changeFile(path, change));
      const end = changed.then(
        () => undefined,
        () => undefined,
      );
      ends.set(collection, end);
      return changed;
    },
  };
}

async function changeFile<T>(path: string, change: (documents: JsonObject[]) => T): Promise<T> {
  const { documents, text } = await loadDocuments(path);
  const result = change(documents);
  if (JSON.stringify(documents) !== text) await saveJson(path, documents);
  return result;
}

interface Loaded {
  readonly documents: JsonObject[];
  /** All of them as one text, which a change makes another one. */
  readonly text: string;
}

/** A damaged file is not taken as an empty one: the next change would overwrite what can still be repaired. */
async function loadDocuments(path: string): Promise<Loaded> {
  let found: unknown;
  let text: string;
  try {
    found = JSON.parse((await readBoundedFile(path, { maxBytes: MAX_BYTES })).toString('utf8'));
    text = JSON.stringify(found);
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return { documents: [], text: '[]' };
    // What JSON.parse reads, JSON.stringify may not be able to write.
    throw unusable(path, error instanceof RangeError ? 'nested too deeply' : describeReadError(error), error);
  }
  if (Array.isArray(found) && found.every(isDocument)) return { documents: found, text };
  throw unusable(path, 'not a list of objects');
}

function isDocument(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unusable(path: string, reason: string, cause?: unknown): WorkbenchError {
  return new WorkbenchError('CONFLICT', `${path} contains no documents (${reason}): fix or delete it`, {
    cause,
  });
}
