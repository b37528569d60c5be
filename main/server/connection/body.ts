import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SentObject } from '../../auth/inject.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import type { Json } from '../../contract/http.ts';
import { dropProtoKeys } from '../../system/plain-json.ts';
import { RefusedRequest } from '../refused-request.ts';

/**
 * Reads request bodies. Threat model: any program on this machine may send any bytes. So bytes are counted
 * while they arrive and no more than the limit is held; nesting is counted before JSON.parse recurses into
 * it; and keys named `__proto__` are dropped, so that no later copy of the object can change a prototype
 * (CONTRACT.md §2, §4).
 */
export type ReadBody =
  | { readonly kind: 'read'; readonly bytes: Buffer }
  /** `bytes` as declared, or as counted until the reading stopped. The rest is left unread. */
  | { readonly kind: 'too-large'; readonly bytes: number }
  /** The client went away first. */
  | { readonly kind: 'aborted' };

const MAX_JSON_DEPTH = 100;

/** Requests that sent `Expect: 100-continue` and wait for it before they send their body. */
const awaitingContinue = new WeakMap<IncomingMessage, ServerResponse>();

/** Delays `100 Continue` until the body is read: a refused request then never sends it. */
export function deferContinue(req: IncomingMessage, res: ServerResponse): void {
  awaitingContinue.set(req, res);
}

export function awaitsContinue(req: IncomingMessage): boolean {
  return awaitingContinue.has(req);
}

/** Reads the whole body unless it passes `limit` bytes. Never rejects. */
export function readBody(req: IncomingMessage, limit: number): Promise<ReadBody> {
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > limit) return Promise.resolve({ kind: 'too-large', bytes: declared });
  awaitingContinue.get(req)?.writeContinue();
  awaitingContinue.delete(req);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const settle = (result: ReadBody) => {
      req.off('data', onData).off('end', onEnd).off('close', onClose);
      resolve(result);
    };
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else {
        req.pause();
        settle({ kind: 'too-large', bytes });
      }
    };
    const onEnd = () => settle({ kind: 'read', bytes: Buffer.concat(chunks) });
    const onClose = () => settle({ kind: 'aborted' });
    req.on('data', onData).on('end', onEnd).on('close', onClose);
    if (req.destroyed) onClose();
  });
}

/**
 * Parses a body as a JSON object, whatever its Content-Type. `isHostPath`: the plugin host's path reads an
 * empty body as `{}` and has a text of its own for what is not JSON.
 * @throws {WorkbenchError} BAD_REQUEST with the contract's text (CONTRACT.md §2)
 */
export function parseJsonObject(bytes: Buffer, isHostPath: boolean): SentObject {
  if (bytes.length === 0 && isHostPath) return { value: {}, text: '{}' };
  const invalid = isHostPath ? 'Invalid JSON body' : 'Invalid JSON payload';
  if (isDeeperThan(bytes, MAX_JSON_DEPTH)) {
    const detail = `${invalid}: nested deeper than ${MAX_JSON_DEPTH} levels`;
    throw new RefusedRequest('BAD_REQUEST', detail, 'body-too-deep');
  }
  const { value, text } = parseJson(bytes, invalid);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new RefusedRequest('BAD_REQUEST', 'Request body must be a JSON object', 'body-no-object');
  }
  return { value: mayHaveProtoKeys(text) ? dropProtoKeys(value) : value, text };
}

/**
 * Whether the name occurs, or one of its five characters written as an escape, as no encoder does: to look at every
 * object of a large body takes longer than to parse it.
 */
function mayHaveProtoKeys(text: string): boolean {
  return text.includes('__proto__') || /\\u00(?:5f|6f|70|72|74)/i.test(text);
}

/**
 * Shared: creating one costs more than decoding a small body. Each `decode` starts over, even after a
 * failure.
 */
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

function parseJson(bytes: Buffer, invalid: string): { readonly value: Json; readonly text: string } {
  try {
    const text = strictUtf8.decode(bytes);
    return { value: JSON.parse(text) as Json, text };
  } catch (error) {
    throw isPythonJson(bytes)
      ? new RefusedRequest('BAD_REQUEST', invalid, 'body-not-finite', { cause: error })
      : new WorkbenchError('BAD_REQUEST', invalid, { cause: error });
  }
}

/** Whether only numbers that JSON doesn't know, but Python's parser does, make it invalid. */
function isPythonJson(bytes: Buffer): boolean {
  // One that doesn't end reaches to the end: were it passed over, the next quote would read it all again.
  const strings = /"[^"\\]*(?:\\.?[^"\\]*)*(?:"|$)/gs;
  const bare = bytes.toString('utf8').replace(strings, '""');
  const finite = bare.replace(/-?\bInfinity\b|\bNaN\b/g, '0');
  if (finite === bare) return false;
  try {
    JSON.parse(finite);
    return true;
  } catch {
    // Not JSON in another way too.
    return false;
  }
}

const [QUOTE, BACKSLASH, OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = Buffer.from('"\\[{]}');

/** Counts brackets outside strings; in UTF-8 no byte of a longer character looks like one. */
function isDeeperThan(bytes: Buffer, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
    if (depth > limit) return true;
  }
  return false;
}
