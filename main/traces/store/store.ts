import { WorkbenchError } from '../../contract/errors.ts';
import type { PluginStats } from '../../contract/plugin-view.ts';
import type { Activity } from '../../contract/snapshot.ts';
import type { NewTrace, Trace, TraceSummary } from '../../contract/trace.ts';
import type { TracePage, TraceQuery } from '../../contract/trace-list.ts';
import { createActivityWindow, createPluginTally } from './activity.ts';
import { type AttachedDisk, type DiskSettings, openDisk } from './disk/disk.ts';
import type { TraceIndex } from './index.ts';
import { createRecordBytes, decodeRecord, encodeRecord } from './record.ts';
import { RetentionBuffer, type TraceLimits } from './retention.ts';
import { createTextSearches, type TextSearches } from './search.ts';
import { summarize } from './summary.ts';

/** A trace that was just stored. */
export interface AddedTrace {
  readonly summary: TraceSummary;
  readonly trace: Trace;
}

/**
 * What a runtime holds in memory by default: all there is without a disk, what waits to be written with one.
 */
export const TRACE_LIMITS: TraceLimits = { maxTraces: 10_000, maxBytes: 64 * 1024 * 1024 };
/** Written traces that stay in memory too. */
const COPIES: TraceLimits = { maxTraces: 2_000, maxBytes: 16 * 1024 * 1024 };

/** The stored traces: bounded by number and by size, the oldest dropped first and counted. */
export class TraceStore {
  readonly #settings: DiskSettings | null;
  readonly #buffer: RetentionBuffer;
  readonly #searches: TextSearches;
  readonly #toBytes = createRecordBytes();
  readonly #added = new Set<(added: AddedTrace) => void>();
  readonly #changed = new Set<() => void>();
  readonly #window = createActivityWindow();
  readonly #tally = createPluginTally();
  #disk: AttachedDisk = { traces: null, notice: null };
  /** The plugins' folder whose traces these are. */
  #entered: string | null = null;
  /**
   * Traces that end while one folder is left for another: they have a place in neither until the other is
   * open.
   */
  #pending: NewTrace[] | null = null;
  /** Changes of folders, one after the other. */
  #entries: Promise<void> = Promise.resolve();

  constructor(limits: TraceLimits = TRACE_LIMITS, settings: DiskSettings | null = null) {
    this.#settings = settings;
    const maxTraces = settings?.maxTraces ?? limits.maxTraces;
    this.#buffer = new RetentionBuffer({ memory: limits, copies: COPIES, maxTraces });
    this.#searches = createTextSearches({
      index: this.#buffer.index,
      inMemory: (seq) => this.#buffer.recent.get(seq),
      onDisk: async (run, text) => this.#disk.traces?.search(run, text) ?? [],
    });
  }

  /** Stores a trace as the newest: its `seq` is given here. */
  add(trace: NewTrace): void {
    const buffer = this.#buffer;
    if (this.#pending !== null) {
      this.#pending.push(trace);
      return;
    }
    buffer.lastSeq += 1;
    const numbered = { ...trace, seq: buffer.lastSeq };
    const summary = summarize(numbered);
    buffer.recent.add(buffer.lastSeq, this.#toBytes(encodeRecord(numbered)));
    buffer.index.push(summary);
    buffer.trim();
    this.#disk.traces?.wake();
    this.#window.add(summary);
    this.#tally.add(numbered);
    for (const listener of this.#added) listener({ summary, trace: numbered });
  }

  /** Newest first; without a look into the traces themselves. */
  list(query: Omit<TraceQuery, 'text'>): TracePage {
    const { index } = this.#buffer;
    const { positions, matched } = listPositions(index, query);
    return { ...this.#state(), matched, traces: positions.map((position) => index.summaryAt(position)) };
  }

  /**
   * Newest first; a text is searched for in the traces too, which may take several queries
   * (`TracePage.searched`).
   */
  async search({ text = '', ...query }: TraceQuery): Promise<TracePage> {
    if (text === '') return this.list(query);
    const { index } = this.#buffer;
    const { seqs, matched, searched } = await this.#searches.page({ ...query, text });
    const positions = seqs.map((found) => index.positionOf(found)).filter((position) => position >= 0);
    const traces = positions.map((position) => index.summaryAt(position));
    return { ...this.#state(), matched, traces, searched: searched ?? undefined };
  }

  /** One of the newest few thousand. */
  get(id: string): Trace | undefined {
    const { index, recent } = this.#buffer;
    const position = index.findId(id);
    const record = position < 0 ? undefined : recent.get(index.seqAt(position));
    return record === undefined ? undefined : decodeRecord(record.toString());
  }

  /** Any that is stored. */
  async read(id: string): Promise<Trace | undefined> {
    const { index } = this.#buffer;
    const position = index.findId(id);
    const place = position < 0 ? null : index.placeAt(position);
    const inMemory = this.get(id);
    if (inMemory !== undefined || place === null) return inMemory;
    const seq = index.seqAt(position);
    const record = await this.#disk.traces?.read(place);
    if (typeof record !== 'string') return undefined;
    const trace = decodeIntact(record, id);
    if (trace === undefined && index.positionOf(seq) >= 0) {
      index.remove(index.positionOf(seq));
      this.#buffer.damaged += 1;
    }
    return trace;
  }

  /** @throws {WorkbenchError} NOT_FOUND when it was dropped, or never was */
  async require(id: string): Promise<Trace> {
    const trace = await this.read(id);
    if (trace !== undefined) return trace;
    throw new WorkbenchError('NOT_FOUND', `Trace '${id}' no longer exists; the oldest are dropped first`);
  }

  /**
   * Forgets the traces, in memory at once; the numbers over them (`activity`, `pluginStats`, `dropped`) stay, but for
   * the findings, which name traces.
   *
   * @throws {WorkbenchError} INTERNAL_ERROR when their files can't be removed
   */
  async clear(): Promise<void> {
    this.#buffer.index.clear();
    this.#buffer.recent.clear();
    this.#searches.clear();
    this.#buffer.damaged = 0;
    this.#tally.forgetFindings();
    await this.#disk.traces?.clear();
  }

  counts(): { readonly kept: number; readonly dropped: number } {
    const { index, dropped } = this.#buffer;
    return { kept: index.stored, dropped: dropped + (this.#disk.traces?.droppedBefore ?? 0) };
  }

  /** Executions of the last five minutes before `now` (ms since the epoch), in buckets of ten seconds. */
  activity(now: number): Activity {
    return this.#window.read(now);
  }

  /** Calls of one plugin since start; percentiles over its last thousand runs. */
  pluginStats(name: string): PluginStats {
    return this.#tally.read(name);
  }

  /** Called once for each trace added, in order. Returns `unsubscribe`. */
  onAdded(listener: (added: AddedTrace) => void): () => void {
    this.#added.add(listener);
    return () => this.#added.delete(listener);
  }

  /**
   * Takes over what earlier runs left on disk, before the first trace is added; without a disk there is
   * nothing to do. Never rejects: what prevents it becomes a notice.
   */
  async open(): Promise<void> {
    if (this.#settings !== null) await this.follow(this.#settings.owner.plugins);
  }

  /**
   * Leaves these traces, on disk as they are, for those of another plugins' folder; without a disk they stay.
   * Never rejects.
   */
  async follow(plugins: string): Promise<void> {
    const settings = this.#settings;
    if (settings === null) return;
    this.#entries = this.#entries.then(() => this.#enter(settings, plugins));
    await this.#entries;
  }

  /** Writes what is not on disk yet; bounded. */
  async close(): Promise<void> {
    // A change still running would take another folder after the end.
    await this.#entries;
    await this.#disk.traces?.close();
  }

  /** What the user should know about how traces are stored. */
  notices(): readonly string[] {
    const { notice, traces } = this.#disk;
    const notices = traces?.notices() ?? [];
    return notice === null ? notices : [notice, ...notices];
  }

  /** Called when `notices` changed, or earlier traces have been read. Returns `unsubscribe`. */
  onChanged(listener: () => void): () => void {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  }

  #notifyChanged(): void {
    for (const listener of this.#changed) listener();
  }

  /** What a page says about the store itself; what is absent then has its usual value. */
  #state(): Pick<TracePage, 'kept' | 'dropped' | 'place' | 'reading' | 'damaged'> {
    const { traces } = this.#disk;
    const { damaged } = this.#buffer;
    return {
      ...this.counts(),
      place: traces === null ? undefined : 'disk',
      reading: traces?.reading ? true : undefined,
      damaged: damaged > 0 ? damaged : undefined,
    };
  }

  async #enter(settings: DiskSettings, plugins: string): Promise<void> {
    if (plugins === this.#entered) return;
    this.#entered = plugins;
    const opened = await openDisk(settings, { ...settings.owner, plugins });
    const pending: NewTrace[] = [];
    this.#pending = pending;
    // That the old folder can't be written any more is not a reason to reject new traces.
    await this.#disk.traces?.close().catch(() => null);
    // From here on in one turn: no trace comes in between.
    this.#pending = null;
    this.#buffer.reset(opened.lastSeq);
    this.#searches.clear();
    this.#disk = opened.attach(this.#buffer, () => this.#notifyChanged());
    for (const trace of pending) this.add(trace);
    this.#notifyChanged();
  }
}

/** The rows of a page, newest first, and how many match below its `before`. */
function listPositions(
  index: TraceIndex,
  { limit, before, skip = 0, ...filter }: Omit<TraceQuery, 'text'>,
): { readonly positions: number[]; readonly matched: number } {
  const below = before === undefined ? index.size : index.countBelow(before);
  if (filter.plugin === undefined && filter.outcome === undefined && index.stored === index.size) {
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

/** Undefined when it is damaged on disk. */
function decodeIntact(record: string, id: string): Trace | undefined {
  try {
    const trace = decodeRecord(record);
    return trace.id === id ? trace : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
