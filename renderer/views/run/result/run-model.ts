import type { Json } from '../../../../main/contract/http.ts';
import type { StoredBody } from '../../../../main/contract/trace.ts';

/** Text for the editor from the body that a trace kept; null when it was cut, since the rest is gone. */
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
  /** 0…1 of the timeout that is used up. */
  readonly fraction: number;
  readonly elapsedMs: number;
  /** Never below 0. */
  readonly leftMs: number;
  /** The deadline has passed and the answer is still on its way. */
  readonly over: boolean;
}

/** Where a running call stands against the timeout; all times in milliseconds on one clock. */
export function countdown(startedAt: number, now: number, timeoutMs: number): Countdown {
  const elapsedMs = Math.max(0, now - startedAt);
  return {
    fraction: timeoutMs > 0 ? Math.min(1, elapsedMs / timeoutMs) : 1,
    elapsedMs,
    leftMs: Math.max(0, timeoutMs - elapsedMs),
    over: elapsedMs >= timeoutMs,
  };
}
