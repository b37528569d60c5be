import { useMemo } from 'react';
import type { Step, Trace } from '../../../../main/contract/trace.ts';
import { OUTCOME_LOOK } from '../../../components/status/outcome.tsx';
import { formatDuration, formatLimit, showControls } from '../../../components/text/format.ts';
import { type Waterfall, type WaterfallBar, waterfall } from './waterfall.ts';
import classes from './waterfall-view.module.css';

/** What each step does, for first-time readers of a waterfall. */
const STEP_ABOUT: Readonly<Record<Step, string>> = {
  receive: 'The request head arrives',
  origin: 'Host and Origin headers are checked',
  authenticate: 'The token is verified and mapped to an identity',
  find: 'The plugin is looked up',
  body: 'The body is read and parsed',
  inject: 'The runtime’s keys are set and the client’s reserved keys removed',
  queue: 'The call waits for its turn; this counts towards the timeout',
  run: 'The plugin’s code runs',
  check: 'The result must be a JSON object',
  respond: 'The answer is written',
};

/** The steps of a call against its whole duration, and the deadline. */
export function WaterfallView({ trace }: { readonly trace: Trace }) {
  const layout = useMemo(() => waterfall(trace), [trace]);
  const { deadline } = layout;
  return (
    <div className={classes.view}>
      <div className={classes.axis}>
        <div className={classes.scale}>
          {layout.ticks.map((tick) => (
            <span key={tick} className={classes.tick} style={{ left: `${(tick / layout.scaleMs) * 100}%` }}>
              {tick === 0 ? '0' : formatLimit(tick)}
            </span>
          ))}
        </div>
      </div>
      <div className={classes.bars}>
        <ol className={classes.rows}>
          {layout.bars.map((bar) => (
            <BarRow key={`${bar.span.step}${bar.span.startMs}`} bar={bar} trace={trace} />
          ))}
        </ol>
        {deadline !== null && deadline.at !== null && <DeadlineLine at={deadline.at} />}
      </div>
      <div className={classes.axis}>
        <p className={classes.deadlineNote} data-far={deadline?.at === null || undefined}>
          {describeDeadline(trace.timeoutMs, deadline)}
        </p>
      </div>
    </div>
  );
}

function describeDeadline(timeoutMs: number, deadline: Waterfall['deadline']): string {
  if (deadline === null) return 'The call was never queued, so no deadline applied.';
  if (deadline.at === null) return `deadline ${formatLimit(timeoutMs)} →`;
  return `The dashed line is the deadline, ${formatLimit(timeoutMs)} from queueing.`;
}

/** One line through all rows, in the bars' column. */
function DeadlineLine({ at }: { readonly at: number }) {
  return (
    <div className={classes.overlay} aria-hidden>
      <span className={classes.lane}>
        <span className={classes.deadline} style={{ left: `${at * 100}%` }} />
      </span>
    </div>
  );
}

interface BarRowProps {
  readonly bar: WaterfallBar;
  readonly trace: Trace;
}

function BarRow({ bar: { span, left, width }, trace }: BarRowProps) {
  const color = span.ok ? undefined : OUTCOME_LOOK[trace.outcome].color;
  return (
    <li className={classes.row} data-failed={!span.ok || undefined} data-step={span.step}>
      <span className={classes.step} title={STEP_ABOUT[span.step]} style={{ color }}>
        {span.step}
      </span>
      <span className={classes.track}>
        <span
          className={classes.bar}
          style={{ left: `${left * 100}%`, width: `${width * 100}%`, background: color }}
        />
      </span>
      <span className={classes.duration}>{formatDuration(span.durationMs)}</span>
      {span.note !== undefined && <span className={classes.note}>{showControls(span.note)}</span>}
    </li>
  );
}
