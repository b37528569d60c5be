import { IconChevronRight } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo } from 'react';
import { useStore } from 'zustand';
import type { Span, Step, Trace } from '../../../../main/contract/trace.ts';
import { OUTCOME_LOOK } from '../../../components/status/outcome.tsx';
import { formatDuration, formatLimit, showControls } from '../../../components/text/format.ts';
import { ChildList } from '../../../components/trace/child-list.tsx';
import { Findings } from '../../../components/trace/findings.tsx';
import { TimeGrid } from '../../../components/trace/time-grid.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { type ChildListStore, RUN_FOLD_ID } from '../../../state/traces/child-list-store.ts';
import { childRows, type SingleRow, shownKind, tickPlaces } from '../../../state/traces/child-rows.ts';
import { parseRef } from '../../../state/traces/trace-ref.ts';
import { ChildTools } from './child-tools.tsx';
import { NotRecorded } from './not-recorded.tsx';
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

/** The steps of a call against its whole duration, what the plugin did in it, and the deadline. */
export function WaterfallView({ trace, named }: { readonly trace: Trace; readonly named: string }) {
  const layout = useMemo(() => waterfall(trace), [trace]);
  const rows = useMemo(() => childRows(trace), [trace]);
  const { deadline, scaleMs } = layout;
  return (
    <div className={classes.view}>
      <Findings trace={trace} foreign={parseRef(named).file !== null} />
      <ChildTools trace={trace} rows={rows} />
      <TimeGrid labels={rows.length === 0 ? 'narrow' : 'wide'}>
        <div className={classes.axis}>
          <div className={classes.scale}>
            {layout.ticks.map((tick) => (
              <span key={tick} className={classes.tick} style={{ left: `${(tick / scaleMs) * 100}%` }}>
                {tick === 0 ? '0' : formatLimit(tick)}
              </span>
            ))}
          </div>
        </div>
        <div className={classes.bars}>
          <ol className={classes.rows}>
            {layout.bars.map((bar) => (
              <BarRow
                key={`${bar.span.step}${bar.span.startMs}`}
                bar={bar}
                trace={trace}
                rows={bar.span.step === 'run' ? rows : NO_ROWS}
                scaleMs={scaleMs}
              />
            ))}
          </ol>
          {deadline !== null && deadline.at !== null && <DeadlineLine at={deadline.at} />}
        </div>
        <div className={classes.axis}>
          <p className={classes.deadlineNote} data-far={deadline?.at === null || undefined}>
            {describeDeadline(trace.timeoutMs, deadline)}
          </p>
        </div>
      </TimeGrid>
      <NotRecorded trace={trace} named={named} />
    </div>
  );
}

const NO_ROWS: readonly SingleRow[] = [];

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
  /** What happened in the step. */
  readonly rows: readonly SingleRow[];
  readonly scaleMs: number;
}

function BarRow({ bar, trace, rows, scaleMs }: BarRowProps) {
  const { span, left, width } = bar;
  const { childList } = useStores();
  const folded = useStore(childList.store, (state) => state.folded);
  const kind = useStore(childList.store, (state) => shownKind(state.kind, rows));
  const color = span.ok ? undefined : OUTCOME_LOOK[trace.outcome].color;
  return (
    <li className={classes.step} data-failed={!span.ok || undefined} data-step={span.step}>
      <div className={classes.row}>
        <StepName span={span} color={color} folds={rows.length > 0} />
        <span className={classes.track}>
          <span
            className={classes.bar}
            style={{ left: `${left * 100}%`, width: `${width * 100}%`, background: color }}
          />
          <LineTicks trace={trace} shown={rows.length > 0} scaleMs={scaleMs} />
        </span>
        <span className={classes.duration}>{formatDuration(span.durationMs)}</span>
        {span.note !== undefined && <span className={classes.note}>{showControls(span.note)}</span>}
      </div>
      {rows.length > 0 && !folded && <ChildList trace={trace} rows={rows} kind={kind} scaleMs={scaleMs} />}
    </li>
  );
}

interface StepNameProps {
  readonly span: Span;
  readonly color: string | undefined;
  /** It has rows below it. */
  readonly folds: boolean;
}

function StepName({ span: { step }, color, folds }: StepNameProps) {
  const { childList } = useStores();
  const folded = useStore(childList.store, (state) => state.folded);
  if (!folds) {
    return (
      <span className={classes.name} title={STEP_ABOUT[step]} style={{ color }}>
        {step}
      </span>
    );
  }
  return (
    <button
      type="button"
      id={RUN_FOLD_ID}
      className={classes.fold}
      title={STEP_ABOUT[step]}
      style={{ color }}
      aria-expanded={!folded}
      onClick={() => childList.setFolded(!folded)}
      onKeyDown={(event) => handleFoldKey(event, childList)}
    >
      <IconChevronRight size={13} aria-hidden className={classes.chevron} data-open={!folded || undefined} />
      {step}
    </button>
  );
}

function handleFoldKey(event: KeyboardEvent, childList: ChildListStore): void {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === 'ArrowRight') childList.setFolded(false);
  else if (event.key === 'ArrowLeft') childList.setFolded(true);
  else if (event.key === 'ArrowDown') childList.goToActive();
  else return;
  event.preventDefault();
}

interface LineTicksProps {
  readonly trace: Trace;
  readonly shown: boolean;
  readonly scaleMs: number;
}

/** When console lines were written, on the bar of the step itself. */
function LineTicks({ trace, shown, scaleMs }: LineTicksProps) {
  if (!shown) return null;
  return tickPlaces(
    trace.console.map(({ atMs }) => atMs),
    scaleMs,
  ).map((place) => <span key={place} className={classes.lineTick} style={{ left: `${place * 100}%` }} />);
}
