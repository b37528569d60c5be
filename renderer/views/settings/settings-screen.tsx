import { SegmentedControl, TextInput, useMantineColorScheme } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { RuntimeSnapshot } from '../../../main/contract/snapshot.ts';
import { Copyable } from '../../components/copy-button.tsx';
import { Page, Panel } from '../../components/page.tsx';
import { LoadState } from '../../components/states.tsx';
import { readyValue } from '../../state/loadable.ts';
import { runtimeStore } from '../../state/runtime.ts';
import { refreshSettings, settingsStore } from '../../state/settings.ts';
import { setParams, uiStore } from '../../state/ui.ts';
import classes from './settings.module.css';
import { SettingsTable } from './settings-table.tsx';

/** What applies, and where it comes from. */
export function SettingsScreen() {
  const settings = useStore(settingsStore, (state) => state.settings);
  const snapshot = useStore(runtimeStore, (state) => readyValue(state.snapshot));
  const text = useStore(uiStore, ({ route }) => route.params.find ?? '');
  useEffect(() => {
    refreshSettings();
  }, []);
  return (
    <Page
      title="Settings"
      note="Read once at the start: change one, then start anew"
      actions={<ThemeChoice />}
    >
      {snapshot && snapshot.notices.length > 0 && <NoticeList notices={snapshot.notices} />}
      <Panel
        title="Effective settings"
        flush
        actions={
          <TextInput
            className={classes.search}
            aria-label="Find a setting"
            placeholder="Find a setting"
            leftSection={<IconSearch size={14} />}
            value={text}
            onChange={(event) => setParams({ find: event.currentTarget.value })}
          />
        }
      >
        <LoadState load={settings} what="The settings" onRetry={refreshSettings}>
          {(all) => <SettingsTable settings={all} text={text} />}
        </LoadState>
      </Panel>
      {snapshot && <Versions snapshot={snapshot} />}
    </Page>
  );
}

const THEMES = [
  { value: 'auto', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

function ThemeChoice() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <SegmentedControl
      aria-label="Theme"
      data={[...THEMES]}
      value={colorScheme}
      onChange={(scheme) => {
        const theme = THEMES.find(({ value }) => value === scheme);
        if (theme) setColorScheme(theme.value);
      }}
    />
  );
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

function Versions({ snapshot: { versions, contractVersion, folder } }: { snapshot: RuntimeSnapshot }) {
  const rows = [
    ['Runtime ↔ Platform Contract', contractVersion],
    ...Object.entries(versions),
    ['Watched folder', folder.path],
  ] as const;
  return (
    <Panel title="Versions">
      <dl className={classes.versions}>
        {rows.map(([name, value]) => (
          <div key={name} className={classes.version}>
            <dt>{name}</dt>
            <dd>
              <Copyable text={value}>
                <span className="mono">{value}</span>
              </Copyable>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
