import type { Outcome, TraceSummary } from '../../../main/contract/trace.ts';
import { LOADING, type Loadable } from '../app/loadable.ts';

export interface TraceFilters {
  readonly plugin: string | null;
  readonly outcome: Outcome | null;
  /** Searched by the runtime, in bodies too. */
  readonly text: string;
}

/** What the trace list shows; trace-pages.ts adds the pages below the first. */
export interface TracesState {
  /** Loading state of the first page; `rows` are valid when ready. */
  readonly load: Loadable<null>;
  /** The newest that match the filters, newest first. */
  readonly rows: readonly TraceSummary[];
  /** Pages of rows below them, by number, as far as they were viewed. */
  readonly far: ReadonlyMap<number, readonly TraceSummary[]>;
  /** Number of matching rows; a lower bound while `searched` is a number or `reading`. */
  readonly matched: number;
  /** How many traces were searched for the text so far; null once all are done. */
  readonly searched: number | null;
  /** The runtime is still reading the traces of earlier runs. */
  readonly reading: boolean;
  /** Records on disk that can't be read. */
  readonly damaged: number;
  readonly place: 'disk' | 'memory';
  readonly kept: number;
  readonly dropped: number;
  readonly filters: TraceFilters;
  /** The opened file that the list shows, or null for the runtime's own traces. */
  readonly file: string | null;
  readonly paused: boolean;
  /** The list is scrolled away from its top: it doesn't move, so that what is being read stays in place. */
  readonly pinned: boolean;
  /** New ones that arrived while the list was paused or pinned. */
  readonly waiting: number;
  /** The newest few regardless of filters. */
  readonly recent: Loadable<readonly TraceSummary[]>;
}

export const NO_FILTERS: TraceFilters = { plugin: null, outcome: null, text: '' };

export const NO_TRACES: TracesState = {
  load: LOADING,
  rows: [],
  far: new Map(),
  matched: 0,
  searched: null,
  reading: false,
  damaged: 0,
  place: 'memory',
  kept: 0,
  dropped: 0,
  filters: NO_FILTERS,
  file: null,
  paused: false,
  pinned: false,
  waiting: 0,
  recent: LOADING,
};
