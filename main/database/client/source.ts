import type { DefaultDatabase } from '../../contract/data.ts';
import type { PluginDatabase } from '../plugin-database.ts';

/** The database in effect, as plugins find it. */
export interface DatabaseSource {
  readonly kind: 'local' | 'mongodb';
  /** The workbench runs it. */
  readonly isOwn: boolean;
  /** Null where there is none. */
  readonly uri: string | null;
  /** Why there is none, for a person. */
  readonly problem: string | null;
  readonly defaults: readonly DefaultDatabase[];
  readonly notice: string | null;
}

/** @param own the workbench's; null where a setting names another database */
export function databaseSource(
  variables: Readonly<Record<string, string | undefined>>,
  own: Pick<PluginDatabase, 'variables' | 'problem' | 'kind'> | null,
): DatabaseSource {
  const { DATABASE_URI, MONGODB_URI } = own === null ? variables : own.variables();
  return {
    kind: own?.kind ?? 'mongodb',
    isOwn: own !== null,
    uri: DATABASE_URI ?? null,
    problem: own?.problem ?? null,
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
