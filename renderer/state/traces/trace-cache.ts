import { createStore } from 'zustand/vanilla';
import type { Trace } from '../../../main/contract/trace.ts';
import type { Inspector } from '../../bridge.ts';
import { LOADING, type Loadable, settle } from '../app/loadable.ts';
import { parseRef } from './trace-ref.ts';

export interface TraceCacheState {
  /**
   * By ref (an id, with its file if it is in one), least recently requested first. A recorded trace never
   * changes.
   */
  readonly entries: ReadonlyMap<string, Loadable<Trace>>;
}

/** Whole traces may contain bodies of 256 KiB: only the last few are retained. */
const MAX_ENTRIES = 24;

interface TraceCacheDeps {
  readonly inspector: Inspector;
}

export function createTraceCache({ inspector }: TraceCacheDeps) {
  const store = createStore<TraceCacheState>()(() => ({ entries: new Map() }));

  /** Fetches a trace unless it is cached or being fetched. Failures go to the cache. */
  async function load(ref: string): Promise<void> {
    const known = store.getState().entries.get(ref);
    if (known !== undefined && known.state !== 'failed') return;
    put(ref, LOADING);
    const { id, file } = parseRef(ref);
    put(ref, await settle(inspector.call('trace', file === null ? { id } : { id, file })));
  }

  function put(ref: string, trace: Loadable<Trace>): void {
    const entries = new Map(store.getState().entries);
    entries.delete(ref);
    entries.set(ref, trace);
    for (const oldest of entries.keys()) {
      if (entries.size <= MAX_ENTRIES) break;
      entries.delete(oldest);
    }
    store.setState({ entries });
  }
  return {
    store,
    load,
  };
}
