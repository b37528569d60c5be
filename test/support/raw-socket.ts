import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One answer as it stood on the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; a header that came twice is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

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

function parseAnswer(received: Buffer, withoutBody: boolean): { answer: RawAnswer; length: number } | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const [statusLine = '', ...lines] = received.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [name = '', ...value] = line.split(':');
    const key = name.toLowerCase();
    const text = value.join(':').trim();
    headers[key] = headers[key] === undefined ? text : `${headers[key]}, ${text}`;
  }
  const bodyLength = withoutBody ? 0 : Number(headers['content-length'] ?? 0);
  const length = headEnd + 4 + bodyLength;
  if (received.length < length) return null;
  const body = received.subarray(headEnd + 4, length).toString('utf8');
  return { answer: { status: Number(statusLine.split(' ')[1]), headers, body }, length };
}
