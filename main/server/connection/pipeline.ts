import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The requests of one connection. */
interface Line {
  /** The newest answer, sent or not. */
  newest: ServerResponse;
  /** Requests that wait for the answers before theirs. */
  waiting: number;
}

/**
 * One more ends the connection. To stop reading would come too late: a single read may hold thousands of
 * requests.
 */
const MAX_WAITING = 16;

const lines = new WeakMap<Duplex, Line>();

/**
 * Handles the requests of one connection one after the other. Node starts all that arrive together, and would
 * run a plugin for a request whose answer can never be sent, because the one before it closes the connection.
 */
export function inOrder(answer: RequestListener): RequestListener {
  return (req, res) => {
    const { socket } = req;
    // The rest of a read whose beginning has ended the connection.
    if (socket.destroyed) return;
    const line = lines.get(socket);
    if (line === undefined) {
      lines.set(socket, { newest: res, waiting: 0 });
      answer(req, res);
      return;
    }
    const before = line.newest;
    line.newest = res;
    if (isDone(before)) answer(req, res);
    else if (line.waiting === MAX_WAITING) socket.destroy();
    else {
      line.waiting += 1;
      whenDone(before, () => {
        line.waiting -= 1;
        if (socket.writable) answer(req, res);
      });
    }
  };
}

/** The pending answer on a socket whose parser failed, and whether that very request is the broken one. */
export function pendingAnswer(socket: Duplex): { res: ServerResponse; isBroken: boolean } | null {
  const res = lines.get(socket)?.newest;
  if (res === undefined || isDone(res)) return null;
  const req: IncomingMessage = res.req;
  return { res, isBroken: !req.complete };
}

/** Calls back once an answer is out or its connection gone; at once where there is nothing to wait for. */
export function whenDone(res: ServerResponse, then: () => void): void {
  if (isDone(res)) then();
  else res.once('close', then);
}

function isDone(res: ServerResponse): boolean {
  return res.writableFinished || res.destroyed;
}
