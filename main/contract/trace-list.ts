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
  /** Looked for in bodies, users, ids and messages, letter case ignored. */
  readonly text?: string;
}

export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** Matches among those kept, below `before` where it is given; a lower bound while `searched` or `reading` is there. */
  readonly matched: number;
  /** All kept, on disk and in memory. */
  readonly kept: number;
  /** Dropped so far, oldest first: since start, and by earlier runs whose traces are still there. */
  readonly dropped: number;
  /** In how many of the kept a text was looked for so far. Absent once all are done; until then the same question tells more. */
  readonly searched?: number | undefined;
  /** The traces of earlier runs are still being read from the disk: `kept` grows. */
  readonly reading?: true | undefined;
  /** Records on disk that can't be read; they are none of `kept`. Absent when there are none. */
  readonly damaged?: number | undefined;
  /** Where they are kept; memory where absent. */
  readonly place?: 'disk' | 'memory' | undefined;
}

/** What a UI may ask about traces. `null` stands for no argument or no answer. */
export interface TraceFunctions {
  traces: { argument: TraceQuery; answer: TracePage };
  trace: { argument: { id: string; file?: string }; answer: Trace };
  clearTraces: { argument: null; answer: null };
}
