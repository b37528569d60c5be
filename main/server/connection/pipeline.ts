import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The newest answer on each socket, sent or not. */
const newest = new WeakMap<Duplex, ServerResponse>();

/**
 * Handles the requests of one connection one after the other. Node starts all that arrive together, and would
 * run a plugin for a request whose answer can never be sent, because the one before it closes the connection.
 */
export function inOrder(answer: RequestListener): RequestListener {
  return (req, res) => {
    const before = newest.get(req.socket);
    newest.set(req.socket, res);
    whenDone(before, () => {
      if (req.socket.writable) answer(req, res);
    });
  };
}

/** The pending answer on a socket whose parser failed, and whether that very request is the broken one. */
export function pendingAnswer(socket: Duplex): { res: ServerResponse; isBroken: boolean } | null {
  const res = newest.get(socket);
  if (res === undefined || isDone(res)) return null;
  const req: IncomingMessage = res.req;
  return { res, isBroken: !req.complete };
}

/** Calls back once an answer is out or its connection gone; at once where there is nothing to wait for. */
export function whenDone(res: ServerResponse | undefined, then: () => void): void {
  if (res === undefined || isDone(res)) then();
  else res.once('close', then);
}

function isDone(res: ServerResponse): boolean {
  return res.writableFinished || res.destroyed;
}
