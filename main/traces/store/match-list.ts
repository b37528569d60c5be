/** The numbers of the traces that a search has found, newest first; it grows at both ends. */
export interface MatchList {
  readonly count: number;
  /** Above all that are here; any order. */
  addNewer(seqs: readonly number[]): void;
  /** Below all that are here; any order. */
  addOlder(seqs: readonly number[]): void;
  countBelow(seq: number): number;
  /** Those below `before`, the newest `skip` of them left out. */
  page(before: number, skip: number, limit: number): number[];
  /** Drops those below `seq`. */
  forgetBelow(seq: number): void;
}

export function createMatchList(): MatchList {
  /** Ascending. */
  const newer: number[] = [];
  /** Descending, all below `newer`. */
  let older: number[] = [];
  const count = () => newer.length + older.length;
  const at = (place: number) =>
    (place < newer.length ? newer[newer.length - 1 - place] : older[place - newer.length]) ?? 0;

  /** How many are `seq` or above. */
  function countFrom(seq: number): number {
    let [low, high] = [0, count()];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(middle) >= seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    get count() {
      return count();
    },
    addNewer(seqs) {
      for (const seq of [...seqs].sort((a, b) => a - b)) newer.push(seq);
    },
    addOlder(seqs) {
      for (const seq of [...seqs].sort((a, b) => b - a)) older.push(seq);
    },
    countBelow: (seq) => count() - countFrom(seq),
    page(before, skip, limit) {
      const from = countFrom(before) + skip;
      return Array.from({ length: Math.max(0, Math.min(limit, count() - from)) }, (_, index) =>
        at(from + index),
      );
    },
    forgetBelow(seq) {
      const kept = countFrom(seq);
      older = older.slice(0, Math.max(0, kept - newer.length));
      if (kept < newer.length) newer.splice(0, newer.length - kept);
    },
  };
}
