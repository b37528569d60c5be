/** The segments that are on disk, with their sizes in bytes. */
export interface SegmentSizes {
  readonly total: number;
  /** 0 when there are none. */
  readonly oldest: number;
  /** 0 when there are none. */
  readonly newest: number;
  /** Oldest first. */
  numbers(): number[];
  has(segment: number): boolean;
  set(segment: number, bytes: number): void;
  delete(segment: number): void;
}

export function createSegmentSizes(known: ReadonlyMap<number, number>): SegmentSizes {
  // In order of their numbers: a new one always has the highest.
  const sizes = new Map(known);
  let total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  return {
    get total() {
      return total;
    },
    get oldest() {
      return sizes.keys().next().value ?? 0;
    },
    get newest() {
      return [...sizes.keys()].at(-1) ?? 0;
    },
    numbers: () => [...sizes.keys()],
    has: (segment) => sizes.has(segment),
    set(segment, bytes) {
      total += bytes - (sizes.get(segment) ?? 0);
      sizes.set(segment, bytes);
    },
    delete(segment) {
      total -= sizes.get(segment) ?? 0;
      sizes.delete(segment);
    },
  };
}
