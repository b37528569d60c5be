import { ActionIcon, Tooltip } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { CollectionView, DatabaseView, Namespace } from '../../../../main/contract/data.ts';
import { useCommands } from '../../../components/controls/use-commands.ts';
import { formatBytes, formatCount, plural, showControls } from '../../../components/text/format.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import { namespaceItem } from '../../../state/data/data-place.ts';
import { useData } from '../use-data.ts';
import classes from './collection-list.module.css';

export interface CollectionListProps {
  readonly view: DatabaseView;
  /** The one that is open. */
  readonly present: Namespace | null;
}

/** All databases and their collections. */
export function CollectionList({ view, present }: CollectionListProps) {
  const data = useData();
  const { ui } = useStores();
  const { dialogs } = data;
  const first = view.defaults[0]?.name ?? '';
  const create = (database: string) =>
    dialogs.ask({ kind: 'insert', database, collection: '', text: '{\n  \n}', isNew: true });
  useCommands([
    {
      id: 'data.create-collection',
      title: 'Create a collection',
      group: 'This screen',
      icon: IconPlus,
      run: () => create(present?.database ?? first),
    },
    ...view.databases.flatMap(({ name, collections }) =>
      collections.map((collection) => {
        const item = namespaceItem({ database: name, collection: collection.name });
        return {
          id: `data.open:${item}`,
          title: `Open collection ${showControls(item)}`,
          group: 'This screen' as const,
          run: () => ui.navigate('data', { item }),
        };
      }),
    ),
  ]);
  return (
    <nav className={classes.list} aria-label="Collections">
      {databasesOf(view).map(({ name, use, collections }) => (
        <section key={name} className={classes.database}>
          <header className={classes.head}>
            <h2 className={classes.title} title={showControls(name)}>
              {showControls(name)}
            </h2>
            <Tooltip label={`Create a collection in ${name}`}>
              <ActionIcon
                size={22}
                aria-label={`Create a collection in ${showControls(name)}`}
                onClick={() => create(name)}
              >
                <IconPlus size={14} />
              </ActionIcon>
            </Tooltip>
          </header>
          {use !== undefined && <p className={classes.use}>{use}</p>}
          {collections.map((collection) => (
            <CollectionLink
              key={collection.name}
              database={name}
              collection={collection}
              isPresent={present?.database === name && present.collection === collection.name}
            />
          ))}
          {collections.length === 0 && <p className={classes.none}>No collections yet</p>}
        </section>
      ))}
      {view.omitted > 0 && (
        <p className={classes.none}>{plural(view.omitted, 'more collection')} not shown</p>
      )}
    </nav>
  );
}

interface CollectionLinkProps {
  readonly database: string;
  readonly collection: CollectionView;
  readonly isPresent: boolean;
}

function CollectionLink({ database, collection, isPresent }: CollectionLinkProps) {
  const { name, documents, bytes, isView } = collection;
  const size = bytes === null ? '' : formatBytes(bytes);
  const amount = documents === null ? '' : formatCount(documents);
  return (
    <a
      className={classes.link}
      href={`#${formatRoute('data', { item: namespaceItem({ database, collection: name }) })}`}
      aria-current={isPresent ? 'page' : undefined}
      title={documents === null ? showControls(name) : `${plural(documents, 'document')}, ${size}`}
    >
      <span className={classes.name}>{showControls(name)}</span>
      <span className={classes.amount}>{isView ? 'view' : amount}</span>
      <span className={classes.size}>{size}</span>
    </a>
  );
}

interface ListedDatabase {
  readonly name: string;
  readonly use?: string | undefined;
  readonly collections: readonly CollectionView[];
}

/** What is there, and the databases that plugins use by default, also where they are not there yet. */
function databasesOf({ databases, defaults }: DatabaseView): readonly ListedDatabase[] {
  const byName = new Map<string, ListedDatabase>(
    defaults.map(({ name, use }) => [name, { name, use, collections: [] }]),
  );
  for (const { name, collections } of databases) {
    byName.set(name, { name, use: byName.get(name)?.use, collections });
  }
  return [...byName.values()];
}
