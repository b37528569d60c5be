import type { PluginStats } from '../contract/plugin-view.ts';
import type { Activity } from '../contract/snapshot.ts';
import type { Trace, TraceSummary } from '../contract/trace.ts';
import type { TracePage, TraceQuery } from '../contract/trace-list.ts';
import { createRecentTraces } from './recent-traces.ts';
import { decodeRecord, encodeRecord } from './record.ts';
import { createTextSearches } from './text-search.ts';
import { createTraceIndex } from './trace-index.ts';
import { createActivityWindow, createPluginTally } from './window.ts';

/** The traces that are kept: bounded by number and by size, the oldest dropped first and counted. */
export interface TraceStore {
  /** Keeps a trace as the newest: its `seq` is given here. */
  add(trace: Trace): void;
  /** Newest first; without a look into the traces themselves. */
  list(query: Omit<TraceQuery, 'text'>): TracePage;
  /** Newest first; a text is looked for in the traces too, which may take several questions (`TracePage.searched`). */
  search(query: TraceQuery): Promise<TracePage>;
  /** One of the newest few thousand. */
  get(id: string): Trace | undefined;
  /** Any that is kept. */
  read(id: string): Promise<Trace | undefined>;
  /** Forgets the traces; the numbers over them (`activity`, `pluginStats`, `dropped`) stay. */
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
  /** Of the traces as JSON. */
  readonly maxBytes: number;
}

/** What a runtime keeps in memory unless told otherwise. */
export const TRACE_LIMITS: TraceLimits = { maxTraces: 10_000, maxBytes: 64 * 1024 * 1024 };

export function createTraceStore({ maxTraces, maxBytes }: TraceLimits = TRACE_LIMITS): TraceStore {
  const index = createTraceIndex(maxTraces + 1);
  const recent = createRecentTraces();
  const searches = createTextSearches({ index, inMemory: recent.get, onDisk: async () => [] });
  const listeners = new Set<(summary: TraceSummary) => void>();
  const window = createActivityWindow();
  const tally = createPluginTally();
  let [arrivals, seq, dropped] = [0, 0, 0];

  function dropOldest(): void {
    // The newest stays even when it is larger than the whole limit: it is what someone waits for.
    while (index.size > 1 && (index.size > maxTraces || recent.bytes > maxBytes)) {
      recent.drop(index.seqAt(0));
      index.dropOldest();
      dropped += 1;
    }
  }

  const counts = () => ({ kept: index.kept, dropped });

  function list({ limit, before, skip = 0, ...filter }: Omit<TraceQuery, 'text'>): TracePage {
    const traces: TraceSummary[] = [];
    const matches = index.matcher(filter);
    const below = before === undefined ? index.size : index.countBelow(before);
    let [matched, skipped] = [0, 0];
    for (let at = index.size - 1; at >= 0 && matches !== null; at -= 1) {
      if (!matches(at)) continue;
      matched += 1;
      if (at >= below) continue;
      skipped += 1;
      if (skipped > skip && traces.length < limit) traces.push(index.summaryAt(at));
    }
    return { traces, matched, ...counts() };
  }

  async function search({ text = '', ...query }: TraceQuery): Promise<TracePage> {
    if (text === '') return list(query);
    const { seqs, matched, searched } = await searches.page({ ...query, text });
    const rows = seqs.map((found) => index.positionOf(found)).filter((position) => position >= 0);
    return {
      traces: rows.map((position) => index.summaryAt(position)),
      ...{ matched, ...counts() },
      ...(searched === null ? {} : { searched }),
    };
  }

  function get(id: string): Trace | undefined {
    const position = index.findId(id);
    const record = position < 0 ? undefined : recent.get(index.seqAt(position));
    return record === undefined ? undefined : decodeRecord(record.toString());
  }

  return {
    add(trace) {
      seq += 1;
      const summary = summarize({ ...trace, seq });
      recent.add(seq, Buffer.from(encodeRecord({ ...trace, seq })));
      index.push(summary);
      dropOldest();
      window.add(summary);
      tally.add(summary);
      for (const listener of listeners) listener(summary);
    },
    ...{ list, search, get, counts },
    read: async (id) => get(id),
    clear() {
      index.clear();
      recent.clear();
      searches.clear();
    },
    nextSeq: () => ++arrivals,
    activity: (now) => window.read(now),
    pluginStats: (name) => tally.read(name),
    onAdded(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The row of a trace in a list. */
export function summarize(trace: Trace): TraceSummary {
  const { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed } = trace;
  return { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed };
}
