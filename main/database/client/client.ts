import type { MongoClient } from 'mongodb';
import { WorkbenchError } from '../../contract/errors.ts';
import { errorCode, errorMessage } from '../../system/errors.ts';
import type { Document as Values } from '../engine/values.ts';
import { DocumentSyntaxError } from './document-reader.ts';
import type { DatabaseSource } from './source.ts';

export interface DatabaseClientOptions {
  /** The database in effect: it may become another one. */
  readonly source: () => DatabaseSource;
  /** Masks the runtime's own secrets in what documents hold. */
  readonly maskKnown: (text: string) => string;
  /** Masks whatever may be a secret in what a driver says. */
  readonly mask: (text: string) => string;
}

/** The longest that a query may take. */
export const QUERY_MS = 10_000;
const CONNECT_MS = 5_000;
/** More than any query may take: a server that says nothing more is given up. */
const SILENCE_MS = 30_000;

/** A BSON document as fields that keep their order and types. */
export type Command = Readonly<Record<string, unknown>> | Values;

/**
 * Connects to the plugins' database as they do, once somebody looks at it. Only then is the driver loaded, which is
 * larger than all the rest. The address and its password stay in here.
 */
export class DatabaseClient {
  readonly maskKnown: (text: string) => string;
  readonly #options: DatabaseClientOptions;
  #connection: { readonly uri: string; readonly client: Promise<MongoClient> } | null = null;

  constructor(options: DatabaseClientOptions) {
    this.#options = options;
    this.maskKnown = options.maskKnown;
  }

  get source(): DatabaseSource {
    return this.#options.source();
  }

  /** @throws {WorkbenchError} whatever goes wrong, in words for a person */
  async use<T>(act: (client: MongoClient) => Promise<T>): Promise<T> {
    try {
      return await act(await this.#connect());
    } catch (error) {
      throw toWorkbenchError(error, this.#options.mask);
    }
  }

  /** @throws {WorkbenchError} */
  run(database: string, command: Command): Promise<Record<string, unknown>> {
    return this.use((client) => client.db(database).command(command));
  }

  /** As `run`, for a command that writes one document. @throws {WorkbenchError} also where that was refused */
  async write(database: string, command: Command): Promise<Record<string, unknown>> {
    const reply = await this.run(database, command);
    const [refused] = Array.isArray(reply.writeErrors) ? reply.writeErrors : [];
    if (refused === undefined) return reply;
    const { code, errmsg } = Object(refused) as Record<string, unknown>;
    const text = this.#options.mask(String(errmsg));
    throw new WorkbenchError(code === DUPLICATE_KEY ? 'CONFLICT' : 'BAD_REQUEST', text);
  }

  /** @throws {WorkbenchError} what is wrong with a person's text, and where */
  read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw toWorkbenchError(error, this.#options.mask);
    }
  }

  async stop(): Promise<void> {
    const connection = this.#connection;
    this.#connection = null;
    // What could not be loaded needs no end.
    await (await connection?.client.catch(() => null))?.close(true);
  }

  async #connect(): Promise<MongoClient> {
    const { uri, problem } = this.source;
    if (uri === null) throw new WorkbenchError('NOT_READY', problem ?? 'There is no database yet');
    if (this.#connection?.uri !== uri) {
      await this.stop();
      this.#connection = { uri, client: createClient(uri) };
    }
    return this.#connection.client;
  }
}

async function createClient(uri: string): Promise<MongoClient> {
  const { MongoClient } = await import('mongodb');
  return new MongoClient(uri, {
    appName: 'mozaiks-workbench',
    maxPoolSize: 5,
    serverSelectionTimeoutMS: CONNECT_MS,
    connectTimeoutMS: CONNECT_MS,
    waitQueueTimeoutMS: QUERY_MS,
    socketTimeoutMS: SILENCE_MS,
  });
}

const DUPLICATE_KEY = 11_000;
const MAX_TIME_EXPIRED = 50;
const UNAUTHORIZED = 13;

/** What is nobody's fault out there is passed on as it is. */
function toWorkbenchError(error: unknown, mask: (text: string) => string): unknown {
  if (error instanceof WorkbenchError) return error;
  if (error instanceof DocumentSyntaxError) return new WorkbenchError('BAD_REQUEST', error.describe());
  const { name, code } = Object(error) as Record<string, unknown>;
  const text = mask(errorMessage(error));
  const cause = { cause: error };
  if (code === MAX_TIME_EXPIRED) {
    const message = `This took longer than ${QUERY_MS / 1000} s: narrow the filter, or create an index for it`;
    return new WorkbenchError('REQUEST_TIMEOUT', message, cause);
  }
  if (code === UNAUTHORIZED) return new WorkbenchError('FORBIDDEN', text, cause);
  if (code === DUPLICATE_KEY) return new WorkbenchError('CONFLICT', text, cause);
  if (REFUSALS.some((refusal) => refusal === name)) return new WorkbenchError('BAD_REQUEST', text, cause);
  // The driver's, and the system's where a name has no address.
  const isUnreachable = String(name).startsWith('Mongo') || errorCode(error) !== undefined;
  return isUnreachable
    ? new WorkbenchError('NOT_READY', `The database could not be asked: ${text}`, cause)
    : error;
}

/** The server's, the driver's, and our own of bytes that can't be read. */
const REFUSALS = [
  'MongoServerError',
  'MongoInvalidArgumentError',
  'BSONError',
  'BSONVersionError',
  'DatabaseError',
];
