import { ActionIcon, Button, Switch, TextInput, Tooltip } from '@mantine/core';
import { IconFolderPlus, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { FoldersView, RecentFolder } from '../../../main/contract/folder.ts';
import { describeFolderDifference } from '../../../main/contract/production-differences.ts';
import type { FolderView, Setting } from '../../../main/contract/snapshot.ts';
import { Copyable } from '../../components/controls/copy-button.tsx';
import { Panel } from '../../components/layout/page.tsx';
import { LoadState } from '../../components/status/states.tsx';
import { useStores } from '../../components/use-stores.tsx';
import classes from './folder-panel.module.css';
import { SOURCE_LABELS } from './settings-model.ts';

export interface FolderPanelProps {
  readonly folder: FolderView;
  /** MOZAIKS_PLUGINS_PATH as it applies. */
  readonly setting: Setting | undefined;
  /** The link named this panel: the field gets the focus. */
  readonly wanted: boolean;
}

/** Which folder is watched, and which others could be. */
export function FolderPanel({ folder, setting, wanted }: FolderPanelProps) {
  const stores = useStores();
  const { folders, busy } = useStore(stores.folder.store);
  const differs = describeFolderDifference(folder.path);
  useEffect(() => {
    stores.folder.refresh().catch((error) => console.error('recent folders not loaded', error));
  }, []);
  return (
    <Panel
      title="Watched folder"
      actions={
        stores.folder.hasDesktop() && (
          <Button leftSection={<IconFolderPlus size={14} />} loading={busy} onClick={stores.folder.choose}>
            Choose…
          </Button>
        )
      }
    >
      <div className={classes.panel}>
        <div className={classes.present}>
          <Copyable text={folder.path} label="Copy path">
            <span className={classes.path}>{folder.path}</span>
          </Copyable>
          <span className={classes.state} data-bad={folder.state !== 'watching' || undefined}>
            {folder.state === 'watching' ? setting && SOURCE_LABELS[setting.source] : folder.state}
          </span>
        </div>
        {differs !== null && <p className={classes.hint}>In production: {differs}</p>}
        <p className={classes.hint}>Each folder has its own traces; they return when you open it again.</p>
        <PathForm wanted={wanted} />
        <LoadState load={folders} what="Recent folders" onRetry={stores.folder.refresh}>
          {(view) => <RecentFolders view={view} present={folder.path} busy={busy} />}
        </LoadState>
      </div>
    </Panel>
  );
}

function PathForm({ wanted }: { wanted: boolean }) {
  const stores = useStores();
  const { busy, refusal } = useStore(stores.folder.store);
  const [path, setPath] = useState('');
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (wanted) field.current?.focus();
  }, [wanted]);
  useEffect(() => stores.folder.clearRefusal, []);
  const submit = async () => {
    // The field itself says what is wrong with it.
    await stores.folder.watch(path.trim(), { quietly: true });
    if (stores.folder.store.getState().refusal === null) setPath('');
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit().catch((error) => console.error('folder not watched', error));
      }}
    >
      <TextInput
        ref={field}
        className={classes.field}
        aria-label="Path of another folder"
        placeholder={
          stores.folder.hasDesktop()
            ? 'Drop a folder anywhere, or type its full path'
            : 'Full path of another folder'
        }
        value={path}
        onChange={(event) => {
          setPath(event.currentTarget.value);
          if (refusal !== null) stores.folder.clearRefusal();
        }}
        error={refusal}
        spellCheck={false}
        autoComplete="off"
      />
      <Button type="submit" disabled={path.trim() === '' || busy} loading={busy && path !== ''}>
        Watch
      </Button>
    </form>
  );
}

function RecentFolders({ view, present, busy }: { view: FoldersView; present: string; busy: boolean }) {
  const stores = useStores();
  const others = view.recent.filter(({ path }) => path !== present);
  return (
    <>
      {others.length > 0 && (
        <section aria-label="Recent folders">
          <header className={classes.recentHead}>
            <h3>Recent folders</h3>
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => stores.folder.forget(null)}
            >
              Clear
            </Button>
          </header>
          <ul className={classes.recent}>
            {others.map((one) => (
              <Recent key={one.path} folder={one} busy={busy} />
            ))}
          </ul>
        </section>
      )}
      <Switch
        size="xs"
        withThumbIndicator={false}
        checked={view.reopen}
        onChange={(event) => stores.folder.setReopen(event.currentTarget.checked)}
        label="Reopen the last folder at startup"
        description="The command line, the environment and .env files come first. The .env beside the folder is read at that start."
      />
    </>
  );
}

function Recent({ folder: { path, state }, busy }: { folder: RecentFolder; busy: boolean }) {
  const stores = useStores();
  return (
    <li className={classes.line}>
      <Tooltip label={path} position="top-start">
        <span className={classes.recentPath} data-missing={state === 'missing' || undefined}>
          <bdi>{path}</bdi>
        </span>
      </Tooltip>
      {state === 'missing' && <span className={classes.missing}>missing</span>}
      <Button
        size="compact-xs"
        disabled={busy || state === 'missing'}
        onClick={() => stores.folder.watch(path)}
        aria-label={`Watch ${path}`}
      >
        Watch
      </Button>
      <ActionIcon size={22} aria-label={`Forget ${path}`} onClick={() => stores.folder.forget(path)}>
        <IconX size={14} />
      </ActionIcon>
    </li>
  );
}
