import { keyOf } from './compare.ts';
import { DatabaseError } from './errors.ts';
import { type Bounds, compareKeys, IndexEntries, type IndexEntry } from './index-entries.ts';
import type { IndexOptions } from './index-options.ts';
import { type Path, parsePath, visitPath } from './paths.ts';
import { compileQuery, type Query } from './query/query.ts';
import type { StoredDocument } from './stored-document.ts';
import { type Document, isArray, type Maybe, type Value } from './values.ts';

/** One index of a collection: the keys of its documents, in order. */
export class CollectionIndex {
  readonly options: IndexOptions;
  readonly paths: readonly Path[];
  private readonly entries = new IndexEntries<StoredDocument>();
  private readonly partialFilter: Query | undefined;
  /** Documents with more than one key here: two limits can then be met by different keys of one. */
  private multikeyCount = 0;
  accesses = 0;

  constructor(options: IndexOptions) {
    this.options = options;
    this.paths = options.fields.map(({ name }) => parsePath(name));
    const filter = options.partialFilter;
    this.partialFilter = filter === undefined ? undefined : compileQuery(filter);
  }

  get isMultikey(): boolean {
    return this.multikeyCount > 0;
  }

  /** @throws {DatabaseError} DuplicateKey when another document has one of this one's keys */
  check(document: Document, self: StoredDocument | undefined, namespace: string): void {
    const keys = this.keysOf(document);
    if (!this.options.isUnique) return;
    for (const key of keys) {
      for (const { item } of this.entries.within({ prefix: key, low: undefined, high: undefined })) {
        if (item !== self) throw this.duplicate(key, namespace);
      }
    }
  }

  add(stored: StoredDocument): void {
    this.addKeys(stored, this.keysOf(stored.document));
  }

  remove(stored: StoredDocument): void {
    this.removeKeys(stored, this.keysOf(stored.document));
  }

  private addKeys(stored: StoredDocument, all: readonly (readonly Maybe[])[]): void {
    if (all.length > 1) this.multikeyCount++;
    for (const keys of all) this.entries.insert({ keys, sequence: stored.sequence, item: stored });
  }

  private removeKeys(stored: StoredDocument, all: readonly (readonly Maybe[])[]): void {
    if (all.length > 1) this.multikeyCount--;
    for (const keys of all) this.entries.remove({ keys, sequence: stored.sequence, item: stored });
  }

  /** For a document whose contents are about to be these: often its keys stay. */
  change(stored: StoredDocument, next: Document): void {
    const [before, after] = [this.keysOf(stored.document), this.keysOf(next)];
    const [only, other] = [before[0], after[0]];
    const isSame = before.length === 1 && after.length === 1 && only !== undefined && other !== undefined;
    if (isSame && compareKeys(only, other, only.length) === 0) return;
    this.removeKeys(stored, before);
    this.addKeys(stored, after);
  }

  /** Takes in all documents at once. @throws {DatabaseError} DuplicateKey */
  fill(documents: Iterable<StoredDocument>, namespace: string): void {
    const entries: IndexEntry<StoredDocument>[] = [];
    for (const stored of documents) {
      const all = this.keysOf(stored.document);
      if (all.length > 1) this.multikeyCount++;
      for (const keys of all) entries.push({ keys, sequence: stored.sequence, item: stored });
    }
    this.entries.fill(entries);
    if (!this.options.isUnique) return;
    for (const [index, { keys }] of entries.entries()) {
      const next = entries[index + 1];
      if (next !== undefined && compareKeys(keys, next.keys, keys.length) === 0)
        throw this.duplicate(keys, namespace);
    }
  }

  /** Each document once, in the order of the keys. */
  *find(bounds: readonly Bounds[]): Generator<StoredDocument> {
    const seen = this.isMultikey || bounds.length > 1 ? new Set<StoredDocument>() : undefined;
    for (const part of bounds) {
      for (const { item } of this.entries.within(part)) {
        if (seen?.has(item) === true) continue;
        seen?.add(item);
        yield item;
      }
    }
  }

  private keysOf(document: Document): readonly (readonly Maybe[])[] {
    if (this.partialFilter !== undefined && !this.partialFilter(document)) return [];
    const plain = this.plainKey(document);
    if (plain !== undefined) return [plain];
    const fields = this.paths.map((path) => valuesAt(document, path));
    if (this.options.isSparse && fields.every(({ isMissing }) => isMissing)) return [];
    this.checkParallel(fields);
    let keys: Maybe[][] = [[]];
    for (const { values } of fields) keys = keys.flatMap((key) => values.map((value) => [...key, value]));
    if (keys.length === 1) return keys;
    return [...new Map(keys.map((key) => [key.map(keyOf).join(), key])).values()];
  }

  /**
   * The one key of most documents, whose fields are neither nested nor lists; undefined when there may be
   * others.
   */
  private plainKey(document: Document): readonly Maybe[] | undefined {
    const key: Maybe[] = [];
    let isMissing = true;
    for (const path of this.paths) {
      const value = path.length === 1 ? document.get(path[0] ?? '') : [];
      if (isArray(value)) return undefined;
      isMissing &&= value === undefined;
      key.push(value ?? null);
    }
    return isMissing && this.options.isSparse ? undefined : key;
  }

  private checkParallel(fields: readonly FieldValues[]): void {
    const arrays = new Set(
      fields.flatMap(({ isArray: isList }, index) => (isList ? [this.paths[index]?.[0]] : [])),
    );
    if (arrays.size > 1) {
      throw new DatabaseError(
        'CannotIndexParallelArrays',
        `cannot index parallel arrays [${[...arrays].reverse().join('] [')}]`,
      );
    }
  }

  private duplicate(key: readonly Maybe[], namespace: string): DatabaseError {
    const names = this.options.fields.map(({ name }) => name);
    const values = names.map((name, index): [string, Value] => [name, key[index] ?? null]);
    const shown = values.map(([name, value]) => `${name}: ${showValue(value)}`).join(', ');
    return new DatabaseError(
      'DuplicateKey',
      `E11000 duplicate key error collection: ${namespace} index: ${this.options.name} dup key: { ${shown} }`,
      new Map<string, Value>([
        ['keyPattern', this.options.key],
        ['keyValue', new Map(values)],
      ]),
    );
  }
}

interface FieldValues {
  readonly values: readonly Maybe[];
  readonly isMissing: boolean;
  readonly isArray: boolean;
}

/** What isn't there has the key null, an empty array one of its own. */
function valuesAt(document: Document, path: Path): FieldValues {
  const values: Maybe[] = [];
  let isMissing = true;
  let isList = false;
  visitPath(document, path, (value, position) => {
    if (value !== undefined) isMissing = false;
    if (isArray(value) || position !== undefined) isList = true;
    if (!isArray(value)) values.push(value ?? null);
    else if (value.length === 0) values.push(undefined);
    else for (const inner of value) values.push(inner);
    return false;
  });
  return { values: values.length === 0 ? [null] : values, isMissing, isArray: isList };
}

/** As MongoDB shows a key in its message. */
export function showValue(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Map) {
    return `{ ${Array.from(value, ([name, inner]) => `${name}: ${showValue(inner)}`).join(', ')} }`;
  }
  if (isArray(value)) return `[ ${value.map(showValue).join(', ')} ]`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (typeof value === 'object' && value !== null && value._bsontype === 'ObjectId')
    return `ObjectId('${value}')`;
  return String(value);
}
