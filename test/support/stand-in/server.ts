import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { type Answer, type Asked, type Handled, refusal, VERSION_HEADER } from './answer.ts';
import { handle } from './routes.ts';
import type { RuntimeState } from './runtime-state.ts';

/**
 * The HTTP side of the stand-in: each answer gets its headers, and the last word of the rules, in one place.
 */
export function createStandInServer(state: RuntimeState): Server {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    respond(state, request, response).catch((error: unknown) => response.destroy(error as Error));
  };
  const server = createServer({ maxHeaderSize: 16 * 1024 }, listener);
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    listener(request, response);
  });
  server.on('checkExpectation', listener);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerRaw(state, error, socket));
  return server;
}

async function respond(state: RuntimeState, request: IncomingMessage, response: ServerResponse) {
  const { method = 'GET', url = '/' } = request;
  const { pathname } = new URL(url, 'http://stand-in');
  const origin = request.headers.origin ?? null;
  if (state.rules.blocksAll) await Promise.all(state.blocking);
  const handled = await handle(state, request, pathname);
  const asked: Asked = { method, path: pathname, origin, outcome: handled.outcome ?? null };
  if (handled.outcome?.kind === 'crashed' && state.rules.cutsOnCrash) {
    response.destroy();
    return;
  }
  const { status, headers, body } = finished(state, handled, asked);
  const text = body === undefined ? '' : JSON.stringify(body);
  if (text !== '') response.setHeader('Content-Type', 'application/json');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (status !== 204) response.setHeader('Content-Length', Buffer.byteLength(text));
  response.writeHead(status).end(method === 'HEAD' ? '' : text);
}

/** With the headers of every answer. */
function finished(state: RuntimeState, { answer }: Handled, asked: Asked): Answer {
  const { version, allowedOrigin, rules } = state;
  const versioned = version === null ? {} : { [VERSION_HEADER]: version };
  const allowed = asked.origin === allowedOrigin ? { 'Access-Control-Allow-Origin': allowedOrigin } : {};
  const isReadable = asked.origin === allowedOrigin && version !== null;
  const exposed = isReadable ? { 'Access-Control-Expose-Headers': VERSION_HEADER } : {};
  return rules.finish(
    { ...answer, headers: { ...versioned, ...allowed, ...exposed, ...answer.headers } },
    asked,
  );
}

/**
 * No request was understood, so there is no response object: the answer goes to the socket itself
 * (CONTRACT.md §1).
 */
function answerRaw(state: RuntimeState, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const isTooLong = error.code === 'HPE_HEADER_OVERFLOW';
  const answer = isTooLong ? refusal(431, 'The headers are too large') : refusal(400, 'No HTTP request');
  const asked: Asked = { method: 'raw', path: '', origin: null, outcome: null };
  const { status, headers, body } = finished(state, { answer }, asked);
  const text = JSON.stringify(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, 'Content-Type: application/json'];
  socket.end(
    [...head, `Content-Length: ${Buffer.byteLength(text)}`, 'Connection: close', '', text].join('\r\n'),
  );
}
