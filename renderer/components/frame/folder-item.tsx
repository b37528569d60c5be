import { Menu } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCopy,
  IconExternalLink,
  IconFolder,
  IconFolderOpen,
  IconFolderPlus,
  IconSettings,
} from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { RecentFolder } from '../../../main/contract/folder.ts';
import type { FolderView } from '../../../main/contract/snapshot.ts';
import { readyValue } from '../../state/app/loadable.ts';
import { KeyHint } from '../controls/key-hint.tsx';
import { useCopy } from '../controls/use-copy.ts';
import { shortenPath } from '../text/format.ts';
import { useStores } from '../use-stores.tsx';
import classes from './bars.module.css';

/** Recent folders in the menu; Settings lists all. */
const SHOWN = 5;

/** The watched folder; a click offers others. */
export function FolderItem({ folder, homePath }: { folder: FolderView; homePath: string }) {
  const stores = useStores();
  const copy = useCopy();
  const busy = useStore(stores.folder.store, (state) => state.busy);
  const recent = useStore(stores.folder.store, (state) => readyValue(state.folders)?.recent);
  const others = (recent ?? []).filter(({ path }) => path !== folder.path).slice(0, SHOWN);
  const watching = folder.state === 'watching';
  const shown = shortenPath(folder.path, homePath);
  const Icon = watching ? IconFolder : IconAlertTriangle;
  return (
    <Menu position="top-start" width={380} onOpen={stores.folder.refresh}>
      <Menu.Target>
        <button
          type="button"
          className={classes.item}
          data-tone={watching ? undefined : 'bad'}
          title={folder.notice ?? `Watching ${folder.path}`}
          aria-label={`Watched folder ${shown}`}
        >
          <Icon size={14} aria-hidden style={{ flex: 'none' }} />
          <span className={classes.path}>
            <bdi>{shown}</bdi>
          </span>
          {busy ? <span>opening another…</span> : !watching && <span>{folder.state}</span>}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconFolderPlus size={14} />}
          rightSection={<KeyHint keys="mod+O" />}
          disabled={busy}
          onClick={stores.folder.choose}
        >
          Watch another folder…
        </Menu.Item>
        {stores.folder.hasDesktop() && (
          <Menu.Item
            leftSection={<IconExternalLink size={14} />}
            onClick={stores.pluginActions.openPluginsFolder}
          >
            Show in file manager
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={<IconCopy size={14} />}
          onClick={() => copy(folder.path, { title: 'Copied', text: folder.path })}
        >
          Copy path
        </Menu.Item>
        {others.length > 0 && <Menu.Label>Recent folders</Menu.Label>}
        {others.map((one) => (
          <Recent key={one.path} folder={one} busy={busy} />
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconSettings size={14} />}
          onClick={() => stores.ui.navigate('settings', { params: { part: 'folder' } })}
        >
          Folder settings
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Recent({ folder: { path, state }, busy }: { folder: RecentFolder; busy: boolean }) {
  const stores = useStores();
  return (
    <Menu.Item
      leftSection={<IconFolderOpen size={14} />}
      rightSection={state === 'missing' ? <span className={classes.when}>missing</span> : null}
      disabled={busy || state === 'missing'}
      onClick={() => stores.folder.watch(path)}
      title={path}
    >
      <span className={classes.menuPath}>
        <bdi>{path}</bdi>
      </span>
    </Menu.Item>
  );
}
