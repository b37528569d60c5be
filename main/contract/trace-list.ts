import type { Outcome, Trace, TraceSummary } from './trace.ts';

export interface TraceQuery {
  readonly limit: number;
  /** Only traces with a `seq` below this. */
  readonly before?: number;
  readonly plugin?: string;
  readonly outcome?: Outcome;
  /** Looked for in bodies, users, ids and messages, letter case ignored. */
  readonly text?: string;
}

export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** Matches kept in memory. */
  readonly matched: number;
  /** All kept in memory. */
  readonly kept: number;
  /** Dropped from memory since start, oldest first. */
  readonly dropped: number;
}

/** What a UI may ask about traces. `null` stands for no argument or no answer. */
export interface TraceFunctions {
  traces: { argument: TraceQuery; answer: TracePage };
  trace: { argument: { id: string }; answer: Trace };
  clearTraces: { argument: null; answer: null };
}
