import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import {
  type Connection,
  createHttpBridge,
  createInspector,
  type EventStream,
} from '../../renderer/bridge.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves `handler` on a free loopback port and gives the page's address there. */
async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/__inspector/t0ken/ui/`;
}

/** An event stream in the test's hands; what the real EventSource does is the browser's matter. */
class HandStream implements EventStream {
  static readonly opened: HandStream[] = [];
  onopen: EventStream['onopen'] = null;
  onerror: EventStream['onerror'] = null;
  readyState = 0;
  readonly url: string;
  private readonly listeners = new Map<string, (event: MessageEvent<string>) => void>();

  constructor(url: string) {
    this.url = url;
    HandStream.opened.push(this);
  }
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void) {
    this.listeners.set(type, listener);
  }
  send(type: string, payload: unknown) {
    this.listeners.get(type)?.({ data: JSON.stringify(payload) } as MessageEvent<string>);
  }
  fail(readyState: number) {
    this.readyState = readyState;
    this.onerror?.(new Event('error'));
  }
  close() {}
}

const bridgeAt = (page: string) => {
  HandStream.opened.length = 0;
  return createHttpBridge({ page, fetch, openEvents: (url) => new HandStream(url), retryMs: 5 });
};

it('a call posts its argument beside the page and gives the result', async () => {
  const seen: unknown[] = [];
  const page = await serve(async (request, response) => {
    const body = await request.setEncoding('utf8').reduce((all, chunk) => all + chunk, '');
    seen.push([request.method, request.url, body]);
    response.end(JSON.stringify({ ok: true, value: { token: 'a.b.c' } }));
  });
  const result = await bridgeAt(page).call('mintToken', { claims: { sub: 'x' } });
  expect(result).toEqual({ ok: true, value: { token: 'a.b.c' } });
  expect(seen).toEqual([['POST', '/__inspector/t0ken/call/mintToken', '{"claims":{"sub":"x"}}']]);
});

it('a refusal comes back as the error with its code', async () => {
  const page = await serve((_, response) =>
    response.end(JSON.stringify({ ok: false, error: { code: 'NOT_FOUND', message: 'no such trace' } })),
  );
  const inspector = createInspector(bridgeAt(page));
  await expect(inspector.call('trace', { id: 'x' })).rejects.toMatchObject({
    name: 'WorkbenchError',
    code: 'NOT_FOUND',
    status: 404,
    message: 'no such trace',
  });
});

it('an answer from before the Inspector says its detail; garbage and silence say what to do', async () => {
  const refusing = await serve((_, response) =>
    response.writeHead(401).end('{"detail":"Open the printed address"}'),
  );
  expect(await bridgeAt(refusing).call('snapshot', null)).toMatchObject({
    error: { code: 'INTERNAL_ERROR', message: expect.stringContaining('401: Open the printed address') },
  });
  const garbage = await serve((_, response) => response.end('<html>'));
  expect(await bridgeAt(garbage).call('snapshot', null)).toMatchObject({ ok: false });
  expect(await bridgeAt('http://127.0.0.1:9/ui/').call('snapshot', null)).toMatchObject({
    error: { code: 'NOT_READY', message: expect.stringContaining('Is it still running?') },
  });
});

it('events reach their listeners until they leave', () => {
  const bridge = bridgeAt('http://127.0.0.1:9/__inspector/t0ken/ui/');
  const heard: unknown[] = [];
  const leave = bridge.on('reload', (record) => heard.push(record));
  const stream = HandStream.opened[0];
  expect(stream?.url).toBe('http://127.0.0.1:9/__inspector/t0ken/events');
  stream?.send('reload', { plugin: 'echo' });
  stream?.send('snapshot', {});
  leave();
  stream?.send('reload', { plugin: 'late' });
  expect(heard).toEqual([{ plugin: 'echo' }]);
});

it('the connection is told as it changes, and a closed stream is opened anew', async () => {
  const bridge = bridgeAt('http://127.0.0.1:9/__inspector/t0ken/ui/');
  const states: Connection['state'][] = [];
  bridge.onConnection(({ state }) => states.push(state));
  const [first] = HandStream.opened;
  first?.onopen?.(new Event('open'));
  first?.fail(0);
  first?.fail(0);
  expect(HandStream.opened).toHaveLength(1);
  first?.fail(2);
  await vi.waitFor(() => expect(HandStream.opened).toHaveLength(2));
  HandStream.opened[1]?.onopen?.(new Event('open'));
  expect(states).toEqual(['connecting', 'open', 'lost', 'open']);
});
