import { IconArrowRight } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { useStore } from 'zustand';
import type { PersonaId, RunAnswer } from '../../../../main/contract/run.ts';
import type { Trace } from '../../../../main/contract/trace.ts';
import { BodyView } from '../../../components/json/json-view.tsx';
import { OutcomeBadge } from '../../../components/status/outcome.tsx';
import { FailedState, LoadingRows } from '../../../components/status/states.tsx';
import { formatBytes, formatDuration } from '../../../components/text/format.ts';
import { Time } from '../../../components/text/values.tsx';
import { ChildList } from '../../../components/trace/child-list.tsx';
import { ContextView } from '../../../components/trace/context-view.tsx';
import { EventsView } from '../../../components/trace/events-view.tsx';
import { Findings } from '../../../components/trace/findings.tsx';
import { HeadersTable } from '../../../components/trace/headers-table.tsx';
import { InProduction } from '../../../components/trace/in-production.tsx';
import { ConsoleLines } from '../../../components/trace/logs-view.tsx';
import { statusText } from '../../../components/trace/status-text.ts';
import { TimeGrid } from '../../../components/trace/time-grid.tsx';
import { useTrace, useTraceIf } from '../../../components/trace/use-trace.ts';
import { WhyBanner } from '../../../components/trace/why-banner.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import { childRows, isWork } from '../../../state/traces/child-rows.ts';
import { usePersonaLabel } from '../form/persona-labels.ts';
import { EmptyResult } from './empty-result.tsx';
import { RecentCalls } from './recent-calls.tsx';
import classes from './run-result.module.css';
import { VersionMark } from './version-mark.tsx';

/** The answer, and below it where each value of that call came from. */
export function RunResult({ plugin }: { readonly plugin: string }) {
  const { runs } = useStores();
  const { running: current, lastSingle: last, lastComparison } = useStore(runs.store);
  // A running comparison is shown elsewhere.
  const running = current === lastComparison ? null : current;
  const waiting = running?.input.plugin === plugin;
  const column = last?.columns[0];
  // Another plugin's answer would be mistaken for this one's.
  if (last === null || column === undefined || last.input.plugin !== plugin) {
    return <EmptyResult plugin={plugin} waiting={waiting} />;
  }
  const { answer } = column;
  if (answer.state === 'failed') {
    return (
      <FailedState what="The answer" failure={answer.error} onRetry={() => runs.start(last.input, null)} />
    );
  }
  if (answer.state === 'loading') return <EmptyResult plugin={plugin} waiting={waiting} />;
  return (
    <div className={classes.result} data-stale={running !== null || undefined} aria-busy={running !== null}>
      <AnswerHead persona={column.persona} startedAt={last.startedAt} answer={answer.value} />
      <AnswerBody answer={answer.value} />
      <div className={classes.recent}>
        <RecentCalls plugin={plugin} />
      </div>
    </div>
  );
}

function AnswerBody({ answer }: { readonly answer: RunAnswer }) {
  const { traceId, cancelled } = answer;
  const untraced = cancelled
    ? 'The connection was closed before an answer arrived, as when a client disconnects.'
    : 'The answer did not name a trace.';
  return (
    <>
      {traceId !== null && <RunWhy id={traceId} />}
      {!cancelled && <Answer answer={answer} />}
      {traceId === null ? <p className={classes.note}>{untraced}</p> : <RunTrace id={traceId} />}
    </>
  );
}

interface AnswerHeadProps {
  readonly persona: PersonaId;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly answer: RunAnswer;
}

function AnswerHead({ persona, startedAt, answer }: AnswerHeadProps) {
  const { traceId } = answer;
  const trace = useTraceIf(traceId);
  const outcome = trace?.state === 'ready' ? trace.value.outcome : null;
  const label = usePersonaLabel(persona);
  return (
    <header className={classes.head}>
      <h2 className={classes.status}>
        {answer.cancelled ? 'Cancelled' : `${answer.status} ${statusText(answer.status)}`}
      </h2>
      {outcome !== null && <OutcomeBadge outcome={outcome} />}
      {!answer.cancelled && (
        <span className="tabular">
          {formatDuration(answer.durationMs)} · {formatBytes(answer.body.bytes)}
        </span>
      )}
      {!answer.cancelled && <VersionMark check={answer.versionHeader} />}
      <span className={classes.meta}>
        as {label} · <Time at={startedAt} coarse />
      </span>
      {traceId !== null && (
        <a className={classes.link} href={`#${formatRoute('traces', { item: traceId })}`}>
          Open trace <IconArrowRight size={14} aria-hidden />
        </a>
      )}
    </header>
  );
}

function Answer({ answer }: { readonly answer: RunAnswer }) {
  const names = Object.keys(answer.headers).length;
  return (
    <>
      <BodyView body={answer.body} maxHeight={360} />
      <Fold title="Headers" note={String(names)}>
        <HeadersTable headers={answer.headers} checkVersion />
      </Fold>
      {answer.body.truncated && (
        <p className={classes.note}>Truncated: the whole body has {formatBytes(answer.body.bytes)}.</p>
      )}
    </>
  );
}

interface FoldProps {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}

function Fold({ title, note, children }: FoldProps) {
  return (
    <details className={classes.fold}>
      <summary>
        {title} <span className={classes.count}>{note}</span>
      </summary>
      {children}
    </details>
  );
}

/** Why the call failed and what production would have done, as soon as its trace is loaded. */
function RunWhy({ id }: { readonly id: string }) {
  const trace = useTrace(id);
  if (trace.state !== 'ready') return null;
  return (
    <>
      <WhyBanner trace={trace.value} />
      <InProduction trace={trace.value} />
      <Findings trace={trace.value} foreign={false} />
    </>
  );
}

/** The call's trace: the context, the plugin's events and its console output. */
function RunTrace({ id }: { readonly id: string }) {
  const { traceCache } = useStores();
  const trace = useTrace(id);
  if (trace.state === 'loading') return <LoadingRows rows={4} />;
  if (trace.state === 'failed') {
    return (
      <p className={classes.note} role="alert">
        Could not load the trace: {trace.error.message}{' '}
        <button type="button" className={classes.retry} onClick={() => traceCache.load(id)}>
          Retry
        </button>
      </p>
    );
  }
  return (
    <>
      <section>
        <h3 className={classes.title}>Where each value came from</h3>
        <ContextView trace={trace.value} />
      </section>
      <RunWork trace={trace.value} />
      {trace.value.events.length > 0 && (
        <section>
          <h3 className={classes.title}>Stub events</h3>
          <EventsView trace={trace.value} />
        </section>
      )}
      {trace.value.console.length > 0 && (
        <section>
          <h3 className={classes.title}>Console output</h3>
          <ConsoleLines trace={trace.value} />
        </section>
      )}
    </>
  );
}

/** The commands and requests of the call, up to the end of its run. */
function RunWork({ trace }: { readonly trace: Trace }) {
  const rows = useMemo(() => childRows(trace).filter(isWork), [trace]);
  const run = trace.spans.find(({ step }) => step === 'run');
  if (rows.length === 0) return null;
  return (
    <section>
      <h3 className={classes.title}>Database and HTTP</h3>
      <TimeGrid labels="wide">
        <ChildList
          trace={trace}
          rows={rows}
          kind={null}
          scaleMs={run === undefined ? 1 : run.startMs + run.durationMs}
        />
      </TimeGrid>
    </section>
  );
}
