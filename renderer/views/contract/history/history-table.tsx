import { ActionIcon, Checkbox, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import type { ReportSummary, Verdict } from '../../../../main/contract/conformance.ts';
import { formatDate, formatDuration, showControls } from '../../../components/text/format.ts';
import { VerdictMark } from '../../../components/text/mark.tsx';
import { useStores } from '../../../components/use-stores.tsx';
import { formatRoute } from '../../../state/app/route.ts';
import { type ContractHistoryStore, runLineId } from '../../../state/contract/contract-history.ts';
import { formatCounts } from '../../../state/contract/contract-model.ts';
import { formatMoment, formatTarget } from '../checks/format-run.ts';
import classes from './history-table.module.css';

/** One row per run. */
export function HistoryTable({ runs }: { readonly runs: readonly ReportSummary[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>
            <span className={classes.unseen}>Compare</span>
          </th>
          <th>Started</th>
          <th>Runtime</th>
          <th>Mode</th>
          <th>Verdict</th>
          <th data-right>Duration</th>
          <th>
            <span className={classes.unseen}>Delete</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <Row key={run.id} run={run} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ run }: { readonly run: ReportSummary }) {
  const { id, at, counts, durationMs, mode, cancelled, edition } = run;
  const { contract, contractHistory } = useStores();
  const marked = useStore(contractHistory.store, (state) => state.marked.includes(id));
  const isLast = useStore(
    contract.store,
    ({ report }) => report?.state === 'ready' && report.value.id === id,
  );
  const moment = formatMoment(at);
  return (
    <tr data-marked={marked || undefined}>
      <td>
        <Checkbox
          size="xs"
          aria-label={`Compare the run of ${moment}`}
          checked={marked}
          onChange={() => contractHistory.toggleMark(id)}
        />
      </td>
      <td>
        <a
          id={runLineId(id)}
          className={classes.when}
          href={`#${formatRoute('contract', isLast ? {} : { item: id })}`}
          title={formatDate(at)}
          onFocus={() => contractHistory.setActive(id)}
          onKeyDown={(event) => handleRunKey(event, id, contractHistory)}
        >
          {moment}
        </a>
        {isLast && <span className={classes.quiet}> latest</span>}
      </td>
      <td className={classes.target} title={run.target}>
        {showControls(formatTarget(run))}
      </td>
      <td className={classes.quiet}>
        {mode ?? '–'}
        <span className={classes.edition}> · edition {edition}</span>
      </td>
      <td>
        <VerdictMark verdict={toVerdict(counts)} word={formatCounts({ ...counts, pending: 0, running: 0 })} />
        {cancelled && <span className={classes.quiet}> · cancelled</span>}
      </td>
      <td data-right className="tabular">
        {formatDuration(durationMs)}
      </td>
      <td>
        <Tooltip label="Delete this run">
          <ActionIcon aria-label={`Delete the run of ${moment}`} onClick={() => contractHistory.remove(id)}>
            <IconTrash size={14} />
          </ActionIcon>
        </Tooltip>
      </td>
    </tr>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, Home: -1e9, End: 1e9 };

/** The verdict on a whole run; skipped only where nothing else is. */
function toVerdict({ failed, differs, passed }: ReportSummary['counts']): Verdict {
  if (failed > 0) return 'failed';
  if (differs > 0) return 'differs';
  return passed > 0 ? 'passed' : 'skipped';
}

function handleRunKey(event: KeyboardEvent, id: string, history: ContractHistoryStore): unknown {
  const step = STEPS[event.key];
  if (step === undefined && event.key !== 'x' && event.key !== 'Delete') return undefined;
  event.preventDefault();
  if (step !== undefined) history.moveFocus(step);
  else if (event.key === 'x') history.toggleMark(id);
  else return history.remove(id);
  return undefined;
}
