import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * All connections of one server, and what of its answers they have not taken. Threat model: any program on
 * this machine may ask for answers and never read them. So an answer that makes no progress for a while ends
 * with its connection, and where all together hold too much, the one that has stood still longest.
 */
export interface ConnectionLimits {
  /** How long an answer may make no progress. */
  readonly stalledMs: number;
  /** Of answers that are not taken yet, over all connections. */
  readonly maxUnsentBytes: number;
}

/** One connection's answer under way. */
interface Unsent {
  /** Bytes of an answer that is kept whole until its last piece is out. */
  held: number;
  /** What had left when it was looked at last. */
  taken: number;
  /** Since when no more has; null while nothing is unsent. */
  since: number | null;
}

const connectionsOf = new WeakMap<Socket, Connections>();

export class Connections {
  readonly #limits: ConnectionLimits;
  readonly #open = new Map<Socket, Unsent>();
  readonly #timer: NodeJS.Timeout;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    this.#timer = setInterval(() => this.#look(), Math.min(1_000, limits.stalledMs / 4));
    this.#timer.unref();
  }

  /** Once is enough: a connection may be handed over again (upgrade.ts). */
  add(socket: Socket): void {
    if (this.#open.has(socket)) return;
    this.#open.set(socket, { held: 0, taken: 0, since: null });
    connectionsOf.set(socket, this);
    socket.once('close', () => this.#open.delete(socket));
  }

  /** Counts an answer that is kept whole until it is out. */
  hold(res: ServerResponse, socket: Socket, bytes: number): void {
    const unsent = this.#open.get(socket);
    if (unsent === undefined) return;
    unsent.held = bytes;
    res.once('close', () => {
      unsent.held = 0;
    });
    this.#look();
  }

  /** Ends them all, those too that no request is read from any more. */
  end(): void {
    clearInterval(this.#timer);
    for (const socket of this.#open.keys()) socket.destroy();
  }

  #look(): void {
    const now = performance.now();
    let total = 0;
    const waiting: { socket: Socket; since: number; bytes: number }[] = [];
    for (const [socket, unsent] of this.#open) {
      const bytes = Math.max(unsent.held, socket.writableLength);
      const since = stillSince(socket, unsent, bytes, now);
      if (since === null) continue;
      if (now - since >= this.#limits.stalledMs) socket.destroy();
      else {
        total += bytes;
        waiting.push({ socket, since, bytes });
      }
    }
    waiting.sort((one, other) => one.since - other.since);
    for (const { socket, bytes } of waiting) {
      if (total <= this.#limits.maxUnsentBytes) return;
      socket.destroy();
      total -= bytes;
    }
  }
}

function stillSince(socket: Socket, unsent: Unsent, bytes: number, now: number): number | null {
  const taken = socket.bytesWritten - socket.writableLength;
  if (bytes === 0) unsent.since = null;
  else if (unsent.since === null || taken !== unsent.taken) unsent.since = now;
  unsent.taken = taken;
  return unsent.since;
}

/** Counts an answer that is kept whole until it is out, for the connection that it belongs to. */
export function holdAnswer(res: ServerResponse, bytes: number): void {
  const { socket } = res.req;
  connectionsOf.get(socket)?.hold(res, socket, bytes);
}
