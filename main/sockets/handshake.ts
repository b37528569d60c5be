import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { WorkbenchError } from '../contract/errors.ts';
import { CONTRACT_VERSION, HEADERS } from '../contract/http.ts';
import { readCredentials, type SocketCredentials } from './credentials.ts';

/** Clients have nothing to say here: a longer message closes the connection (1009). */
const MAX_RECEIVED_BYTES = 64 * 1024;

/**
 * Opens the WebSocket that a request asks for; nothing is sent before it is known that it can be.
 * @throws {WorkbenchError} BAD_REQUEST when it is no WebSocket's handshake
 */
export type Handshake = (req: IncomingMessage, socket: Duplex, head: Buffer) => WebSocket;

export function createHandshake(): Handshake {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_RECEIVED_BYTES,
    handleProtocols: (_offered, req) => credentialsOf(req).protocol ?? false,
  });
  server.on('headers', (headers) => headers.push(`${HEADERS.runtimeVersion}: ${CONTRACT_VERSION}`));
  return (req, socket, head) => {
    const opened: WebSocket[] = [];
    let problem = 'the connection has ended';
    const onError = (error: Error) => {
      problem = error.message;
    };
    server.once('wsClientError', onError);
    // It calls back at once, or not at all.
    server.handleUpgrade(req, socket, head, (webSocket) => opened.push(webSocket));
    server.off('wsClientError', onError);
    const [webSocket] = opened;
    if (webSocket !== undefined) return webSocket;
    throw new WorkbenchError('BAD_REQUEST', `No WebSocket can be opened: ${problem}`);
  };
}

/** The token that a request carries, and how. */
export function credentialsOf({ headers, url = '' }: IncomingMessage): SocketCredentials {
  return readCredentials(headers['sec-websocket-protocol'], url.split(/\?(.*)/s, 2)[1] ?? '');
}
