import type { TokenRemedy, TokenStep } from '../../../main/contract/trace.ts';
import { formatRoute } from '../../state/app/route.ts';
import { showControls } from '../text/format.ts';
import { VerdictMark } from '../text/mark.tsx';
import classes from './token-steps.module.css';

export interface TokenStepsProps {
  readonly steps: readonly TokenStep[];
  /** The check whose remedy stands elsewhere already. */
  readonly hideRemedyFor?: string | undefined;
}

/**
 * Each check of a token in order, with its verdict and, where it failed, the exact reason and what to change.
 * Those that nobody came to are one line.
 */
export function TokenSteps({ steps, hideRemedyFor: toldElsewhere }: TokenStepsProps) {
  const last = steps.findLastIndex((step) => !isUnreached(step, steps));
  const unreached = steps.slice(last + 1).map(({ check }) => check);
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
        {steps.slice(0, last + 1).map((step) => (
          <tr key={step.check} data-verdict={step.verdict}>
            <td className={classes.check}>{step.check}</td>
            <td>
              <VerdictMark verdict={step.verdict} />
            </td>
            <td className={classes.detail}>
              {showControls(step.detail)}
              {step.remedy && step.check !== toldElsewhere && <Remedy remedy={step.remedy} />}
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

/** Skipped since an earlier check failed, not because this mode has no such check. */
function isUnreached({ verdict, detail }: TokenStep, steps: readonly TokenStep[]): boolean {
  return verdict === 'skipped' && detail.startsWith('Not looked at') && steps.length > 1;
}

/** What would change a failed verdict; the setting leads to where it stands now. */
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
