import type { IncomingMessage, ServerResponse } from 'node:http';
import { whenDone } from './pipeline.ts';

/**
 * How much of large bodies is in memory at once, over all connections. Threat model: a thousand connections may each
 * send a megabyte, and wait; read, parsed and written again it takes four. So a body that there is no room for is not
 * read yet: it waits with its client, in the system's buffers. Small ones never do.
 */
export interface BodyRoom {
  /**
   * Resolves once the body may be read. It has its room until the answer is out, or the client gone, which ends the
   * wait as well.
   * @param limit what a body of unknown length is taken for
   */
  enter(req: IncomingMessage, res: ServerResponse, limit: number): Promise<void>;
}

interface Place {
  readonly bytes: number;
  readonly start: () => void;
}

const MAX_BYTES = 32 * 1024 * 1024;
/** All connections that there may be hold twice as much of them. */
const SMALL_BYTES = 64 * 1024;

export function createBodyRoom(maxBytes = MAX_BYTES): BodyRoom {
  const waiting: Place[] = [];
  let held = 0;
  /** In their order; one that is larger than all the room has it to itself. */
  const admit = () => {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      if (held > 0 && held + first.bytes > maxBytes) return;
      waiting.shift();
      held += first.bytes;
      first.start();
    }
  };
  return {
    async enter(req, res, limit) {
      const { 'content-length': declared, 'transfer-encoding': coding } = req.headers;
      const bytes = Number(declared ?? (coding === undefined ? 0 : limit));
      // One over the limit is refused unread.
      if (bytes <= SMALL_BYTES || bytes > limit) return;
      await new Promise<void>((resolve) => {
        const place: Place = { bytes, start: resolve };
        waiting.push(place);
        whenDone(res, () => {
          const at = waiting.indexOf(place);
          if (at < 0) held -= bytes;
          else waiting.splice(at, 1);
          resolve();
          admit();
        });
        admit();
      });
    },
  };
}
