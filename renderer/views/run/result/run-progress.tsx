import { useElapsed } from '../../../components/time/use-elapsed.ts';
import { countdown } from './run-model.ts';
import classes from './run-progress.module.css';
import { type Running, useRunning } from './use-running.ts';

/** A line above the answer that fills up until the timeout while a call runs; the text is next to Cancel. */
export function RunProgress() {
  const running = useRunning();
  return <div className={classes.track}>{running !== null && <Line running={running} />}</div>;
}

function Line({ running: { startedAt, timeoutMs, pausedByDebugger } }: { readonly running: Running }) {
  const { fraction } = countdown(0, useElapsed(startedAt), timeoutMs);
  if (pausedByDebugger) return null;
  return (
    <div
      className={classes.line}
      data-late={fraction > 0.8 || undefined}
      style={{ width: `${fraction * 100}%` }}
    />
  );
}
