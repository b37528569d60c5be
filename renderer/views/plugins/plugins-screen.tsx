import { Button } from '@mantine/core';
import { IconFolderOff, IconFolderOpen } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { PluginView } from '../../../main/contract/plugin-view.ts';
import type { FolderView, RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { formatCount } from '../../components/format.ts';
import { Page } from '../../components/page.tsx';
import { SplitPane } from '../../components/split-pane.tsx';
import { EmptyState, LoadState } from '../../components/states.tsx';
import { openPluginsFolder } from '../../state/plugin-actions.ts';
import { refreshRuntime, runtimeStore } from '../../state/runtime.ts';
import { uiStore } from '../../state/ui.ts';
import { FirstPlugin } from '../overview/first-plugin.tsx';
import { NewPluginButton } from './new-plugin-button.tsx';
import { PluginDetail } from './plugin-detail.tsx';
import { PluginTable } from './plugin-table.tsx';
import classes from './plugins.module.css';

/** What is loaded, and what failed. */
export function PluginsScreen() {
  const snapshot = useStore(runtimeStore, (state) => state.snapshot);
  const value = snapshot.state === 'ready' ? snapshot.value : undefined;
  return (
    <Page
      title="Plugins"
      layout="flush"
      note={value && value.plugins.length > 0 && countWords(value.plugins)}
      actions={
        <>
          <Button
            leftSection={<IconFolderOpen size={14} />}
            disabled={value?.folder.state === 'missing'}
            onClick={openPluginsFolder}
          >
            Open plugins folder
          </Button>
          <NewPluginButton />
        </>
      }
    >
      <LoadState load={snapshot} what="The plugins" onRetry={refreshRuntime}>
        {(ready) => <Plugins snapshot={ready} />}
      </LoadState>
    </Page>
  );
}

function Plugins({ snapshot }: { snapshot: RuntimeSnapshot }) {
  const chosen = useStore(uiStore, ({ route }) => route.item);
  const { plugins, folder } = snapshot;
  if (plugins.length === 0 && folder.state !== 'watching') return <NoFolder folder={folder} />;
  if (plugins.length === 0) {
    return (
      <div className={classes.first}>
        <FirstPlugin snapshot={snapshot} />
      </div>
    );
  }
  const plugin = plugins.find(({ name }) => name === chosen);
  return (
    <SplitPane
      id="plugins"
      initial={0.56}
      min={[400, 360]}
      first={<PluginTable plugins={plugins} chosen={chosen} compact={chosen !== null} />}
      second={chosen === null ? null : plugin ? <PluginDetail plugin={plugin} /> : <Gone name={chosen} />}
    />
  );
}

/** "7 plugins · 5 would run · 1 failed" */
function countWords(plugins: readonly PluginView[]): string {
  const serving = plugins.filter((plugin) => plugin.serving).length;
  const failed = plugins.filter(({ failure }) => failure !== null).length;
  const words = [`${formatCount(serving)} of ${formatCount(plugins.length)} would run`];
  if (failed > 0) words.push(`${failed} failed to load`);
  return words.join(' · ');
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
              'Make it, or set MOZAIKS_PLUGINS_PATH to another one. It is watched as soon as it is there.'}
          </div>
        </>
      }
    />
  );
}

function Gone({ name }: { name: string }) {
  return <EmptyState title={`${name} is gone`} text="Its folder is no longer among the plugins." />;
}
