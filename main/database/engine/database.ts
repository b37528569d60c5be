import type { Log } from '../../system/log.ts';
import { decode, encode } from './bson.ts';
import { Catalog } from './catalog.ts';
import { Arguments } from './commands/arguments.ts';
import type { Command, CommandContext, CommandInput, Commands, RawDocument } from './commands/command.ts';
import { diagnosticCommands } from './commands/diagnostic-commands.ts';
import { readCommands } from './commands/read-commands.ts';
import { schemaCommands } from './commands/schema-commands.ts';
import { snapshotCommands } from './commands/snapshot-commands.ts';
import { writeCommands } from './commands/write-commands.ts';
import { Cursors } from './cursors.ts';
import { DatabaseError } from './errors.ts';
import { startExpiry } from './expiry.ts';
import { makeDouble } from './numbers.ts';
import { type Document, isArray, isDocument, type Value } from './values.ts';

/** One command of a client, as it came over the wire. */
export interface DatabaseRequest {
  /** `$db`: the database that the command is for. */
  readonly db: string;
  /** The command's name: the first field of the body. */
  readonly name: string;
  /** The command as raw BSON. */
  readonly body: Uint8Array;
  /** Documents that came beside the body, by the field that they belong to, each raw. */
  readonly sequences: ReadonlyMap<string, readonly Uint8Array[]>;
  /** Who asks. */
  readonly connection: number;
}

/** What one MongoDB server holds. Documents are raw BSON on the way in and out. */
export interface Database {
  /** Never rejects: an error is a reply, `{ok: 0, code, codeName, errmsg}`. */
  run(request: DatabaseRequest): Promise<Uint8Array>;
  /** A connection has ended. Cursors end with the last one, or after ten idle minutes. */
  forget(connection: number): void;
  /** Brings to disk what is not there yet; no command may follow. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Made, for its user alone, when it is missing. */
  readonly folder: string;
  readonly log: Log;
}

/**
 * The database whose files are in a folder; one process at a time may have it open.
 * @throws when the files can't be read or written, or are something else
 */
export async function openDatabase({ folder, log }: DatabaseOptions): Promise<Database> {
  return new LocalDatabase(new Catalog(folder, log), log);
}

const COMMANDS: Commands = Object.assign(
  Object.create(null),
  readCommands,
  writeCommands,
  schemaCommands,
  diagnosticCommands,
  snapshotCommands,
);

/** Commands run to their end one after the other: none sees another's work by half. */
class LocalDatabase implements Database {
  private readonly context: CommandContext;
  private readonly stopExpiry: () => void;

  constructor(catalog: Catalog, log: Log) {
    this.context = { catalog, cursors: new Cursors(), log, startedAt: Date.now() };
    this.stopExpiry = startExpiry(catalog, log);
  }

  async run(request: DatabaseRequest): Promise<Uint8Array> {
    const { catalog, cursors, log } = this.context;
    cursors.see(request.connection);
    try {
      const result = runCommand(request, this.context);
      const bytes = result instanceof Uint8Array ? result : encode(result);
      catalog.compactIfLarge();
      return bytes;
    } catch (error) {
      if (!(error instanceof DatabaseError)) log.error(`The database command ${request.name} failed`, error);
      return encode(describeError(error));
    }
  }

  forget(connection: number): void {
    this.context.cursors.forget(connection);
  }

  async close(): Promise<void> {
    this.stopExpiry();
    this.context.catalog.close();
  }
}

function runCommand(
  { db, name, body, sequences }: DatabaseRequest,
  context: CommandContext,
): Document | Uint8Array {
  const command: Command | undefined = COMMANDS[name];
  if (command === undefined) throw new DatabaseError('CommandNotFound', `no such command: '${name}'`);
  const document = decode(body);
  if (document.has('txnNumber') || document.has('startTransaction') || document.has('autocommit')) {
    throw new DatabaseError(
      'IllegalOperation',
      'Transaction numbers are only allowed on a replica set member or mongos',
    );
  }
  const input: CommandInput = {
    arguments: new Arguments(db, name, document, command.fields),
    documents: (field) => documentsOf(field, document, sequences),
  };
  return command.run(input, context);
}

function documentsOf(
  field: string,
  body: Document,
  sequences: ReadonlyMap<string, readonly Uint8Array[]>,
): readonly RawDocument[] {
  const beside = sequences.get(field);
  if (beside !== undefined) return beside.map((raw) => ({ raw, document: decode(raw) }));
  const inside = body.get(field);
  if (!isArray(inside)) {
    throw new DatabaseError(40414, `BSON field '${field}' is missing but a required field`);
  }
  return inside.map((document) => {
    if (isDocument(document)) return { raw: encode(document), document };
    throw new DatabaseError('TypeMismatch', `BSON field '${field}' must be an array of objects`);
  });
}

function describeError(error: unknown): Document {
  const known = error instanceof DatabaseError ? error : new DatabaseError('InternalError', String(error));
  return new Map<string, Value>([
    ['ok', makeDouble(0)],
    ['errmsg', known.message],
    ['code', known.code],
    ['codeName', known.codeName],
    ...known.details,
  ]);
}
