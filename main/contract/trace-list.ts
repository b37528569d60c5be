import type { Outcome, Trace, TraceSummary } from './trace.ts';

export interface TraceQuery {
  readonly limit: number;
  /** An opened file instead of the runtime's own store. */
  readonly file?: string;
  /** Only traces with a `seq` below this. */
  readonly before?: number;
  /** Leaves out this many of the newest matches, counted from `before` on. */
  readonly skip?: number;
  readonly plugin?: string;
  readonly outcome?: Outcome;
  /** Looked for in bodies, users, ids and messages; case-insensitive. */
  readonly text?: string;
}

export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /**
   * Matches among the retained and stored ones, below `before` where it is given; a lower bound while
   * `searched` or `reading` is there.
   */
  readonly matched: number;
  /** All retained in memory and stored on disk. */
  readonly kept: number;
  /** Dropped so far, oldest first: since start, and by earlier runs whose traces are still there. */
  readonly dropped: number;
  /** How many of `kept` were searched so far. Absent once all are; until then the same query finds more. */
  readonly searched?: number | undefined;
  /** The traces of earlier runs are still being read from the disk: `kept` grows. */
  readonly reading?: true | undefined;
  /** Records on disk that can't be read; they do not count in `kept`. Absent when there are none. */
  readonly damaged?: number | undefined;
  /** Where they are stored; absent: in memory only. */
  readonly place?: 'disk' | 'memory' | undefined;
}

/** What a UI may ask about traces. `null`: no argument or no answer. */
export interface TraceFunctions {
  traces: { argument: TraceQuery; answer: TracePage };
  trace: { argument: { id: string; file?: string }; answer: Trace };
  clearTraces: { argument: null; answer: null };
}
