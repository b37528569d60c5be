import type { TokenRemedy, TokenStep } from '../../../main/contract/trace.ts';
import { formatRoute } from '../../state/app/route.ts';
import { showControls } from '../text/format.ts';
import { VerdictMark } from '../text/mark.tsx';
import classes from './token-steps.module.css';

export interface TokenStepsProps {
  readonly steps: readonly TokenStep[];
  /** The check whose remedy is shown elsewhere. */
  readonly hideRemedyFor?: string | undefined;
}

/**
 * Each check of a token in order, with its verdict and, where it failed, the reason and what to change. The
 * checks that were not reached share one row.
 */
export function TokenSteps({ steps, hideRemedyFor }: TokenStepsProps) {
  const reached = steps.filter((step) => step.reached !== false);
  const unreached = steps.filter((step) => step.reached === false).map(({ check }) => check);
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">Check</th>
          <th scope="col">Verdict</th>
          <th scope="col">Finding</th>
        </tr>
      </thead>
      <tbody>
        {reached.map((step) => (
          <tr key={step.check} data-verdict={step.verdict}>
            <td className={classes.check}>{step.check}</td>
            <td>
              <VerdictMark verdict={step.verdict} />
            </td>
            <td className={classes.detail}>
              {showControls(step.detail)}
              {step.remedy && step.check !== hideRemedyFor && <Remedy remedy={step.remedy} />}
            </td>
          </tr>
        ))}
        {unreached.length > 0 && (
          <tr data-verdict="skipped">
            <td className={classes.check}>the rest</td>
            <td>
              <VerdictMark verdict="skipped" />
            </td>
            <td className={classes.detail}>Not checked: {unreached.join(', ')}.</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** What would change a failed verdict; the setting links to its current value. */
export function Remedy({ remedy: { text, setting } }: { readonly remedy: TokenRemedy }) {
  return (
    <div className={classes.remedy}>
      {showControls(text)}
      {setting !== null && (
        <>
          {' '}
          <a href={`#${formatRoute('settings', { params: { find: setting } })}`}>{setting}</a>
        </>
      )}
    </div>
  );
}
