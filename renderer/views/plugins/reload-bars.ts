import type { ReloadRecord } from '../../../main/contract/plugin-view.ts';

export interface ReloadBar {
  readonly record: ReloadRecord;
  /** Of the slowest one's height, 0–1. */
  readonly share: number;
}

/** Low enough to differ from a measured one, high enough to be visible. */
const UNMEASURED = 0.08;
const FAILED = 0.4;
const LEAST = 0.12;

/** One bar per reload, relative to the slowest. Pure. */
export function barHeights(records: readonly ReloadRecord[]): readonly ReloadBar[] {
  const slowest = Math.max(1, ...records.map(({ latencyMs }) => latencyMs ?? 0));
  return records.map((record) => {
    if (!record.ok) return { record, share: FAILED };
    if (record.latencyMs === null) return { record, share: UNMEASURED };
    return { record, share: Math.max(LEAST, record.latencyMs / slowest) };
  });
}
