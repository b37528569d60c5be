import type { DocumentQuery } from '../../../main/contract/data.ts';
import type { Route } from '../app/route.ts';

/** What the Data screen shows: `#/data/MozaiksCore.notes?filter=…&sort=…&id=…`. */
export interface DataPlace {
  readonly query: DocumentQuery;
  /** The open document's `_id`. */
  readonly id: string | null;
}

/** Null where no collection is chosen. A database's name has no dot in it. */
export function dataPlace({ item, params }: Pick<Route, 'item' | 'params'>): DataPlace | null {
  const [database = '', collection = ''] = item?.split(/\.(.*)/s, 2) ?? [];
  if (database === '' || collection === '') return null;
  const { filter = '', sort = '', id = null } = params;
  return { query: { database, collection, filter, sort }, id };
}

export function namespaceItem({
  database,
  collection,
}: Pick<DocumentQuery, 'database' | 'collection'>): string {
  return `${database}.${collection}`;
}
