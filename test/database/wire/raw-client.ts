import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Binary, type Document, deserialize, serialize } from 'bson';
import { onTestFinished } from 'vitest';
import { readMessages } from '../../../main/database/wire/frames.ts';

/** A client that sends what a test gives it, byte by byte where it wants to. */
export interface RawClient {
  readonly socket: Socket;
  /** Resolves when the server has closed the connection. */
  readonly closed: Promise<unknown>;
  send(bytes: Buffer): void;
  /** The next answer. */
  receive(): Promise<Answer>;
  /** Sends a command, to `admin` unless it says otherwise, and returns its answer. */
  run(command: Document): Promise<Document>;
  /** Returns the answer of the command that fails, or the last one. */
  logIn(user: string, password: string): Promise<Document>;
}

interface Answer {
  readonly operation: number;
  readonly respondsTo: number;
  readonly document: Document;
}

export async function connectRaw(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  const closed = new Promise((resolve) => socket.once('close', resolve));
  // A connection that is ended while bytes are on their way reports that, too.
  socket.on('error', () => undefined);
  const messages = readMessages(socket, () => 48_000_000);
  const receive = async () => {
    const { value } = await messages.next();
    if (value === undefined) throw new Error('the connection was closed');
    return parseAnswer(value);
  };
  const run = async (command: Document) => {
    socket.write(formatMsg({ ...command, $db: command.$db ?? 'admin' }));
    return (await receive()).document;
  };
  return {
    socket,
    closed,
    receive,
    run,
    send: (bytes) => {
      socket.write(bytes);
    },
    logIn: (user, password) => logIn(run, user, password),
  };
}

/** `kind 0` alone unless more is given. */
export function formatMsg(
  command: Document,
  options: { id?: number; flags?: number; sections?: readonly Buffer[]; tail?: Buffer } = {},
): Buffer {
  const { id = 7, flags = 0, sections = [], tail = Buffer.alloc(0) } = options;
  return formatMessage(2013, id, [int32(flags), Buffer.from([0]), serialize(command), ...sections, tail]);
}

export function formatQuery(namespace: string, command: Document): Buffer {
  const parts = [
    int32(0),
    Buffer.from(`${namespace}\0`),
    int32(0),
    int32(-1),
    Buffer.from(serialize(command)),
  ];
  return formatMessage(2004, 9, parts);
}

/** Kind 1: documents beside the command. */
export function formatSequence(name: string, documents: readonly Document[]): Buffer {
  const content = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map((one) => serialize(one))]);
  return Buffer.concat([Buffer.from([1]), int32(content.length + 4), content]);
}

export function formatMessage(operation: number, id: number, parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([int32(content.length + 16), int32(id), int32(0), int32(operation), content]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function parseAnswer(bytes: Buffer): Answer {
  const operation = bytes.readInt32LE(12);
  const document = deserialize(bytes.subarray(operation === 2013 ? 21 : 36));
  return { operation, respondsTo: bytes.readInt32LE(8), document };
}

/** A client's side of SCRAM-SHA-256. */
async function logIn(run: RawClient['run'], user: string, password: string): Promise<Document> {
  const nonce = 'a-nonce-of-the-tests';
  const bare = `n=${user},r=${nonce}`;
  const options = { skipEmptyExchange: true };
  const payload = new Binary(Buffer.from(`n,,${bare}`));
  const first = await run({ saslStart: 1, mechanism: 'SCRAM-SHA-256', payload, options });
  if (first.ok !== 1) return first;
  const serverFirst = Buffer.from(first.payload.buffer).toString();
  const [, both = '', salt = '', iterations = ''] = /^r=(.*),s=(.*),i=(.*)$/.exec(serverFirst) ?? [];
  const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
  const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const clientKey = hmac(salted, 'Client Key');
  const exchange = `${bare},${serverFirst},c=biws,r=${both}`;
  const signature = hmac(createHash('sha256').update(clientKey).digest(), exchange);
  const proof = Buffer.from(clientKey.map((byte, at) => byte ^ (signature[at] ?? 0))).toString('base64');
  const last = Buffer.from(`c=biws,r=${both},p=${proof}`);
  return run({ saslContinue: 1, conversationId: first.conversationId, payload: new Binary(last) });
}
