import { IconKey } from '@tabler/icons-react';
import { useStore } from 'zustand';
import { EmptyState, LoadState } from '../../components/status/states.tsx';
import { inspectToken, tokenStore } from '../../state/app/tokens.ts';
import { TokenField } from './token-field.tsx';
import classes from './token-report.module.css';
import { TokenReportView } from './token-report.tsx';

/** A token, minted or pasted, and what it turns into. */
export function ReadToken() {
  const report = useStore(tokenStore, (state) => state.report);
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
        <LoadState load={report} what="The token’s report" onRetry={inspectToken}>
          {(value, at) => <TokenReportView report={value} at={at} />}
        </LoadState>
      )}
    </div>
  );
}
