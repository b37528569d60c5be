import { IconArrowRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { RunAnswer } from '../../../../main/contract/run.ts';
import { BodyView } from '../../../components/json/json-view.tsx';
import { OutcomeBadge } from '../../../components/status/outcome.tsx';
import { FailedState } from '../../../components/status/states.tsx';
import { formatBytes, formatDuration } from '../../../components/text/format.ts';
import { Time } from '../../../components/text/values.tsx';
import { HeadersTable } from '../../../components/trace/headers-table.tsx';
import { statusText } from '../../../components/trace/status-text.ts';
import { useTraceIf } from '../../../components/trace/use-trace.ts';
import { formatRoute } from '../../../state/app/route.ts';
import { usePersonaLabel } from '../form/persona-labels.ts';
import { EmptyResult } from './nothing-yet.tsx';
import { RecentCalls } from './recent-calls.tsx';
import classes from './run-result.module.css';
import { type FinishedRun, runStore, startRun } from './run-store.ts';
import { RunTrace, RunWhy } from './run-trace.tsx';
import { VersionMark } from './version-mark.tsx';

/** The answer, and below it where each value of that call came from. */
export function RunResult({ plugin }: { readonly plugin: string }) {
  const { running, last } = useStore(runStore);
  const waiting = running?.plugin === plugin;
  // Another plugin's answer would be mistaken for this one's.
  if (last === null || last.run.plugin !== plugin) return <EmptyResult plugin={plugin} waiting={waiting} />;
  if (last.failure !== null) {
    return <FailedState what="The answer" failure={last.failure} onRetry={() => startRun(last.run)} />;
  }
  if (last.answer === null) return <EmptyResult plugin={plugin} waiting={waiting} />;
  return (
    <div className={classes.result} data-stale={running !== null || undefined} aria-busy={running !== null}>
      <AnswerHead finished={last} answer={last.answer} />
      {last.traceId !== null && <RunWhy id={last.traceId} />}
      {!last.answer.cancelled && <Answer answer={last.answer} />}
      {last.traceId === null ? (
        <p className={classes.note}>
          {last.answer.cancelled
            ? 'The connection was closed before an answer arrived, as when a client disconnects.'
            : 'The answer did not name a trace.'}
        </p>
      ) : (
        <RunTrace id={last.traceId} />
      )}
      <div className={classes.recent}>
        <RecentCalls plugin={plugin} />
      </div>
    </div>
  );
}

interface AnswerHeadProps {
  readonly finished: FinishedRun;
  readonly answer: RunAnswer;
}

function AnswerHead({ finished: { run, traceId }, answer }: AnswerHeadProps) {
  const trace = useTraceIf(traceId, { patient: true });
  const outcome = trace?.state === 'ready' ? trace.value.outcome : null;
  const who = usePersonaLabel(run.persona);
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
        as {who} · <Time at={run.startedAt} coarse />
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
