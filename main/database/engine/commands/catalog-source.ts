import { encode } from '../bson.ts';
import type { Catalog } from '../catalog.ts';
import { ID_INDEX } from '../index-options.ts';
import { planQuery } from '../plan.ts';
import { compileQuery } from '../query/query.ts';
import type { PipelineSource } from '../stages/stage.ts';
import { withIdFirst } from '../update/upsert.ts';
import type { Document, Value } from '../values.ts';
import { reply } from './command.ts';
import { collectionStatistics, indexStatistics } from './statistics.ts';

/** What a pipeline reads and writes, in one database. */
export class CatalogSource implements PipelineSource {
  private readonly catalog: Catalog;
  private readonly db: string;
  /** Documents that went through as they are need not be written again. */
  private readonly raws = new WeakMap<Document, Uint8Array>();

  constructor(catalog: Catalog, db: string) {
    this.catalog = catalog;
    this.db = db;
  }

  rawOf(document: Document): Uint8Array | undefined {
    return this.raws.get(document);
  }

  /** With a query, maybe more than match: variables of the pipeline are not known here. */
  find(name: string, query: Document | undefined, hint?: Value): Document[] {
    const collection = this.catalog.find(this.namespace(undefined, name));
    if (collection === undefined) return [];
    const isAll = query === undefined && hint === undefined;
    const stored = isAll ? collection.all() : planQuery(collection, query ?? new Map(), hint).candidates();
    return Array.from(stored, ({ document, raw }) => {
      this.raws.set(document, raw);
      return document;
    });
  }

  hasIndex(name: string, field: string): boolean {
    const indexes = this.catalog.find(this.namespace(undefined, name))?.indexes ?? [];
    return indexes.some(
      ({ options }) =>
        options.fields[0]?.name === field && !options.isSparse && options.partialFilter === undefined,
    );
  }

  replaceAll(db: string | undefined, name: string, documents: readonly Document[]): void {
    const namespace = this.namespace(db, name);
    const before = this.catalog.find(namespace)?.indexes ?? [];
    const draft = this.catalog.createDraft(namespace);
    try {
      for (const { options } of before) if (options.name !== ID_INDEX.name) draft.createIndex(options);
      for (const document of documents) draft.insert(encode(withIdFirst(document)));
      this.catalog.rename(draft.namespace, namespace);
    } finally {
      this.catalog.discardDraft(draft.namespace);
    }
  }

  findOne(db: string | undefined, name: string, query: Document): Document | undefined {
    const collection = this.catalog.find(this.namespace(db, name));
    if (collection === undefined) return undefined;
    const matches = compileQuery(query);
    for (const { document } of planQuery(collection, query).candidates())
      if (matches(document)) return document;
    return undefined;
  }

  insert(db: string | undefined, name: string, document: Document): void {
    this.catalog.ensure(this.namespace(db, name)).insert(encode(withIdFirst(document)));
  }

  replace(db: string | undefined, name: string, document: Document): void {
    const collection = this.catalog.ensure(this.namespace(db, name));
    const before = collection.find(document.get('_id'));
    if (before !== undefined) collection.replace(before, encode(withIdFirst(document)));
  }

  isUnique(db: string | undefined, name: string, fields: readonly string[]): boolean {
    if (fields.length === 1 && fields[0] === '_id') return true;
    const indexes = this.catalog.find(this.namespace(db, name))?.indexes ?? [];
    return indexes.some(
      ({ options }) =>
        options.isUnique &&
        options.fields.length === fields.length &&
        options.fields.every((field) => fields.includes(field.name)),
    );
  }

  statistics(name: string): Document[] {
    const collection = this.catalog.require(this.namespace(undefined, name));
    const { namespace, size } = collection;
    return [reply(['ns', namespace], ['storageStats', collectionStatistics(collection)], ['count', size])];
  }

  indexStatistics(name: string): Document[] {
    const collection = this.catalog.find(this.namespace(undefined, name));
    return collection === undefined ? [] : indexStatistics(collection);
  }

  private namespace(db: string | undefined, name: string): string {
    return `${db ?? this.db}.${name}`;
  }
}
