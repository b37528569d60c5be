import { createHash } from 'node:crypto';
import { ObjectId } from 'bson';
import {
  type DocumentPage,
  type DocumentQuery,
  type DocumentRef,
  type DocumentRow,
  type DocumentView,
  MAX_SHOWN_CHARS,
  type Namespace,
} from '../../contract/data.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { decode } from '../engine/bson.ts';
import type { Document, Value } from '../engine/values.ts';
import { type DatabaseClient, QUERY_MS } from './client.ts';
import { readDocument, readValue } from './document-reader.ts';
import { formatValue } from './document-text.ts';

/** Documents of the plugins' database: by page and one by one. */

const MAX_ROW_CHARS = 1_000;
/** A page has no megabytes of ids; documents with longer ones can't be opened. */
const MAX_ID_CHARS = 4_000;

interface Find extends Namespace {
  readonly filter: Document;
  readonly sort?: Document;
  readonly skip?: number;
  /** Default: all. */
  readonly limit?: number;
  /** Default: as long as it takes. */
  readonly maxTimeMS?: number;
}

/** Documents as raw BSON, as they come. */
export async function* findRaw(
  client: DatabaseClient,
  { database, collection, filter, sort = new Map(), skip = 0, limit = 0, maxTimeMS = 0 }: Find,
): AsyncGenerator<Uint8Array> {
  const cursor = await client.use(async (connected) =>
    connected
      .db(database)
      .collection(collection)
      .find(filter as object, { raw: true, skip, limit, maxTimeMS, sort: sort as Map<string, 1 | -1> }),
  );
  try {
    for (;;) {
      const next = await client.use(() => cursor.next());
      if (next === null) return;
      yield next as unknown as Uint8Array;
    }
  } finally {
    await cursor.close();
  }
}

/** @throws {WorkbenchError} */
export function readQuery(client: DatabaseClient, { filter, sort, ...namespace }: DocumentQuery): Find {
  return client.read(() => ({
    database: namespace.database,
    collection: namespace.collection,
    filter: readDocument(filter),
    sort: readDocument(sort),
  }));
}

export async function readPage(
  client: DatabaseClient,
  { skip, limit, ...query }: DocumentQuery & { readonly skip: number; readonly limit: number },
): Promise<DocumentPage> {
  const rows: DocumentRow[] = [];
  const find = Object.assign(readQuery(client, query), { skip, limit, maxTimeMS: QUERY_MS });
  for await (const raw of findRaw(client, find)) {
    const { id, rest } = split(decode(raw));
    rows.push({
      id: client.maskKnown(formatValue(id, { limit: MAX_ID_CHARS })),
      text: client.maskKnown(formatValue(rest, { limit: MAX_ROW_CHARS })),
      bytes: raw.length,
    });
  }
  return { rows };
}

export async function countMatching(
  client: DatabaseClient,
  { database, collection, filter }: Namespace & { readonly filter: string },
): Promise<number> {
  const query = client.read(() => readDocument(filter));
  const { n } = await client.run(database, { count: collection, query, maxTimeMS: QUERY_MS });
  return Number(n);
}

export async function readOne(client: DatabaseClient, ref: DocumentRef): Promise<DocumentView> {
  return describeOne(client, ref, await requireRaw(client, ref));
}

function describeOne({ maskKnown }: DatabaseClient, { id }: DocumentRef, raw: Uint8Array): DocumentView {
  const whole = formatValue(decode(raw), { indented: true, limit: MAX_SHOWN_CHARS });
  const text = maskKnown(whole);
  return {
    id,
    text,
    bytes: raw.length,
    version: versionOf(raw),
    isShortened: whole.length === MAX_SHOWN_CHARS && whole.endsWith('…'),
    isMasked: text !== whole,
  };
}

/** The new document's `_id`. */
export async function insertOne(
  client: DatabaseClient,
  { database, collection, text }: Namespace & { readonly text: string },
): Promise<string> {
  const document = client.read(() => withId(readDocument(text)));
  await client.write(database, { insert: collection, documents: [document] });
  return formatValue(document.get('_id') ?? null);
}

/** As it is then. @throws {WorkbenchError} CONFLICT when it is not of this version any more */
export async function replaceOne(
  client: DatabaseClient,
  { text, version, ...ref }: DocumentRef & { readonly text: string; readonly version: string },
): Promise<DocumentView> {
  const document = client.read(() => readDocument(text));
  const [first = ''] = document.keys();
  // MongoDB would take it for a change of the document, which nobody has seen.
  if (first.startsWith('$')) throw new WorkbenchError('BAD_REQUEST', 'A field’s name can’t begin with $');
  const q = unchanged(ref, await requireVersion(client, ref, version));
  const reply = await client.write(ref.database, { update: ref.collection, updates: [{ q, u: document }] });
  if (reply.n !== 1) throw changed();
  return readOne(client, ref);
}

/** What was deleted, as text; null where that is too long. @throws {WorkbenchError} as `replaceOne` */
export async function deleteOne(
  client: DatabaseClient,
  { version, ...ref }: DocumentRef & { readonly version: string },
): Promise<string | null> {
  const raw = await requireVersion(client, ref, version);
  const q = unchanged(ref, raw);
  const reply = await client.write(ref.database, { delete: ref.collection, deletes: [{ q, limit: 1 }] });
  if (reply.n !== 1) throw changed();
  const { text, isShortened, isMasked } = describeOne(client, ref, raw);
  return isShortened || isMasked ? null : text;
}

export async function deleteMatching(
  client: DatabaseClient,
  { database, collection, filter }: Namespace & { readonly filter: string },
): Promise<number> {
  const q = client.read(() => readDocument(filter));
  const reply = await client.write(database, { delete: collection, deletes: [{ q, limit: 0 }] });
  return Number(reply.n);
}

/** With an `_id` at its beginning, where MongoDB puts it. */
export function withId(document: Document): Document {
  return document.has('_id') ? document : new Map([['_id', new ObjectId()], ...document]);
}

function split(document: Document): { readonly id: Value; readonly rest: Document } {
  const rest = new Map(document);
  rest.delete('_id');
  return { id: document.get('_id') ?? null, rest };
}

function versionOf(raw: Uint8Array): string {
  return createHash('sha256').update(raw).digest('base64url');
}

async function requireRaw(
  client: DatabaseClient,
  { database, collection, id }: DocumentRef,
): Promise<Uint8Array> {
  const filter: Document = new Map([['_id', client.read(() => readId(id))]]);
  const find = { database, collection, filter, limit: 1, maxTimeMS: QUERY_MS };
  for await (const raw of findRaw(client, find)) return raw;
  throw new WorkbenchError('NOT_FOUND', 'This document does not exist any more');
}

async function requireVersion(
  client: DatabaseClient,
  ref: DocumentRef,
  version: string,
): Promise<Uint8Array> {
  const raw = await requireRaw(client, ref);
  if (versionOf(raw) !== version) throw changed();
  return raw;
}

function changed(): WorkbenchError {
  return new WorkbenchError(
    'CONFLICT',
    'This document was changed after it was loaded here: load it again, then repeat the change',
  );
}

/** What an id is equal to, also where it looks like a pattern. */
function readId(id: string): Document {
  return new Map([['$eq', readValue(id)]]);
}

/** Finds the document only if it is still the same, so that nothing that is written meanwhile gets lost. */
function unchanged({ id }: DocumentRef, raw: Uint8Array): Document {
  const present: Document = new Map([['$literal', decode(raw)]]);
  return new Map<string, Value>([
    ['_id', readId(id)],
    ['$expr', new Map([['$eq', ['$$ROOT', present]]])],
  ]);
}
