import type { Json } from '../../../../main/contract/http.ts';
import type { StoredBody } from '../../../../main/contract/trace.ts';

/** Editor text for a trace's body; null when it was truncated, since the rest is gone. */
export function editableBody(body: StoredBody | null): string | null {
  if (body === null) return '';
  if (body.truncated) return null;
  if (body.json !== undefined) return prettyJson(body.json);
  return body.text ?? '';
}

function prettyJson(value: Json): string {
  return JSON.stringify(value, null, 2);
}

export interface Countdown {
  /** The fraction of the timeout that has elapsed, 0…1. */
  readonly fraction: number;
  readonly elapsedMs: number;
  /** Never below 0. */
  readonly leftMs: number;
  /** The timeout has elapsed and no answer has arrived. */
  readonly over: boolean;
}

/** How far a running call is into its timeout; all times in milliseconds on one clock. */
export function countdown(startedAt: number, now: number, timeoutMs: number): Countdown {
  const elapsedMs = Math.max(0, now - startedAt);
  return {
    fraction: timeoutMs > 0 ? Math.min(1, elapsedMs / timeoutMs) : 1,
    elapsedMs,
    leftMs: Math.max(0, timeoutMs - elapsedMs),
    over: elapsedMs >= timeoutMs,
  };
}
