import { ActionIcon, Tooltip } from '@mantine/core';
import { IconDatabase, IconInfoCircle, IconRefresh } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { DatabaseView } from '../../../main/contract/data.ts';
import { useCommands } from '../../components/controls/use-commands.ts';
import { Page } from '../../components/layout/page.tsx';
import { SplitPane } from '../../components/layout/split-pane.tsx';
import { EmptyState, LoadState } from '../../components/status/states.tsx';
import { showControls } from '../../components/text/format.ts';
import { PRODUCTION_ITEM } from '../../components/trace/in-production.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import { formatRoute } from '../../state/app/route.ts';
import { dataPlace } from '../../state/data/data-place.ts';
import { CollectionList } from './collections/collection-list.tsx';
import { NoData } from './collections/no-data.tsx';
import classes from './data-screen.module.css';
import { DataDialogs } from './dialogs/data-dialogs.tsx';
import { CollectionPane } from './documents/collection-pane.tsx';
import { SnapshotMenu } from './snapshot-menu.tsx';
import { useData } from './use-data.ts';

/** The plugins' database: what is in it, and what can be done with it. */
export function DataScreen() {
  const data = useData();
  const load = useStore(data.database.store, ({ view }) => view);
  useEffect(data.follow, []);
  return (
    <Page title="Data" layout="flush" note={<DatabaseNote />} actions={<DatabaseActions />}>
      <LoadState load={load} what="The database" onRetry={data.database.load}>
        {(view) => <Content view={view} />}
      </LoadState>
      <DataDialogs />
    </Page>
  );
}

/** Which database it is, and what of MongoDB it hasn't. */
function DatabaseNote() {
  const view = useStore(useData().database.store, (state) => readyValue(state.view));
  if (view === undefined) return null;
  if (view.kind === 'mongodb') return `MongoDB ${view.version} at ${view.address}`;
  return (
    <span title={view.address}>
      Local database, not MongoDB: see the{' '}
      <a href={`#${formatRoute('contract', { item: PRODUCTION_ITEM })}`}>differences from production</a>, or{' '}
      <a href={`#${formatRoute('settings')}`}>use MongoDB</a>
    </span>
  );
}

function DatabaseActions() {
  const data = useData();
  const refreshing = useStore(data.database.store, (state) => state.refreshing);
  useCommands([
    {
      id: 'data.refresh',
      title: 'Refresh data',
      group: 'This screen',
      keys: 'R',
      icon: IconRefresh,
      run: data.refresh,
    },
  ]);
  return (
    <>
      <SnapshotMenu />
      <Tooltip label="Refresh data (R)">
        <ActionIcon aria-label="Refresh data" onClick={data.refresh} aria-busy={refreshing}>
          <IconRefresh size={16} />
        </ActionIcon>
      </Tooltip>
    </>
  );
}

function Content({ view }: { readonly view: DatabaseView }) {
  const route = useStore(useStores().ui.store, (state) => state.route);
  const place = dataPlace(route);
  const isEmpty = view.databases.every(({ collections }) => collections.length === 0);
  return (
    <>
      {view.notice !== null && (
        <p className={classes.notice} role="status">
          <IconInfoCircle size={15} aria-hidden />
          {showControls(view.notice)}
        </p>
      )}
      {isEmpty && place === null ? (
        <NoData view={view} />
      ) : (
        <SplitPane
          id="data"
          initial={0.22}
          min={[170, 430]}
          first={<CollectionList view={view} present={place?.query ?? null} />}
          second={place === null ? <NothingChosen /> : <CollectionPane place={place} />}
        />
      )}
    </>
  );
}

function NothingChosen() {
  return (
    <EmptyState
      icon={IconDatabase}
      title="Select a collection"
      text="Its documents and indexes are shown here."
    />
  );
}
