import { IconFlag3 } from '@tabler/icons-react';
import type { Trace } from '../../../../main/contract/trace.ts';
import { Copyable } from '../../../components/controls/copy-button.tsx';
import { OUTCOME_LOOK, OutcomeBadge } from '../../../components/status/outcome.tsx';
import { formatDuration, formatLimit, plural, showControls } from '../../../components/text/format.ts';
import { StackBlock } from '../../../components/text/stack-block.tsx';
import { ShortId, Time } from '../../../components/text/values.tsx';
import { explain } from '../../../components/trace/explanation.ts';
import { TraceActions } from './trace-actions.tsx';
import classes from './trace-head.module.css';

/** Which call this was, how it ended and why, and actions on it. */
export function TraceHead({ trace, named }: { readonly trace: Trace; readonly named: string }) {
  return (
    <header className={classes.head}>
      <div className={classes.line}>
        <h2 className={classes.plugin}>{showControls(trace.plugin)}</h2>
        <OutcomeBadge outcome={trace.outcome} />
        <span className="tabular">{trace.status ?? 'no answer'}</span>
        <span className={classes.dim}>
          <span className={classes.strong}>{formatDuration(trace.durationMs)}</span> of{' '}
          {formatLimit(trace.timeoutMs)}
        </span>
        <Caller trace={trace} />
        <span className={classes.when}>
          <Time at={trace.startedAt} />
        </span>
        {trace.spoofed && <SpoofNote count={trace.spoofs.length} />}
      </div>
      <div className={classes.line}>
        <TraceActions trace={trace} named={named} />
        <span className={classes.id}>
          <Time at={trace.startedAt} />
          <span className={classes.shortId}>
            <Copyable text={trace.id} label="Copy trace id">
              <ShortId id={trace.id} />
            </Copyable>
          </span>
        </span>
      </div>
      <WhyBanner trace={trace} />
    </header>
  );
}

function Caller({ trace: { identity, user } }: { readonly trace: Trace }) {
  if (identity === null) return null;
  const name = identity.username ?? (identity.kind === 'anonymous' ? 'no token' : null);
  return (
    <span className={classes.caller}>
      {[name, user ?? identity.userId]
        .filter((part) => part !== null)
        .map(showControls)
        .join(' · ')}
    </span>
  );
}

function SpoofNote({ count }: { readonly count: number }) {
  return (
    <span className={classes.spoof}>
      <IconFlag3 size={13} stroke={2} aria-hidden />
      {count > 0 ? `tried to set ${plural(count, 'reserved key')}` : 'tried to set reserved keys'}
    </span>
  );
}

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
