import { OUTCOMES, type Outcome, type TraceSummary } from '../../contract/trace.ts';

/**
 * The rows of all kept traces, in order of `seq`, in columns of numbers: a hundred thousand take some 6 MB, a tenth of
 * what they would take as objects. Positions count from the oldest row, 0; they shift when the oldest leaves, or
 * older ones come in below.
 */
export interface TraceIndex {
  /** Rows, those included that were removed from the middle. */
  readonly size: number;
  readonly kept: number;
  readonly capacity: number;
  /** Adds the newest row; make room first. */
  push(summary: TraceSummary): void;
  /** Adds a row below the oldest; make room first. */
  prepend(summary: TraceSummary, place: Place): void;
  /** Forgets the oldest row; false when it was removed before. */
  dropOldest(): boolean;
  /** Takes a row out of the middle; its position stays, empty. */
  remove(position: number): void;
  isKept(position: number): boolean;
  seqAt(position: number): number;
  summaryAt(position: number): TraceSummary;
  /** Where the trace stands on disk; null while it doesn't. */
  placeAt(position: number): Place | null;
  setPlace(position: number, place: Place): void;
  /** Rows with a `seq` below this; so the position of the first one that isn't. */
  countBelow(seq: number): number;
  /** -1 where it isn't kept. */
  positionOf(seq: number): number;
  findId(id: string): number;
  /** Tests kept rows by position; null when no row can match. */
  matcher(filter: RowFilter): ((position: number) => boolean) | null;
  clear(): void;
}

/** A record's bytes in a segment file, without the line's end. */
export interface Place {
  /** 1, 2, 3, … */
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
}

export interface RowFilter {
  readonly plugin?: string;
  readonly outcome?: Outcome;
}

/** In the column of segments: the row was removed. */
const REMOVED = 0xffff_ffff;
const NO_STATUS = 0;

function makeColumns(rows: number) {
  return {
    idHigh: new Uint32Array(rows),
    idLow: new Uint32Array(rows),
    seq: new Float64Array(rows),
    startedAt: new Float64Array(rows),
    durationMs: new Float64Array(rows),
    plugin: new Uint32Array(rows),
    user: new Uint32Array(rows),
    errorCode: new Uint32Array(rows),
    outcome: new Uint8Array(rows),
    status: new Uint16Array(rows),
    spoofed: new Uint8Array(rows),
    segment: new Uint32Array(rows),
    offset: new Uint32Array(rows),
    bytes: new Uint32Array(rows),
  };
}

/** @param capacity rows at most; their memory is taken as it is used */
export function createTraceIndex(capacity: number): TraceIndex {
  const columns = makeColumns(capacity);
  const texts = createInterner();
  let [first, size, removed] = [0, 0, 0];

  const slot = (position: number) => (first + position) % capacity;
  const read = (column: { readonly [index: number]: number }, at: number): number => column[at] ?? 0;
  const seqAt = (position: number) => read(columns.seq, slot(position));

  function write(at: number, summary: TraceSummary, place: Place | null): void {
    columns.idHigh[at] = Number.parseInt(summary.id.slice(0, 8), 16);
    columns.idLow[at] = Number.parseInt(summary.id.slice(8), 16);
    columns.seq[at] = summary.seq;
    columns.startedAt[at] = summary.startedAt;
    columns.durationMs[at] = summary.durationMs;
    columns.plugin[at] = texts.take(summary.plugin);
    columns.user[at] = texts.take(summary.user);
    columns.errorCode[at] = texts.take(summary.errorCode);
    columns.outcome[at] = OUTCOMES.indexOf(summary.outcome);
    columns.status[at] = summary.status ?? NO_STATUS;
    columns.spoofed[at] = summary.spoofed ? 1 : 0;
    columns.segment[at] = place?.segment ?? 0;
    columns.offset[at] = place?.offset ?? 0;
    columns.bytes[at] = place?.bytes ?? 0;
  }

  function release(at: number): void {
    texts.release(read(columns.plugin, at));
    texts.release(read(columns.user, at));
    texts.release(read(columns.errorCode, at));
  }

  function summaryAt(position: number): TraceSummary {
    const at = slot(position);
    const status = read(columns.status, at);
    return {
      id: hex(read(columns.idHigh, at)) + hex(read(columns.idLow, at)),
      seq: read(columns.seq, at),
      startedAt: read(columns.startedAt, at),
      durationMs: read(columns.durationMs, at),
      plugin: texts.text(read(columns.plugin, at)) ?? '',
      outcome: OUTCOMES[read(columns.outcome, at)] ?? 'exception',
      status: status === NO_STATUS ? null : status,
      errorCode: texts.text(read(columns.errorCode, at)),
      user: texts.text(read(columns.user, at)),
      spoofed: columns.spoofed[at] === 1,
    };
  }

  function countBelow(seq: number): number {
    let [low, high] = [0, size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (seqAt(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  const isKept = (position: number) => columns.segment[slot(position)] !== REMOVED;

  return {
    get size() {
      return size;
    },
    get kept() {
      return size - removed;
    },
    ...{ capacity, isKept, seqAt, summaryAt, countBelow },
    push(summary) {
      write(slot(size), summary, null);
      size += 1;
    },
    prepend(summary, place) {
      first = (first + capacity - 1) % capacity;
      write(first, summary, place);
      size += 1;
    },
    dropOldest() {
      const wasKept = isKept(0);
      if (wasKept) release(first);
      else removed -= 1;
      first = (first + 1) % capacity;
      size -= 1;
      return wasKept;
    },
    remove(position) {
      if (!isKept(position)) return;
      release(slot(position));
      columns.segment[slot(position)] = REMOVED;
      removed += 1;
    },
    placeAt(position) {
      const at = slot(position);
      const segment = read(columns.segment, at);
      if (segment === 0 || segment === REMOVED) return null;
      return { segment, offset: read(columns.offset, at), bytes: read(columns.bytes, at) };
    },
    setPlace(position, place) {
      const at = slot(position);
      columns.segment[at] = place.segment;
      columns.offset[at] = place.offset;
      columns.bytes[at] = place.bytes;
    },
    positionOf(seq) {
      const position = countBelow(seq);
      return position < size && seqAt(position) === seq && isKept(position) ? position : -1;
    },
    findId(id) {
      const high = Number.parseInt(id.slice(0, 8), 16);
      const low = Number.parseInt(id.slice(8), 16);
      // A scan of two columns: a tenth of a millisecond for all of them, and a trace is asked for by hand.
      for (let position = size - 1; position >= 0; position -= 1) {
        const at = slot(position);
        if (columns.idLow[at] === low && columns.idHigh[at] === high && isKept(position)) return position;
      }
      return -1;
    },
    matcher({ plugin, outcome }) {
      const wantedPlugin = plugin === undefined ? 0 : texts.find(plugin);
      if (wantedPlugin === -1) return null;
      const wantedOutcome = outcome === undefined ? -1 : OUTCOMES.indexOf(outcome);
      return (position) => {
        const at = slot(position);
        return (
          columns.segment[at] !== REMOVED &&
          (wantedPlugin === 0 || columns.plugin[at] === wantedPlugin) &&
          (wantedOutcome === -1 || columns.outcome[at] === wantedOutcome)
        );
      };
    },
    clear() {
      for (let position = 0; position < size; position += 1) if (isKept(position)) release(slot(position));
      [first, size, removed] = [0, 0, 0];
    },
  };
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0');
}

/** Each text once, as a number; 0 stands for null. A text that nothing refers to any more is forgotten. */
interface Interner {
  /** The number of a text, counted as one more use of it. */
  take(text: string | null): number;
  /** Ends one use. */
  release(code: number): void;
  text(code: number): string | null;
  /** The number of a text that is in use, or -1. */
  find(text: string): number;
}

function createInterner(): Interner {
  const codes = new Map<string, number>();
  const texts: (string | null)[] = [null];
  const uses: number[] = [0];
  const free: number[] = [];
  return {
    take(text) {
      if (text === null) return 0;
      let code = codes.get(text);
      if (code === undefined) {
        code = free.pop() ?? texts.length;
        codes.set(text, code);
        texts[code] = text;
        uses[code] = 0;
      }
      uses[code] = (uses[code] ?? 0) + 1;
      return code;
    },
    release(code) {
      const left = (uses[code] ?? 0) - 1;
      if (code === 0) return;
      uses[code] = left;
      if (left > 0) return;
      codes.delete(texts[code] ?? '');
      texts[code] = null;
      free.push(code);
    },
    text: (code) => texts[code] ?? null,
    find: (text) => codes.get(text) ?? -1,
  };
}
