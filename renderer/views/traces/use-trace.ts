import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Trace } from '../../../main/contract/trace.ts';
import { LOADING, type Loadable } from '../../state/loadable.ts';
import { loadTrace, traceCache } from './trace-cache.ts';

/** The whole trace of an id, fetched when first asked for. */
export function useTrace(id: string, options: { readonly patient?: boolean } = {}): Loadable<Trace> {
  const patient = options.patient === true;
  useEffect(() => {
    loadTrace(id, { patient }).catch((error) => console.error('trace not loaded', error));
  }, [id, patient]);
  return useStore(traceCache, ({ entries }) => entries.get(id) ?? LOADING);
}
