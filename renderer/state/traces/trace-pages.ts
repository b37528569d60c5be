import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { settle } from '../app/loadable.ts';
import { PAGE, queryOf } from './trace-query.ts';
import type { TraceStore } from './trace-store.ts';
import type { TracesState } from './traces-state.ts';

/**
 * Rows by their index in the whole list, 0 for the newest: the list is as long as there are matches, and each
 * page of it is fetched when it comes into view. Indexes are stable while the list is pinned, which it is as
 * soon as it is scrolled.
 */

export function listLength({ rows, matched }: Pick<TracesState, 'rows' | 'matched'>): number {
  return Math.max(rows.length, matched);
}

/** Undefined until it is fetched. */
export function rowAt(
  { rows, far }: Pick<TracesState, 'rows' | 'far'>,
  index: number,
): TraceSummary | undefined {
  return rows[index] ?? far.get(Math.floor(index / PAGE))?.[index % PAGE];
}

/** The index of a trace among the fetched rows; -1 if it isn't there. */
export function indexOfTrace({ rows, far }: Pick<TracesState, 'rows' | 'far'>, id: string | null): number {
  const near = rows.findIndex((row) => row.id === id);
  if (near >= 0 || id === null) return near;
  for (const [page, traces] of far) {
    const at = traces.findIndex((row) => row.id === id);
    if (at >= 0) return page * PAGE + at;
  }
  return -1;
}

export type TracePages = ReturnType<typeof createTracePages>;

interface TracePagesDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
  readonly traces: TraceStore;
}

export function createTracePages({ inspector, announcements, traces }: TracePagesDeps) {
  const { store } = traces;
  /** Pages being fetched, by query and number. */
  const pending = new Map<string, Promise<void>>();
  const topSeq = () => store.getState().rows[0]?.seq;

  /** Fetches what is missing between two indexes, both included; failures are announced. */
  async function fetchRows(first: number, last: number): Promise<void> {
    const state = store.getState();
    const end = Math.min(last, listLength(state) - 1);
    const pages: Promise<void>[] = [];
    for (let page = Math.floor(first / PAGE); page * PAGE <= end; page += 1) {
      const from = Math.max(first, page * PAGE);
      const to = Math.min(end, page * PAGE + PAGE - 1);
      if (rowAt(state, from) === undefined || rowAt(state, to) === undefined) pages.push(fetchPage(page));
    }
    await Promise.all(pages);
  }

  /** The row at an index, fetched if necessary; undefined when there is none. Pins the list. */
  async function fetchRow(index: number): Promise<TraceSummary | undefined> {
    const near = rowAt(store.getState(), index);
    if (near !== undefined) return near;
    traces.pin(true);
    await fetchRows(index, index);
    return rowAt(store.getState(), index);
  }

  function fetchPage(page: number): Promise<void> {
    const key = `${traces.currentQuery()}/${topSeq() ?? ''}/${page}`;
    const fetching = pending.get(key) ?? askPage(page).finally(() => pending.delete(key));
    pending.set(key, fetching);
    return fetching;
  }

  async function askPage(page: number): Promise<void> {
    const [query, top] = [traces.currentQuery(), topSeq()];
    if (top === undefined) return;
    const { filters, file } = store.getState();
    const question = { ...queryOf({ filters, file }), before: top + 1, skip: page * PAGE };
    const answer = await settle(inspector.call('traces', question));
    // Another list, or new rows on top: indexes mean something else now.
    if (query !== traces.currentQuery() || top !== topSeq()) return;
    if (answer.state === 'failed') {
      const { message } = answer.error;
      announcements.announce({ tone: 'bad', title: 'Older traces not loaded', text: message });
    }
    if (answer.state !== 'ready') return;
    const { traces: found, matched, searched, reading } = answer.value;
    const { far, rows } = store.getState();
    store.setState({
      far: new Map(far).set(page, found),
      // The oldest may have been dropped meanwhile, or more may have been read or found.
      matched: Math.max(matched, rows.length),
    });
    if (searched === undefined && reading === undefined) store.setState({ searched: null, reading: false });
  }
  return {
    fetchRows,
    fetchRow,
  };
}
