import { useStore } from 'zustand';
import { LoadingRows, LoadState } from '../../components/status/states.tsx';
import { TokenSteps } from '../../components/status/token-steps.tsx';
import { parseClaims, previewClaims, tokenStore } from '../../state/app/tokens.ts';
import classes from './token-report.module.css';
import { Context, firstFailure, Section, Verdict } from './token-report.tsx';

/** What a plugin would get if the claims in the editor were signed, while they are typed. */
export function LiveContext() {
  const { claims, preview } = useStore(tokenStore);
  if (preview === null) return <LoadingRows rows={8} />;
  const parsed = parseClaims(claims);
  const problem = typeof parsed === 'string' ? parsed : null;
  return (
    <LoadState load={preview} what="The context" onRetry={previewClaims}>
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
            <TokenSteps steps={report.steps} hideRemedyFor={firstFailure(report)?.check} />
          </Section>
        </div>
      )}
    </LoadState>
  );
}
