import { Button, Progress } from '@mantine/core';
import { useStore } from 'zustand';
import { formatDuration, showControls } from '../../components/format.ts';
import { cancelCheck, contractStore } from '../../state/contract.ts';
import { useElapsed } from '../run/use-elapsed.ts';
import classes from './contract-screen.module.css';

/** How far a run has come, and the way to end it. */
export function CheckProgress() {
  const run = useStore(contractStore, (state) => state.run);
  const progress = useStore(contractStore, (state) => state.progress);
  if (run === null) return null;
  const { done, total, title } = progress ?? { done: 0, total: 0, title: '' };
  return (
    <div className={classes.progress}>
      <Progress
        className={classes.bar}
        value={total === 0 ? 0 : (100 * done) / total}
        transitionDuration={100}
        aria-label="Clauses judged"
      />
      <span className="tabular" role="status">
        {total === 0 ? 'Asking the target what it offers' : `${done} of ${total} · ${showControls(title)}`}
      </span>
      <Clock startedAt={run.startedAt} />
      <Button size="compact-xs" onClick={cancelCheck} loading={run.cancelling}>
        Cancel
      </Button>
    </div>
  );
}

function Clock({ startedAt }: { readonly startedAt: number }) {
  return <span className="tabular">{formatDuration(useElapsed(startedAt))}</span>;
}
