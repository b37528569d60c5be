import type { TraceSummary } from '../../../main/contract/trace.ts';
import { call } from '../../bridge.ts';
import { announce } from '../app/announcements.ts';
import { settle } from '../app/loadable.ts';
import { PAGE, queryOf } from './trace-query.ts';
import { type TracesState, traceStore } from './trace-store.ts';
import { currentQuery, pinTraces } from './traces.ts';

/**
 * Rows by their index in the whole list, 0 for the newest: the list is as long as there are matches, and each page of it
 * is fetched when it comes into view. Indexes are stable while the list is pinned, which it is as soon as it is scrolled.
 */

/** Pages being fetched, by query and number. */
const pending = new Map<string, Promise<void>>();

export function listLength({ rows, matched }: Pick<TracesState, 'rows' | 'matched'>): number {
  return Math.max(rows.length, matched);
}

/** Undefined until it is fetched. */
export function rowAt(
  { rows, far }: Pick<TracesState, 'rows' | 'far'>,
  place: number,
): TraceSummary | undefined {
  return rows[place] ?? far.get(Math.floor(place / PAGE))?.[place % PAGE];
}

/** The index of a trace among the fetched rows; -1 if it isn't there. */
export function placeOf({ rows, far }: Pick<TracesState, 'rows' | 'far'>, id: string | null): number {
  const near = rows.findIndex((row) => row.id === id);
  if (near >= 0 || id === null) return near;
  for (const [page, traces] of far) {
    const at = traces.findIndex((row) => row.id === id);
    if (at >= 0) return page * PAGE + at;
  }
  return -1;
}

/** Fetches what is missing between two indexes, both included; failures are announced. */
export async function fetchRows(first: number, last: number): Promise<void> {
  const state = traceStore.getState();
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
export async function fetchRow(place: number): Promise<TraceSummary | undefined> {
  const near = rowAt(traceStore.getState(), place);
  if (near !== undefined) return near;
  pinTraces(true);
  await fetchRows(place, place);
  return rowAt(traceStore.getState(), place);
}

function fetchPage(page: number): Promise<void> {
  const key = `${currentQuery()}/${topSeq() ?? ''}/${page}`;
  const asked = pending.get(key) ?? askPage(page).finally(() => pending.delete(key));
  pending.set(key, asked);
  return asked;
}

const topSeq = () => traceStore.getState().rows[0]?.seq;

async function askPage(page: number): Promise<void> {
  const [asked, top] = [currentQuery(), topSeq()];
  if (top === undefined) return;
  const { filters, file } = traceStore.getState();
  const skip = page * PAGE;
  const answer = await settle(call('traces', { ...queryOf({ filters, file }), before: top + 1, skip }));
  // Another list, or new rows on top: indexes mean something else now.
  if (asked !== currentQuery() || top !== topSeq()) return;
  if (answer.state !== 'ready') {
    if (answer.state === 'failed')
      announce({ tone: 'bad', title: 'Older traces not loaded', text: answer.error.message });
    return;
  }
  const { traces, matched, searched, reading } = answer.value;
  const { far, rows } = traceStore.getState();
  traceStore.setState({
    far: new Map(far).set(page, traces),
    // The oldest may have been dropped meanwhile, or more may have been read or found.
    matched: Math.max(matched, rows.length),
    ...(searched === undefined && reading === undefined ? { searched: null, reading: false } : {}),
  });
}
