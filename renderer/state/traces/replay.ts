import { createStore } from 'zustand/vanilla';
import type { ArgumentOf } from '../../../main/contract/inspector.ts';
import type { PersonaId } from '../../../main/contract/run.ts';
import type { TraceRef } from '../../../main/contract/trace-file.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { toFailure } from '../app/loadable.ts';
import type { UiStore } from '../app/ui.ts';

export interface RunningReplay {
  readonly runId: string;
  /** The trace being replayed. */
  readonly id: string;
  readonly persona: PersonaId;
  /** ms since the epoch. */
  readonly startedAt: number;
}

interface ReplayDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly ui: UiStore;
  /** ms since the epoch. */
  readonly now: () => number;
}

export function createReplay({ inspector, announcements, ui, now }: ReplayDeps) {
  /** One replay at a time. */
  const store = createStore<{ readonly running: RunningReplay | null }>()(() => ({ running: null }));

  /**
   * Sends a trace's request again and opens the new trace, unless another one was selected meanwhile. Never
   * rejects.
   */
  async function start({ id, file }: TraceRef, persona: PersonaId): Promise<void> {
    if (store.getState().running !== null) return;
    const runId = crypto.randomUUID();
    store.setState({ running: { runId, id, persona, startedAt: now() } });
    const request: ReplayRequest = { id, persona, runId };
    if (persona === 'custom') request.token = ui.store.getState().customToken;
    if (file !== null) request.file = file;
    try {
      const answer = await inspector.call('replay', request);
      const { route } = ui.store.getState();
      if (answer.traceId === null) {
        const text = `The answer was ${answer.status}, without a trace.`;
        announcements.announce({ tone: 'plain', title: 'Replayed', text });
      } else if (route.screen === 'traces' && (route.item === id || route.item === null)) {
        // The new trace belongs to this runtime, even when the old one was in a file.
        ui.navigate('traces', { item: answer.traceId, params: { ...route.params, file: null } });
      }
    } catch (error) {
      announcements.announce({ tone: 'bad', title: 'Not replayed', text: toFailure(error).message });
    } finally {
      store.setState({ running: null });
    }
  }

  /** Drops the replay's connection; the runtime then ends the call. Never rejects. */
  async function cancel(): Promise<void> {
    const { running } = store.getState();
    if (running === null) return;
    try {
      await inspector.call('cancelRun', { runId: running.runId });
    } catch (error) {
      announcements.announce({ tone: 'bad', title: 'Not cancelled', text: toFailure(error).message });
    }
  }
  return {
    store,
    start,
    cancel,
  };
}

type ReplayRequest = ArgumentOf<'replay'>;
