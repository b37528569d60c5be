import type { PluginStats } from '../contract/plugin-view.ts';
import type { Activity } from '../contract/snapshot.ts';
import type { Trace, TraceSummary } from '../contract/trace.ts';
import type { TracePage, TraceQuery } from '../contract/trace-list.ts';
import { haystackOf } from './haystack.ts';
import { createActivityWindow, createPluginTally } from './window.ts';

/** The traces kept in memory: bounded by number and by size, the oldest dropped first and counted. */
export interface TraceStore {
  add(trace: Trace): void;
  /** Newest first. */
  list(query: TraceQuery): TracePage;
  get(id: string): Trace | undefined;
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

/** What a runtime keeps unless told otherwise. */
export const TRACE_LIMITS: TraceLimits = { maxTraces: 10_000, maxBytes: 64 * 1024 * 1024 };

/** A trace as its JSON, outside of the engine's heap: as objects ten thousand of them took three times the memory. */
interface Entry {
  readonly summary: TraceSummary;
  readonly json: Buffer;
}

export function createTraceStore({ maxTraces, maxBytes }: TraceLimits = TRACE_LIMITS): TraceStore {
  // A Map keeps the order of insertion: its first entry is the oldest.
  const entries = new Map<string, Entry>();
  const listeners = new Set<(summary: TraceSummary) => void>();
  const window = createActivityWindow();
  const tally = createPluginTally();
  let [seq, bytes, dropped] = [0, 0, 0];

  function dropOldest(): void {
    for (const [id, entry] of entries) {
      // The newest stays even when it is larger than the whole limit: it is what someone waits for.
      if (entries.size === 1 || (entries.size <= maxTraces && bytes <= maxBytes)) return;
      entries.delete(id);
      bytes -= entry.json.length;
      dropped += 1;
    }
  }

  return {
    add(trace) {
      const entry = { summary: summarize(trace), json: Buffer.from(JSON.stringify(trace)) };
      entries.set(trace.id, entry);
      bytes += entry.json.length;
      dropOldest();
      window.add(entry.summary);
      tally.add(entry.summary);
      for (const listener of listeners) listener(entry.summary);
    },
    list(query) {
      const matches = [...entries.values()].reverse().filter(matcher(query));
      const older = matches.filter(({ summary }) => query.before === undefined || summary.seq < query.before);
      const traces = older.slice(0, query.limit).map(({ summary }) => summary);
      return { traces, matched: matches.length, kept: entries.size, dropped };
    },
    get(id) {
      const entry = entries.get(id);
      return entry === undefined ? undefined : traceOf(entry);
    },
    clear() {
      entries.clear();
      bytes = 0;
    },
    nextSeq: () => ++seq,
    counts: () => ({ kept: entries.size, dropped }),
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

function traceOf({ json }: Entry): Trace {
  return JSON.parse(json.toString()) as Trace;
}

function matcher({ plugin, outcome, text = '' }: TraceQuery): (entry: Entry) => boolean {
  const isWanted = text === '' ? () => true : textMatcher(text.toLowerCase());
  return (entry) =>
    (plugin === undefined || entry.summary.plugin === plugin) &&
    (outcome === undefined || entry.summary.outcome === outcome) &&
    isWanted(entry);
}

/** Most traces are ruled out by their JSON alone, in which a text stands as it is or as JSON writes it in a string. */
function textMatcher(wanted: string): (entry: Entry) => boolean {
  const escaped = JSON.stringify(wanted).slice(1, -1);
  return (entry) => {
    const json = entry.json.toString().toLowerCase();
    return (json.includes(wanted) || json.includes(escaped)) && haystackOf(traceOf(entry)).includes(wanted);
  };
}
