import type { CollectionView, DatabaseView } from '../../contract/data.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { DatabaseClient } from './client.ts';

/** Which database it is, and what is in it. */

const MOST_DATABASES = 50;
const MOST_COLLECTIONS = 500;
/** Of a MongoDB's own. */
const SYSTEM_DATABASES: readonly string[] = ['admin', 'config', 'local'];

export async function describeDatabase(client: DatabaseClient): Promise<DatabaseView> {
  const { kind, isOwn, uri, defaults, notice } = client.source;
  const [{ version }, names] = await Promise.all([
    client.run('admin', { buildInfo: 1 }),
    databaseNames(client),
  ]);
  const listed = await Promise.all(
    names.slice(0, MOST_DATABASES).map(async (name) => ({ name, found: await collectionsOf(client, name) })),
  );
  let room = MOST_COLLECTIONS;
  let omitted = 0;
  const databases = listed.map(({ name, found }) => {
    const shown = found.slice(0, room);
    room -= shown.length;
    omitted += found.length - shown.length;
    return { name, shown };
  });
  return {
    kind,
    isOwn,
    address: withoutCredentials(uri ?? ''),
    version: String(version),
    databases: await Promise.all(
      databases.map(async ({ name, shown }) => ({
        name,
        collections: await Promise.all(shown.map((one) => measure(client, name, one))),
      })),
    ),
    defaults,
    omitted,
    notice,
  };
}

/** By name. Who may not list them sees the defaults. */
export async function databaseNames(client: DatabaseClient): Promise<readonly string[]> {
  const { defaults } = client.source;
  try {
    const reply = await client.run('admin', { listDatabases: 1, nameOnly: true, authorizedDatabases: true });
    const databases = Array.isArray(reply.databases) ? reply.databases : [];
    const names = databases.map((one: unknown) => String(Object(one).name));
    return names.filter((name) => !SYSTEM_DATABASES.includes(name)).sort();
  } catch (error) {
    if (!(error instanceof WorkbenchError) || error.code !== 'FORBIDDEN') throw error;
    return [...new Set(defaults.map(({ name }) => name))];
  }
}

interface FoundCollection {
  readonly name: string;
  readonly isView: boolean;
}

async function collectionsOf(client: DatabaseClient, database: string): Promise<readonly FoundCollection[]> {
  const listed = await client.use((connected) =>
    connected.db(database).listCollections({}, { nameOnly: true, authorizedCollections: true }).toArray(),
  );
  return listed
    .filter(({ name }) => !name.startsWith('system.'))
    .map(({ name, type }) => ({ name, isView: type === 'view' }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function measure(
  client: DatabaseClient,
  database: string,
  { name, isView }: FoundCollection,
): Promise<CollectionView> {
  const { count, size } = isView ? {} : await statistics(client, database, name);
  return { name, isView, documents: numberOf(count), bytes: numberOf(size) };
}

export async function statistics(
  client: DatabaseClient,
  database: string,
  collection: string,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await client.run(database, { collStats: collection });
  } catch (error) {
    // Who may read it need not be allowed to measure it.
    if (error instanceof WorkbenchError && (error.code === 'FORBIDDEN' || error.code === 'BAD_REQUEST'))
      return {};
    throw error;
  }
}

export function numberOf(value: unknown): number | null {
  const number = typeof value === 'number' ? value : Number(value ?? Number.NaN);
  return Number.isFinite(number) ? number : null;
}

/** Without user, password and options, of which some are secrets. */
function withoutCredentials(uri: string): string {
  return uri.replace(/^([a-z+]+:\/\/)(?:.*@)?([^?]*).*$/is, '$1$2');
}
