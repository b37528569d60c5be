import { useStore } from 'zustand';
import { formatDuration } from '../../components/format.ts';
import { contractStore } from '../../state/contract.ts';
import { useElapsed } from '../run/use-elapsed.ts';
import classes from './contract-screen.module.css';

/** That the checks are under way, and for how long; how far they are only the runtime knows. */
export function CheckProgress() {
  return (
    <div className={classes.progress} role="status">
      <span className={classes.bar} aria-hidden>
        <span />
      </span>
      <Clock />
    </div>
  );
}

function Clock() {
  const startedAt = useStore(contractStore, (state) => state.startedAt);
  const elapsed = useElapsed(startedAt);
  return <span className="tabular">Checking clause by clause, {formatDuration(elapsed)} so far</span>;
}
