import type { DefaultDatabase } from '../../contract/data.ts';
import type { LocalDatabase } from '../local-database.ts';

/** The database in effect, as plugins find it. */
export interface DatabaseSource {
  readonly kind: 'local' | 'mongodb';
  /** Null where there is none. */
  readonly uri: string | null;
  /** Why there is none, for a person. */
  readonly problem: string | null;
  readonly defaults: readonly DefaultDatabase[];
  readonly notice: string | null;
}

/** @param local null where a setting names another database */
export function databaseSource(
  variables: Readonly<Record<string, string | undefined>>,
  local: Pick<LocalDatabase, 'variables' | 'problem'> | null,
): DatabaseSource {
  const { DATABASE_URI, MONGODB_URI } = local === null ? variables : local.variables();
  return {
    kind: local === null ? 'mongodb' : 'local',
    uri: DATABASE_URI ?? null,
    problem: local?.problem ?? null,
    defaults: [
      {
        name: variables.ENV === 'production' ? 'client' : 'MozaiksCore',
        use: 'db of Python plugins',
      },
      { name: variables.PLUGINS_DB_NAME ?? 'MozaiksPlugins', use: 'sdk of Python plugins' },
    ],
    notice:
      MONGODB_URI === DATABASE_URI
        ? null
        : 'MONGODB_URI names another address: what plugins store there, as with sdk, is not shown here.',
  };
}
