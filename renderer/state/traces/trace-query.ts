import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { TraceQuery } from '../../../main/contract/trace-list.ts';
import type { TraceFilters, TracesState } from './trace-store.ts';

/** Rows fetched at once. */
export const PAGE = 200;

/** Whether a trace passes the filters that a row alone can decide: all except text. */
export function matcher({ plugin, outcome }: TraceFilters): (trace: TraceSummary) => boolean {
  if (plugin === null && outcome === null) return () => true;
  return (trace) =>
    (plugin === null || trace.plugin === plugin) && (outcome === null || trace.outcome === outcome);
}

/** The query for the first page with these filters, of the runtime's own traces or of an opened file's. */
export function queryOf({ file, filters }: Pick<TracesState, 'file' | 'filters'>): TraceQuery {
  const { plugin, outcome, text } = filters;
  return {
    limit: PAGE,
    ...(file === null ? {} : { file }),
    ...(plugin === null ? {} : { plugin }),
    ...(outcome === null ? {} : { outcome }),
    ...(text === '' ? {} : { text }),
  };
}
