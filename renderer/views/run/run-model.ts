import type { Json } from '../../../main/contract/http.ts';
import type { KeptBody } from '../../../main/contract/trace.ts';

/** What is wrong with a request's body as the contract sees it; the button stays usable, since refusals may be wanted. */
export type BodyVerdict =
  | { readonly kind: 'object' }
  | { readonly kind: 'empty' | 'not-object' }
  | { readonly kind: 'invalid'; readonly reason: string };

/** Says in advance what the runtime will make of a body (contract §2: execute takes a JSON object). */
export function judgeBody(body: string): BodyVerdict {
  if (body.trim() === '') return { kind: 'empty' };
  try {
    const json: unknown = JSON.parse(body);
    return {
      kind: typeof json === 'object' && json !== null && !Array.isArray(json) ? 'object' : 'not-object',
    };
  } catch (error) {
    return { kind: 'invalid', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The sentence under the editor, null when the body is as the contract wants it. */
export function bodyHint(body: string): string | null {
  const verdict = judgeBody(body);
  switch (verdict.kind) {
    case 'object':
      return null;
    case 'empty':
      return 'An empty body is answered with 400 “Invalid JSON payload”.';
    case 'not-object':
      return 'Not an object: answered with 400 “Request body must be a JSON object”.';
    case 'invalid':
      return `Not JSON (${verdict.reason}): answered with 400 “Invalid JSON payload”.`;
  }
}

/** Text for the editor from the body that a trace kept; null when it was cut, since the rest is gone. */
export function editableBody(body: KeptBody | null): string | null {
  if (body === null) return '';
  if (body.truncated) return null;
  if (body.json !== undefined) return prettyJson(body.json);
  return body.text ?? '';
}

export function prettyJson(value: Json): string {
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
