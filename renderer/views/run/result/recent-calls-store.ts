import { createStore } from 'zustand/vanilla';
import type { TraceSummary } from '../../../../main/contract/trace.ts';
import { bridge, call, on } from '../../../bridge.ts';
import { LOADING, type Loadable, ready, settle } from '../../../state/app/loadable.ts';

const SHOWN = 6;

export interface RecentCallsState {
  readonly plugin: string;
  /** Newest first. */
  readonly calls: Loadable<readonly TraceSummary[]>;
}

/** The latest calls of one plugin, from any client. */
export const recentCalls = createStore<RecentCallsState>()(() => ({ plugin: '', calls: LOADING }));

/** Follows the latest calls of `plugin`. Returns `unsubscribe`. */
export function followRecentCalls(plugin: string): () => void {
  recentCalls.setState({ plugin, calls: LOADING });
  const undo = [
    on('traces', ({ traces }) => add(plugin, traces)),
    bridge().onConnection(({ state }) => {
      if (state === 'open') refreshRecentCalls().catch((error) => console.error('calls not loaded', error));
    }),
  ];
  return () => {
    for (const stop of undo) stop();
  };
}

/** Fetches them again. Never rejects. */
export async function refreshRecentCalls(): Promise<void> {
  const { plugin } = recentCalls.getState();
  const answer = await settle(call('traces', { limit: SHOWN, plugin }));
  if (recentCalls.getState().plugin !== plugin) return;
  recentCalls.setState({ calls: answer.state === 'ready' ? ready(answer.value.traces) : answer });
}

function add(plugin: string, traces: readonly TraceSummary[]): void {
  const { calls } = recentCalls.getState();
  const own = traces.filter((trace) => trace.plugin === plugin).reverse();
  if (own.length === 0 || calls.state !== 'ready') return;
  const known = calls.value.filter(({ id }) => !own.some((trace) => trace.id === id));
  recentCalls.setState({ calls: ready([...own, ...known].slice(0, SHOWN)) });
}
