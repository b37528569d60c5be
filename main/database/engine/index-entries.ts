import { compare } from './compare.ts';
import type { Maybe } from './values.ts';

/** One key of one document in an index. */
export interface IndexEntry<T> {
  readonly keys: readonly Maybe[];
  /** Tells entries with equal keys apart, and puts them in the order in which they came. */
  readonly sequence: number;
  readonly item: T;
}

export interface Limit {
  readonly value: Maybe;
  readonly isInclusive: boolean;
}

/** The first keys equal `prefix`; the next lies between the limits. */
export interface Bounds {
  readonly prefix: readonly Maybe[];
  readonly low: Limit | undefined;
  readonly high: Limit | undefined;
}

const MAX_CHUNK = 512;

/** Entries in the order of their keys, in chunks, so that to insert one moves few. */
export class IndexEntries<T> {
  private readonly chunks: IndexEntry<T>[][] = [];

  /** Sorts the list, whose entries become all there are. */
  fill(entries: IndexEntry<T>[]): void {
    entries.sort(compareEntries);
    this.chunks.length = 0;
    for (let at = 0; at < entries.length; at += MAX_CHUNK / 2) {
      this.chunks.push(entries.slice(at, at + MAX_CHUNK / 2));
    }
  }

  insert(entry: IndexEntry<T>): void {
    const chunk =
      this.chunks[this.chunkFor((other) => compareEntries(other, entry) >= 0)] ?? this.chunks.at(-1);
    if (chunk === undefined) {
      this.chunks.push([entry]);
      return;
    }
    chunk.splice(
      firstIndex(chunk, (other) => compareEntries(other, entry) >= 0),
      0,
      entry,
    );
    if (chunk.length > MAX_CHUNK) {
      this.chunks.splice(this.chunks.indexOf(chunk) + 1, 0, chunk.splice(MAX_CHUNK / 2));
    }
  }

  remove(entry: IndexEntry<T>): void {
    const at = this.chunkFor((other) => compareEntries(other, entry) >= 0);
    const chunk = this.chunks[at];
    if (chunk === undefined) return;
    const index = firstIndex(chunk, (other) => compareEntries(other, entry) >= 0);
    const found = chunk[index];
    if (found === undefined || compareEntries(found, entry) !== 0) return;
    chunk.splice(index, 1);
    if (chunk.length === 0) this.chunks.splice(at, 1);
  }

  *within(bounds: Bounds): Generator<IndexEntry<T>> {
    const isReached = (entry: IndexEntry<T>) => compareWithLow(entry.keys, bounds) >= 0;
    const first = this.chunkFor(isReached);
    for (let at = first; at < this.chunks.length; at++) {
      const chunk = this.chunks[at] ?? [];
      for (let index = at === first ? firstIndex(chunk, isReached) : 0; index < chunk.length; index++) {
        const entry = chunk[index];
        if (entry === undefined || isBeyond(entry.keys, bounds)) return;
        yield entry;
      }
    }
  }

  /** The first chunk whose last entry has come so far. */
  private chunkFor(isReached: (entry: IndexEntry<T>) => boolean): number {
    return firstIndex(this.chunks, (chunk) => {
      const last = chunk.at(-1);
      return last !== undefined && isReached(last);
    });
  }
}

/** Where `accepts` begins to hold, in a list that is ordered by it. */
function firstIndex<T>(list: readonly T[], accepts: (item: T) => boolean): number {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = list[middle];
    if (item !== undefined && accepts(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function compareEntries<T>(a: IndexEntry<T>, b: IndexEntry<T>): number {
  return compareKeys(a.keys, b.keys, a.keys.length) || a.sequence - b.sequence;
}

export function compareKeys(a: readonly Maybe[], b: readonly Maybe[], count: number): number {
  for (let index = 0; index < count; index++) {
    const order = compare(a[index], b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Negative before the bounds. */
function compareWithLow(keys: readonly Maybe[], { prefix, low }: Bounds): number {
  const order = compareKeys(keys, prefix, prefix.length);
  if (order !== 0 || low === undefined) return order;
  const next = compare(keys[prefix.length], low.value);
  return next === 0 && !low.isInclusive ? -1 : next;
}

function isBeyond(keys: readonly Maybe[], { prefix, high }: Bounds): boolean {
  if (compareKeys(keys, prefix, prefix.length) !== 0) return true;
  if (high === undefined) return false;
  const next = compare(keys[prefix.length], high.value);
  return next > 0 || (next === 0 && !high.isInclusive);
}
