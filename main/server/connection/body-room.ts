import type { IncomingMessage, ServerResponse } from 'node:http';
import { whenDone } from './pipeline.ts';

/**
 * How much of large bodies is in memory at once, over all connections. Threat model: a thousand connections may each
 * send a megabyte, and wait; read, parsed and written again it takes four. So a body that there is no room for is not
 * read yet: it waits with its client, in the system's buffers. Small ones never do. While others wait, one that stands
 * still is ended with its connection.
 */
export interface BodyRoom {
  /**
   * Resolves once the body may be read. It has its room until the answer is out, or the client gone, which ends the
   * wait as well.
   * @param limit bytes that a body may have
   */
  enter(req: IncomingMessage, res: ServerResponse, limit: number): Promise<void>;
}

interface Place {
  readonly req: IncomingMessage;
  readonly bytes: number;
  readonly start: () => void;
  /** What had arrived when it was looked at last. */
  arrived: number;
}

const MAX_BYTES = 32 * 1024 * 1024;
const STALLED_MS = 10_000;
/** All connections that there may be hold twice as much of them. */
const SMALL_BYTES = 64 * 1024;
/** What a body of unknown length is taken for: were it the limit, a high one would have them run one by one. */
const UNKNOWN_BYTES = 1024 * 1024;

export function createBodyRoom(maxBytes = MAX_BYTES, stalledMs = STALLED_MS): BodyRoom {
  const waiting: Place[] = [];
  const inside = new Set<Place>();
  let held = 0;
  let timer: NodeJS.Timeout | undefined;
  /** In their order; one that is larger than all the room has it to itself. */
  const admit = () => {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      if (held > 0 && held + first.bytes > maxBytes) break;
      waiting.shift();
      inside.add(first);
      held += first.bytes;
      first.start();
    }
    if (waiting.length > 0) timer ??= setInterval(endStalled, stalledMs, inside).unref();
    else {
      clearInterval(timer);
      timer = undefined;
    }
  };
  const leave = (place: Place) => {
    if (inside.delete(place)) held -= place.bytes;
    else waiting.splice(waiting.indexOf(place), 1);
    admit();
  };
  return {
    async enter(req, res, limit) {
      const { 'content-length': declared, 'transfer-encoding': coding } = req.headers;
      const bytes = Number(declared ?? (coding === undefined ? 0 : Math.min(limit, UNKNOWN_BYTES)));
      // One over the limit is refused unread.
      if (bytes <= SMALL_BYTES || bytes > limit) return;
      await new Promise<void>((start) => {
        const place = { req, bytes, start, arrived: 0 };
        waiting.push(place);
        whenDone(res, () => {
          leave(place);
          start();
        });
        admit();
      });
    },
  };
}

function endStalled(places: Iterable<Place>): void {
  for (const place of places) {
    const { complete, socket } = place.req;
    if (!complete && socket.bytesRead === place.arrived) socket.destroy();
    place.arrived = socket.bytesRead;
  }
}
