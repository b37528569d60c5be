import { IconCheck, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { TokenReport } from '../../../main/contract/token.ts';
import { type PaneTab, PaneTabs } from '../../components/layout/pane-tabs.tsx';
import { type Loadable, readyValue } from '../../state/app/loadable.ts';
import { type TokenTab, tokenStore } from '../../state/app/tokens.ts';
import { LiveContext } from './live-context.tsx';
import { ReadToken } from './read-token.tsx';
import classes from './result-tabs.module.css';

/**
 * Two tabs: what the claims would result in while they are typed, and the checks of a minted or pasted token.
 */
export function ResultTabs() {
  const { preview, report } = useStore(tokenStore);
  const tabs: readonly (PaneTab & { readonly value: TokenTab })[] = [
    {
      value: 'context',
      title: 'Live context',
      sign: <Sign report={preview} />,
      show: () => <LiveContext />,
    },
    { value: 'token', title: 'Token', sign: <Sign report={report} />, show: () => <ReadToken /> },
  ];
  return <PaneTabs group="tokens" tabs={tabs} first="context" tall />;
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
