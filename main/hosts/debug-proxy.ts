import { connect, createServer, type Server, type Socket } from 'node:net';
import type { InspectorAddress } from './inspection.ts';

/**
 * A port of ours in front of a process's inspector. It stays the same over every reload, and is the only way
 * to know whether a debugger is attached: an inspector reports neither connections nor their end.
 *
 * Threat model: a debugger runs code with the plugin's rights, which are the user's. The proxy and the
 * inspector behind it therefore exist only between "debug" and "stop debugging", and only on 127.0.0.1.
 * Meanwhile any program on this machine, another user's too, can attach, as to any `node --inspect`. A web
 * page can't attach to a JavaScript plugin: Node's inspector checks the Host header, which passes through
 * unchanged, and the path of its WebSocket can't be guessed or read from a page. It can attach to a Python
 * plugin: debugpy takes the headers of an HTTP POST for those of its own protocol, and the body for a
 * message.
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

  #admit(socket: Socket): void {
    if (this.#target === null) {
      socket.destroy();
      return;
    }
    const inner = connect({ host: '127.0.0.1', port: this.#target.port, noDelay: true });
    for (const [one, other] of [
      [socket, inner],
      [inner, socket],
    ] as const) {
      this.#sockets.add(one);
      // A reset ends the connection like any other end: `close` follows and closes the other side.
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
        this.#detach(socket);
      });
      one.pipe(other);
    }
    inner.on('data', (chunk: Buffer) => {
      if (isSession(chunk)) this.#attach(socket);
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
