import type { Activity, ActivityBucket } from '../../../main/contract/snapshot.ts';

export const ACTIVITY_KINDS = ['ok', 'error', 'timeout', 'refused'] as const;
export type ActivityKind = (typeof ACTIVITY_KINDS)[number];

/**
 * The colours of outcomes; `ok` is muted so that the others stand out. `error` combines plugin errors,
 * exceptions and crashes.
 */
export const ACTIVITY_COLOR: Readonly<Record<ActivityKind, string>> = {
  ok: 'var(--wb-ok-bar)',
  error: 'var(--wb-exception)',
  timeout: 'var(--wb-timeout)',
  refused: 'var(--wb-refused)',
};

export interface Bar {
  readonly at: number;
  readonly total: number;
  /** Bottom up; only kinds that occurred. `share` is of the chart's height, 0–1. */
  readonly parts: readonly { readonly kind: ActivityKind; readonly share: number }[];
}

/**
 * One bar per bucket, relative to the highest (at least `floor`, so that a single call is not full height).
 */
export function barsOf(buckets: readonly ActivityBucket[], floor = 4): { bars: readonly Bar[]; top: number } {
  const top = Math.max(floor, ...buckets.map(totalOf));
  const bars = buckets.map((bucket) => ({
    at: bucket.at,
    total: totalOf(bucket),
    parts: ACTIVITY_KINDS.filter((kind) => bucket[kind] > 0).map((kind) => ({
      kind,
      share: bucket[kind] / top,
    })),
  }));
  return { bars, top };
}

function totalOf(bucket: ActivityBucket): number {
  return ACTIVITY_KINDS.reduce((sum, kind) => sum + bucket[kind], 0);
}

/** How often each kind occurred in the whole window. */
export function countsOf({ buckets }: Activity): Readonly<Record<ActivityKind, number>> {
  const count = (kind: ActivityKind) => buckets.reduce((sum, bucket) => sum + bucket[kind], 0);
  return { ok: count('ok'), error: count('error'), timeout: count('timeout'), refused: count('refused') };
}
