import type { Socket } from 'node:net';
import { errorMessage } from '../system/errors.ts';
import type { Log } from '../system/log.ts';
import { type Database, openDatabase } from './engine/database.ts';
import type { FromDatabaseProcess, ToDatabaseProcess } from './messages.ts';
import { createScramServer } from './wire/scram.ts';
import { WireServer } from './wire/wire-server.ts';

/**
 * The process that holds the local database, so that no scan of a collection delays a deadline of the runtime. It
 * listens nowhere: the runtime hands it the connections (process-handle.ts). It ends with the runtime, also with one
 * that was killed; then nothing is written any more, since another runtime may already have taken over.
 */

interface Running {
  readonly database: Database;
  readonly server: WireServer;
}

function main(): void {
  let running: Promise<Running> | null = null;
  process.on('disconnect', () => process.exit(0));
  process.on('message', (message: ToDatabaseProcess, socket?: Socket) => {
    if (message.type === 'open') {
      running = open(message);
      running.catch(fail);
    } else if (message.type === 'stop') {
      stop(running).catch(fail);
    } else {
      tell({ type: 'taken', id: message.id });
      if (socket === undefined) return;
      // Its client may leave before anything is read.
      socket.on('error', () => undefined);
      running?.then(({ server }) => server.accept(socket)).catch(fail);
    }
  });
}

async function open({
  folder,
  user,
  password,
}: Extract<ToDatabaseProcess, { type: 'open' }>): Promise<Running> {
  const database = await openDatabase({ folder, log });
  const account = { user, scram: createScramServer(user, password) };
  const onError = (error: unknown) => log.error('The local database could not serve a connection', error);
  return { database, server: new WireServer({ database, account, onError }) };
}

async function stop(running: Promise<Running> | null): Promise<void> {
  const { database, server } = (await running) ?? {};
  server?.close();
  await database?.close();
  process.exit(0);
}

/** The runtime's own, through the channel. */
const log: Log = {
  info: (message, fields) => tell({ type: 'log', level: 'info', message, fields }),
  warn: (message, fields) => tell({ type: 'log', level: 'warn', message, fields }),
  error: (message, error) => tell({ type: 'error', message, stack: stackOf(error) }),
};

function stackOf(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return error instanceof Error ? error.stack : String(error);
}

/** Nothing works without the data; the runtime tries again at the next connection. */
function fail(error: unknown): void {
  tell({ type: 'failed', reason: errorMessage(error) }, () => process.exit(1));
}

function tell(message: FromDatabaseProcess, onTold?: () => void): void {
  if (process.connected) process.send?.(message, undefined, undefined, onTold);
}

main();
