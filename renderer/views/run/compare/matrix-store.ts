import { createStore } from 'zustand/vanilla';
import type { PersonaId, RunAnswer } from '../../../../main/contract/run.ts';
import { call } from '../../../bridge.ts';
import { announce } from '../../../state/app/announcements.ts';
import { type Failure, LOADING, type Loadable, settle, toFailure } from '../../../state/app/loadable.ts';
import { rememberBody } from '../form/sent-bodies.ts';
import { callOf, presentTimeout, type RunInput, runStore } from '../result/run-store.ts';

/** The same call as one of several personas: a call of its own over real HTTP, with a trace of its own. */
export interface MatrixColumn {
  readonly persona: PersonaId;
  readonly runId: string;
  /** `loading` while it runs; `failed` when there was no answer at all. */
  readonly answer: Loadable<RunAnswer>;
}

export interface Matrix {
  readonly wish: Omit<RunInput, 'persona'>;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly columns: readonly MatrixColumn[];
}

export interface MatrixState {
  /** The latest, running or not. */
  readonly matrix: Matrix | null;
  readonly cancelling: boolean;
}

export const matrixStore = createStore<MatrixState>()(() => ({ matrix: null, cancelling: false }));

export function isRunning(matrix: Matrix | null): matrix is Matrix {
  return matrix?.columns.some(({ answer }) => answer.state === 'loading') ?? false;
}

/** Makes the call as all of them at once. Never rejects; does nothing while a call of this screen is running. */
export async function startMatrix(
  wish: Omit<RunInput, 'persona'>,
  personas: readonly PersonaId[],
): Promise<void> {
  if (personas.length === 0 || isRunning(matrixStore.getState().matrix)) return;
  if (runStore.getState().running !== null) return;
  const columns = personas.map((persona) => ({ persona, runId: crypto.randomUUID(), answer: LOADING }));
  const matrix: Matrix = { wish, startedAt: Date.now(), timeoutMs: presentTimeout(), columns };
  matrixStore.setState({ matrix, cancelling: false });
  rememberBody(wish.plugin, wish.body);
  await Promise.all(
    columns.map(async ({ persona, runId }) => {
      fill(runId, await settle(call('run', { runId, ...callOf({ ...wish, persona }) })));
    }),
  );
  matrixStore.setState({ cancelling: false });
}

/** Drops the connections that are still waiting. Never rejects. */
export async function cancelMatrix(): Promise<void> {
  const { matrix, cancelling } = matrixStore.getState();
  if (!isRunning(matrix) || cancelling) return;
  matrixStore.setState({ cancelling: true });
  const waiting = matrix.columns.filter(({ answer }) => answer.state === 'loading');
  const failures = (await Promise.all(waiting.map(cancelColumn))).filter((failure) => failure !== null);
  const [first] = failures;
  if (first === undefined) return;
  matrixStore.setState({ cancelling: false });
  announce({ tone: 'bad', title: 'Not cancelled', text: first.message });
}

async function cancelColumn({ runId }: MatrixColumn): Promise<Failure | null> {
  try {
    await call('cancelRun', { runId });
    return null;
  } catch (error) {
    return toFailure(error);
  }
}

function fill(runId: string, answer: Loadable<RunAnswer>): void {
  const { matrix } = matrixStore.getState();
  if (matrix === null) return;
  const columns = matrix.columns.map((column) => (column.runId === runId ? { ...column, answer } : column));
  matrixStore.setState({ matrix: { ...matrix, columns } });
}
