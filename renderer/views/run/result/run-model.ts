export interface CountdownState {
  /** The fraction of the timeout that has elapsed, 0…1. */
  readonly fraction: number;
  readonly elapsedMs: number;
  /** Never below 0. */
  readonly leftMs: number;
  /** The timeout has elapsed and no answer has arrived. */
  readonly over: boolean;
}

/** How far a running call is into its timeout; all times in milliseconds on one clock. */
export function countdown(startedAt: number, now: number, timeoutMs: number): CountdownState {
  const elapsedMs = Math.max(0, now - startedAt);
  return {
    fraction: timeoutMs > 0 ? Math.min(1, elapsedMs / timeoutMs) : 1,
    elapsedMs,
    leftMs: Math.max(0, timeoutMs - elapsedMs),
    over: elapsedMs >= timeoutMs,
  };
}
