import { createStore } from 'zustand/vanilla';
import type { InspectorEvents } from '../../main/contract/inspector.ts';
import type { Outcome, TraceSummary } from '../../main/contract/trace.ts';
import type { TracePage, TraceQuery } from '../../main/contract/trace-list.ts';
import { bridge, call, on } from '../bridge.ts';
import { announce } from './announcements.ts';
import { failed, LOADING, type Loadable, ready, settle, toFailure } from './loadable.ts';

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
  /** New ones that arrived during the pause. */
  readonly waiting: number;
  /** Older ones can be fetched. */
  readonly more: boolean;
  readonly loadingMore: boolean;
  /** The newest few whatever the filters; null before the first load. */
  readonly recent: Loadable<readonly TraceSummary[]>;
}

export const NO_FILTERS: TraceFilters = { plugin: null, outcome: null, text: '' };
const PAGE = 200;
const RECENT = 12;
/** Beyond this the oldest rows leave the list; `loadMoreTraces` brings them back. */
const MAX_ROWS = 5000;
const REQUERY_MS = 300;

const INITIAL: TracesState = {
  load: LOADING,
  rows: [],
  matched: 0,
  kept: 0,
  dropped: 0,
  filters: NO_FILTERS,
  paused: false,
  waiting: 0,
  more: false,
  loadingMore: false,
  recent: LOADING,
};

export const traceStore = createStore<TracesState>()(() => INITIAL);

/** Counts list queries: an answer that was overtaken by a newer question is dropped. */
let question = 0;
let requery: ReturnType<typeof setTimeout> | undefined;

/** Follows the runtime's traces until the returned undo is called. */
export function startTraces(): () => void {
  const undo = [
    on('traces', receiveBatch),
    bridge().onConnection(({ state }) => {
      if (state === 'open') refreshAll();
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
  const answer = await settle(call('traces', queryOf(traceStore.getState().filters)));
  if (asked !== question) return;
  if (answer.state !== 'ready') {
    traceStore.setState({ load: answer });
    return;
  }
  const page = answer.value;
  traceStore.setState({
    ...pageCounts(page),
    load: ready(null),
    rows: page.traces,
    waiting: 0,
    more: page.traces.length < page.matched,
  });
}

async function refreshRecent(): Promise<void> {
  const answer = await settle(call('traces', { limit: RECENT }));
  if (answer.state === 'ready') traceStore.setState({ recent: ready(answer.value.traces) });
  else if (traceStore.getState().recent.state !== 'ready') traceStore.setState({ recent: answer });
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
  const state = traceStore.getState();
  const newest = [...traces].reverse();
  const known = state.recent.state === 'ready' ? state.recent.value : [];
  traceStore.setState({ kept, dropped, recent: ready(merge(newest, known).slice(0, RECENT)) });
  const matching = newest.filter((trace) => isMatch(trace, state.filters));
  if (matching.length === 0) return;
  if (state.paused) {
    traceStore.setState({ waiting: state.waiting + matching.length });
  } else if (state.filters.text !== '') {
    // Only the runtime can look into bodies: ask again instead of guessing.
    refreshSoon(REQUERY_MS);
  } else {
    const rows = merge(matching, state.rows);
    traceStore.setState({
      rows: rows.slice(0, MAX_ROWS),
      matched: Math.min(state.matched + rows.length - state.rows.length, kept),
      more: state.more || rows.length > MAX_ROWS,
    });
  }
}

/** Newest first, each trace once: a batch may hold what the first page already brought. */
function merge(newer: readonly TraceSummary[], older: readonly TraceSummary[]): TraceSummary[] {
  const top = older[0]?.seq ?? 0;
  const known = new Set(newer.some(({ seq }) => seq <= top) ? older.map(({ id }) => id) : []);
  return [...newer.filter(({ id }) => !known.has(id)), ...older];
}

function isMatch(trace: TraceSummary, { plugin, outcome }: TraceFilters): boolean {
  return (plugin === null || trace.plugin === plugin) && (outcome === null || trace.outcome === outcome);
}

function queryOf({ plugin, outcome, text }: TraceFilters): TraceQuery {
  return {
    limit: PAGE,
    ...(plugin === null ? {} : { plugin }),
    ...(outcome === null ? {} : { outcome }),
    ...(text === '' ? {} : { text }),
  };
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
  traceStore.setState(INITIAL, true);
}
