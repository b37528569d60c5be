import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorCode, errorBody } from '../../contract/errors.ts';
import { CONTRACT_VERSION, HEADERS } from '../../contract/http.ts';
import { pendingAnswer, whenDone } from './pipeline.ts';

/**
 * Answers on the bare socket, for what never becomes a request: bytes that are not HTTP, headers too large or
 * too slow, CONNECT. These carry the version header and the contract's error shape like every other answer
 * (CONTRACT.md §1).
 */

/** How long a refused client may continue to send before the socket is destroyed. */
const LINGER_MS = 1_000;

/** The parser reports every further chunk of a broken request again; one answer is enough. */
const refused = new WeakSet<Duplex>();

/** Answers what the HTTP parser gave up on. */
export function answerParserError(error: NodeJS.ErrnoException, socket: Duplex): void {
  const [code, detail] = explain(error.code);
  answerRaw(socket, code, detail);
}

/** Answers a CONNECT, which asks for a tunnel that a runtime has no use for. */
export function answerConnect(_req: IncomingMessage, socket: Duplex): void {
  answerRaw(socket, 'METHOD_NOT_ALLOWED', 'CONNECT is not allowed here: this is not a proxy', [
    'Allow: GET, HEAD, POST, DELETE, OPTIONS',
  ]);
}

function explain(code: string | undefined): [ErrorCode, string] {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return ['HEADERS_TOO_LARGE', 'The request line and the headers are over 16 KiB together'];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return ['REQUEST_TIMEOUT', 'The request did not arrive in time'];
    default:
      return ['BAD_REQUEST', `Malformed HTTP request (${code ?? 'no code'})`];
  }
}

function answerRaw(socket: Duplex, code: ErrorCode, detail: string, extra: readonly string[] = []): void {
  if (refused.has(socket)) return;
  refused.add(socket);
  // Node has taken its own listener off a socket that asked for a tunnel.
  socket.on('error', () => socket.destroy());
  const pending = pendingAnswer(socket);
  // Bytes after a complete request: it gets its own answer, and the refusal follows.
  if (pending !== null && !pending.isBroken)
    whenDone(pending.res, () => end(socket, rawAnswer(code, detail, extra)));
  else if (pending?.res.headersSent === true) socket.destroy();
  else end(socket, rawAnswer(code, detail, extra));
}

function end(socket: Duplex, answer: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(answer);
  lingerThenDestroy(socket);
}

/**
 * Destroys a connection whose answer is out. What still arrives is read and discarded for a moment: closing with
 * unread bytes would reset it, and the client would lose the answer.
 */
export function lingerThenDestroy(socket: Duplex): void {
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}

function rawAnswer(code: ErrorCode, detail: string, extra: readonly string[]): string {
  const body = errorBody(code, detail);
  const text = JSON.stringify(body);
  return [
    `HTTP/1.1 ${body.status_code} ${STATUS_CODES[body.status_code] ?? 'Error'}`,
    `${HEADERS.runtimeVersion}: ${CONTRACT_VERSION}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'X-Content-Type-Options: nosniff',
    'Cache-Control: no-store',
    ...extra,
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}
