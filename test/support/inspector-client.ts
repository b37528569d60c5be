import { randomBytes } from 'node:crypto';
import { get, request } from 'node:http';
import type { Duplex } from 'node:stream';
import { onTestFinished } from 'vitest';

/** A debugger of JavaScript, as small as can be: the inspector's protocol over a WebSocket. */
export interface InspectorClient {
  /** Resolves when it has been answered. */
  send(method: string, params?: object): Promise<void>;
  /** Resolves when an event of this name arrives, or when one has that no earlier call took. */
  event(method: string): Promise<void>;
  /** Leaves as a debugger that is closed does. */
  detach(): void;
}

/** What the inspector behind a port lists, as chrome://inspect and editors ask for it. */
export function inspectorTargets(port: number): Promise<{ webSocketDebuggerUrl: string }[]> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/json/list', agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      answer.once('end', () => resolve(JSON.parse(text)));
    }).once('error', reject);
  });
}

export function attachInspector(url: string): Promise<InspectorClient> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': randomBytes(16).toString('base64'),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(url.replace('ws:', 'http:'), { headers, agent: false });
    outgoing.once('error', reject);
    outgoing.once('upgrade', (_answer, socket) => {
      onTestFinished(() => {
        socket.destroy();
      });
      resolve(clientOver(socket));
    });
    outgoing.end();
  });
}

function clientOver(socket: Duplex): InspectorClient {
  let heard = '';
  let waiting: (() => void)[] = [];
  let nextId = 1;
  socket.on('error', () => socket.destroy());
  // Frames are not parsed: the names of methods are found in their text.
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString('latin1');
    for (const look of waiting.splice(0)) look();
  });
  const find = async (text: string) => {
    while (!heard.includes(text)) {
      await new Promise<void>((resolve) => {
        waiting = [...waiting, resolve];
      });
    }
    heard = heard.replace(text, '');
  };
  return {
    send(method, params = {}) {
      const id = nextId++;
      socket.write(frame(JSON.stringify({ id, method, params })));
      return find(`{"id":${id},`);
    },
    event: (method) => find(`{"method":"${method}"`),
    detach: () => socket.destroy(),
  };
}

/** One masked text frame of at most 64 KiB. */
function frame(text: string): Buffer {
  const payload = Buffer.from(text);
  const mask = randomBytes(4);
  const head =
    payload.length < 126
      ? [0x81, 0x80 | payload.length]
      : [0x81, 0x80 | 126, payload.length >> 8, payload.length & 255];
  const masked = payload.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.concat([Buffer.from(head), mask, masked]);
}
