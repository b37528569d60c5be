import { OUTCOMES, type Outcome, type TraceSummary } from '../../contract/trace.ts';

/** A record's bytes in a segment file, without the line's end. */
export interface Place {
  /** 1, 2, 3, … */
  readonly segment: number;
  readonly offset: number;
  readonly bytes: number;
}

export interface RowFilter {
  readonly plugin?: string | undefined;
  readonly outcome?: Outcome | undefined;
}

/** In the column of segments: the row was removed. */
const REMOVED = 0xffff_ffff;
const NO_STATUS = 0;

function createColumns(rows: number) {
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

/**
 * The rows of all stored traces, in order of `seq`, in columns of numbers: a hundred thousand take some 6 MB,
 * a tenth of what they would take as objects. Positions count from the oldest row, 0; they shift when the
 * oldest leaves, or older ones come in below.
 */
export class TraceIndex {
  readonly #capacity: number;
  readonly #columns: ReturnType<typeof createColumns>;
  readonly #texts = createInterner();
  /** The slot of the oldest row: the columns are a ring. */
  #first = 0;
  #size = 0;
  #removed = 0;

  /** @param capacity rows at most; their memory is taken as it is used */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#columns = createColumns(capacity);
  }

  /** Rows, including those removed from the middle. */
  get size(): number {
    return this.#size;
  }

  /** Rows that were not removed. */
  get stored(): number {
    return this.#size - this.#removed;
  }

  /** Adds the newest row; make room first. */
  push(summary: TraceSummary): void {
    this.#write(this.#slot(this.#size), summary, null);
    this.#size += 1;
  }

  /** Adds a row below the oldest; make room first. */
  prepend(summary: TraceSummary, place: Place): void {
    this.#first = (this.#first + this.#capacity - 1) % this.#capacity;
    this.#write(this.#first, summary, place);
    this.#size += 1;
  }

  /** Forgets the oldest row; false when it was removed before. */
  dropOldest(): boolean {
    const wasStored = this.isStored(0);
    if (wasStored) this.#release(this.#first);
    else this.#removed -= 1;
    this.#first = (this.#first + 1) % this.#capacity;
    this.#size -= 1;
    return wasStored;
  }

  /** Takes a row out of the middle; its position stays, empty. */
  remove(position: number): void {
    if (!this.isStored(position)) return;
    const at = this.#slot(position);
    this.#release(at);
    this.#columns.segment[at] = REMOVED;
    this.#removed += 1;
  }

  isStored(position: number): boolean {
    return this.#columns.segment[this.#slot(position)] !== REMOVED;
  }

  seqAt(position: number): number {
    return valueAt(this.#columns.seq, this.#slot(position));
  }

  summaryAt(position: number): TraceSummary {
    const columns = this.#columns;
    const at = this.#slot(position);
    const status = valueAt(columns.status, at);
    return {
      id: hex(valueAt(columns.idHigh, at)) + hex(valueAt(columns.idLow, at)),
      seq: valueAt(columns.seq, at),
      startedAt: valueAt(columns.startedAt, at),
      durationMs: valueAt(columns.durationMs, at),
      plugin: this.#texts.text(valueAt(columns.plugin, at)) ?? '',
      outcome: OUTCOMES[valueAt(columns.outcome, at)] ?? 'exception',
      status: status === NO_STATUS ? null : status,
      errorCode: this.#texts.text(valueAt(columns.errorCode, at)),
      user: this.#texts.text(valueAt(columns.user, at)),
      spoofed: columns.spoofed[at] === 1,
    };
  }

  /** Where the trace is on disk; null while it is not. */
  placeAt(position: number): Place | null {
    const { segment: segments, offset, bytes } = this.#columns;
    const at = this.#slot(position);
    const segment = valueAt(segments, at);
    if (segment === 0 || segment === REMOVED) return null;
    return { segment, offset: valueAt(offset, at), bytes: valueAt(bytes, at) };
  }

  setPlace(position: number, place: Place): void {
    const at = this.#slot(position);
    this.#columns.segment[at] = place.segment;
    this.#columns.offset[at] = place.offset;
    this.#columns.bytes[at] = place.bytes;
  }

  /** Rows with a `seq` below this; so the position of the first one that isn't. */
  countBelow(seq: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.seqAt(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** -1 where it isn't stored. */
  positionOf(seq: number): number {
    const position = this.countBelow(seq);
    const isFound = position < this.#size && this.seqAt(position) === seq && this.isStored(position);
    return isFound ? position : -1;
  }

  /** -1 where it isn't stored. */
  findId(id: string): number {
    const high = Number.parseInt(id.slice(0, 8), 16);
    const low = Number.parseInt(id.slice(8), 16);
    const { idHigh, idLow } = this.#columns;
    // A scan of two columns: a tenth of a millisecond for all of them, and a trace is asked for by hand.
    for (let position = this.#size - 1; position >= 0; position -= 1) {
      const at = this.#slot(position);
      if (idLow[at] === low && idHigh[at] === high && this.isStored(position)) return position;
    }
    return -1;
  }

  /** Tests stored rows by position; null when no row can match. */
  matcher({ plugin, outcome }: RowFilter): ((position: number) => boolean) | null {
    const wantedPlugin = plugin === undefined ? 0 : this.#texts.find(plugin);
    if (wantedPlugin === -1) return null;
    const wantedOutcome = outcome === undefined ? -1 : OUTCOMES.indexOf(outcome);
    const columns = this.#columns;
    return (position) => {
      const at = this.#slot(position);
      return (
        columns.segment[at] !== REMOVED &&
        (wantedPlugin === 0 || columns.plugin[at] === wantedPlugin) &&
        (wantedOutcome === -1 || columns.outcome[at] === wantedOutcome)
      );
    };
  }

  clear(): void {
    for (let position = 0; position < this.#size; position += 1) {
      if (this.isStored(position)) this.#release(this.#slot(position));
    }
    this.#first = 0;
    this.#size = 0;
    this.#removed = 0;
  }

  #slot(position: number): number {
    return (this.#first + position) % this.#capacity;
  }

  #write(at: number, summary: TraceSummary, place: Place | null): void {
    const columns = this.#columns;
    columns.idHigh[at] = Number.parseInt(summary.id.slice(0, 8), 16);
    columns.idLow[at] = Number.parseInt(summary.id.slice(8), 16);
    columns.seq[at] = summary.seq;
    columns.startedAt[at] = summary.startedAt;
    columns.durationMs[at] = summary.durationMs;
    columns.plugin[at] = this.#texts.take(summary.plugin);
    columns.user[at] = this.#texts.take(summary.user);
    columns.errorCode[at] = this.#texts.take(summary.errorCode);
    columns.outcome[at] = OUTCOMES.indexOf(summary.outcome);
    columns.status[at] = summary.status ?? NO_STATUS;
    columns.spoofed[at] = summary.spoofed ? 1 : 0;
    columns.segment[at] = place?.segment ?? 0;
    columns.offset[at] = place?.offset ?? 0;
    columns.bytes[at] = place?.bytes ?? 0;
  }

  #release(at: number): void {
    this.#texts.release(valueAt(this.#columns.plugin, at));
    this.#texts.release(valueAt(this.#columns.user, at));
    this.#texts.release(valueAt(this.#columns.errorCode, at));
  }
}

function valueAt(column: { readonly [index: number]: number }, at: number): number {
  return column[at] ?? 0;
}

function hex(half: number): string {
  return half.toString(16).padStart(8, '0');
}

/** Each string once, as a number; 0 means null. A string that is no longer in use is forgotten. */
interface Interner {
  /** The number of a string, counted as one more use of it. */
  take(text: string | null): number;
  /** Ends one use. */
  release(code: number): void;
  text(code: number): string | null;
  /** The number of a string that is in use, or -1. */
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
