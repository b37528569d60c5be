import { ActionIcon, Loader, Tooltip } from '@mantine/core';
import { IconArrowRight, IconPin, IconPinned } from '@tabler/icons-react';
import type { RunAnswer } from '../../../../main/contract/run.ts';
import { CopyButton } from '../../../components/controls/copy-button.tsx';
import { OutcomeBadge } from '../../../components/status/outcome.tsx';
import { formatBytes, formatDuration, showControls } from '../../../components/text/format.ts';
import { useElapsed } from '../../../components/time/use-elapsed.ts';
import { useTraceIf } from '../../../components/trace/use-trace.ts';
import { useStores } from '../../../components/use-stores.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import type { Run, RunColumn } from '../../../state/run/runs-store.ts';
import { prettyBody } from '../../../state/traces/stored-body.ts';
import { VersionMark } from '../result/version-mark.tsx';
import classes from './matrix-view.module.css';

export interface ColumnHeadProps {
  readonly column: RunColumn;
  readonly run: Run;
  readonly label: string;
  /** The column that the others are compared with. */
  readonly first: RunColumn;
}

/** Which persona made the call, how it ended, and a link to its trace. */
export function ColumnHead({ column, run, label, first }: ColumnHeadProps) {
  const { runForm } = useStores();
  const isFirst = column.runId === first.runId;
  return (
    <th className={classes.column} scope="col" data-first={isFirst || undefined}>
      <div className={classes.persona}>
        <span className={classes.label}>{label}</span>
        <span className={classes.tools}>
          {column.answer.state === 'ready' && !column.answer.value.cancelled && (
            <CopyAnswer answer={column.answer.value} />
          )}
          {isFirst ? (
            <Tooltip label="Other answers are compared with this one">
              <IconPinned size={14} className={classes.pinned ?? ''} aria-label="baseline" />
            </Tooltip>
          ) : (
            <Tooltip label={`Compare others with ${label}`}>
              <ActionIcon
                size={20}
                className={classes.pin ?? ''}
                aria-label={`Compare others with ${label}`}
                onClick={() => runForm.compareWith(column.persona)}
              >
                <IconPin size={14} />
              </ActionIcon>
            </Tooltip>
          )}
        </span>
      </div>
      <Ending column={column} run={run} first={isFirst ? null : first} />
    </th>
  );
}

function Ending({
  column,
  run,
  first,
}: Pick<ColumnHeadProps, 'column' | 'run'> & { first: RunColumn | null }) {
  const { answer } = column;
  if (answer.state === 'loading') return <Waiting startedAt={run.startedAt} />;
  if (answer.state === 'failed') {
    // A persona that can't be used here is not an error.
    const tone = answer.error.code === 'BAD_REQUEST' ? 'quiet' : 'bad';
    return (
      <p className={classes.failure} data-tone={tone}>
        {showControls(answer.error.message)}
      </p>
    );
  }
  if (answer.value.cancelled) {
    const aborted = formatRoute('traces', { params: { plugin: run.input.plugin, outcome: 'aborted' } });
    return (
      <div className={classes.facts}>
        <OutcomeBadge outcome="aborted" />
        <a className={classes.link} href={`#${aborted}`}>
          Aborted traces <IconArrowRight size={13} aria-hidden />
        </a>
      </div>
    );
  }
  const other = first?.answer.state === 'ready' ? first.answer.value : null;
  return <Answered answer={answer.value} differs={other !== null && other.status !== answer.value.status} />;
}

function Waiting({ startedAt }: { readonly startedAt: number }) {
  const elapsed = useElapsed(startedAt);
  return (
    <div className={classes.facts}>
      <Loader size={12} />
      <span className={classes.quiet}>running for {formatDuration(elapsed)}</span>
    </div>
  );
}

function Answered({ answer, differs }: { readonly answer: RunAnswer; readonly differs: boolean }) {
  const { traceId, body } = answer;
  const trace = useTraceIf(traceId);
  const outcome = trace?.state === 'ready' ? trace.value.outcome : null;
  return (
    <>
      <div className={classes.facts}>
        {differs && (
          <span className={classes.mark} role="img" aria-label="different status:">
            ≠
          </span>
        )}
        <span className={classes.status}>{answer.status}</span>
        {outcome !== null && <OutcomeBadge outcome={outcome} />}
      </div>
      <div className={classes.facts}>
        <span className={classes.quiet}>
          {formatDuration(answer.durationMs)} · {formatBytes(body.bytes)}
        </span>
      </div>
      <div className={classes.facts}>
        <VersionMark check={answer.versionHeader} short />
        {traceId !== null && (
          <a className={classes.link} href={`#${formatRoute('traces', { item: traceId })}`}>
            Trace <IconArrowRight size={13} aria-hidden />
          </a>
        )}
      </div>
    </>
  );
}

/** Visible while the column head is hovered or focused. */
function CopyAnswer({ answer }: { readonly answer: RunAnswer }) {
  return (
    <span className={classes.pin}>
      <CopyButton text={() => prettyBody(answer.body)} label="Copy answer" always />
    </span>
  );
}
