import { createStore } from 'zustand/vanilla';
import type { Trace } from '../../../main/contract/trace.ts';
import { call } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from '../../state/app/loadable.ts';
import { parseRef } from './trace-ref.ts';

export interface TraceCacheState {
  /** By ref (an id, with its file where it is in one), the one asked for longest ago first. A trace never changes once it is recorded. */
  readonly entries: ReadonlyMap<string, Loadable<Trace>>;
}

/** Whole traces may hold bodies of 256 KiB: only the last few stay. */
const MAX_ENTRIES = 24;
/** A call's trace is recorded just after its answer was sent: how often and how long a fresh one is waited for. */
const PATIENCE = { tries: 20, pauseMs: 100 };

export const traceCache = createStore<TraceCacheState>()(() => ({ entries: new Map() }));

/** Fetches a trace unless it is there; `patient` for one that may be recorded any moment. Failures land in the cache. */
export async function loadTrace(ref: string, options: { patient?: boolean } = {}): Promise<void> {
  const known = traceCache.getState().entries.get(ref);
  if (known !== undefined && known.state !== 'failed') return;
  put(ref, LOADING);
  put(ref, await fetchTrace(ref, options.patient === true ? PATIENCE.tries : 1));
}

async function fetchTrace(ref: string, tries: number): Promise<Loadable<Trace>> {
  const { id, file } = parseRef(ref);
  const answer = await settle(call('trace', file === null ? { id } : { id, file }));
  const missing = answer.state === 'failed' && answer.error.code === 'NOT_FOUND';
  if (!missing || tries <= 1) return answer;
  await new Promise((resolve) => setTimeout(resolve, PATIENCE.pauseMs));
  return fetchTrace(ref, tries - 1);
}

function put(ref: string, trace: Loadable<Trace>): void {
  const entries = new Map(traceCache.getState().entries);
  entries.delete(ref);
  entries.set(ref, trace);
  for (const oldest of entries.keys()) {
    if (entries.size <= MAX_ENTRIES) break;
    entries.delete(oldest);
  }
  traceCache.setState({ entries });
}
