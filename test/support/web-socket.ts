import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

export interface SocketClient {
  readonly socket: WebSocket;
  /** The messages that have arrived. */
  readonly messages: string[];
  /** Resolves when it is open. */
  readonly opened: Promise<unknown>;
  /** How it was closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** The next message that has not been asked for yet. */
  next(): Promise<string>;
}

export interface SocketOptions {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a WebSocket as a client does. Ended with the test. */
export function webSocket(baseUrl: string, path: string, options: SocketOptions = {}): SocketClient {
  const { protocols = [], headers = {} } = options;
  const socket = new WebSocket(baseUrl.replace(/^http/, 'ws') + path, [...protocols], { headers });
  onTestFinished(() => socket.terminate());
  const messages: string[] = [];
  let taken = 0;
  let wake = () => {};
  socket.on('message', (data) => {
    messages.push(data.toString());
    wake();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  const opened = once(socket, 'open');
  // Where it is refused nobody waits for this.
  opened.catch(() => undefined);
  return {
    socket,
    messages,
    opened,
    closed,
    async next() {
      while (messages.length <= taken) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      taken += 1;
      return messages[taken - 1] ?? '';
    },
  };
}
