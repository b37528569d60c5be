import type { PersonaId } from '../../../../main/contract/run.ts';
import { cancelMatrix, isRunning, matrixStore, startMatrix } from '../compare/matrix-store.ts';
import { cancelRun, type RunInput, runStore, startRun } from './run-store.ts';

/** What the one button does: the call as one persona, or as several at once. Never rejects; one of them at a time. */
export async function send(wish: RunInput, several: readonly PersonaId[] | null): Promise<void> {
  if (wish.plugin === '' || isRunning(matrixStore.getState().matrix)) return;
  if (several === null) return startRun(wish);
  const { persona: _one, ...shared } = wish;
  return startMatrix(shared, several);
}

/** Drops the connections of whatever is running, as clients that go away would. Never rejects. */
export async function cancelSent(): Promise<void> {
  await (runStore.getState().running === null ? cancelMatrix() : cancelRun());
}
