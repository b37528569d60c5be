import { connect, createServer, type Server, type Socket } from 'node:net';
import type { InspectorAddress } from './inspection.ts';

/**
 * A port of ours in front of a process's inspector: the same one over every reload, and the only way to know whether a
 * debugger is attached, since an inspector tells neither who is connected nor that somebody left.
 *
 * Threat model: whoever attaches runs code with the plugin's rights, which are the user's. The door and the inspector behind it
 * therefore exist only between "debug" and "stop debugging", and only on 127.0.0.1: any program of this machine, also of another
 * user, can attach then, as to any `node --inspect`. A web page can't: Node's inspector checks the Host header, which
 * passes through unchanged, and its WebSocket's path can't be guessed or read from a page.
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

  /** Opens a door on a free port. @throws the system's error when it can't listen */
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

  /** A debugger is connected, perhaps to a process that is being replaced. */
  get attached(): boolean {
    return this.#attached.size > 0;
  }

  /** What a debugger of JavaScript may be given instead of the port; null where there is none now. */
  get url(): string | null {
    return this.#target === null || this.#target.path === ''
      ? null
      : `ws://127.0.0.1:${this.port}${this.#target.path}`;
  }

  /** Debuggers that come from now on reach this process; null: none does. Those attached stay where they are. */
  aim(target: InspectorAddress | null): void {
    this.#target = target;
    this.#onChange();
  }

  /** Sends every debugger away and listens no more. */
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
      // A reset is an end like another: `close` follows and takes the other side along.
      one.on('error', () => other.destroy());
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
        this.#leave(socket);
      });
      one.pipe(other);
    }
    inner.on('data', (chunk: Buffer) => {
      if (isSession(chunk)) this.#enter(socket);
    });
  }

  #enter(socket: Socket): void {
    if (this.#attached.has(socket) || socket.destroyed) return;
    this.#attached.add(socket);
    this.#onChange();
  }

  #leave(socket: Socket): void {
    if (this.#attached.delete(socket)) this.#onChange();
  }
}

/**
 * Whether the inspector's words begin a session: it accepts a WebSocket (Node), or speaks the debug adapter protocol
 * (debugpy). Tools also ask it by plain HTTP for its list of targets, some every second.
 */
function isSession(chunk: Buffer): boolean {
  const start = chunk.subarray(0, 16).toString('latin1');
  return start.startsWith('HTTP/1.1 101') || start.startsWith('Content-Length:');
}
