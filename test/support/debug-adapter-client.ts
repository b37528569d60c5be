import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A message of the debug adapter protocol, as far as tests read it. */
interface AdapterMessage {
  readonly type: string;
  readonly event?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A debugger of Python, as small as can be: the debug adapter protocol over a socket. */
export interface AdapterClient {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  /** Resolves with the response. Rejects when the connection ends first. */
  request(command: string, input?: object): Promise<AdapterMessage>;
  /** Resolves with the next event of this name, or with one that no earlier call took. */
  event(name: string): Promise<AdapterMessage>;
}

/** One message as bytes, headers first. */
export function adapterMessage(message: object): string {
  const text = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** The request with which debugpy runs code, in no frame. */
export function evaluateRequest(expression: string, seq = 1): object {
  const input = { expression, context: 'repl' };
  return { seq, type: 'request', command: 'evaluate', arguments: input };
}

export async function connectAdapter(port: number): Promise<AdapterClient> {
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  const messages: AdapterMessage[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let waiting: (() => void)[] = [];
  const wake = () => {
    for (const look of waiting.splice(0)) look();
  };
  const closed = new Promise((resolve) => socket.once('close', resolve)).then(wake);
  socket.on('data', (chunk: Buffer) => {
    rest = takeMessages(Buffer.concat([rest, chunk]), messages);
    wake();
  });
  socket.once('connect', wake);
  await Promise.race([once(socket, 'connect'), closed]);
  socket.on('error', () => socket.destroy());

  const find = async (is: (message: AdapterMessage) => boolean): Promise<AdapterMessage> => {
    for (;;) {
      const at = messages.findIndex(is);
      const [found] = at === -1 ? [] : messages.splice(at, 1);
      if (found !== undefined) return found;
      if (socket.destroyed) throw new Error('the connection ended before the message arrived');
      await new Promise<void>((resolve) => {
        waiting = [...waiting, resolve];
      });
    }
  };
  let lastSeq = 0;
  return {
    socket,
    closed,
    request(command, input = {}) {
      lastSeq += 1;
      const seq = lastSeq;
      socket.write(adapterMessage({ seq, type: 'request', command, arguments: input }));
      return find((message) => message.type === 'response' && message.request_seq === seq);
    },
    event: (name) => find((message) => message.type === 'event' && message.event === name),
  };
}

/** Moves the whole messages at the start of `bytes` to `into`; returns what is left. */
function takeMessages(bytes: Buffer, into: AdapterMessage[]): Buffer {
  let rest = bytes;
  for (;;) {
    const head = /^Content-Length: (\d+)\r\n\r\n/.exec(rest.toString('latin1'));
    const end = (head?.[0].length ?? 0) + Number(head?.[1] ?? Number.NaN);
    if (head === null || !(rest.length >= end)) return rest;
    into.push(JSON.parse(rest.subarray(head[0].length, end).toString()) as AdapterMessage);
    rest = rest.subarray(end);
  }
}
