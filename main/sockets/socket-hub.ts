import type { WebSocket } from 'ws';
import { WorkbenchError } from '../contract/errors.ts';
import type {
  SocketCause,
  SocketConnection,
  SocketEnd,
  SocketMessage,
  TokenWay,
} from '../contract/sockets.ts';
import type { Redactor } from '../traces/record/redact.ts';
import { SocketHistory } from './history.ts';

/**
 * The open WebSockets, by user, and what is sent to them. Threat model: any program on this machine may connect,
 * and never read, never answer or never leave. So their number is bounded, what one has not taken is, and one
 * that doesn't answer a ping is ended.
 */
export interface SocketLimits {
  readonly perUser: number;
  /** Over all users, those too that have not said yet who they are. */
  readonly inAll: number;
  /** Sent to one connection and not taken yet. */
  readonly unsentBytes: number;
  readonly pingMs: number;
}

export const USUAL_SOCKET_LIMITS: SocketLimits = {
  perUser: 16,
  inAll: 256,
  unsentBytes: 1024 * 1024,
  pingMs: 30_000,
};

/** A client that has just been connected, and says who it is. */
export interface SocketClient {
  readonly socket: WebSocket;
  readonly address: string;
  readonly path: string;
  readonly way: TokenWay;
}

interface SocketListener {
  /** Connections or ends changed. */
  changed(): void;
  sent(message: SocketMessage): void;
}

interface Open extends SocketClient {
  readonly id: number;
  readonly user: string;
  readonly since: number;
  messages: number;
  bytes: number;
  received: number;
  /** It has answered the last ping. */
  isAlive: boolean;
  /** Why this side ends it; null while it doesn't. */
  ending: Pick<SocketEnd, 'code' | 'reason' | 'detail' | 'remedy'> | null;
}

/** How long a client may take to say goodbye. */
const GOODBYE_MS = 500;

/** WebSocket close codes (RFC 6455 §7.4.1). */
const GOING_AWAY = 1001;
const PROTOCOL_ERROR = 1002;
const POLICY = 1008;
const TOO_LONG = 1009;
const TRY_LATER = 1013;

export class SocketHub {
  readonly history: SocketHistory;
  readonly #limits: SocketLimits;
  readonly #listeners = new Set<SocketListener>();
  readonly #open = new Map<number, Open>();
  /** Connected, and their tokens are being looked at. */
  readonly #unknown = new Set<WebSocket>();
  #nextId = 1;
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(redactor: Redactor, limits = USUAL_SOCKET_LIMITS) {
    this.history = new SocketHistory(redactor);
    this.#limits = limits;
  }

  /** Returns `unsubscribe`. */
  on(listener: SocketListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Counts a connection of which nobody knows yet whose it is; false when there are too many: it is closed. */
  greet(client: SocketClient): boolean {
    const { socket } = client;
    // It says goodbye itself, to a client that may not listen.
    socket.on('error', () => terminateSoon(socket));
    if (!this.#stopped && this.#open.size + this.#unknown.size < this.#limits.inAll) {
      this.#unknown.add(socket);
      socket.once('close', () => this.#unknown.delete(socket));
      return true;
    }
    const reason = this.#stopped ? 'The runtime is stopping' : `${this.#limits.inAll} connections are open`;
    const remedy = this.#stopped ? null : 'Close windows that are not needed';
    this.refuse(client, { code: TRY_LATER, reason, detail: null, remedy, user: null });
    return false;
  }

  /** Closes a connection that was greeted, and remembers why. */
  refuse(
    { socket, address, path }: SocketClient,
    why: Pick<SocketEnd, 'code' | 'reason' | 'detail' | 'remedy' | 'user'>,
  ): void {
    closeSoon(socket, why.code, why.reason);
    this.noteRefused({ address, path, ...why });
  }

  /** Remembers a request that never became a connection. */
  noteRefused(end: Omit<SocketEnd, 'seq' | 'at' | 'kind'>): void {
    this.history.end({ kind: 'refused', ...end });
    this.#changed();
  }

  /** From now on it gets what is sent to this user. */
  join(client: SocketClient, user: string): void {
    const { socket } = client;
    this.#unknown.delete(socket);
    if (socket.readyState !== socket.OPEN) return;
    const own = [...this.#open.values()].filter((one) => one.user === user);
    if (own.length >= this.#limits.perUser) {
      const reason = `${this.#limits.perUser} connections of this user are open`;
      const remedy = 'Close windows of this user that are not needed';
      this.refuse(client, { code: TRY_LATER, reason, detail: null, remedy, user });
      return;
    }
    const open: Open = {
      ...client,
      id: this.#nextId++,
      user,
      since: Date.now(),
      messages: 0,
      bytes: 0,
      received: 0,
      isAlive: true,
      ending: null,
    };
    this.#open.set(open.id, open);
    this.#follow(open);
    this.#timer ??= setInterval(() => this.#ping(), this.#limits.pingMs).unref();
    this.#changed();
  }

  /** Sends a text to a user's connections, or to all for null; returns how many got it. */
  send(user: string | null, text: string, cause: SocketCause): number {
    // Encoded once for all of them.
    const bytes = Buffer.from(text);
    const receivers = [...this.#open.values()].filter((one) => user === null || one.user === user);
    const reached = receivers.filter((one) => this.#sendTo(one, bytes));
    const connections = reached.map(({ id }) => id);
    const message = this.history.add({ user, text, cause, connections });
    for (const { sent } of this.#listeners) sent(message);
    this.#changed();
    return reached.length;
  }

  connections(): readonly Omit<SocketConnection, 'isTest'>[] {
    return [...this.#open.values()].map(({ id, user, since, address, way, messages, bytes, received }) => {
      return { id, user, since, address, way, messages, bytes, received };
    });
  }

  /** @throws {WorkbenchError} NOT_FOUND */
  close(id: number): void {
    const open = this.#open.get(id);
    if (open === undefined) throw new WorkbenchError('NOT_FOUND', 'This connection is no longer open');
    this.#end(open, { code: GOING_AWAY, reason: 'Closed in the workbench', detail: null, remedy: null });
  }

  clear(): void {
    this.history.clear();
    this.#changed();
  }

  /** Says goodbye to all; those that don't answer are cut off after half a second. */
  stop(): void {
    this.#stopped = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    for (const socket of this.#unknown) closeSoon(socket, GOING_AWAY, 'The runtime is stopping');
    const why = { code: GOING_AWAY, reason: 'The runtime is stopping', detail: null, remedy: null };
    for (const open of this.#open.values()) this.#end(open, why);
  }

  #changed(): void {
    for (const { changed } of this.#listeners) changed();
  }

  #follow(open: Open): void {
    const { socket } = open;
    socket.on('pong', () => {
      open.isAlive = true;
    });
    // What clients send is counted, and nothing else is done with it.
    socket.on('message', () => {
      open.received += 1;
      this.#changed();
    });
    socket.on('error', (error: Error & { code?: string }) => {
      open.ending ??= endingOf(error);
    });
    socket.once('close', (code, reason) => {
      this.#open.delete(open.id);
      const said = { code, reason: reason.toString(), detail: null, remedy: null };
      const { address, path, user, ending } = open;
      this.history.end({ kind: 'ended', address, path, user, ...(ending ?? said) });
      this.#changed();
    });
  }

  #sendTo(open: Open, text: Buffer): boolean {
    const { socket } = open;
    if (socket.readyState !== socket.OPEN) return false;
    if (socket.bufferedAmount > this.#limits.unsentBytes) {
      open.ending = {
        code: POLICY,
        reason: 'Read too slowly',
        detail: `It had not taken ${socket.bufferedAmount} bytes; the limit is ${this.#limits.unsentBytes}`,
        remedy: 'Read messages as they arrive',
      };
      // A goodbye would have to wait behind all that it doesn't read.
      socket.terminate();
      return false;
    }
    socket.send(text, { binary: false });
    open.messages += 1;
    open.bytes += text.length;
    return true;
  }

  #ping(): void {
    for (const open of this.#open.values()) {
      if (open.isAlive) {
        open.isAlive = false;
        open.socket.ping();
      } else {
        const detail = `No answer to a ping within ${this.#limits.pingMs / 1000} s`;
        open.ending = { code: POLICY, reason: 'Gone without a goodbye', detail, remedy: null };
        open.socket.terminate();
      }
    }
  }

  #end(open: Open, why: NonNullable<Open['ending']>): void {
    open.ending ??= why;
    closeSoon(open.socket, why.code, why.reason);
  }
}

function closeSoon(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  terminateSoon(socket);
}

function endingOf({ code, message }: Error & { readonly code?: string }): NonNullable<Open['ending']> {
  if (code !== 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') {
    return { code: PROTOCOL_ERROR, reason: message, detail: null, remedy: null };
  }
  const detail = 'The client sent a message over 64 KiB';
  const remedy = 'Nobody reads what clients send here: send it to a route';
  return { code: TOO_LONG, reason: message, detail, remedy };
}

function terminateSoon(socket: WebSocket): void {
  const timer = setTimeout(() => socket.terminate(), GOODBYE_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}
