import { WebSocket } from 'ws';
import { ROUTES } from '../contract/http.ts';
import type { PersonaId } from '../contract/run.ts';
import type { ArrivedMessage, SocketState, TestConnection } from '../contract/sockets.ts';
import type { SocketHub } from './socket-hub.ts';

export interface TestConnectorDeps {
  readonly sockets: SocketHub;
  readonly baseUrl: () => string;
  /** @throws {WorkbenchError} when the persona can't be used */
  readonly personaToken: (persona: PersonaId, custom?: string) => Promise<string | null>;
  readonly onChanged: () => void;
}

/** Messages that are remembered. */
const MOST_ARRIVED = 50;
const HANDSHAKE_MS = 5_000;
const MAX_BYTES = 2 * 1024 * 1024;

/** What the subprotocol can carry; another token, as one that somebody pasted, goes into the query. */
const TOKEN = /^[\w.-]+$/;

interface Attempt {
  readonly socket: WebSocket;
  readonly persona: PersonaId;
  readonly openedAt: number;
  /** This client's own end: the connection's `address` on the server's side. */
  address: string | null;
  state: TestConnection['state'];
  closed: TestConnection['closed'];
  arrived: ArrivedMessage[];
  count: number;
}

/**
 * A client of this very runtime, over a real socket, that shows what arrives. It is here and not in the page, whose
 * policy lets it connect to nothing else, and whose origin is none that may.
 */
export class TestConnector {
  readonly #deps: TestConnectorDeps;
  #attempt: Attempt | null = null;

  constructor(deps: TestConnectorDeps) {
    this.#deps = deps;
  }

  /** Connects as a persona, in place of the last one. Resolves before it is known how that ends. */
  async connect(persona: PersonaId, custom?: string): Promise<void> {
    const token = await this.#deps.personaToken(persona, custom);
    this.stop();
    const attempt = open(this.#deps.baseUrl(), persona, token);
    this.#attempt = attempt;
    this.#follow(attempt);
    this.#deps.onChanged();
  }

  view(): TestConnection | null {
    if (this.#attempt === null) return null;
    const { persona, openedAt, state, closed, arrived, address } = this.#attempt;
    const user = this.#deps.sockets.connections().find((one) => one.address === address)?.user ?? null;
    return { persona, user, openedAt, state, closed, arrived };
  }

  /** Of the client's end; null while there is none. */
  get address(): string | null {
    return this.#attempt?.address ?? null;
  }

  stop(): void {
    this.#attempt?.socket.terminate();
    this.#attempt = null;
  }

  #follow(attempt: Attempt): void {
    const { socket } = attempt;
    socket.on('upgrade', ({ socket: { localAddress, localPort } }) => {
      attempt.address = `${localAddress}:${localPort}`;
    });
    socket.on('open', () => {
      attempt.state = 'open';
      this.#deps.onChanged();
    });
    socket.on('message', (data) => {
      const text = data.toString();
      attempt.count += 1;
      const shown = this.#deps.sockets.history.show(text).text;
      const message = { number: attempt.count, at: Date.now(), text: shown, bytes: Buffer.byteLength(text) };
      attempt.arrived = [...attempt.arrived, message].slice(-MOST_ARRIVED);
      this.#deps.onChanged();
    });
    // Before a connection: why there is none. The close that follows says less.
    socket.on('error', ({ message }) => {
      attempt.closed ??= { code: null, reason: message };
    });
    socket.on('close', (code, reason) => {
      attempt.state = 'closed';
      attempt.closed ??= { code, reason: reason.toString() };
      this.#deps.onChanged();
    });
  }
}

/** What a UI shows besides the messages. */
export function socketState(sockets: SocketHub, test: TestConnector): SocketState {
  const connections = sockets.connections().map((one) => ({ ...one, isTest: one.address === test.address }));
  return { connections, ends: sockets.history.ends, test: test.view() };
}

function open(baseUrl: string, persona: PersonaId, token: string | null): Attempt {
  const address = `${baseUrl.replace(/^http/, 'ws')}${ROUTES.notificationSocket.replace(':hint', '_')}`;
  const byProtocol = token !== null && TOKEN.test(token);
  const query = token === null || byProtocol ? '' : `?${new URLSearchParams({ access_token: token })}`;
  const socket = new WebSocket(address + query, byProtocol ? [`access_token.${token}`] : [], {
    perMessageDeflate: false,
    handshakeTimeout: HANDSHAKE_MS,
    maxPayload: MAX_BYTES,
  });
  const state = { state: 'connecting', address: null, closed: null, arrived: [], count: 0 } as const;
  return { ...state, arrived: [], socket, persona, openedAt: Date.now() };
}
