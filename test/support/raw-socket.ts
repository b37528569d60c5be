import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { parseAnswer, type RawAnswer } from './wire-answers.ts';

export interface RawConnection {
  readonly socket: Socket;
  write(data: string | Buffer): void;
  /** The next whole answer. Rejects when the connection ends first. */
  answer(options?: { readonly withoutBody?: boolean }): Promise<RawAnswer>;
  /** Resolves when the other side has closed; with `reset` when it did so rudely. */
  readonly closed: Promise<'closed' | 'reset'>;
}

/** A bare connection, for what no HTTP client would send. Closed with the test. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  let received = Buffer.alloc(0);
  let isReset = false;
  let wake = () => {};
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  socket.on('error', () => {
    isReset = true;
  });
  const closed = new Promise<'closed' | 'reset'>((resolve) =>
    socket.once('close', () => {
      resolve(isReset ? 'reset' : 'closed');
      wake();
    }),
  );
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return {
    socket,
    closed,
    write: (data) => {
      socket.write(data);
    },
    async answer({ withoutBody = false } = {}) {
      for (;;) {
        const parsed = parseAnswer(received, withoutBody);
        if (parsed !== null) {
          received = received.subarray(parsed.length);
          return parsed.answer;
        }
        if (socket.destroyed)
          throw new Error(`the connection ended; received: ${JSON.stringify(received.toString())}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

/** Sends bytes on a connection of their own and reads one answer. */
export async function rawExchange(port: number, data: string | Buffer): Promise<RawAnswer> {
  const connection = await rawConnection(port);
  connection.write(data);
  return connection.answer({ withoutBody: data.toString().startsWith('HEAD ') });
}

/** Writes a request; headers as lines, so that they may be wrong in every way. */
export function rawRequest(method: string, path: string, headers: readonly string[], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  return [`${method} ${path} HTTP/1.1`, ...headers, ...length, '', body].join('\r\n');
}
