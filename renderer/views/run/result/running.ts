import { useStore } from 'zustand';
import { readyValue } from '../../../state/app/loadable.ts';
import { runtimeStore } from '../../../state/app/runtime.ts';
import { isRunning, matrixStore } from '../compare/matrix-store.ts';
import { runStore } from './run-store.ts';

/** The screen's running call, as one persona or several. */
export interface Running {
  readonly plugin: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly cancelling: boolean;
  /** A debugger is attached to the plugin: its timeout is paused. */
  readonly held: boolean;
}

/** The call that is running, or null. */
export function useRunning(): Running | null {
  const { running, cancelling } = useStore(runStore);
  const several = useStore(matrixStore);
  const plugin = running?.plugin ?? several.matrix?.wish.plugin;
  const held = useStore(
    runtimeStore,
    ({ snapshot }) =>
      readyValue(snapshot)?.plugins.find(({ name }) => name === plugin)?.debug?.attached === true,
  );
  if (running !== null) return { ...running, cancelling, held };
  if (!isRunning(several.matrix)) return null;
  const { wish, startedAt, timeoutMs } = several.matrix;
  return { plugin: wish.plugin, startedAt, timeoutMs, cancelling: several.cancelling, held };
}
