import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconFolderOff, IconFolderOpen, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { FolderView, RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { useCommands } from '../../components/controls/use-commands.ts';
import { FirstMinuteCard } from '../../components/guide/first-minute-card.tsx';
import { Page } from '../../components/layout/page.tsx';
import { SplitPane } from '../../components/layout/split-pane.tsx';
import { NewPluginButton } from '../../components/plugin/new-plugin-button.tsx';
import { EmptyState, LoadingRows, LoadState } from '../../components/status/states.tsx';
import { formatCount } from '../../components/text/format.ts';
import { useStores } from '../../components/use-stores.tsx';
import { isScanning } from '../../state/app/runtime.ts';
import { listed, shownOf } from '../../state/plugins/plugin-list.ts';
import { FILTER_FIELD, listCommands } from './plugin-commands.ts';
import { PluginDetail } from './plugin-detail.tsx';
import { PluginTable } from './plugin-table.tsx';
import classes from './plugins.module.css';

/** The plugins that are loaded, and those that failed. */
export function PluginsScreen() {
  const stores = useStores();
  const snapshot = useStore(stores.runtime.store, (state) => state.snapshot);
  const value = snapshot.state === 'ready' ? snapshot.value : undefined;
  const filled = value !== undefined && value.plugins.length > 0;
  useCommands(listCommands(stores));
  return (
    <Page
      title="Plugins"
      layout="flush"
      note={filled && <Summary plugins={value.plugins} folder={value.folder} />}
      actions={
        <>
          {filled && <Filter />}
          <Tooltip label="Open plugins folder">
            <ActionIcon
              variant="default"
              size={28}
              aria-label="Open plugins folder"
              disabled={value?.folder.state === 'missing'}
              onClick={stores.pluginActions.openPluginsFolder}
            >
              <IconFolderOpen size={15} />
            </ActionIcon>
          </Tooltip>
          <NewPluginButton />
        </>
      }
    >
      <LoadState load={snapshot} what="The plugins" onRetry={stores.runtime.refresh}>
        {(ready) => <Plugins snapshot={ready} />}
      </LoadState>
    </Page>
  );
}

function Filter() {
  const stores = useStores();
  const filter = useStore(stores.pluginList.store, (state) => state.filter);
  return (
    <TextInput
      id={FILTER_FIELD}
      className={classes.filter}
      aria-label="Filter plugins"
      placeholder="Filter  /"
      leftSection={<IconSearch size={14} />}
      rightSection={
        filter !== '' && (
          <ActionIcon size={20} aria-label="Clear filter" onClick={() => stores.pluginList.setFilter('')}>
            <IconX size={13} />
          </ActionIcon>
        )
      }
      spellCheck={false}
      value={filter}
      onChange={(event) => stores.pluginList.setFilter(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') stores.pluginList.setFilter('');
        if (event.key === 'Escape' || event.key === 'Enter') event.currentTarget.blur();
      }}
    />
  );
}

function Plugins({ snapshot }: { snapshot: RuntimeSnapshot }) {
  const stores = useStores();
  const named = useStore(stores.ui.store, ({ route }) => route.item);
  const state = useStore(stores.pluginList.store);
  const { plugins, folder } = snapshot;
  useEffect(() => {
    if (named !== null) stores.pluginList.rememberChosen(named);
  }, [named]);
  if (isScanning(snapshot)) return <LoadingRows />;
  if (plugins.length === 0 && folder.state === 'unreadable') return <NoFolder folder={folder} />;
  if (plugins.length === 0) {
    return (
      <div className={classes.first}>
        <FirstMinuteCard snapshot={snapshot} />
      </div>
    );
  }
  const rows = listed(plugins, state);
  const chosen = shownOf(plugins, named, state);
  return (
    <SplitPane
      id="plugins"
      initial={0.56}
      min={[400, 360]}
      first={
        rows.length === 0 ? <NoMatch filter={state.filter} /> : <PluginTable plugins={rows} chosen={chosen} />
      }
      second={chosen === null ? null : <ChosenPlugin plugins={plugins} name={chosen} />}
    />
  );
}

function ChosenPlugin({ plugins, name }: { plugins: readonly PluginView[]; name: string }) {
  const plugin = plugins.find((each) => each.name === name);
  return plugin ? <PluginDetail key={name} plugin={plugin} /> : <Gone name={name} />;
}

/** The counts, and which folders are left out and why. */
function Summary({ plugins, folder }: Pick<RuntimeSnapshot, 'plugins' | 'folder'>) {
  const ignored = folder.notice?.split('\n') ?? [];
  const text = ignored.length > 1 ? `${ignored.length} folders ignored` : ignored[0];
  return (
    <span title={folder.notice ?? undefined}>
      {[describeCounts(plugins), text].filter((part) => part !== undefined).join(' · ')}
    </span>
  );
}

/** "7 of 7 ready · 1 failed to load" */
function describeCounts(plugins: readonly PluginView[]): string {
  const serving = plugins.filter((plugin) => plugin.serving).length;
  const failed = plugins.filter(({ failure }) => failure !== null).length;
  const parts = [`${formatCount(serving)} of ${formatCount(plugins.length)} ready`];
  if (failed > 0) parts.push(`${failed} failed to load`);
  return parts.join(' · ');
}

function NoMatch({ filter }: { filter: string }) {
  const stores = useStores();
  return (
    <EmptyState
      icon={IconSearch}
      title="No plugin matches"
      text={`No name, description, language or status contains “${filter}”.`}
      action={<Button onClick={() => stores.pluginList.setFilter('')}>Clear filter</Button>}
    />
  );
}

function NoFolder({ folder }: { folder: FolderView }) {
  return (
    <EmptyState
      icon={IconFolderOff}
      title={
        folder.state === 'missing' ? 'The plugins folder doesn’t exist' : 'The plugins folder can’t be read'
      }
      text={
        <>
          <div className="mono">{folder.path}</div>
          <div>
            {folder.notice ??
              'Create it, or set MOZAIKS_PLUGINS_PATH to another folder. It is watched as soon as it exists.'}
          </div>
        </>
      }
    />
  );
}

function Gone({ name }: { name: string }) {
  return (
    <EmptyState title={`${name} no longer exists`} text="Its folder was removed from the plugins folder." />
  );
}
