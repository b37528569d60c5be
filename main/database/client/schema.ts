import type { DataSnapshotView, IndexView, Namespace } from '../../contract/data.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { DatabaseClient } from './client.ts';
import { readDocument } from './document-reader.ts';
import { databaseNames, numberOf, statistics } from './overview.ts';

/** Indexes, collections and all that there is. */

export async function readIndexes(
  client: DatabaseClient,
  { database, collection }: Namespace,
): Promise<readonly IndexView[]> {
  const found = await client.use((connected) => connected.db(database).collection(collection).indexes());
  const { indexSizes } = await statistics(client, database, collection);
  // The local database keeps its indexes in memory and measures none.
  const isMeasured = client.source.kind === 'mongodb';
  return found.map(({ name = '', key, v: _, ...options }) => ({
    name,
    keys: JSON.stringify(key),
    options: Object.entries(options)
      .filter(([option]) => option !== 'ns' && option !== 'background')
      .map(([option, value]) => (value === true ? option : `${option}: ${JSON.stringify(value)}`))
      .join(', '),
    bytes: isMeasured ? numberOf(Object(indexSizes)[name]) : null,
  }));
}

/** Its name. */
export async function createIndex(
  client: DatabaseClient,
  { database, collection, keys, unique }: Namespace & { readonly keys: string; readonly unique: boolean },
): Promise<string> {
  const key = client.read(() => readDocument(keys));
  const name = Array.from(key, ([path, direction]) => `${path}_${direction}`).join('_');
  if (name === '') throw new WorkbenchError('BAD_REQUEST', 'An index needs a field, as in {user_id: 1}');
  const index = new Map<string, unknown>([
    ['key', key],
    ['name', name],
  ]);
  if (unique) index.set('unique', true);
  await client.run(database, { createIndexes: collection, indexes: [index] });
  return name;
}

export async function dropIndex(
  client: DatabaseClient,
  { database, collection, name }: Namespace & { readonly name: string },
): Promise<void> {
  await client.run(database, { dropIndexes: collection, index: name });
}

export async function dropCollection(
  client: DatabaseClient,
  { database, collection }: Namespace,
): Promise<void> {
  await client.run(database, { drop: collection });
}

/** How many databases there were. */
export async function resetDatabase(client: DatabaseClient): Promise<number> {
  if (!client.source.isOwn) {
    throw new WorkbenchError(
      'FORBIDDEN',
      'Only the workbench’s own database can be reset: others may use this one',
    );
  }
  const names = await databaseNames(client);
  for (const name of names) await client.run(name, { dropDatabase: 1 });
  return names.length;
}

export async function readSnapshots(client: DatabaseClient): Promise<readonly DataSnapshotView[]> {
  if (client.source.kind !== 'local') return [];
  const { snapshots } = await client.run('admin', { workbenchSnapshots: 1 });
  return (Array.isArray(snapshots) ? snapshots : []).map((snapshot: unknown) => {
    const { name, createdAt, bytes } = Object(snapshot) as Record<string, unknown>;
    return { name: String(name), createdAt: Number(createdAt), bytes: Number(bytes) };
  });
}

type SnapshotCommand = 'workbenchSnapshot' | 'workbenchRestore' | 'workbenchDropSnapshot';

export async function runOnSnapshot(
  client: DatabaseClient,
  command: SnapshotCommand,
  name: string,
): Promise<void> {
  if (client.source.kind !== 'local') {
    throw new WorkbenchError(
      'FORBIDDEN',
      'Only the local database has snapshots: use mongodump for this one',
    );
  }
  await client.run('admin', { [command]: name });
}
