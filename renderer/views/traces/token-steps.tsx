import type { TokenStep } from '../../../main/contract/trace.ts';
import { showControls } from '../../components/format.ts';
import { VerdictMark } from '../../components/mark.tsx';
import classes from './token-steps.module.css';

/** Each check of a token in order, with its verdict and, where it failed, the exact reason. */
export function TokenSteps({ steps }: { readonly steps: readonly TokenStep[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">check</th>
          <th scope="col">verdict</th>
          <th scope="col">what was found</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step) => (
          <tr key={step.check} data-verdict={step.verdict}>
            <td className={classes.check}>{step.check}</td>
            <td>
              <VerdictMark verdict={step.verdict} />
            </td>
            <td className={classes.detail}>{showControls(step.detail)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
