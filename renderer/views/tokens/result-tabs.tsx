import { Tabs } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { TokenReport } from '../../../main/contract/token.ts';
import { type Loadable, readyValue } from '../../state/loadable.ts';
import { showTokenTab, TOKEN_TABS, type TokenTab, tokenStore } from '../../state/tokens.ts';
import { uiStore } from '../../state/ui.ts';
import { LiveContext } from './live-context.tsx';
import { ReadToken } from './read-token.tsx';
import classes from './result-tabs.module.css';

/** What the claims would give, while they are typed; and what a token, minted or pasted, is worth. */
export function ResultTabs() {
  const chosen = useStore(uiStore, ({ choices }) => choices.tabs.tokens);
  const { preview, report } = useStore(tokenStore);
  const tab: TokenTab = TOKEN_TABS.find((name) => name === chosen) ?? 'context';
  return (
    <Tabs
      value={tab}
      onChange={(name) => showTokenTab(TOKEN_TABS.find((known) => known === name) ?? 'context')}
      className={classes.tabs ?? ''}
      classNames={{ list: classes.list ?? '', tab: classes.tab ?? '', panel: classes.panel ?? '' }}
    >
      <Tabs.List>
        <Tabs.Tab value="context" rightSection={<Sign report={preview} />}>
          Live context
        </Tabs.Tab>
        <Tabs.Tab value="token" rightSection={<Sign report={report} />}>
          Token
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="context">
        <LiveContext />
      </Tabs.Panel>
      <Tabs.Panel value="token">
        <ReadToken />
      </Tabs.Panel>
    </Tabs>
  );
}

function Sign({ report }: { report: Loadable<TokenReport> | null }) {
  const value = report === null ? undefined : readyValue(report);
  if (value === undefined) return null;
  return value.verified ? (
    <IconCheck size={14} stroke={2.25} aria-label="accepted" className={classes.good} />
  ) : (
    <IconX size={14} stroke={2.25} aria-label="refused" className={classes.bad} />
  );
}
