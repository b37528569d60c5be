import type { Trace } from '../../../main/contract/trace.ts';
import { DriverRemedy } from '../plugin/driver-box.tsx';
import { OUTCOME_LOOK } from '../status/outcome.tsx';
import { formatDuration, formatLimit, showControls } from '../text/format.ts';
import { StackBlock } from '../text/stack-block.tsx';
import { explain } from './explanation.ts';
import classes from './why-banner.module.css';

/** Why a call failed: an explanation, then the runtime's own error. */
export function WhyBanner({ trace }: { readonly trace: Trace }) {
  const why = explain(trace, formatLimit(trace.timeoutMs), formatDuration(trace.durationMs));
  if (why === null) return null;
  const { color } = OUTCOME_LOOK[trace.outcome];
  return (
    <div className={classes.why} style={{ borderColor: color }}>
      <p className={classes.what}>
        {showControls(why.what)} {why.remedy !== null && <span>{why.remedy}</span>}
      </p>
      {trace.error !== null && (
        <p className={classes.answer}>
          <span className={classes.code}>{trace.error.code}</span> {showControls(cut(trace.error.message))}
        </p>
      )}
      {trace.error !== null && <DriverRemedy message={trace.error.message} />}
      {trace.error?.stack !== undefined && (
        <details className={classes.stack}>
          <summary>Stack</summary>
          <StackBlock plugin={trace.plugin} stack={trace.error.stack} />
        </details>
      )}
    </div>
  );
}

/** A plugin's message may be megabytes long; the Raw tab has all of it. */
const MAX_MESSAGE = 400;

function cut(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}… (see Raw)`;
}
