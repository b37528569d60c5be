import type { InspectorEvents } from '../../../main/contract/inspector.ts';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { TracePage } from '../../../main/contract/trace-list.ts';
import { bridge, call, on } from '../../bridge.ts';
import { announce } from '../app/announcements.ts';
import { failed, LOADING, ready, settle, toFailure } from '../app/loadable.ts';
import { createArrivals, newerThan } from './arrivals.ts';
import { matcher, queryOf } from './trace-query.ts';
import { NO_TRACES, type TraceFilters, traceStore } from './trace-store.ts';

const RECENT = 12;
/** Beyond this the oldest rows leave a growing list; they are fetched again when they come into view. */
const MAX_ROWS = 2000;
const REQUERY_MS = 300;

/** How often the runtime is asked for progress while it is reading or searching. */
const PROGRESS_MS = 250;

/** Counts list queries: an answer overtaken by a newer query is dropped. */
let queryCount = 0;
let progress: ReturnType<typeof setTimeout> | undefined;
/** The watched folder; each has its own traces. */
let folder: string | null = null;
const listArrivals = createArrivals();
const recentArrivals = createArrivals();
/** The highest `seq` of any batch; null before the first. */
let lastSeq: number | null = null;
let requery: ReturnType<typeof setTimeout> | undefined;

/** Follows the runtime's traces. Returns `unsubscribe`. */
export function startTraces(): () => void {
  const undo = [
    on('traces', receiveBatch),
    on('snapshot', followFolder),
    bridge().onConnection(({ state }) => {
      if (state !== 'open') return;
      // It may be a different runtime, which counts from 1 again.
      lastSeq = null;
      refreshAll();
    }),
  ];
  return () => {
    clearTimeout(requery);
    clearTimeout(progress);
    for (const stop of undo) stop();
  };
}

function followFolder({ folder: { path } }: InspectorEvents['snapshot']): void {
  const isOther = folder !== null && folder !== path;
  folder = path;
  if (!isOther) return;
  lastSeq = null;
  refreshAll();
}

/** Fetches the first page and the recent few again; failures go to the store. */
export function refreshAll(): void {
  refreshTraces().catch((error) => traceStore.setState({ load: failed(error) }));
  refreshRecent().catch((error) => traceStore.setState({ recent: failed(error) }));
}

/** Fetches the first page for the current filters. */
export async function refreshTraces(): Promise<void> {
  const asked = ++queryCount;
  listArrivals.asked();
  const { filters, file } = traceStore.getState();
  const answer = await settle(call('traces', queryOf({ filters, file })));
  if (asked !== queryCount) return;
  if (answer.state !== 'ready') {
    traceStore.setState({ load: answer });
    return;
  }
  const page = answer.value;
  const arrived = file === null ? listArrivals.answered(page.traces).filter(matcher(filters)) : [];
  // Only the runtime can search text; the batch that brought them has triggered another query.
  const missed = filters.text === '' ? arrived : [];
  traceStore.setState({
    ...pageCounts(page),
    load: ready(null),
    rows: [...missed, ...page.traces],
    far: new Map(),
    matched: page.matched + missed.length,
    waiting: 0,
  });
  pollProgress(asked);
}

/** Asks again while the runtime is reading or searching. */
function pollProgress(asked: number): void {
  clearTimeout(progress);
  const { searched, reading } = traceStore.getState();
  if (asked !== queryCount || (searched === null && !reading)) return;
  progress = setTimeout(() => {
    askProgress(asked).catch((error) => traceStore.setState({ load: failed(error) }));
  }, PROGRESS_MS);
}

/** A paused or pinned list keeps its top: only matches below it are added. */
async function askProgress(asked: number): Promise<void> {
  const { rows, pinned, paused, filters, file } = traceStore.getState();
  const [top] = rows;
  if ((!pinned && !paused) || top === undefined) return refreshTraces();
  const answer = await settle(call('traces', { ...queryOf({ filters, file }), before: top.seq + 1 }));
  if (asked !== queryCount) return;
  if (answer.state === 'ready') {
    const { traces } = answer.value;
    const known = traceStore.getState().rows;
    traceStore.setState({ ...pageCounts(answer.value), rows: traces.length > known.length ? traces : known });
  }
  pollProgress(asked);
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

/** The number of the current query; results of an older one are obsolete. */
export function currentQuery(): number {
  return queryCount;
}

/** Changes some filters and fetches the list that matches them. */
export function setTraceFilters(changes: Partial<TraceFilters>): void {
  traceStore.setState({ filters: { ...traceStore.getState().filters, ...changes } });
  refreshSoon(changes.text === undefined ? 0 : REQUERY_MS / 2);
}

/** Shows an opened file's traces, or (null) the runtime's own. */
export function setTraceFile(file: string | null): void {
  queryCount++;
  traceStore.setState({ file, load: LOADING, rows: [], far: new Map(), matched: 0, waiting: 0 });
  refreshSoon(0);
}

/** New traces wait while paused; the first page is fetched again when the pause ends. */
export function setTracesPaused(paused: boolean): void {
  traceStore.setState({ paused });
  if (!paused) refreshSoon(0);
}

/** A pinned list doesn't move, like a paused one. When it is released, what arrived meanwhile is fetched. */
export function pinTraces(pinned: boolean): void {
  const { pinned: before, paused, waiting } = traceStore.getState();
  if (pinned === before) return;
  traceStore.setState({ pinned });
  if (!pinned && !paused && waiting > 0) refreshSoon(0);
}

/** Empties the runtime's store and this list. */
export async function clearTraces(): Promise<void> {
  try {
    await call('clearTraces', null);
    traceStore.setState({ rows: [], far: new Map(), matched: 0, kept: 0, waiting: 0, recent: ready([]) });
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
  traceStore.setState({ recent: ready(newestFew) });
  // An opened file doesn't change.
  if (traceStore.getState().file !== null) return;
  traceStore.setState({ kept, dropped });
  if (hasGap) fillGap();
  else addRows(newest);
}

/** Some were left out, because too many came at once or the window was hidden: the list is fetched again. */
function fillGap(): void {
  const { paused, pinned, waiting } = traceStore.getState();
  refreshRecent().catch((error) => traceStore.setState({ recent: failed(error) }));
  // A paused or pinned list is fetched when it resumes; at least one trace is waiting.
  if (paused || pinned) traceStore.setState({ waiting: Math.max(1, waiting) });
  else refreshSoon(0);
}

function addRows(newest: readonly TraceSummary[]): void {
  const { filters, paused, pinned, waiting, rows, matched, kept } = traceStore.getState();
  const added = newerThan(rows, newest.filter(matcher(filters)));
  if (added.length === 0) return;
  if (paused || pinned) {
    traceStore.setState({ waiting: waiting + added.length });
  } else if (filters.text !== '') {
    // Only the runtime can look into bodies: ask again instead of guessing.
    refreshWithin(REQUERY_MS);
  } else {
    traceStore.setState({
      rows: [...added, ...rows.slice(0, MAX_ROWS - added.length)],
      // Their indexes have shifted.
      far: new Map(),
      matched: Math.min(matched + added.length, kept),
    });
  }
}

function pageCounts({ matched, kept, dropped, ...page }: TracePage) {
  const { searched = null, reading = false, damaged = 0, place = 'memory' } = page;
  return { matched, kept, dropped, searched, reading, damaged, place };
}

/** Unlike `refreshSoon`, not postponed by further calls: a steady stream of batches would postpone it forever. */
function refreshWithin(delayMs: number): void {
  if (requery === undefined) refreshSoon(delayMs);
}

function refreshSoon(delayMs: number): void {
  clearTimeout(requery);
  requery = setTimeout(() => {
    requery = undefined;
    refreshTraces().catch((error) => traceStore.setState({ load: failed(error) }));
  }, delayMs);
}

/** Back to the state before anything was loaded; for tests. */
export function resetTraces(): void {
  clearTimeout(requery);
  clearTimeout(progress);
  requery = undefined;
  folder = null;
  queryCount++;
  listArrivals.answered([]);
  recentArrivals.answered([]);
  lastSeq = null;
  traceStore.setState(NO_TRACES, true);
}
