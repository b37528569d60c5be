import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { useStores } from '../use-stores.tsx';
import classes from './pane-tabs.module.css';

export interface PaneTab {
  readonly value: string;
  readonly title: ReactNode;
  /** To the right of the title. */
  readonly sign?: ReactNode;
  readonly show: () => ReactNode;
}

export interface PaneTabsProps {
  /** Name under which the open tab is remembered. */
  readonly group: string;
  readonly tabs: readonly PaneTab[];
  /** Open until another one is chosen. */
  readonly first: string;
  readonly panelClass?: string | undefined;
  readonly tall?: boolean;
  /** In a low window the whole pane scrolls, not just the panel. */
  readonly flows?: boolean;
}

/** Tabs that fill a pane and remember which one is open. */
export function PaneTabs({
  group,
  tabs,
  first,
  panelClass = '',
  tall = false,
  flows = false,
}: PaneTabsProps) {
  const stores = useStores();
  const chosen = useStore(stores.ui.store, ({ choices }) => choices.tabs[group]);
  return (
    <Tabs
      value={tabs.find(({ value }) => value === chosen)?.value ?? first}
      onChange={(tab) => {
        if (tab !== null) stores.ui.chooseTab(group, tab);
      }}
      className={classes.tabs}
      classNames={{
        list: classes.list ?? '',
        tab: classes.tab ?? '',
        panel: `${classes.panel} ${panelClass}`,
      }}
      data-tall={tall || undefined}
      data-flows={flows || undefined}
    >
      <Tabs.List>
        {tabs.map(({ value, title, sign }) => (
          <Tabs.Tab key={value} value={value} rightSection={sign}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, show }) => (
        <Tabs.Panel key={value} value={value}>
          {show()}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
