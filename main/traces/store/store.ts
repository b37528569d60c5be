import { WorkbenchError } from '../../contract/errors.ts';
import type { PluginStats } from '../../contract/plugin-view.ts';
import type { Activity } from '../../contract/snapshot.ts';
import type { NewTrace, Trace, TraceSummary } from '../../contract/trace.ts';
import type { TracePage, TraceQuery } from '../../contract/trace-list.ts';
import { createActivityWindow, createPluginTally } from './activity.ts';
import { type DiskKeeping, type DiskSettings, openDisk } from './disk/disk.ts';
import type { TraceIndex } from './index.ts';
import { createRecordBytes, decodeRecord, encodeRecord } from './record.ts';
import { createTraceShelf, type TraceLimits } from './retention.ts';
import { createTextSearches } from './search.ts';

/** The traces that are kept: bounded by number and by size, the oldest dropped first and counted. */
export interface TraceStore {
  /** Keeps a trace as the newest: its `seq` is given here. */
  add(trace: NewTrace): void;
  /** Newest first; without a look into the traces themselves. */
  list(query: Omit<TraceQuery, 'text'>): TracePage;
  /** Newest first; a text is looked for in the traces too, which may take several questions (`TracePage.searched`). */
  search(query: TraceQuery): Promise<TracePage>;
  /** One of the newest few thousand. */
  get(id: string): Trace | undefined;
  /** Any that is stored. */
  read(id: string): Promise<Trace | undefined>;
  /** @throws {WorkbenchError} NOT_FOUND when it was dropped, or never was */
  require(id: string): Promise<Trace>;
  /**
   * Forgets the traces, in memory at once; the numbers over them (`activity`, `pluginStats`, `dropped`) stay.
   *
   * @throws {WorkbenchError} INTERNAL_ERROR when their files can't be removed
   */
  clear(): Promise<void>;
  counts(): { readonly kept: number; readonly dropped: number };
  /** Executions of the last five minutes before `now` (ms since the epoch), in buckets of ten seconds. */
  activity(now: number): Activity;
  /** Calls of one plugin since start; percentiles over its last thousand runs. */
  pluginStats(name: string): PluginStats;
  /** Called once for each trace added, in order. Returns `unsubscribe`. */
  onAdded(listener: (added: AddedTrace) => void): () => void;
  /**
   * Takes over what earlier runs left on disk, before the first trace is added; without a disk there is nothing to do. Never
   * rejects: what keeps it from doing so is a notice.
   */
  open(): Promise<void>;
  /** Leaves these traces, on disk as they are, for those of another plugins' folder; without a disk they stay. Never rejects. */
  follow(plugins: string): Promise<void>;
  /** Writes what is not on disk yet; bounded. */
  close(): Promise<void>;
  /** What the user should know about how traces are kept. */
  notices(): readonly string[];
  /** Called when `notices` changed, or earlier traces have been read; returns its undo. */
  onChanged(listener: () => void): () => void;
}

/** A trace that was just stored, under both of its ids. */
export interface AddedTrace {
  /** `summary.id` is its id in the store. */
  readonly summary: TraceSummary;
  /** The W3C trace id: the client's, where its request carried one. */
  readonly traceId: string;
}

/** What a runtime keeps in memory unless told otherwise: all there is without a disk, what waits to be written with one. */
export const TRACE_LIMITS: TraceLimits = { maxTraces: 10_000, maxBytes: 64 * 1024 * 1024 };
/** Written traces that stay in memory too. */
const COPIES: TraceLimits = { maxTraces: 2_000, maxBytes: 16 * 1024 * 1024 };

export function createTraceStore(
  limits: TraceLimits = TRACE_LIMITS,
  settings: DiskSettings | null = null,
): TraceStore {
  const maxTraces = settings?.maxTraces ?? limits.maxTraces;
  const shelf = createTraceShelf({ memory: limits, copies: COPIES, maxTraces });
  const { index, recent } = shelf;
  const searches = createTextSearches({
    ...{ index, inMemory: recent.get },
    onDisk: async (run, text) => disk.traces?.search(run, text) ?? [],
  });
  const toBytes = createRecordBytes();
  const added = new Set<(added: AddedTrace) => void>();
  const changed = new Set<() => void>();
  const window = createActivityWindow();
  const tally = createPluginTally();
  let disk: DiskKeeping = { traces: null, notice: null };
  /** The plugins' folder whose traces these are. */
  let entered: string | null = null;
  /** What ends while one folder is left for another: it has its place in neither until the other is there. */
  let between: Trace[] | null = null;
  /** One change of folders after the other. */
  let entries: Promise<void> = Promise.resolve();

  const tellChanged = () => {
    for (const listener of changed) listener();
  };

  const counts = () => ({
    kept: index.kept,
    dropped: shelf.dropped + (disk.traces?.droppedBefore ?? 0),
  });

  const state = () => ({
    ...counts(),
    ...(disk.traces === null ? {} : { place: 'disk' as const }),
    ...(disk.traces?.reading ? { reading: true as const } : {}),
    ...(shelf.damaged > 0 ? { damaged: shelf.damaged } : {}),
  });

  function list(query: Omit<TraceQuery, 'text'>): TracePage {
    const { positions, matched } = listPositions(index, query);
    return { ...state(), matched, traces: positions.map((position) => index.summaryAt(position)) };
  }

  async function search({ text = '', ...query }: TraceQuery): Promise<TracePage> {
    if (text === '') return list(query);
    const { seqs, matched, searched } = await searches.page({ ...query, text });
    const rows = seqs.map((found) => index.positionOf(found)).filter((position) => position >= 0);
    return {
      traces: rows.map((position) => index.summaryAt(position)),
      ...{ matched, ...state() },
      ...(searched === null ? {} : { searched }),
    };
  }

  function get(id: string): Trace | undefined {
    const position = index.findId(id);
    const record = position < 0 ? undefined : recent.get(index.seqAt(position));
    return record === undefined ? undefined : decodeRecord(record.toString());
  }

  async function read(id: string): Promise<Trace | undefined> {
    const position = index.findId(id);
    const place = position < 0 ? null : index.placeAt(position);
    const near = get(id);
    if (near !== undefined || place === null) return near;
    const seq = index.seqAt(position);
    const record = await disk.traces?.read(place);
    if (typeof record !== 'string') return undefined;
    const trace = decodeIntact(record, id);
    if (trace === undefined && index.positionOf(seq) >= 0) {
      index.remove(index.positionOf(seq));
      shelf.damaged += 1;
    }
    return trace;
  }

  async function require(id: string): Promise<Trace> {
    const trace = await read(id);
    if (trace !== undefined) return trace;
    throw new WorkbenchError('NOT_FOUND', `Trace '${id}' no longer exists; the oldest are dropped first`);
  }

  async function enter(from: DiskSettings, plugins: string): Promise<void> {
    if (plugins === entered) return;
    entered = plugins;
    const opened = await openDisk(from, { ...from.owner, plugins });
    const late: Trace[] = [];
    between = late;
    // What the old folder can't take any more is no reason to take no new ones.
    await disk.traces?.close().catch(() => null);
    // From here on in one turn: no trace comes in between.
    between = null;
    shelf.empty(opened.lastSeq);
    searches.clear();
    disk = opened.keep(shelf, tellChanged);
    for (const trace of late) add(trace);
    tellChanged();
  }

  function add(trace: Trace): void {
    if (between !== null) {
      between.push(trace);
      return;
    }
    shelf.lastSeq += 1;
    const numbered = { ...trace, seq: shelf.lastSeq };
    const summary = summarize(numbered);
    recent.add(shelf.lastSeq, toBytes(encodeRecord(numbered)));
    index.push(summary);
    shelf.trim();
    disk.traces?.wake();
    window.add(summary);
    tally.add(summary);
    for (const listener of added) listener({ summary, traceId: trace.traceId });
  }

  const queueEntry = (from: DiskSettings, plugins: string) => {
    entries = entries.then(() => enter(from, plugins));
    return entries;
  };

  return {
    ...{ add, list, search, get, read, require, counts },
    async clear() {
      index.clear();
      recent.clear();
      searches.clear();
      shelf.damaged = 0;
      await disk.traces?.clear();
    },
    activity: (now) => window.read(now),
    pluginStats: (name) => tally.read(name),
    onAdded(listener) {
      added.add(listener);
      return () => added.delete(listener);
    },
    open: () => (settings === null ? Promise.resolve() : queueEntry(settings, settings.owner.plugins)),
    follow: (plugins) => (settings === null ? Promise.resolve() : queueEntry(settings, plugins)),
    async close() {
      // A change under way would take another folder after the end.
      await entries;
      await disk.traces?.close();
    },
    notices: () => [...(disk.notice === null ? [] : [disk.notice]), ...(disk.traces?.notices() ?? [])],
    onChanged(listener) {
      changed.add(listener);
      return () => changed.delete(listener);
    },
  };
}

/** The rows of a page, newest first, and how many match below its `before`. */
function listPositions(
  index: TraceIndex,
  { limit, before, skip = 0, ...filter }: Omit<TraceQuery, 'text'>,
): { readonly positions: number[]; readonly matched: number } {
  const below = before === undefined ? index.size : index.countBelow(before);
  if (filter.plugin === undefined && filter.outcome === undefined && index.kept === index.size) {
    // Every row matches: the place of each is known without counting.
    const length = Math.max(0, Math.min(limit, below - skip));
    return { positions: Array.from({ length }, (_, at) => below - skip - 1 - at), matched: below };
  }
  const matches = index.matcher(filter) ?? (() => false);
  const positions: number[] = [];
  let matched = 0;
  for (let at = below - 1; at >= 0; at -= 1) {
    if (!matches(at)) continue;
    matched += 1;
    if (matched > skip && positions.length < limit) positions.push(at);
  }
  return { positions, matched };
}

/** Undefined when the disk did not keep it as it was written. */
function decodeIntact(record: string, id: string): Trace | undefined {
  try {
    const trace = decodeRecord(record);
    return trace.id === id ? trace : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The row of a trace in a list. */
export function summarize(trace: Trace): TraceSummary {
  const { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed } = trace;
  return { id, seq, startedAt, durationMs, plugin, outcome, status, errorCode, user, spoofed };
}
