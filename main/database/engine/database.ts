import { serialize } from 'bson';
import type { Log } from '../../system/log.ts';

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
  /** Who asks: cursors belong to it. */
  readonly connection: number;
}

/** What one MongoDB server holds. Documents are raw BSON on the way in and out. */
export interface Database {
  /** Never rejects: an error is a reply, `{ok: 0, code, codeName, errmsg}`. */
  run(request: DatabaseRequest): Promise<Uint8Array>;
  /** Drops the cursors of a connection that ended. */
  forget(connection: number): void;
  /** Writes out what is in memory alone; no command may follow. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Made, for its user alone, when it is missing. */
  readonly folder: string;
  readonly log: Log;
}

/** The database whose files are in a folder; one process at a time may have it open. */
export async function openDatabase({ folder, log }: DatabaseOptions): Promise<Database> {
  log.info('Opened the database', { folder });
  return {
    run: async ({ name }) =>
      serialize({ ok: 0, errmsg: `no such command: '${name}'`, code: 59, codeName: 'CommandNotFound' }),
    forget: () => undefined,
    close: async () => undefined,
  };
}
