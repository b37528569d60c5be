import { IconFlag3, IconInfoCircle } from '@tabler/icons-react';
import type { IdentityView, Trace } from '../../../../main/contract/trace.ts';
import { Copyable } from '../../../components/controls/copy-button.tsx';
import { OutcomeBadge } from '../../../components/status/outcome.tsx';
import { formatDuration, formatLimit, plural, showControls } from '../../../components/text/format.ts';
import { ShortId, Time } from '../../../components/text/values.tsx';
import { WhyBanner } from '../../../components/trace/why-banner.tsx';
import { useStores } from '../../../components/use-stores.tsx';
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
        <FindingsNote count={trace.findings?.length ?? 0} />
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

/** Null where the name says no more than the user id. */
function nameBeside({ username, userId }: IdentityView): string | null {
  return username === userId ? null : username;
}

function Caller({ trace: { identity, user } }: { readonly trace: Trace }) {
  if (identity === null) return null;
  const name = identity.kind === 'anonymous' ? 'no token' : nameBeside(identity);
  return (
    <span className={classes.caller}>
      {[name, user ?? identity.userId]
        .filter((part) => part !== null)
        .map(showControls)
        .join(' · ')}
    </span>
  );
}

/** Notes on the call, listed above its waterfall. */
function FindingsNote({ count }: { readonly count: number }) {
  const { ui } = useStores();
  if (count === 0) return null;
  return (
    <button type="button" className={classes.findings} onClick={() => ui.chooseTab('trace', 'waterfall')}>
      <IconInfoCircle size={13} stroke={2} aria-hidden />
      {plural(count, 'finding')}
    </button>
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
