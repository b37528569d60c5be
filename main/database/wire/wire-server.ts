import { once } from 'node:events';
import type { Socket } from 'node:net';
import { type Document, deserialize, onDemand, serialize } from 'bson';
import { errorCode } from '../../system/errors.ts';
import type { Database } from '../engine/database.ts';
import { placeOf } from './commands.ts';
import { failure } from './errors.ts';
import { readMessages } from './frames.ts';
import { WIRE_LIMITS } from './limits.ts';
import { formatReply, MalformedMessage, parseRequest, type WireRequest } from './message.ts';
import type { Account, Session } from './session.ts';

export interface WireServerOptions {
  readonly database: Pick<Database, 'run' | 'forget'>;
  readonly account: Account;
  /** Default: 2,000. */
  readonly mostConnections?: number | undefined;
  /** For what should not happen. */
  readonly onError: (error: unknown) => void;
}

/** Production's drivers have a hundred each for a process of plugins, and a few that only ask how things are. */
const MOST_CONNECTIONS = 2_000;
const MAX_NAME_LENGTH = 60;

/**
 * Speaks MongoDB's wire protocol over sockets. Threat model: any program of this machine, and any page in a browser,
 * can connect. Before login a connection gets no further than six commands, holds 64 KiB at most, and is the first
 * to go when there are too many. What is not the protocol, as HTTP, ends it without an answer. Who has logged in has
 * the rights of a plugin; one command of a connection runs at a time, and the next is not even read.
 */
export class WireServer {
  readonly #options: WireServerOptions;
  readonly #connections = new Map<Socket, Session>();
  #connectionsEver = 0;
  #replies = 0;

  constructor(options: WireServerOptions) {
    this.#options = options;
  }

  /** Serves the connection until it ends. */
  accept(socket: Socket): void {
    this.#connectionsEver += 1;
    const session: Session = { connection: this.#connectionsEver, isLoggedIn: false, exchange: null };
    if (!this.#makeRoom()) {
      socket.destroy();
      return;
    }
    this.#connections.set(socket, session);
    socket.setNoDelay(true);
    this.#serve(socket, session)
      .catch((error: unknown) => {
        // A malformed message, or a client that is gone: there is nobody to tell.
        if (!(error instanceof MalformedMessage) && errorCode(error) === undefined)
          this.#options.onError(error);
      })
      .finally(() => {
        socket.destroy();
        this.#connections.delete(socket);
        this.#options.database.forget(session.connection);
      });
  }

  /** Ends all connections. */
  close(): void {
    for (const socket of this.#connections.keys()) socket.destroy();
  }

  /** At the expense of a connection that has not logged in; false where there is none. */
  #makeRoom(): boolean {
    if (this.#connections.size < (this.#options.mostConnections ?? MOST_CONNECTIONS)) return true;
    for (const [socket, { isLoggedIn }] of this.#connections) {
      if (isLoggedIn) continue;
      socket.destroy();
      return this.#connections.delete(socket);
    }
    return false;
  }

  async #serve(socket: Socket, session: Session): Promise<void> {
    const limit = () => (session.isLoggedIn ? WIRE_LIMITS.messageBytes : WIRE_LIMITS.messageBytesBeforeLogin);
    for await (const bytes of readMessages(socket, limit)) {
      const request = parseRequest(bytes);
      const answer = await this.#answer(request, session);
      if (!request.wantsReply) continue;
      this.#replies = (this.#replies + 1) | 0;
      const isTaken = socket.write(formatReply(request, this.#replies, answer));
      if (!isTaken && !socket.destroyed) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
    }
  }

  async #answer(request: WireRequest, session: Session): Promise<Uint8Array> {
    const { database, account } = this.#options;
    const { by, body, sequences } = request;
    const head = readHead(body);
    if (head === null) return invalid();
    const { name } = head;
    const db = by === 'msg' ? head.db : databaseOf(by.query);
    const shown = name.slice(0, MAX_NAME_LENGTH);
    if (by !== 'msg' && !(db !== null && FIRST_COMMANDS.includes(name))) {
      const message = `Unsupported OP_QUERY command: ${shown}. The client driver may require an upgrade.`;
      return serialize(failure('UnsupportedOpQueryCommand', message));
    }
    if (db === null) return serialize(failure('Location40571', 'OP_MSG requests require a $db argument'));
    const place = placeOf(name, session.isLoggedIn);
    if (place === 'refused') {
      return serialize(failure('Unauthorized', `Command ${shown} requires authentication`));
    }
    if (place === 'data') return database.run({ db, name, body, sequences, connection: session.connection });
    const document = readDocument(body);
    return document === null ? invalid() : serialize(place(document, session, account));
  }
}

function invalid(): Uint8Array {
  return serialize(failure('InvalidBSON', 'The command is not valid BSON'));
}

/** Null for what is not a document throughout. Strangers may send anything, so that is nobody's failure. */
function readDocument(body: Buffer): Document | null {
  try {
    return deserialize(body);
  } catch {
    return null;
  }
}

/** What OP_QUERY is still for: to find out whether a server knows OP_MSG. */
const FIRST_COMMANDS: readonly string[] = ['hello', 'isMaster', 'ismaster'];

const COMMANDS = '.$cmd';

/** Null where a query is not for commands. */
function databaseOf(query: string): string | null {
  return query.endsWith(COMMANDS) ? query.slice(0, -COMMANDS.length) : null;
}

interface CommandHead {
  /** The command: the name of the first field. */
  readonly name: string;
  readonly db: string | null;
}

const BSON_STRING = 2;

/** Null for what is not a document. The values of all other fields are left alone. */
function readHead(body: Buffer): CommandHead | null {
  try {
    const text = (from: number, length: number) => body.toString('utf8', from, from + length);
    let name: string | null = null;
    let db: string | null = null;
    for (const [type, nameOffset, nameLength, offset, length] of onDemand.parseToElements(body)) {
      const key = text(nameOffset, nameLength);
      name ??= key;
      // A string is its length, its bytes and a zero.
      if (key === '$db' && type === BSON_STRING) db = text(offset + 4, length - 5);
    }
    return name === null ? null : { name, db };
  } catch {
    // Of all fields only these two are of interest here, and bson refuses the rest in its own words.
    return null;
  }
}
