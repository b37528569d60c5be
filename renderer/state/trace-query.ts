import type { TraceSummary } from '../../main/contract/trace.ts';
import type { TraceQuery } from '../../main/contract/trace-list.ts';
import type { TraceFilters } from './traces.ts';

/** Rows fetched at once. */
export const PAGE = 200;

/** Whether a trace passes the filters that a row alone can tell: all but the text. */
export function matcher({ plugin, outcome }: TraceFilters): (trace: TraceSummary) => boolean {
  if (plugin === null && outcome === null) return () => true;
  return (trace) =>
    (plugin === null || trace.plugin === plugin) && (outcome === null || trace.outcome === outcome);
}

/** The first page for these filters. */
export function queryOf({ plugin, outcome, text }: TraceFilters): TraceQuery {
  return {
    limit: PAGE,
    ...(plugin === null ? {} : { plugin }),
    ...(outcome === null ? {} : { outcome }),
    ...(text === '' ? {} : { text }),
  };
}
