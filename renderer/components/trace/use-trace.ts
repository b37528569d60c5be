import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Trace } from '../../../main/contract/trace.ts';
import { LOADING, type Loadable } from '../../state/app/loadable.ts';
import { useStores } from '../use-stores.tsx';

/** The whole trace of a ref, fetched when first asked for; null for no ref. */
export function useTraceIf(ref: string | null): Loadable<Trace> | null {
  const { store, load } = useStores().traceCache;
  useEffect(() => {
    if (ref === null || store.getState().entries.has(ref)) return;
    load(ref).catch((error) => console.error('trace not loaded', error));
  }, [ref, store, load]);
  return useStore(store, ({ entries }) => (ref === null ? null : (entries.get(ref) ?? LOADING)));
}

/** The whole trace of a ref. */
export function useTrace(ref: string): Loadable<Trace> {
  return useTraceIf(ref) ?? LOADING;
}
