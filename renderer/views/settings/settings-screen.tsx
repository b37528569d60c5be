import { SegmentedControl, TextInput } from '@mantine/core';
import { IconClipboardCopy, IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Setting } from '../../../main/contract/snapshot.ts';
import { CopyButton } from '../../components/controls/copy-button.tsx';
import { KeyHint } from '../../components/controls/key-hint.tsx';
import { useCommands } from '../../components/controls/use-commands.ts';
import { useCopy } from '../../components/controls/use-copy.ts';
import { Page, Panel } from '../../components/layout/page.tsx';
import { LoadState } from '../../components/status/states.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { readyValue } from '../../state/app/loadable.ts';
import { AboutPanel } from './about-panel.tsx';
import { DatabasePanel } from './database-panel.tsx';
import { DriverPanel } from './driver-panel.tsx';
import { FolderPanel } from './folder-panel.tsx';
import { LookPanel } from './look-panel.tsx';
import { RefusalsPanel } from './refusals-panel.tsx';
import classes from './settings.module.css';
import { isSet, toEnvFile } from './settings-model.ts';
import { SettingsTable } from './settings-table.tsx';

/** The effective settings and their sources. */
export function SettingsScreen() {
  const stores = useStores();
  const settings = useStore(stores.settings.store, (state) => readyValue(state.settings));
  const snapshot = useStore(stores.runtime.store, (state) => readyValue(state.snapshot));
  const part = useStore(stores.ui.store, ({ route }) => route.params.part);
  const database = snapshot?.mongodb?.inUse;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another database is another value of a setting
  useEffect(() => {
    stores.settings.refresh().catch((error) => console.error('settings not loaded', error));
  }, [database]);
  return (
    <Page title="Settings" note={<CustomizedCount settings={settings} />}>
      {snapshot && snapshot.notices.length > 0 && <NoticeList notices={snapshot.notices} />}
      <div className={classes.columns}>
        {snapshot && (
          <FolderPanel
            folder={snapshot.folder}
            setting={settings?.find(({ name }) => name === 'MOZAIKS_PLUGINS_PATH')}
            wanted={part === 'folder'}
          />
        )}
        <LookPanel />
      </div>
      {snapshot?.mongodb && <DatabasePanel mongodb={snapshot.mongodb} />}
      {snapshot && <DriverPanel driver={snapshot.driver} />}
      <EffectiveSettings />
      {snapshot && snapshot.refusedCount > 0 && <RefusalsPanel count={snapshot.refusedCount} />}
      {snapshot && <AboutPanel snapshot={snapshot} wanted={part === 'about'} />}
    </Page>
  );
}

function CustomizedCount({ settings }: { settings: readonly Setting[] | undefined }) {
  if (settings === undefined) return null;
  return `${settings.filter(isSet).length} of ${settings.length} customized`;
}

function EffectiveSettings() {
  const stores = useStores();
  const settings = useStore(stores.settings.store, (state) => state.settings);
  const text = useStore(stores.ui.store, ({ route }) => route.params.find ?? '');
  const [onlySet, setOnlySet] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const all = readyValue(settings);
  useSettingsCommands(all, () => search.current?.focus());
  return (
    <Panel
      title="Effective settings"
      flush
      actions={
        <>
          <span className={classes.once}>Read once, at the start</span>
          <SegmentedControl
            aria-label="Which settings"
            data={['All', 'Customized']}
            value={onlySet ? 'Customized' : 'All'}
            onChange={(value) => setOnlySet(value !== 'All')}
          />
          <TextInput
            ref={search}
            className={classes.search}
            aria-label="Find a setting"
            placeholder="Find a setting"
            leftSection={<IconSearch size={14} />}
            rightSection={text === '' ? <KeyHint keys="/" /> : null}
            value={text}
            onChange={(event) => stores.ui.setParams({ find: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === 'Escape') stores.ui.setParams({ find: null });
            }}
          />
          <CopyButton text={() => toEnvFile(all ?? [])} label="Copy as .env, secrets left out" always />
        </>
      }
    >
      <LoadState load={settings} what="The settings" onRetry={stores.settings.refresh}>
        {(value) => <SettingsTable settings={value} text={text} onlySet={onlySet} />}
      </LoadState>
    </Panel>
  );
}

function useSettingsCommands(all: readonly Setting[] | undefined, find: () => void): void {
  const copy = useCopy();
  useCommands([
    {
      id: 'settings.find',
      title: 'Find a setting',
      group: 'This screen',
      icon: IconSearch,
      keys: '/',
      run: find,
    },
    {
      id: 'settings.env',
      title: 'Copy settings as .env',
      group: 'This screen',
      icon: IconClipboardCopy,
      unavailable: all === undefined ? 'Settings not loaded yet' : null,
      run: () => copy(toEnvFile(all ?? []), { title: 'Copied', text: 'Settings as .env, without secrets' }),
    },
  ]);
}

function NoticeList({ notices }: { notices: readonly string[] }) {
  return (
    <Panel title="Notices">
      <ul className={classes.notices}>
        {notices.map((notice) => (
          <li key={notice}>{notice}</li>
        ))}
      </ul>
    </Panel>
  );
}
