import { type IncomingMessage, type RequestListener, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { pendingAnswer, whenDone } from './pipeline.ts';
import { lingerThenDestroy } from './raw-answer.ts';

/**
 * Requests to upgrade the connection. Node takes them out of HTTP at once, whatever they want; here they are
 * requests like any other, so that Host, Origin, headers and the shape of errors are one for all. Only a handler
 * that wants the connection takes it (`takeUpgrade`).
 */

/** A connection that HTTP has let go of. */
export interface Upgrade {
  readonly socket: Duplex;
  /** What the client has sent after its headers. */
  readonly head: Buffer;
}

const offered = new WeakMap<IncomingMessage, Upgrade>();

/** The connection of a request to upgrade, if nobody has taken it; from now on no answer goes out on it. */
export function takeUpgrade(req: IncomingMessage, res: ServerResponse): Upgrade | null {
  const upgrade = offered.get(req);
  if (upgrade === undefined) return null;
  offered.delete(req);
  res.detachSocket(upgrade.socket as Socket);
  return upgrade;
}

/** Gives back what `takeUpgrade` took: the answer says why there is no upgrade. */
export function returnUpgrade(res: ServerResponse, { socket }: Upgrade): void {
  res.assignSocket(socket as Socket);
}

export function answerUpgrades(server: Server, answer: RequestListener): void {
  server.on('upgrade', (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const start = () => {
      if (isIgnored(req)) continueInHttp1(server, req, socket, head);
      else answerOnce(req, { socket, head }, answer);
    };
    const before = pendingAnswer(socket);
    if (before === null) start();
    else whenDone(before.res, start);
  });
}

/** A client that offers HTTP/2 (Java's does, on every first request) goes on in HTTP/1.1, as HTTP allows. */
function isIgnored({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'h2c';
}

/** Hands the same request to HTTP again, without what asked for the upgrade. */
function continueInHttp1(server: Server, req: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`];
  for (let index = 0; index + 1 < req.rawHeaders.length; index += 2) {
    const [name = '', value = ''] = req.rawHeaders.slice(index, index + 2);
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${value}`);
  }
  // A folded header: written again it might be two.
  if (lines.some((line) => /[\r\n]/.test(line))) {
    socket.destroy();
    return;
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** One answer, and the connection ends with it: nobody reads a second request from it. */
function answerOnce(req: IncomingMessage, upgrade: Upgrade, answer: RequestListener): void {
  const { socket } = upgrade;
  if (socket.destroyed) return;
  const res = new ServerResponse(req);
  res.shouldKeepAlive = false;
  res.assignSocket(socket as Socket);
  offered.set(req, upgrade);
  res.once('finish', () => {
    res.detachSocket(socket as Socket);
    socket.end();
    socket.resume();
    lingerThenDestroy(socket);
  });
  answer(req, res);
}
