import { randomUUID } from 'node:crypto';
import { decode, encode, MAX_DOCUMENT_BYTES } from './bson.ts';
import { CollectionIndex } from './collection-index.ts';
import { keyOf } from './compare.ts';
import { DatabaseError } from './errors.ts';
import { hasSameKey, ID_INDEX, type IndexOptions, isSameIndex } from './index-options.ts';
import type { Entry } from './storage/entry.ts';
import { type DecodedDocuments, StoredDocument } from './stored-document.ts';
import type { Document, Maybe, Value } from './values.ts';

/** Stores a change; throws when it could not, and then nothing has changed. */
export type Journal = (entry: Entry) => void;

/**
 * The documents of one collection, in the order in which they came, and their indexes. Every change is
 * checked, then written, and only then made, so that none has to be taken back.
 */
export class Collection {
  readonly uuid = randomUUID();
  namespace: string;
  private readonly journal: Journal;
  private readonly decoded: DecodedDocuments;
  private readonly documents = new Map<string, StoredDocument>();
  private readonly indexesByName = new Map<string, CollectionIndex>();
  private nextSequence = 0;
  /** What all documents take. */
  bytes = 0;

  constructor(namespace: string, journal: Journal, decoded: DecodedDocuments) {
    this.namespace = namespace;
    this.journal = journal;
    this.decoded = decoded;
    this.indexesByName.set(ID_INDEX.name, new CollectionIndex(ID_INDEX));
  }

  get size(): number {
    return this.documents.size;
  }

  all(): Iterable<StoredDocument> {
    return this.documents.values();
  }

  get indexes(): readonly CollectionIndex[] {
    return [...this.indexesByName.values()];
  }

  find(id: Maybe): StoredDocument | undefined {
    return this.documents.get(keyOf(id));
  }

  /** @throws {DatabaseError} DuplicateKey, BSONObjectTooLarge, Overflow */
  insert(raw: Uint8Array): void {
    this.store(raw, undefined);
  }

  /** @throws {DatabaseError} DuplicateKey, BSONObjectTooLarge, Overflow */
  replace(before: StoredDocument, raw: Uint8Array): void {
    this.store(raw, before);
  }

  private store(raw: Uint8Array, before: StoredDocument | undefined): void {
    if (raw.length > MAX_DOCUMENT_BYTES) {
      throw new DatabaseError(
        'BSONObjectTooLarge',
        `object to insert too large. size in bytes: ${raw.length}, max size: ${MAX_DOCUMENT_BYTES}`,
      );
    }
    const document = decode(raw);
    for (const index of this.indexesByName.values()) index.check(document, before, this.namespace);
    this.journal({ kind: 'put', namespace: this.namespace, body: raw });
    if (before === undefined) {
      const stored = this.hold(raw, document);
      for (const index of this.indexesByName.values()) index.add(stored);
      return;
    }
    for (const index of this.indexesByName.values()) index.change(before, document);
    this.bytes += raw.length - before.raw.length;
    before.replaceWith(Buffer.from(raw));
  }

  remove(stored: StoredDocument): void {
    const id = stored.document.get('_id') ?? null;
    this.journal({ kind: 'remove', namespace: this.namespace, body: encode(new Map([['_id', id]])) });
    for (const index of this.indexesByName.values()) index.remove(stored);
    this.restoreRemoval(id);
  }

  /** A copy of the bytes: they may be a part of a long message. */
  private hold(raw: Uint8Array, document: Document): StoredDocument {
    const stored = new StoredDocument(Buffer.from(raw), this.nextSequence++, this.decoded);
    this.documents.set(keyOf(document.get('_id')), stored);
    this.bytes += raw.length;
    return stored;
  }

  /** A document that the log holds already; indexes follow with `restored`. */
  restoreDocument(raw: Uint8Array): void {
    const document = decode(raw);
    const before = this.find(document.get('_id'));
    if (before === undefined) {
      this.hold(raw, document);
      return;
    }
    this.bytes += raw.length - before.raw.length;
    before.replaceWith(Buffer.from(raw));
  }

  restoreRemoval(id: Value): void {
    const stored = this.find(id);
    if (stored === undefined) return;
    this.bytes -= stored.raw.length;
    this.documents.delete(keyOf(id));
  }

  restoreIndex(options: IndexOptions): void {
    this.indexesByName.set(options.name, new CollectionIndex(options));
  }

  restoreIndexRemoval(name: string): void {
    this.indexesByName.delete(name);
  }

  /** The log has been read: its indexes are filled at once. */
  restored(): void {
    for (const index of this.indexesByName.values()) index.fill(this.documents.values(), this.namespace);
  }

  /**
   * @returns false when it was there already
   * @throws {DatabaseError} DuplicateKey, IndexOptionsConflict, IndexKeySpecsConflict
   */
  createIndex(options: IndexOptions): boolean {
    const named = this.indexesByName.get(options.name);
    if (named !== undefined && isSameIndex(named.options, options)) return false;
    if (named !== undefined) {
      throw new DatabaseError(
        'IndexKeySpecsConflict',
        `An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation. Requested index: ${options.name}`,
      );
    }
    const same = this.indexes.find((index) => hasSameKey(index.options, options));
    if (same?.options.name === ID_INDEX.name) return false;
    if (same !== undefined) {
      throw new DatabaseError(
        'IndexOptionsConflict',
        `Index already exists with a different name or other options: ${same.options.name}`,
      );
    }
    const index = new CollectionIndex(options);
    index.fill(this.documents.values(), this.namespace);
    this.journal({ kind: 'index', namespace: this.namespace, body: encode(options.spec) });
    this.indexesByName.set(options.name, index);
    return true;
  }

  dropIndex(name: string): void {
    this.journal({ kind: 'dropIndex', namespace: this.namespace, body: encode(new Map([['name', name]])) });
    this.indexesByName.delete(name);
  }

  /** Its present state, as the log would have it. */
  *entries(): Generator<Entry> {
    const { namespace } = this;
    yield { kind: 'create', namespace, body: encode(new Map()) };
    for (const { raw } of this.documents.values()) yield { kind: 'put', namespace, body: raw };
    for (const { options } of this.indexesByName.values()) {
      if (options.name !== ID_INDEX.name) yield { kind: 'index', namespace, body: encode(options.spec) };
    }
  }
}
