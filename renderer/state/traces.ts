import { createStore } from 'zustand/vanilla';
import type { InspectorEvents } from '../../main/contract/inspector.ts';
import type { Outcome, TraceSummary } from '../../main/contract/trace.ts';
import type { TracePage } from '../../main/contract/trace-list.ts';
import { bridge, call, on } from '../bridge.ts';
import { announce } from './announcements.ts';
import { createArrivals, newerThan } from './arrivals.ts';
import { failed, LOADING, type Loadable, ready, settle, toFailure } from './loadable.ts';
import { matcher, PAGE, queryOf } from './trace-query.ts';

export interface TraceFilters {
  readonly plugin: string | null;
  readonly outcome: Outcome | null;
  /** Looked for by the runtime, in bodies too. */
  readonly text: string;
}

export interface TracesState {
  /** How the first page went; `rows` are valid when ready. */
  readonly load: Loadable<null>;
  /** Newest first; all of them match the filters. */
  readonly rows: readonly TraceSummary[];
  readonly matched: number;
  readonly kept: number;
  readonly dropped: number;
  readonly filters: TraceFilters;
  readonly paused: boolean;
  /** The list is scrolled away from its top: it stands still, so that what one reads stays where it is. */
  readonly held: boolean;
  /** New ones that arrived while the list was paused or held. */
  readonly waiting: number;
  /** Older ones can be fetched. */
  readonly more: boolean;
  readonly loadingMore: boolean;
  /** The newest few whatever the filters; null before the first load. */
  readonly recent: Loadable<readonly TraceSummary[]>;
}

export const NO_FILTERS: TraceFilters = { plugin: null, outcome: null, text: '' };
const RECENT = 12;
/** Beyond this the oldest rows leave a list that new ones join; `loadMoreTraces` brings them back. */
const MAX_ROWS = 2000;
const REQUERY_MS = 300;

const INITIAL: TracesState = {
  load: LOADING,
  rows: [],
  matched: 0,
  kept: 0,
  dropped: 0,
  filters: NO_FILTERS,
  paused: false,
  held: false,
  waiting: 0,
  more: false,
  loadingMore: false,
  recent: LOADING,
};

export const traceStore = createStore<TracesState>()(() => INITIAL);

/** Counts list queries: an answer that was overtaken by a newer question is dropped. */
let question = 0;
const listArrivals = createArrivals();
const recentArrivals = createArrivals();
/** The highest `seq` that a batch brought; null before the first. */
let lastSeq: number | null = null;
let requery: ReturnType<typeof setTimeout> | undefined;

/** Follows the runtime's traces until the returned undo is called. */
export function startTraces(): () => void {
  const undo = [
    on('traces', receiveBatch),
    bridge().onConnection(({ state }) => {
      if (state !== 'open') return;
      // It may be another runtime than before, which counts from 1 again.
      lastSeq = null;
      refreshAll();
    }),
  ];
  return () => {
    clearTimeout(requery);
    for (const stop of undo) stop();
  };
}

/** Fetches the first page and the recent few anew; failures land in the store. */
export function refreshAll(): void {
  refreshTraces().catch((error) => traceStore.setState({ load: failed(error) }));
  refreshRecent().catch((error) => traceStore.setState({ recent: failed(error) }));
}

/** Fetches the first page for the present filters. */
export async function refreshTraces(): Promise<void> {
  const asked = ++question;
  listArrivals.asked();
  const { filters } = traceStore.getState();
  const answer = await settle(call('traces', queryOf(filters)));
  if (asked !== question) return;
  if (answer.state !== 'ready') {
    traceStore.setState({ load: answer });
    return;
  }
  const page = answer.value;
  const arrived = listArrivals.answered(page.traces).filter(matcher(filters));
  // What holds a text only the runtime knows; the batch that brought it has made this ask again.
  const missed = filters.text === '' ? arrived : [];
  traceStore.setState({
    ...pageCounts(page),
    load: ready(null),
    rows: [...missed, ...page.traces],
    matched: page.matched + missed.length,
    waiting: 0,
    more: page.traces.length < page.matched,
  });
}

async function refreshRecent(): Promise<void> {
  recentArrivals.asked();
  const answer = await settle(call('traces', { limit: RECENT }));
  if (answer.state === 'ready') {
    const { traces } = answer.value;
    traceStore.setState({ recent: ready([...recentArrivals.answered(traces), ...traces].slice(0, RECENT)) });
  } else if (traceStore.getState().recent.state !== 'ready') {
    traceStore.setState({ recent: answer });
  }
}

/** Fetches the page below the last row; nothing to do while one is under way. */
export async function loadMoreTraces(): Promise<void> {
  const { rows, more, loadingMore, filters } = traceStore.getState();
  const last = rows.at(-1);
  if (!more || loadingMore || !last) return;
  const asked = question;
  traceStore.setState({ loadingMore: true });
  const answer = await settle(call('traces', { ...queryOf(filters), before: last.seq }));
  traceStore.setState({ loadingMore: false });
  if (asked !== question) return;
  if (answer.state !== 'ready') {
    if (answer.state === 'failed')
      announce({ tone: 'bad', title: 'Older traces not loaded', text: answer.error.message });
    return;
  }
  const older = answer.value.traces;
  traceStore.setState({ rows: [...traceStore.getState().rows, ...older], more: older.length === PAGE });
}

/** Changes some filters and fetches the list that matches them. */
export function setTraceFilters(changes: Partial<TraceFilters>): void {
  traceStore.setState({ filters: { ...traceStore.getState().filters, ...changes } });
  refreshSoon(changes.text === undefined ? 0 : REQUERY_MS / 2);
}

/** New traces wait while paused; the first page is fetched anew when the pause ends. */
export function setTracesPaused(paused: boolean): void {
  traceStore.setState({ paused });
  if (!paused) refreshSoon(0);
}

/** A held list stands still like a paused one. When it is let go, what came in meanwhile is fetched. */
export function holdTraces(held: boolean): void {
  const { held: before, paused, waiting } = traceStore.getState();
  if (held === before) return;
  traceStore.setState({ held });
  if (!held && !paused && waiting > 0) refreshSoon(0);
}

/** Empties the runtime's store and this list. */
export async function clearTraces(): Promise<void> {
  try {
    await call('clearTraces', null);
    traceStore.setState({ rows: [], matched: 0, kept: 0, waiting: 0, more: false, recent: ready([]) });
    refreshAll();
  } catch (error) {
    announce({ tone: 'bad', title: 'Traces not cleared', text: toFailure(error).message });
  }
}

function receiveBatch({ traces, kept, dropped }: InspectorEvents['traces']): void {
  const [first] = traces;
  if (first === undefined) return;
  const hasGap = lastSeq !== null && first.seq > lastSeq + 1;
  lastSeq = traces.at(-1)?.seq ?? lastSeq;
  const newest = [...traces].reverse();
  listArrivals.add(newest);
  recentArrivals.add(newest);
  const { recent } = traceStore.getState();
  const known = recent.state === 'ready' ? recent.value : [];
  const newestFew = [...newerThan(known, newest.slice(0, RECENT)), ...known].slice(0, RECENT);
  traceStore.setState({ kept, dropped, recent: ready(newestFew) });
  if (hasGap) fillGap();
  else addRows(newest);
}

/** Some were left out, since too many came at once or nobody could see the window: the list is asked for anew. */
function fillGap(): void {
  const { paused, held, waiting } = traceStore.getState();
  refreshRecent().catch((error) => traceStore.setState({ recent: failed(error) }));
  // A list that stands still is asked for when it goes on; something waits for certain.
  if (paused || held) traceStore.setState({ waiting: Math.max(1, waiting) });
  else refreshSoon(0);
}

function addRows(newest: readonly TraceSummary[]): void {
  const { filters, paused, held, waiting, rows, matched, more, kept } = traceStore.getState();
  const added = newerThan(rows, newest.filter(matcher(filters)));
  if (added.length === 0) return;
  if (paused || held) {
    traceStore.setState({ waiting: waiting + added.length });
  } else if (filters.text !== '') {
    // Only the runtime can look into bodies: ask again instead of guessing.
    refreshSoon(REQUERY_MS);
  } else {
    traceStore.setState({
      rows: [...added, ...rows.slice(0, MAX_ROWS - added.length)],
      matched: Math.min(matched + added.length, kept),
      more: more || rows.length + added.length > MAX_ROWS,
    });
  }
}

function pageCounts({ matched, kept, dropped }: TracePage) {
  return { matched, kept, dropped };
}

function refreshSoon(delayMs: number): void {
  clearTimeout(requery);
  requery = setTimeout(() => {
    refreshTraces().catch((error) => traceStore.setState({ load: failed(error) }));
  }, delayMs);
}

/** Back to the state before anything was loaded; for tests. */
export function resetTraces(): void {
  clearTimeout(requery);
  question++;
  listArrivals.answered([]);
  recentArrivals.answered([]);
  lastSeq = null;
  traceStore.setState(INITIAL, true);
}
