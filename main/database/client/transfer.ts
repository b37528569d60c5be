import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import {
  type DocumentFormat,
  type DocumentQuery,
  type ImportReport,
  MAX_IMPORT_FAILURES,
  type Namespace,
} from '../../contract/data.ts';
import { decode } from '../engine/bson.ts';
import type { Document } from '../engine/values.ts';
import type { DatabaseClient } from './client.ts';
import { DocumentSyntaxError, readDocuments } from './document-reader.ts';
import { formatValue } from './document-text.ts';
import { findRaw, readQuery, withId } from './documents.ts';

/** Documents into files, and from files. */

/** Few enough that no other call waits long for them to be read. */
const BATCH = 200;

interface NumberedDocument {
  /** Counted from 1. */
  readonly number: number;
  readonly document: Document;
}

/** Inserts what can be inserted, and tells of the rest. */
export async function importDocuments(
  client: DatabaseClient,
  { text, ...namespace }: Namespace & { readonly text: string },
): Promise<ImportReport> {
  const failures: { document: number; reason: string }[] = [];
  let [number, inserted, failed] = [0, 0, 0];
  const fail = (document: number, reason: string) => {
    failed += 1;
    if (failures.length < MAX_IMPORT_FAILURES) failures.push({ document, reason });
  };
  let batch: NumberedDocument[] = [];
  const flush = async () => {
    const refused = await insertBatch(client, namespace, batch);
    for (const { document, reason } of refused) fail(document, reason);
    inserted += batch.length - refused.length;
    batch = [];
  };
  for (const found of readDocuments(text)) {
    number += 1;
    if (found instanceof DocumentSyntaxError) {
      fail(number, failures.length < MAX_IMPORT_FAILURES ? found.describe() : found.message);
    } else {
      batch.push({ number, document: withId(found) });
    }
    if (number % BATCH === 0) await yieldToEventLoop();
    if (batch.length >= BATCH) await flush();
  }
  if (batch.length > 0) await flush();
  return { inserted, failed, failures };
}

/** What was refused, and why. */
async function insertBatch(
  client: DatabaseClient,
  { database, collection }: Namespace,
  batch: readonly NumberedDocument[],
): Promise<readonly { document: number; reason: string }[]> {
  const documents = batch.map(({ document }) => document);
  const reply = await client.run(database, { insert: collection, documents, ordered: false });
  const errors = Array.isArray(reply.writeErrors) ? reply.writeErrors : [];
  return errors.map((error: unknown) => {
    const { index, errmsg } = Object(error) as Record<string, unknown>;
    return { document: batch[Number(index)]?.number ?? 0, reason: client.maskKnown(String(errmsg)) };
  });
}

/** The text of a file with all documents of a query. */
export async function* exportDocuments(
  client: DatabaseClient,
  { format, ...query }: DocumentQuery & { readonly format: DocumentFormat },
  onDocument: () => void,
): AsyncGenerator<string> {
  const isArray = format === 'array';
  let separator = isArray ? '[\n' : '';
  for await (const raw of findRaw(client, readQuery(client, query))) {
    yield separator + client.maskKnown(formatValue(decode(raw)));
    separator = isArray ? ',\n' : '\n';
    onDocument();
  }
  if (!isArray) yield separator;
  else yield separator === '[\n' ? '[]\n' : '\n]\n';
}

/** What a file of a collection's documents is called. */
export function documentFileName({ collection }: Namespace, format: DocumentFormat): string {
  const name = collection.replace(/[^\w.-]/g, '_').slice(0, 80);
  return `${name}.${format === 'array' ? 'json' : 'jsonl'}`;
}
