import { IconCheck, IconX } from '@tabler/icons-react';
import type { TokenReport } from '../../../main/contract/token.ts';
import type { TokenStep } from '../../../main/contract/trace.ts';
import { showControls } from '../../components/format.ts';
import { JsonView } from '../../components/json-view.tsx';
import { VerdictMark } from '../../components/mark.tsx';
import { ContextPreview } from './context-preview.tsx';
import { Part } from './part.tsx';
import classes from './tokens.module.css';

/** Verified, decoded and turned into a context: three things kept apart. */
export function TokenReportView({ report }: { report: TokenReport }) {
  return (
    <>
      <Verification report={report} />
      <ContextPreview report={report} />
      <Decoded report={report} />
    </>
  );
}

function Verification({ report: { verified, steps } }: { report: TokenReport }) {
  const Icon = verified ? IconCheck : IconX;
  const failed = steps.find(({ verdict }) => verdict === 'failed');
  return (
    <Part title="Verified" about="Would the runtime accept it?">
      <p className={classes.verdict} data-verified={verified} role="status">
        <Icon size={16} stroke={2.25} aria-hidden />
        {verified
          ? 'Accepted'
          : `Refused with 401${failed ? ` (${failed.check}): ${showControls(failed.detail)}` : ''}`}
      </p>
      <ol className={classes.steps}>
        {steps.map((step) => (
          <Step key={step.check} step={step} />
        ))}
      </ol>
    </Part>
  );
}

function Step({ step: { check, verdict, detail } }: { step: TokenStep }) {
  return (
    <li className={classes.step}>
      <VerdictMark verdict={verdict} />
      <span className={classes.check}>{check}</span>
      <span className={classes.reason}>{showControls(detail)}</span>
    </li>
  );
}

function Decoded({ report: { decodeError, header, claims } }: { report: TokenReport }) {
  return (
    <Part title="Decoded" about="Anyone can read this; it says nothing about trust.">
      {decodeError !== null ? (
        <p className={classes.error}>{showControls(decodeError)}</p>
      ) : (
        <div className={classes.decoded}>
          <div>
            <h4 className={classes.small}>Header</h4>
            <JsonView value={header} copyLabel="Copy header" />
          </div>
          <div>
            <h4 className={classes.small}>Claims</h4>
            <JsonView value={claims} copyLabel="Copy claims" />
          </div>
        </div>
      )}
    </Part>
  );
}
