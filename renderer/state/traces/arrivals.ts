import type { TraceSummary } from '../../../main/contract/trace.ts';

/** Traces that arrive while a query is running: its answer may not include them yet. */
export interface Arrivals {
  /** A query is sent; an earlier one is forgotten. */
  asked(): void;
  /** Newest first. */
  add(newest: readonly TraceSummary[]): void;
  /**
   * The query was answered with these rows, newest first. @returns what arrived after the newest of them,
   * newest first
   */
  answered(rows: readonly TraceSummary[]): readonly TraceSummary[];
}

export function createArrivals(): Arrivals {
  let since: readonly TraceSummary[] | null = null;
  return {
    asked() {
      since = [];
    },
    add(newest) {
      if (since !== null) since = [...newest, ...since];
    },
    answered(rows) {
      const missed = newerThan(rows, since ?? []);
      since = null;
      return missed;
    },
  };
}

/** Those of `newer` that come after all of `rows`, both newest first: a batch may overlap a page. */
export function newerThan(
  rows: readonly TraceSummary[],
  newer: readonly TraceSummary[],
): readonly TraceSummary[] {
  const top = rows[0]?.seq ?? 0;
  return newer.filter(({ seq }) => seq > top);
}
