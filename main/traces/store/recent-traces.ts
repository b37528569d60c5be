/** The newest traces' records, in memory: as bytes outside of the engine's heap, where objects took three times the room. */
export interface RecentTraces {
  readonly count: number;
  /** Of the records. */
  readonly bytes: number;
  add(seq: number, record: Buffer): void;
  get(seq: number): Buffer | undefined;
  /** The oldest one here. */
  oldest(): number | undefined;
  drop(seq: number): void;
  clear(): void;
}

export function createRecentTraces(): RecentTraces {
  // A Map keeps the order of insertion: its first entry is the oldest.
  const records = new Map<number, Buffer>();
  let bytes = 0;
  return {
    get count() {
      return records.size;
    },
    get bytes() {
      return bytes;
    },
    add(seq, record) {
      records.set(seq, record);
      bytes += record.length;
    },
    get: (seq) => records.get(seq),
    oldest: () => records.keys().next().value,
    drop(seq) {
      bytes -= records.get(seq)?.length ?? 0;
      records.delete(seq);
    },
    clear() {
      records.clear();
      bytes = 0;
    },
  };
}
