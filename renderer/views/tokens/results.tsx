import { IconCheck, IconKey, IconX } from '@tabler/icons-react';
import { useStore } from 'zustand';
import type { TokenReport } from '../../../main/contract/token.ts';
import { type PaneTab, PaneTabs } from '../../components/layout/pane-tabs.tsx';
import { EmptyState, LoadingRows, LoadState } from '../../components/status/states.tsx';
import { TokenSteps } from '../../components/status/token-steps.tsx';
import { useStores } from '../../components/use-stores.tsx';
import { type Loadable, readyValue } from '../../state/app/loadable.ts';
import { parseClaims, type TokenTab } from '../../state/app/tokens.ts';
import classes from './results.module.css';
import { TokenField } from './token-field.tsx';
import { Context, findFailure, Section, TokenReportView, Verdict } from './token-report.tsx';

/**
 * Two tabs: what the claims would result in while they are typed, and the checks of a minted or pasted token.
 */
export function Results() {
  const { tokens } = useStores();
  const { preview, report } = useStore(tokens.store);
  const tabs: readonly (PaneTab & { readonly value: TokenTab })[] = [
    {
      value: 'context',
      title: 'Live context',
      sign: <Sign report={preview} />,
      show: () => <LiveContext />,
    },
    { value: 'token', title: 'Token', sign: <Sign report={report} />, show: () => <TokenPanel /> },
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

/** What a plugin would receive if the claims in the editor were signed, while they are typed. */
function LiveContext() {
  const { tokens } = useStores();
  const { claims, preview } = useStore(tokens.store);
  if (preview === null) return <LoadingRows rows={8} />;
  const parsed = parseClaims(claims);
  const problem = typeof parsed === 'string' ? parsed : null;
  return (
    <LoadState load={preview} what="The context" onRetry={tokens.preview}>
      {(report) => (
        <div className={classes.report} data-stale={problem !== null || undefined}>
          {problem !== null && (
            <p className={classes.error} role="status">
              {problem} Showing the result of the last valid claims.
            </p>
          )}
          <Verdict report={report} accepted="A token with these claims is accepted" />
          <Context report={report} />
          <Section title="Checks of the claims" about="As the runtime makes them for every request.">
            <TokenSteps steps={report.steps} hideRemedyFor={findFailure(report)?.check} />
          </Section>
        </div>
      )}
    </LoadState>
  );
}

/** A minted or pasted token, and the runtime's report of it. */
function TokenPanel() {
  const { tokens } = useStores();
  const report = useStore(tokens.store, (state) => state.report);
  return (
    <div className={classes.report}>
      <TokenField />
      {report === null ? (
        <EmptyState
          icon={IconKey}
          title="No token yet"
          text="Mint one from the claims on the left, or paste one above. Its content and the checks of its signature and claims are shown separately."
        />
      ) : (
        <LoadState load={report} what="The token’s report" onRetry={tokens.inspect}>
          {(value, at) => <TokenReportView report={value} at={at} />}
        </LoadState>
      )}
    </div>
  );
}
