import { AsyncResource } from 'node:async_hooks';
import { MONGO_CLIENT_HOOK } from '../../../../contract/child-span.ts';
import { HOST_LIMITS } from '../../../../contract/host.ts';
import { type CurrentCall, currentCall } from '../current-call.ts';
import {
  type BsonObject,
  collectionOf,
  cursorOf,
  filterOf,
  isOwnCommand,
  listOf,
  objectOf,
  resultOf,
  scopeOf,
  withoutRest,
  writeErrorOf,
} from './database-command.ts';
import { errorText, shortJson, wholeJson } from './short-text.ts';

/** What is used of the driver's `MongoClient`, the same since version 4. */
interface DriverClient {
  monitorCommands: boolean;
  connect(...args: unknown[]): unknown;
  on(event: string, listener: (event: CommandEvent) => void): unknown;
}

/** One of the three events of a command. */
interface CommandEvent {
  readonly requestId: number;
  readonly commandName: string;
  readonly databaseName: string;
  readonly command: BsonObject;
  readonly reply: unknown;
  readonly failure: unknown;
}

/** `_id`s that rules are told of. */
const MAX_IDS = 100;
/** Of what rules are told: the rest is for the ids. */
const MAX_SCOPE = HOST_LIMITS.childScope - 6 * 1024;
const MAX_SCOPE_IDS = 6 * 1024 - 10;

/** One of the modules that the driver hands over. */
interface DriverModule {
  readonly MongoClient?: { readonly prototype: DriverClient };
  readonly ConnectionPool?: { readonly prototype: object };
}

/**
 * Tells the commands of the `mongodb` driver, whatever database it talks to. The driver is in the plugin's bundle,
 * whose compiler has it hand over its modules (plugins/version/source-reading.ts).
 */
export function watchMongodb(): void {
  Reflect.set(globalThis, Symbol.for(MONGO_CLIENT_HOOK), ({ MongoClient, ConnectionPool }: DriverModule) => {
    if (MongoClient !== undefined) watchClients(MongoClient.prototype);
    if (ConnectionPool !== undefined) bindCallback(ConnectionPool.prototype, 'checkOut');
  });
}

/** Each connects, at its first command if not before: only then it looks at what is to be monitored. */
function watchClients(prototype: DriverClient): void {
  const { connect } = prototype;
  const known = new WeakSet<DriverClient>();
  prototype.connect = function (this: DriverClient, ...args) {
    if (!known.has(this)) watchClient(this);
    known.add(this);
    return connect.apply(this, args);
  };
}

/** Up to version 6.3 the driver waits with callbacks, and another call's command may be what ends the wait. */
function bindCallback(prototype: object, name: string): void {
  const original: unknown = Reflect.get(prototype, name);
  if (typeof original !== 'function') return;
  Reflect.set(prototype, name, function (this: unknown, ...args: unknown[]): unknown {
    const callback = args.at(-1);
    if (typeof callback === 'function')
      args[args.length - 1] = AsyncResource.bind((...given: unknown[]) => callback(...given));
    return Reflect.apply(original, this, args);
  });
}

/**
 * The driver tells of a command's start in the caller's own async context; of its end, wherever that is, by the
 * command's number.
 */
function watchClient(client: DriverClient): void {
  const running = new Map<number, WatchedCommand>();
  const cursors = new Map<string, WatchedCommand>();
  const begin = (event: CommandEvent): WatchedCommand | undefined => {
    const { commandName, command } = event;
    if (commandName === 'killCursors')
      for (const id of listOf(command.cursors)) cursors.get(String(id))?.end();
    const opened = commandName === 'getMore' ? cursors.get(String(command.getMore)) : undefined;
    const call = currentCall.getStore();
    if (opened !== undefined || call === undefined || isOwnCommand(commandName)) return opened;
    return new WatchedCommand(event, call, cursors);
  };
  const settle = (event: CommandEvent) => {
    running.get(event.requestId)?.settle(event);
    running.delete(event.requestId);
  };
  client.monitorCommands = true;
  client.on('commandStarted', (event) => {
    const watched = begin(event);
    if (watched === undefined) return;
    watched.resume();
    running.set(event.requestId, watched);
  });
  client.on('commandSucceeded', settle);
  client.on('commandFailed', settle);
}

/** A command, with those that fetch the rest of its answer. */
class WatchedCommand {
  readonly end: () => void;
  readonly #name: string;
  readonly #cursors: Map<string, WatchedCommand>;
  readonly #ids: unknown[] = [];
  #cursor: string | null = null;
  #sentAt: number | null = null;
  #ms = 0;
  #documents: number | null = null;
  #error: string | null = null;

  /** `cursors`: those of its client that have more, by their ids. */
  constructor(
    { commandName, command, databaseName }: CommandEvent,
    call: CurrentCall,
    cursors: Map<string, WatchedCommand>,
  ) {
    this.#name = commandName;
    this.#cursors = cursors;
    // Now: the plugin may change its objects before the answer comes.
    const { filter, scope } = call.children.isFull ? NO_DETAILS : detailsOf(commandName, command);
    const collection = collectionOf(commandName, command);
    this.end = call.children.begin(() => {
      this.#forgetCursor();
      return {
        work: {
          kind: 'database',
          command: nameOf(commandName),
          database: nameOf(databaseName),
          collection: collection === null ? null : nameOf(collection),
          filter,
          documents: this.#documents,
        },
        error: this.#error ?? (this.#isWaiting ? 'no answer came before the call ended' : null),
        durationMs: this.#ms + this.#waited(),
        scope: scope === null ? undefined : withIds(scope, this.#ids),
      };
    });
  }

  get #isWaiting(): boolean {
    return this.#sentAt !== null;
  }

  /** It, or what fetches more of its answer, is sent. */
  resume(): void {
    this.#sentAt = performance.now();
  }

  settle({ reply, failure }: CommandEvent): void {
    this.#ms += this.#waited();
    this.#sentAt = null;
    this.#forgetCursor();
    const answer = objectOf(reply);
    const error = failure ?? writeErrorOf(answer);
    if (error !== undefined) this.#error = errorText(error);
    this.#addReply(answer);
    if (this.#cursor === null) this.end();
  }

  #addReply(reply: BsonObject): void {
    const { returned, documents } = resultOf(this.#name, reply);
    if (documents !== null) this.#documents = (this.#documents ?? 0) + documents;
    const room = Math.max(0, MAX_IDS - this.#ids.length);
    this.#ids.push(...returned.slice(0, room).map((document) => objectOf(document)._id));
    this.#cursor = cursorOf(reply);
    if (this.#cursor !== null) this.#cursors.set(this.#cursor, this);
  }

  #waited(): number {
    return this.#sentAt === null ? 0 : performance.now() - this.#sentAt;
  }

  #forgetCursor(): void {
    if (this.#cursor !== null) this.#cursors.delete(this.#cursor);
    this.#cursor = null;
  }
}

interface Details {
  readonly filter: string | null;
  /** JSON of an object; null where rules need nothing of it. */
  readonly scope: string | null;
}

const NO_DETAILS: Details = { filter: null, scope: null };

function detailsOf(name: string, command: BsonObject): Details {
  const filter = filterOf(name, command);
  const scope = scopeOf(name, command);
  return {
    filter: filter === undefined ? null : shortJson(filter),
    scope: scope && (wholeJson(scope, MAX_SCOPE) ?? wholeJson(withoutRest(scope), MAX_SCOPE)),
  };
}

function withIds(scope: string, ids: readonly unknown[]): string {
  if (ids.length === 0) return scope;
  const json = wholeJson(ids, MAX_SCOPE_IDS);
  return json === null ? scope : `${scope.slice(0, -1)},"ids":${json}}`;
}

function nameOf(text: string): string {
  return text.slice(0, HOST_LIMITS.eventName);
}
