export interface Percentiles {
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly maxMs: number | null;
}

/** By nearest rank, so every figure is a measured one; null where there is no value. */
export function percentiles(durationsMs: readonly number[]): Percentiles {
  // A typed array sorts by number without a comparison in JavaScript: some thirty thousand values at times.
  const sorted = Float64Array.from(durationsMs).sort();
  const rank = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { p50Ms: rank(0.5), p95Ms: rank(0.95), maxMs: rank(1) };
}
