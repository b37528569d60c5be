import type { Log } from '../../system/log.ts';
import { decode, encode } from './bson.ts';
import { Collection } from './collection.ts';
import { DatabaseError } from './errors.ts';
import { parseIndex } from './index-options.ts';
import type { Entry } from './storage/entry.ts';
import { LogFile } from './storage/log-file.ts';
import { Snapshots } from './storage/snapshots.ts';
import { DecodedDocuments } from './stored-document.ts';

/** How the name ends of what isn't complete yet. */
const DRAFT = '.tmp.agg_out';

/** All collections of all databases, by namespace, kept in step with the log file. */
export class Catalog {
  readonly snapshots: Snapshots;
  private collections = new Map<string, Collection>();
  private readonly decoded = new DecodedDocuments();
  private readonly file: LogFile;
  private readonly journal = (entry: Entry) => this.file.append(entry);

  /** @throws when the file can't be read, or is something else */
  constructor(folder: string, log: Log) {
    this.file = new LogFile(folder, log);
    this.snapshots = new Snapshots(folder);
    this.file.replay((entry) => this.apply(entry));
    this.finishReplay();
  }

  /** Replaces all that there is by what a snapshot holds. @throws {DatabaseError} then nothing has changed */
  restore(snapshot: string): void {
    const path = this.snapshots.require(snapshot);
    const before = this.collections;
    this.collections = new Map();
    try {
      const apply = (entry: Entry) => this.apply(entry);
      this.file.replaceBy(path, apply, () => this.finishReplay());
    } catch (error) {
      this.collections = before;
      throw error;
    }
  }

  /** A copy of all that there is now. @throws {DatabaseError} */
  takeSnapshot(name: string): void {
    this.snapshots.create(name, this.bytes, this.entries());
  }

  /** The names of databases that hold a collection. */
  databaseNames(): string[] {
    const names = new Set(
      [...this.collections.keys()].map((namespace) => namespace.slice(0, namespace.indexOf('.'))),
    );
    return [...names].sort();
  }

  /** A database's collections, by name. */
  collectionsOf(db: string): readonly Collection[] {
    const prefix = `${db}.`;
    const found = [...this.collections.values()].filter(({ namespace }) => namespace.startsWith(prefix));
    return found.sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  }

  find(namespace: string): Collection | undefined {
    return this.collections.get(namespace);
  }

  /** @throws {DatabaseError} NamespaceNotFound */
  require(namespace: string): Collection {
    const found = this.collections.get(namespace);
    if (found === undefined) throw new DatabaseError('NamespaceNotFound', `ns does not exist: ${namespace}`);
    return found;
  }

  /** The collection, made when it is not there yet. */
  ensure(namespace: string): Collection {
    const found = this.collections.get(namespace);
    if (found !== undefined) return found;
    checkNamespace(namespace);
    this.journal({ kind: 'create', namespace, body: encode(new Map()) });
    return this.add(namespace);
  }

  /** An empty collection beside the one that it is to replace by `rename`. */
  createDraft(namespace: string): Collection {
    const draft = `${namespace}${DRAFT}`;
    // The log may still hold one that failed.
    this.drop(draft);
    return this.ensure(draft);
  }

  /** Only in memory, so that a full disk can't hold it up: the log's is dropped by the next one. */
  discardDraft(namespace: string): void {
    if (namespace.endsWith(DRAFT)) this.collections.delete(namespace);
  }

  drop(namespace: string): void {
    this.journal({ kind: 'drop', namespace, body: encode(new Map()) });
    this.collections.delete(namespace);
  }

  /** Replaces what has the new name. */
  rename(from: string, to: string): void {
    checkNamespace(to);
    this.journal({ kind: 'rename', namespace: from, body: encode(new Map([['to', to]])) });
    this.applyRename(from, to);
  }

  /** To be called when a command has ended. */
  compactIfLarge(): void {
    this.file.compactIfLarge(this.bytes, () => this.entries());
  }

  private get bytes(): number {
    let bytes = 0;
    for (const collection of this.collections.values()) bytes += collection.bytes;
    return bytes;
  }

  private finishReplay(): void {
    for (const namespace of this.collections.keys()) this.discardDraft(namespace);
    for (const collection of this.collections.values()) collection.restored();
  }

  close(): void {
    this.file.close();
  }

  all(): Iterable<Collection> {
    return this.collections.values();
  }

  private *entries(): Generator<Entry> {
    for (const collection of this.collections.values()) yield* collection.entries();
  }

  private add(namespace: string): Collection {
    const created = new Collection(namespace, this.journal, this.decoded);
    this.collections.set(namespace, created);
    return created;
  }

  private applyRename(from: string, to: string): void {
    const collection = this.collections.get(from);
    if (collection === undefined) return;
    this.collections.delete(from);
    collection.namespace = to;
    this.collections.set(to, collection);
  }

  /** An entry of the log file, at the start. */
  private apply({ kind, namespace, body }: Entry): void {
    const collection = this.collections.get(namespace) ?? (kind === 'drop' ? undefined : this.add(namespace));
    switch (kind) {
      case 'put':
        collection?.restoreDocument(body);
        break;
      case 'remove':
        collection?.restoreRemoval(decode(body).get('_id') ?? null);
        break;
      case 'create':
        break;
      case 'drop':
        this.collections.delete(namespace);
        break;
      case 'rename':
        this.applyRename(namespace, String(decode(body).get('to')));
        break;
      case 'index':
        collection?.restoreIndex(parseIndex(decode(body)));
        break;
      case 'dropIndex':
        collection?.restoreIndexRemoval(String(decode(body).get('name')));
        break;
    }
  }
}

const MAX_NAMESPACE_BYTES = 255;

/** @throws {DatabaseError} InvalidNamespace */
export function checkNamespace(namespace: string): void {
  const dot = namespace.indexOf('.');
  const [db, name] = [namespace.slice(0, dot), namespace.slice(dot + 1)];
  const isBadDatabase = db === '' || db.length > 63 || /[\0/\\ "$*<>:|?]/.test(db);
  const isBadName =
    name === '' || name.includes('\0') || name.includes('$') || name.startsWith('.') || name.endsWith('.');
  if (dot < 0 || isBadDatabase || isBadName || Buffer.byteLength(namespace) > MAX_NAMESPACE_BYTES) {
    throw new DatabaseError('InvalidNamespace', `Invalid namespace specified '${namespace}'`);
  }
  if (name.startsWith('system.')) {
    throw new DatabaseError('InvalidNamespace', `Invalid system namespace: ${namespace}`);
  }
}
