import type { Activity, PluginStats, TracePage, TraceQuery } from '../contract/inspector.ts';
import type { Trace, TraceSummary } from '../contract/trace.ts';

/** The traces kept in memory: bounded by number and by size, the oldest dropped first and counted. */
export interface TraceStore {
  add(trace: Trace): void;
  /** Newest first. */
  list(query: TraceQuery): TracePage;
  get(id: string): Trace | undefined;
  clear(): void;
  /** 1, 2, 3, …: the place of the next request in the order of arrival. */
  nextSeq(): number;
  counts(): { readonly kept: number; readonly dropped: number };
  /** Executions of the last five minutes before `now` (ms since the epoch), in buckets of ten seconds. */
  activity(now: number): Activity;
  /** Calls of one plugin since start; percentiles over its last thousand runs. */
  pluginStats(name: string): PluginStats;
  /** Called once for each trace added, in order; returns its undo. */
  onAdded(listener: (summary: TraceSummary) => void): () => void;
}

export interface TraceLimits {
  readonly maxTraces: number;
  /** Of the traces as JSON, roughly. */
  readonly maxBytes: number;
}

/** What a runtime keeps unless told otherwise. */
export const TRACE_LIMITS: TraceLimits = { maxTraces: 10_000, maxBytes: 64 * 1024 * 1024 };

export function createTraceStore(_limits: TraceLimits = TRACE_LIMITS): TraceStore {
  throw new Error('not written yet');
}
