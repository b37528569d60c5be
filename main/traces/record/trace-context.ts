import { randomBytes } from 'node:crypto';

/**
 * W3C trace context, version 00 (https://www.w3.org/TR/trace-context/): the part of it that one header
 * carries.
 */

/** An id of zeros alone is invalid. */
const TRACEPARENT = /^00-((?!0{32})[0-9a-f]{32})-((?!0{16})[0-9a-f]{16})-[0-9a-f]{2}$/;

export interface TraceIds {
  /** 32 hex digits: the client's when its header is valid, else a new one. */
  readonly traceId: string;
  /** 16 hex digits: this request's own. */
  readonly id: string;
}

/** Takes over a client's trace id. An invalid header is ignored, as the standard asks, never an error. */
export function newTraceIds(traceparent: string | undefined): TraceIds {
  return { traceId: idsIn(traceparent)?.[1] ?? randomHex(16), id: newSpanId() };
}

/** The header that an execute route answers with. */
export function formatTraceparent({ traceId, id }: TraceIds): string {
  return `00-${traceId}-${id}-01`;
}

/**
 * The span id in an answer's header, which is the id of the request's trace in the store; null where there is
 * none.
 */
export function spanIdOf(traceparent: string | undefined): string | null {
  return idsIn(traceparent)?.[2] ?? null;
}

function idsIn(traceparent: string | undefined): RegExpExecArray | null {
  return TRACEPARENT.exec(traceparent ?? '');
}

/** Never all zero, which the standard calls invalid. */
function newSpanId(): string {
  const id = randomHex(8);
  return /[1-9a-f]/.test(id) ? id : newSpanId();
}

/**
 * Asking the system for random bytes costs more than all else here, so they are fetched for many ids at once.
 */
const POOL_BYTES = 6 * 1024;
let pool = Buffer.alloc(0);
let used = 0;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
