import { createStore } from 'zustand/vanilla';
import type { InspectorEvents } from '../../../main/contract/inspector.ts';
import type { TraceSummary } from '../../../main/contract/trace.ts';
import type { TracePage } from '../../../main/contract/trace-list.ts';
import type { Inspector } from '../../bridge.ts';
import type { Announcements } from '../app/announcements.ts';
import { failed, LOADING, ready, settle, toFailure } from '../app/loadable.ts';
import { createArrivals, newerThan } from './arrivals.ts';
import { matcher, queryOf } from './trace-query.ts';
import { NO_TRACES, type TraceFilters, type TracesState } from './traces-state.ts';

const RECENT = 12;
/** Beyond this the oldest rows leave a growing list; they are fetched again when they come into view. */
const MAX_ROWS = 2000;
const REQUERY_MS = 300;
/** How often the runtime is asked for progress while it is reading or searching. */
const PROGRESS_MS = 250;

interface TraceStoreDeps {
  readonly inspector: Inspector;
  readonly announcements: Announcements;
}

export function createTraceStore(deps: TraceStoreDeps): TraceStore {
  return new TraceStore(deps);
}

/** The runtime's traces as a list: its first page, which new traces join, and the recent few. */
export class TraceStore {
  readonly store = createStore<TracesState>()(() => NO_TRACES);
  readonly #inspector: Inspector;
  readonly #announcements: Announcements;
  readonly #listArrivals = createArrivals();
  readonly #recentArrivals = createArrivals();
  /** Counts list queries: an answer overtaken by a newer query is dropped. */
  #query = 0;
  /** The watched folder; each has its own traces. */
  #folder: string | null = null;
  /** The highest `seq` of any batch; null before the first. */
  #lastSeq: number | null = null;
  #progressTimer: ReturnType<typeof setTimeout> | undefined;
  #queryTimer: ReturnType<typeof setTimeout> | undefined;

  constructor({ inspector, announcements }: TraceStoreDeps) {
    this.#inspector = inspector;
    this.#announcements = announcements;
  }

  /** Follows the runtime's traces. Returns `unsubscribe`. */
  start(): () => void {
    const subscriptions = [
      this.#inspector.on('traces', (batch) => this.#receive(batch)),
      this.#inspector.on('snapshot', (snapshot) => this.#followFolder(snapshot)),
      this.#inspector.onConnection(({ state }) => {
        if (state !== 'open') return;
        // It may be a different runtime, which counts from 1 again.
        this.#lastSeq = null;
        this.refreshAll();
      }),
    ];
    return () => {
      clearTimeout(this.#queryTimer);
      clearTimeout(this.#progressTimer);
      for (const unsubscribe of subscriptions) unsubscribe();
    };
  }

  /** Fetches the first page and the recent few again; failures go to the store. */
  refreshAll(): void {
    this.refresh().catch((error) => this.store.setState({ load: failed(error) }));
    this.#refreshRecent().catch((error) => this.store.setState({ recent: failed(error) }));
  }

  /** Fetches the first page for the current filters. */
  async refresh(): Promise<void> {
    const query = ++this.#query;
    this.#listArrivals.asked();
    const { filters, file } = this.store.getState();
    const answer = await settle(this.#inspector.call('traces', queryOf({ filters, file })));
    if (query !== this.#query) return;
    if (answer.state !== 'ready') {
      this.store.setState({ load: answer });
      return;
    }
    const page = answer.value;
    const arrived = file === null ? this.#listArrivals.answered(page.traces).filter(matcher(filters)) : [];
    // Only the runtime can search text; the batch that brought them has triggered another query.
    const missed = filters.text === '' ? arrived : [];
    this.store.setState({
      ...pageCounts(page),
      load: ready(null),
      rows: [...missed, ...page.traces],
      far: new Map(),
      matched: page.matched + missed.length,
      waiting: 0,
    });
    this.#pollProgress(query);
  }

  /** The number of the current query; results of an older one are obsolete. */
  currentQuery(): number {
    return this.#query;
  }

  /** Changes some filters and fetches the list that matches them. */
  setFilters(changes: Partial<TraceFilters>): void {
    this.store.setState({ filters: { ...this.store.getState().filters, ...changes } });
    this.#refreshSoon(changes.text === undefined ? 0 : REQUERY_MS / 2);
  }

  /** Shows an opened file's traces, or (null) the runtime's own. */
  setFile(file: string | null): void {
    this.#query++;
    this.store.setState({ file, load: LOADING, rows: [], far: new Map(), matched: 0, waiting: 0 });
    this.#refreshSoon(0);
  }

  /** New traces wait while paused; the first page is fetched again when the pause ends. */
  setPaused(paused: boolean): void {
    this.store.setState({ paused });
    if (!paused) this.#refreshSoon(0);
  }

  /**
   * A pinned list doesn't move, like a paused one. When it is released, what arrived meanwhile is fetched.
   */
  pin(pinned: boolean): void {
    const { pinned: before, paused, waiting } = this.store.getState();
    if (pinned === before) return;
    this.store.setState({ pinned });
    if (!pinned && !paused && waiting > 0) this.#refreshSoon(0);
  }

  /** Empties the runtime's store and this list. Never rejects. */
  async clear(): Promise<void> {
    try {
      await this.#inspector.call('clearTraces', null);
      this.store.setState({ rows: [], far: new Map(), matched: 0, kept: 0, waiting: 0, recent: ready([]) });
      this.refreshAll();
    } catch (error) {
      const { message } = toFailure(error);
      this.#announcements.announce({ tone: 'bad', title: 'Traces not cleared', text: message });
    }
  }

  #followFolder({ folder: { path } }: InspectorEvents['snapshot']): void {
    const isOther = this.#folder !== null && this.#folder !== path;
    this.#folder = path;
    if (!isOther) return;
    this.#lastSeq = null;
    this.refreshAll();
  }

  /** Asks again while the runtime is reading or searching. */
  #pollProgress(query: number): void {
    clearTimeout(this.#progressTimer);
    const { searched, reading } = this.store.getState();
    if (query !== this.#query || (searched === null && !reading)) return;
    this.#progressTimer = setTimeout(() => {
      this.#askProgress(query).catch((error) => this.store.setState({ load: failed(error) }));
    }, PROGRESS_MS);
  }

  /** A paused or pinned list keeps its top: only matches below it are added. */
  async #askProgress(query: number): Promise<void> {
    const { rows, pinned, paused, filters, file } = this.store.getState();
    const [top] = rows;
    if ((!pinned && !paused) || top === undefined) return this.refresh();
    const question = { ...queryOf({ filters, file }), before: top.seq + 1 };
    const answer = await settle(this.#inspector.call('traces', question));
    if (query !== this.#query) return;
    if (answer.state === 'ready') {
      const { traces } = answer.value;
      const known = this.store.getState().rows;
      const longer = traces.length > known.length ? traces : known;
      this.store.setState({ ...pageCounts(answer.value), rows: longer });
    }
    this.#pollProgress(query);
  }

  async #refreshRecent(): Promise<void> {
    this.#recentArrivals.asked();
    const answer = await settle(this.#inspector.call('traces', { limit: RECENT }));
    if (answer.state === 'ready') {
      const { traces } = answer.value;
      const recent = [...this.#recentArrivals.answered(traces), ...traces].slice(0, RECENT);
      this.store.setState({ recent: ready(recent) });
    } else if (this.store.getState().recent.state !== 'ready') {
      this.store.setState({ recent: answer });
    }
  }

  #receive({ traces, kept, dropped }: InspectorEvents['traces']): void {
    const [first] = traces;
    if (first === undefined) return;
    const hasGap = this.#lastSeq !== null && first.seq > this.#lastSeq + 1;
    this.#lastSeq = traces.at(-1)?.seq ?? this.#lastSeq;
    const newest = [...traces].reverse();
    this.#listArrivals.add(newest);
    this.#recentArrivals.add(newest);
    const { recent } = this.store.getState();
    const known = recent.state === 'ready' ? recent.value : [];
    const newestFew = [...newerThan(known, newest.slice(0, RECENT)), ...known].slice(0, RECENT);
    this.store.setState({ recent: ready(newestFew) });
    // An opened file doesn't change.
    if (this.store.getState().file !== null) return;
    this.store.setState({ kept, dropped });
    if (hasGap) this.#fillGap();
    else this.#addRows(newest);
  }

  /**
   * Some were left out, because too many came at once or the window was hidden: the list is fetched again.
   */
  #fillGap(): void {
    const { paused, pinned, waiting } = this.store.getState();
    this.#refreshRecent().catch((error) => this.store.setState({ recent: failed(error) }));
    // A paused or pinned list is fetched when it resumes; at least one trace is waiting.
    if (paused || pinned) this.store.setState({ waiting: Math.max(1, waiting) });
    else this.#refreshSoon(0);
  }

  #addRows(newest: readonly TraceSummary[]): void {
    const { filters, paused, pinned, waiting, rows, matched, kept } = this.store.getState();
    const added = newerThan(rows, newest.filter(matcher(filters)));
    if (added.length === 0) return;
    if (paused || pinned) {
      this.store.setState({ waiting: waiting + added.length });
    } else if (filters.text !== '') {
      // Only the runtime can look into bodies: ask again instead of guessing.
      this.#refreshWithin(REQUERY_MS);
    } else {
      this.store.setState({
        rows: [...added, ...rows.slice(0, MAX_ROWS - added.length)],
        // Their indexes have shifted.
        far: new Map(),
        matched: Math.min(matched + added.length, kept),
      });
    }
  }

  /**
   * Unlike `#refreshSoon`, not postponed by further calls: a steady stream of batches would postpone it
   * forever.
   */
  #refreshWithin(delayMs: number): void {
    if (this.#queryTimer === undefined) this.#refreshSoon(delayMs);
  }

  #refreshSoon(delayMs: number): void {
    clearTimeout(this.#queryTimer);
    this.#queryTimer = setTimeout(() => {
      this.#queryTimer = undefined;
      this.refresh().catch((error) => this.store.setState({ load: failed(error) }));
    }, delayMs);
  }
}

function pageCounts({ matched, kept, dropped, ...page }: TracePage) {
  const { searched = null, reading = false, damaged = 0, place = 'memory' } = page;
  return { matched, kept, dropped, searched, reading, damaged, place };
}
