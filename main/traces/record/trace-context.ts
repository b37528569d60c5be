import { randomBytes } from 'node:crypto';

/**
 * W3C trace context, version 00 (https://www.w3.org/TR/trace-context/): the part of it that one header
 * carries.
 */

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const ALL_ZERO = /^0+$/;

export interface TraceIds {
  /** 32 hex digits: the client's when its header is valid, else a new one. */
  readonly traceId: string;
  /** 16 hex digits: this request's own. */
  readonly id: string;
}

/** Takes over a client's trace id. An invalid header is ignored, as the standard asks, never an error. */
export function newTraceIds(traceparent: string | undefined): TraceIds {
  return { traceId: traceIdOf(traceparent) ?? randomHex(16), id: newSpanId() };
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
  const [, , spanId] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  return spanId ?? null;
}

function traceIdOf(traceparent: string | undefined): string | null {
  const [, traceId, parentId] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || parentId === undefined) return null;
  return ALL_ZERO.test(traceId) || ALL_ZERO.test(parentId) ? null : traceId;
}

/** Never all zero, which the standard calls invalid. */
function newSpanId(): string {
  const id = randomHex(8);
  return ALL_ZERO.test(id) ? newSpanId() : id;
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
