import { MONGO_CLIENT_HOOK } from '../../../../contract/child-span.ts';
import { type ChildScope, HOST_LIMITS } from '../../../../contract/host.ts';
import { type CurrentCall, currentCall } from '../current-call.ts';
import { describeThrown } from '../result.ts';
import { toExtendedJson } from './extended-json.ts';
import type { OpenSpan, OpenSpanOf, SpanReport } from './open-span.ts';

/**
 * Commands of the `mongodb` driver, which a plugin brings along: the module of its client hands over its exports
 * (plugins/version/source-reading.ts), and the client tells of its commands as it does to whoever sets
 * `monitorCommands`, inside the call that sent them.
 */
export function observeMongo(open: OpenSpanOf): void {
  Object.assign(globalThis, {
    [Symbol.for(MONGO_CLIENT_HOOK)]: (exports: { MongoClient: MongoClientClass }) => {
      exports.MongoClient = observedClient(exports.MongoClient, open);
    },
  });
}

/** What is used of the driver, from version 4 on. */
interface MongoClient {
  on(event: 'commandStarted', listener: (event: StartedEvent) => void): unknown;
  on(event: 'commandSucceeded', listener: (event: SucceededEvent) => void): unknown;
  on(event: 'commandFailed', listener: (event: FailedEvent) => void): unknown;
}
type MongoClientClass = new (address: unknown, options?: object) => MongoClient;
type Plain = Readonly<Record<string, unknown>>;
interface StartedEvent {
  readonly requestId: number;
  readonly databaseName: string;
  readonly commandName: string;
  readonly command: Plain;
}
interface SucceededEvent {
  readonly requestId: number;
  readonly reply: unknown;
}
interface FailedEvent {
  readonly requestId: number;
  readonly failure: unknown;
}

function observedClient(Client: MongoClientClass, open: OpenSpanOf): MongoClientClass {
  const Observed = class extends Client {
    constructor(address: unknown, options?: object) {
      super(address, { ...options, monitorCommands: true });
      observeCommands(this, open);
    }
  };
  return Object.defineProperty(Observed, 'name', { value: Client.name });
}

/** What the driver does by itself, or to say who it is. */
const UNSEEN = /^(hello|ismaster|ping|sasl.*|authenticate|getnonce|endsessions|killcursors|buildinfo)$/i;

interface Running {
  readonly span: OpenSpan;
  readonly facts: CommandFacts;
}

/** Of each call, by their ids, the cursors whose answers have not been fetched whole. */
const openCursors = new WeakMap<CurrentCall, Map<string, Running>>();

function cursorsOf(call: CurrentCall): Map<string, Running> {
  const known = openCursors.get(call) ?? new Map<string, Running>();
  openCursors.set(call, known);
  return known;
}

function observeCommands(client: MongoClient, open: OpenSpanOf): void {
  const running = new Map<number, Running & { readonly startedAt: number }>();
  const begin = (event: StartedEvent): Running | undefined => {
    const call = currentCall.getStore();
    const fetched = call && cursorsOf(call).get(String(event.command.getMore));
    if (fetched !== undefined) return fetched;
    const facts = new CommandFacts(event);
    const span = open(() => facts.report());
    return span === null ? undefined : { span, facts };
  };
  client.on('commandStarted', (event) => {
    if (UNSEEN.test(event.commandName)) return;
    const begun = begin(event);
    if (begun !== undefined) running.set(event.requestId, { ...begun, startedAt: performance.now() });
  });
  const take = (requestId: number) => {
    const found = running.get(requestId);
    running.delete(requestId);
    return found;
  };
  client.on('commandSucceeded', ({ requestId, reply }) => {
    const found = take(requestId);
    if (found === undefined) return;
    const { span, facts, startedAt } = found;
    const cursor = facts.answered(isPlain(reply) ? reply : {}, performance.now() - startedAt);
    if (cursor === null) span.end();
    else cursorsOf(span.call).set(cursor, { span, facts });
  });
  client.on('commandFailed', ({ requestId, failure }) => take(requestId)?.span.end(describeThrown(failure)));
}

/** One command, and what its answer says. */
class CommandFacts {
  readonly #event: StartedEvent;
  #documents: number | null = null;
  #ids: readonly unknown[] = [];
  #durationMs = 0;

  constructor(event: StartedEvent) {
    this.#event = event;
  }

  /** Also of what was fetched later: the cursor's id as long as there is more, else null. */
  answered(reply: Plain, durationMs: number): string | null {
    const found = returnedDocuments(reply);
    const count = found?.length ?? reply.n;
    if (typeof count === 'number') this.#documents = (this.#documents ?? 0) + count;
    const ids = (found ?? []).map((document) => (isPlain(document) ? document._id : null));
    this.#ids = [...this.#ids, ...ids].slice(0, MAX_IDS);
    this.#durationMs += durationMs;
    const id = isPlain(reply.cursor) ? String(reply.cursor.id) : '0';
    return id === '0' ? null : id;
  }

  report(): SpanReport {
    const { commandName, databaseName, command } = this.#event;
    const target = command[commandName];
    const collection = typeof target === 'string' ? target : nameOr(command.collection);
    const subject = subjectOf(command);
    return {
      work: {
        kind: 'database',
        command: commandName.slice(0, HOST_LIMITS.eventName),
        database: databaseName.slice(0, HOST_LIMITS.eventName),
        collection: collection?.slice(0, HOST_LIMITS.eventName) ?? null,
        filter: subject === undefined ? null : shortJson(subject),
        documents: this.#documents,
      },
      scope: scopeText(scopeOf(command, this.#ids)),
      // None where it failed.
      durationMs: this.#durationMs || undefined,
    };
  }
}

const MAX_IDS = 100;

function nameOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of a cursor's batch, of `distinct`, of `findAndModify`; undefined where the answer has none. */
function returnedDocuments({ cursor, values, value }: Plain): readonly unknown[] | undefined {
  const batch = isPlain(cursor) ? (cursor.firstBatch ?? cursor.nextBatch) : values;
  if (Array.isArray(batch)) return batch;
  if (value === undefined) return undefined;
  return value === null ? [] : [value];
}

/** What a command is about, for a person. */
function subjectOf(command: Plain): unknown {
  const { filter, query, pipeline, documents, updates, deletes, indexes } = command;
  return filter ?? query ?? pipeline ?? documents ?? updates ?? deletes ?? indexes;
}

function scopeOf({ filter, query, pipeline, documents, updates, deletes }: Plain, ids: readonly unknown[]) {
  if (Array.isArray(documents)) {
    const own = documents.filter(isPlain).map(({ _id, user_id, app_id }) => ({ _id, user_id, app_id }));
    return { documents: own };
  }
  const changes = [updates, deletes].find(Array.isArray);
  if (changes !== undefined) return { filter: { $or: changes.filter(isPlain).map(({ q }) => q) } };
  if (Array.isArray(pipeline)) {
    const [first] = pipeline;
    return { filter: isPlain(first) && isPlain(first.$match) ? first.$match : {}, ids };
  }
  const asked = filter ?? query;
  return asked === undefined ? undefined : { filter: asked, ids };
}

/** Undefined where it is too long for a rule. */
function scopeText(scope: ChildScope | undefined): string | undefined {
  const text =
    scope === undefined ? undefined : JSON.stringify(toExtendedJson(scope, HOST_LIMITS.childScope));
  return text === undefined || text.length > HOST_LIMITS.childScope ? undefined : text;
}

/** Shortened inside, never cut: masking needs each key beside its value. */
function shortJson(value: unknown): string {
  for (const length of [1_000, 200, 50, 20]) {
    const text = JSON.stringify(toExtendedJson(value, length));
    if (text.length <= HOST_LIMITS.childText) return text;
  }
  return '"(too long to be shown)"';
}
