import { createStore } from 'zustand/vanilla';
import type { PersonaId } from '../../../../main/contract/run.ts';
import type { TraceRef } from '../../../../main/contract/trace-file.ts';
import { call } from '../../../bridge.ts';
import { announce } from '../../../state/app/announcements.ts';
import { toFailure } from '../../../state/app/loadable.ts';
import { navigate, uiStore } from '../../../state/app/ui.ts';

export interface Replay {
  readonly runId: string;
  /** The trace being replayed. */
  readonly id: string;
  readonly persona: PersonaId;
  /** ms since the epoch. */
  readonly startedAt: number;
}

/** One replay at a time. */
export const replayStore = createStore<{ readonly running: Replay | null }>()(() => ({ running: null }));

/** Sends a trace's request again and opens the new trace, unless another one was selected meanwhile. Never rejects. */
export async function replayTrace({ id, file }: TraceRef, persona: PersonaId): Promise<void> {
  if (replayStore.getState().running !== null) return;
  const runId = crypto.randomUUID();
  replayStore.setState({ running: { runId, id, persona, startedAt: Date.now() } });
  const { customToken } = uiStore.getState();
  try {
    const token = persona === 'custom' ? { token: customToken } : {};
    const answer = await call('replay', { id, persona, runId, ...token, ...(file === null ? {} : { file }) });
    const { route } = uiStore.getState();
    if (answer.traceId === null) {
      announce({
        tone: 'plain',
        title: 'Replayed',
        text: `The answer was ${answer.status}, without a trace.`,
      });
    } else if (route.screen === 'traces' && (route.item === id || route.item === null)) {
      // The new trace belongs to this runtime, even when the old one was in a file.
      navigate('traces', { item: answer.traceId, params: { ...route.params, file: null } });
    }
  } catch (error) {
    announce({ tone: 'bad', title: 'Not replayed', text: toFailure(error).message });
  } finally {
    replayStore.setState({ running: null });
  }
}

/** Drops the replay's connection; the runtime then ends the call. Never rejects. */
export async function cancelReplay(): Promise<void> {
  const { running } = replayStore.getState();
  if (running === null) return;
  try {
    await call('cancelRun', { runId: running.runId });
  } catch (error) {
    announce({ tone: 'bad', title: 'Not cancelled', text: toFailure(error).message });
  }
}
