import { keyOf } from './compare.ts';
import { DatabaseError } from './errors.ts';
import { type Bounds, IndexEntries } from './index-entries.ts';
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
    const all = this.keysOf(stored.document);
    if (all.length > 1) this.multikeyCount++;
    for (const keys of all) this.entries.insert({ keys, sequence: stored.sequence, item: stored });
  }

  remove(stored: StoredDocument): void {
    const all = this.keysOf(stored.document);
    if (all.length > 1) this.multikeyCount--;
    for (const keys of all) this.entries.remove({ keys, sequence: stored.sequence, item: stored });
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
    const fields = this.paths.map((path) => valuesAt(document, path));
    if (this.options.isSparse && fields.every(({ isMissing }) => isMissing)) return [];
    this.checkParallel(fields);
    let keys: Maybe[][] = [[]];
    for (const { values } of fields) keys = keys.flatMap((key) => values.map((value) => [...key, value]));
    if (keys.length === 1) return keys;
    return [...new Map(keys.map((key) => [key.map(keyOf).join(), key])).values()];
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
