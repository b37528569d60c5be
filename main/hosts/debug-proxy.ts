import { connect, createServer, type Server, type Socket } from 'node:net';
import { judgeAdapterOpening, judgeInspectorOpening, type Opening } from './debug-opening.ts';
import type { InspectorAddress } from './inspection.ts';

/** How long a connection may take to show that it is a debugger's. */
const OPENING_TIMEOUT_MS = 2_000;
/** Debuggers and those that look for them are few; the rest is kept from filling the memory. */
const MAX_CONNECTIONS = 64;

/**
 * A port of ours in front of a process's inspector. It stays the same over every reload, and is the only way
 * to know whether a debugger is attached: an inspector reports neither connections nor their end.
 *
 * Threat model: a debugger runs code with the plugin's rights, which are the user's. The proxy and the
 * inspector behind it therefore exist only between "debug" and "stop debugging", and only on 127.0.0.1.
 * Meanwhile any program on this machine, another user's too, can attach, as to any `node --inspect`. A web
 * page can't: the first bytes of each connection are held until they prove to be a debugger's
 * (debug-opening.ts). Nor can it go around the proxy: Node's inspector wants the path of its WebSocket, which
 * can't be guessed or read from a page, and debugpy gets only connections that begin with a token, which the
 * proxy sends (python/mozaiks_host_debug.py).
 */
export class DebugProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #attached = new Set<Socket>();
  readonly #onChange: () => void;
  #target: InspectorAddress | null = null;

  private constructor(server: Server, port: number, onChange: () => void) {
    this.#server = server;
    this.port = port;
    this.#onChange = onChange;
    server.maxConnections = MAX_CONNECTIONS;
    server.on('connection', (socket) => this.#admit(socket));
  }

  /** Listens on a free port. @throws the system's error when it can't */
  static open(onChange: () => void): Promise<DebugProxy> {
    const server = createServer({ noDelay: true });
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        if (address === null || typeof address === 'string') reject(new Error('the port has no number'));
        else resolve(new DebugProxy(server, address.port, onChange));
      });
    });
  }

  /** Whether a debugger is connected, perhaps to a process that is being replaced. */
  get attached(): boolean {
    return this.#attached.size > 0;
  }

  /** The WebSocket address for JavaScript debuggers; null where there is none now. */
  get url(): string | null {
    return this.#target === null || this.#target.path === ''
      ? null
      : `ws://127.0.0.1:${this.port}${this.#target.path}`;
  }

  /**
   * Debuggers that connect from now on reach this process, or are refused if null. Attached ones stay
   * connected.
   */
  aim(target: InspectorAddress | null): void {
    this.#target = target;
    this.#onChange();
  }

  /** Disconnects every debugger and stops listening. */
  close(): void {
    this.#server.close();
    this.#target = null;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Holds what a connection sends first until that tells what it is. */
  #admit(socket: Socket): void {
    const target = this.#target;
    if (target === null) {
      socket.destroy();
      return;
    }
    this.#keep(socket);
    let held: Buffer = Buffer.alloc(0);
    const timer = setTimeout(() => socket.destroy(), OPENING_TIMEOUT_MS);
    socket.once('close', () => clearTimeout(timer));
    const read = (chunk: Buffer) => {
      held = Buffer.concat([held, chunk]);
      const opening = this.#judge(held, target);
      if (opening === 'incomplete') return;
      // A question has the same time for its answer: it holds none of the connections for good.
      if (opening === 'session') clearTimeout(timer);
      socket.off('data', read).pause();
      // Aimed elsewhere meanwhile: a debugger connects again.
      if (opening === 'foreign' || this.#target !== target) socket.destroy();
      else this.#join(socket, target, held, opening);
    };
    socket.on('data', read);
  }

  #judge(held: Buffer, { token }: InspectorAddress): Opening {
    return token === null ? judgeInspectorOpening(held, this.port) : judgeAdapterOpening(held);
  }

  #join(socket: Socket, { port, token }: InspectorAddress, held: Buffer, opening: Opening): void {
    const inner = connect({ host: '127.0.0.1', port, noDelay: true });
    this.#keep(inner);
    socket.once('close', () => inner.destroy());
    inner.once('close', () => socket.destroy());
    if (token !== null) inner.write(token);
    inner.write(held);
    inner.on('data', (chunk: Buffer) => {
      if (isSession(chunk)) this.#attach(socket);
    });
    inner.pipe(socket);
    if (opening === 'session') socket.pipe(inner);
    // A second request on the same connection would pass unjudged.
    else socket.on('data', () => socket.destroy()).resume();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    // A reset ends the connection like any other end: `close` follows.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#detach(socket);
    });
  }

  #attach(socket: Socket): void {
    if (this.#attached.has(socket) || socket.destroyed) return;
    this.#attached.add(socket);
    this.#onChange();
  }

  #detach(socket: Socket): void {
    if (this.#attached.delete(socket)) this.#onChange();
  }
}

/**
 * Whether these bytes from the inspector start a session: it accepts a WebSocket (Node), or speaks the debug
 * adapter protocol (debugpy). Tools also request its list of targets over plain HTTP, some every second.
 */
function isSession(chunk: Buffer): boolean {
  const start = chunk.subarray(0, 16).toString('latin1');
  return start.startsWith('HTTP/1.1 101') || start.startsWith('Content-Length:');
}
