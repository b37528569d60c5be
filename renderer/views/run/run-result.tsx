import { IconArrowRight, IconPlayerPlay } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import { ROUTES } from '../../../main/contract/http.ts';
import type { HeaderCheck, RunAnswer } from '../../../main/contract/run.ts';
import { formatBytes, formatDuration, showControls } from '../../components/format.ts';
import { BodyView } from '../../components/json-view.tsx';
import { KeyHint } from '../../components/key-hint.tsx';
import { VerdictMark } from '../../components/mark.tsx';
import { OutcomeBadge } from '../../components/outcome.tsx';
import { EmptyState, FailedState } from '../../components/states.tsx';
import { Time } from '../../components/values.tsx';
import { formatRoute } from '../../state/route.ts';
import { HeadersTable } from '../traces/headers-table.tsx';
import { statusText } from '../traces/status-text.ts';
import { useTraceIf } from '../traces/use-trace.ts';
import classes from './run-result.module.css';
import { type FinishedRun, runStore, startRun } from './run-store.ts';
import { RunTrace, RunWhy } from './run-trace.tsx';
import { useRunWish } from './use-run-wish.ts';

/** The answer, and below it where each value came from in that very call. */
export function RunResult() {
  const { running, last } = useStore(runStore);
  if (last === null) return <NothingYet waiting={running !== null} />;
  if (last.failure !== null) {
    return <FailedState what="The answer" failure={last.failure} onRetry={() => startRun(last.run)} />;
  }
  if (last.answer === null) return <NothingYet waiting={running !== null} />;
  return (
    <div className={classes.result} data-stale={running !== null || undefined} aria-busy={running !== null}>
      <AnswerHead finished={last} answer={last.answer} />
      {last.traceId !== null && <RunWhy id={last.traceId} />}
      {!last.answer.cancelled && <Answer answer={last.answer} />}
      {last.traceId === null ? (
        <p className={classes.note}>
          {last.answer.cancelled
            ? 'The connection was closed before there was an answer, as a client that goes away would do.'
            : 'The runtime answered without naming a trace.'}
        </p>
      ) : (
        <RunTrace id={last.traceId} />
      )}
    </div>
  );
}

function NothingYet({ waiting }: { readonly waiting: boolean }) {
  const { wish } = useRunWish();
  const path = ROUTES.execute.replace(':plugin_name', wish.plugin === '' ? '<plugin>' : wish.plugin);
  return (
    <EmptyState
      icon={IconPlayerPlay}
      title={waiting ? 'Waiting for the answer' : 'No answer yet'}
      text={
        <>
          POST <span className="mono">{showControls(path)}</span>
          {waiting ? ' is under way.' : ' is sent with the chosen persona’s token. '}
          {!waiting && <KeyHint keys="mod+Enter" />}
        </>
      }
    />
  );
}

interface AnswerHeadProps {
  readonly finished: FinishedRun;
  readonly answer: RunAnswer;
}

function AnswerHead({ finished: { run, traceId }, answer }: AnswerHeadProps) {
  const trace = useTraceIf(traceId, { patient: true });
  const outcome = trace?.state === 'ready' ? trace.value.outcome : null;
  return (
    <header className={classes.head}>
      <h2 className={classes.status}>
        {answer.cancelled ? 'Cancelled' : `${answer.status} ${statusText(answer.status)}`}
      </h2>
      {outcome !== null && <OutcomeBadge outcome={outcome} />}
      {!answer.cancelled && <span className="tabular">{formatDuration(answer.durationMs)}</span>}
      {!answer.cancelled && <VersionMark check={answer.versionHeader} />}
      <span className={classes.meta}>
        {showControls(run.plugin)} as {run.persona} · <Time at={run.startedAt} coarse />
      </span>
      {traceId !== null && (
        <a className={classes.link} href={`#${formatRoute('traces', { item: traceId })}`}>
          Open trace <IconArrowRight size={14} aria-hidden />
        </a>
      )}
    </header>
  );
}

function VersionMark({ check }: { readonly check: HeaderCheck }) {
  const words = check.ok
    ? `Version header ${check.observed}`
    : `Version header ${check.observed ?? 'missing'}, expected ${check.expected}`;
  return <VerdictMark verdict={check.ok ? 'passed' : 'failed'} word={words} />;
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
        <p className={classes.note}>Only the beginning is shown of {formatBytes(answer.body.bytes)}.</p>
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
