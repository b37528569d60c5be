import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Trace } from '../../../main/contract/trace.ts';
import { LOADING, type Loadable } from '../../state/app/loadable.ts';
import { loadTrace, traceCache } from './trace-cache.ts';

/** The whole trace of an id, fetched when first asked for; null for no id. `patient`: it may be recorded any moment. */
export function useTraceIf(
  id: string | null,
  options: { readonly patient?: boolean } = {},
): Loadable<Trace> | null {
  const patient = options.patient === true;
  useEffect(() => {
    if (id === null || traceCache.getState().entries.has(id)) return;
    loadTrace(id, { patient }).catch((error) => console.error('trace not loaded', error));
  }, [id, patient]);
  return useStore(traceCache, ({ entries }) => (id === null ? null : (entries.get(id) ?? LOADING)));
}

/** The whole trace of an id. */
export function useTrace(id: string, options: { readonly patient?: boolean } = {}): Loadable<Trace> {
  return useTraceIf(id, options) ?? LOADING;
}
