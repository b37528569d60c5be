import type { ReloadRecord } from '../../../main/contract/plugin-view.ts';

export interface ReloadBar {
  readonly record: ReloadRecord;
  /** Of the slowest one's height, 0–1. */
  readonly share: number;
}

/** Low enough to be told from a measured one, high enough to be seen. */
const UNMEASURED = 0.08;
const FAILED = 0.4;
const LEAST = 0.12;

/** One bar a reload, against the slowest of them. Pure. */
export function barHeights(records: readonly ReloadRecord[]): readonly ReloadBar[] {
  const slowest = Math.max(1, ...records.map(({ latencyMs }) => latencyMs ?? 0));
  return records.map((record) => {
    if (!record.ok) return { record, share: FAILED };
    if (record.latencyMs === null) return { record, share: UNMEASURED };
    return { record, share: Math.max(LEAST, record.latencyMs / slowest) };
  });
}
