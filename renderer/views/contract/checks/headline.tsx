import type { ConformanceReport } from '../../../../main/contract/conformance.ts';
import { formatDuration, showControls } from '../../../components/text/format.ts';
import { Time } from '../../../components/text/values.tsx';
import { useElapsed } from '../../../components/time/use-elapsed.ts';
import type { ContractRun } from '../../../state/contract/contract.ts';
import {
  countStates,
  describeProgress,
  formatCounts,
  type ShownClause,
  showChecked,
} from '../../../state/contract/contract-model.ts';
import classes from '../contract-screen.module.css';

/** "38 of 40 passed · 2 skipped · 12:04:31 · 32.1 s · http://…" */
export function ReportHeadline({ report }: { readonly report: ConformanceReport }) {
  const counts = countStates(showChecked(report.checks));
  return (
    <span className="tabular">
      <strong
        className={classes.headline}
        data-failed={counts.failed > 0 || undefined}
        data-testid="contract-headline"
      >
        {formatCounts(counts)}
      </strong>{' '}
      · <Time at={report.at} coarse /> · {formatDuration(report.durationMs)} ·{' '}
      <span className="mono">{showControls(report.target)}</span>
      {report.mode !== null && ` · ${report.mode} mode`}
      {report.cancelled && ' · cancelled'}
    </span>
  );
}

interface RunHeadlineProps {
  readonly run: ContractRun;
  readonly rows: readonly ShownClause[];
}

/** "54 of 73 passed · 1 running: Unset, the timeout is 30 seconds · 4.20 s" */
export function RunHeadline({ run, rows }: RunHeadlineProps) {
  const counts = countStates(rows);
  if (run.total === 0) {
    return (
      <span>
        Inspecting target · <Clock startedAt={run.startedAt} />
      </span>
    );
  }
  return (
    <span className="tabular">
      <span role="status" data-testid="contract-progress">
        <strong className={classes.headline} data-failed={counts.failed > 0 || undefined}>
          {formatCounts(counts)}
        </strong>{' '}
        · {showControls(describeProgress(counts, run.title))}
      </span>{' '}
      · <Clock startedAt={run.startedAt} />
    </span>
  );
}

function Clock({ startedAt }: { readonly startedAt: number }) {
  return <span className="tabular">{formatDuration(useElapsed(startedAt))}</span>;
}
