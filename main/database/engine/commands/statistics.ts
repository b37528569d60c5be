import { Long } from 'bson';
import type { Collection } from '../collection.ts';
import type { Document, Value } from '../values.ts';
import { reply } from './command.ts';

/** Sizes and counts, as MongoDB names them; what only its storage has is not made up. */

export function collectionStatistics(collection: Collection, scale = 1): Document {
  const { size, bytes, indexes } = collection;
  const scaled = (value: number) => Math.floor(value / scale);
  return reply(
    ['ns', collection.namespace],
    ['size', scaled(bytes)],
    ['count', size],
    ['avgObjSize', size === 0 ? 0 : Math.floor(bytes / size)],
    ['storageSize', scaled(bytes)],
    ['capped', false],
    ['nindexes', indexes.length],
    ['totalIndexSize', 0],
    ['totalSize', scaled(bytes)],
    ['indexSizes', new Map(indexes.map(({ options }): [string, Value] => [options.name, 0]))],
    ['scaleFactor', scale],
  );
}

export function indexStatistics({ indexes }: Collection): Document[] {
  return indexes.map(({ options, accesses }) =>
    reply(
      ['name', options.name],
      ['key', options.key],
      ['host', '127.0.0.1'],
      ['accesses', reply(['ops', Long.fromNumber(accesses)])],
      ['spec', options.spec],
    ),
  );
}
