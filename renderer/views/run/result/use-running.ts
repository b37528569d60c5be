import { useStore } from 'zustand';
import { useStores } from '../../../components/use-stores.tsx';
import { readyValue } from '../../../state/app/loadable.ts';

/** The screen's running call, as one persona or several. */
export interface Running {
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly cancelling: boolean;
  /** A debugger is attached to the plugin: its timeout is paused. */
  readonly pausedByDebugger: boolean;
}

/** The call that is running, or null. */
export function useRunning(): Running | null {
  const { runs, runtime } = useStores();
  const { running, cancelling } = useStore(runs.store);
  const pausedByDebugger = useStore(runtime.store, ({ snapshot }) => {
    const plugin = readyValue(snapshot)?.plugins.find(({ name }) => name === running?.input.plugin);
    return plugin?.debug?.attached === true;
  });
  if (running === null) return null;
  const { startedAt, timeoutMs } = running;
  return { startedAt, timeoutMs, cancelling, pausedByDebugger };
}
