import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { TraceQuery } from '../../../main/contract/trace-list.ts';
import type { TraceFilters, TracesState } from './traces-state.ts';

/** Rows fetched at once. */
export const PAGE = 200;

/** Whether a trace passes the filters that a row alone can decide: all except text. */
export function matcher({ plugin, outcome }: TraceFilters): (trace: TraceSummary) => boolean {
  if (plugin === null && outcome === null) return () => true;
  return (trace) =>
    (plugin === null || trace.plugin === plugin) && (outcome === null || trace.outcome === outcome);
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The query for the first page with these filters, of the runtime's own traces or of an opened file's. */
export function queryOf({ file, filters }: Pick<TracesState, 'file' | 'filters'>): TraceQuery {
  const query: Mutable<TraceQuery> = { limit: PAGE, ...filterFields(filters) };
  if (file !== null) query.file = file;
  return query;
}

/** The filters that are set, as fields of a query: absent ones don't filter. */
export function filterFields({ plugin, outcome, text }: TraceFilters): Omit<TraceQuery, 'limit'> {
  const fields: Mutable<Omit<TraceQuery, 'limit'>> = {};
  if (plugin !== null) fields.plugin = plugin;
  if (outcome !== null) fields.outcome = outcome;
  if (text !== '') fields.text = text;
  return fields;
}
