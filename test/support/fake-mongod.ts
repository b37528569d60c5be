import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { deserialize, serialize } from 'bson';
import { openDatabase } from '../../main/database/engine/database.ts';
import { readMessages } from '../../main/database/wire/frames.ts';
import { formatReply, parseRequest } from '../../main/database/wire/message.ts';
import { createScramServer } from '../../main/database/wire/scram.ts';
import { WireServer } from '../../main/database/wire/wire-server.ts';

/**
 * Stands in for `mongod` where none can be downloaded: its arguments, its first user, who may be made by anyone, and
 * an end at SIGTERM. What it stores is the local database's.
 */

const option = (name: string) => process.argv[process.argv.indexOf(name) + 1] ?? '';
const log = { info: () => {}, warn: console.error, error: console.error };

async function serve(): Promise<void> {
  // Without both anyone could come in.
  if (!process.argv.includes('--auth') || option('--bind_ip') !== '127.0.0.1') process.exit(1);
  const folder = option('--dbpath');
  const userFile = join(folder, 'user.json');
  const database = await openDatabase({ folder, log });
  let server: WireServer | null = null;
  const begin = ({ user, pwd }: { user: string; pwd: string }) => {
    const account = { user, scram: createScramServer(user, pwd) };
    server = new WireServer({ database, account, onError: console.error });
  };
  if (existsSync(userFile)) begin(JSON.parse(readFileSync(userFile, 'utf8')));

  /** Without a user nobody can log in, and all that is possible is to make one. */
  const serveFirst = async (socket: Socket) => {
    let replies = 0;
    for await (const bytes of readMessages(socket, () => 65_536)) {
      const request = parseRequest(bytes);
      const body = deserialize(request.body);
      replies += 1;
      socket.write(formatReply(request, replies, serialize(answer(body))));
    }
  };
  const answer = (body: Record<string, unknown>): Record<string, unknown> => {
    if (body.hello !== undefined || body.ismaster !== undefined) {
      return {
        ok: 1,
        ismaster: true,
        isWritablePrimary: true,
        helloOk: true,
        minWireVersion: 0,
        maxWireVersion: 21,
      };
    }
    if (body.createUser === undefined) return { ok: body.endSessions === undefined ? 0 : 1, code: 18 };
    const made = { user: String(body.createUser), pwd: String(body.pwd) };
    writeFileSync(userFile, JSON.stringify(made));
    begin(made);
    return { ok: 1 };
  };

  const listener = createServer((socket) => {
    socket.on('error', () => undefined);
    if (server !== null) server.accept(socket);
    else serveFirst(socket).catch(() => socket.destroy());
  });
  listener.listen(Number(option('--port')), option('--bind_ip'));
  process.on('SIGTERM', () => {
    database.close().then(() => process.exit(0), console.error);
  });
}

if (process.argv.includes('--version')) console.log('db version v7.0.24');
else serve().catch(console.error);
