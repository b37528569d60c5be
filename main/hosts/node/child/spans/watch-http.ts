import type { ClientRequest, IncomingMessage } from 'node:http';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type { ChildSpanMode } from '../../../../contract/child-span.ts';
import { type CurrentCall, currentCall } from '../current-call.ts';
import { HttpExchange } from './http-exchange.ts';

type HttpModule = Pick<typeof import('node:http'), 'request' | 'get'>;

/**
 * Tells the requests of `http` and `https`. Their diagnostics channels don't do: they tell of a request when its
 * headers are on their way, and of none that fails.
 */
export function watchHttp(mode: ChildSpanMode): void {
  // Not imported: loading them takes milliseconds, for nothing where no child spans are wanted.
  const load = createRequire(__filename);
  for (const name of ['node:http', 'node:https']) watchModule(load(name) as HttpModule, mode);
  syncBuiltinESMExports();
}

function watchModule(module: HttpModule, mode: ChildSpanMode): void {
  const { request } = module;
  const watched = (...args: unknown[]): ClientRequest => {
    const made: ClientRequest = Reflect.apply(request, module, args);
    const call = currentCall.getStore();
    if (call !== undefined) watchRequest(made, call, mode);
    return made;
  };
  const get = (...args: unknown[]): ClientRequest => {
    const made = watched(...args);
    made.end();
    return made;
  };
  Object.assign(module, { request: watched, get });
}

function watchRequest(request: ClientRequest, call: CurrentCall, mode: ChildSpanMode): void {
  if (call.traceparent !== undefined && !request.headersSent && !request.hasHeader('traceparent'))
    request.setHeader('traceparent', call.traceparent);
  const exchange = new HttpExchange(call, mode, {
    method: request.method,
    url: addressOf(request),
    headers: () => headersOf(request),
  });
  watchRequestBody(request, exchange);
  watchEvents(request, exchange);
}

function addressOf(request: ClientRequest): string {
  const host = request.getHeader('host') ?? request.host;
  return `${request.protocol}//${String(host)}${request.path}`;
}

/** As they were sent: where a plugin gave them as a list, nothing else has them. */
function headersOf(request: ClientRequest): string {
  const sent: unknown = Reflect.get(request, '_header');
  return typeof sent === 'string' ? sent : Object.values(request.getHeaders()).join('\n');
}

function watchRequestBody(request: ClientRequest, exchange: HttpExchange): void {
  for (const name of ['write', 'end'] as const) {
    const original: unknown = request[name];
    if (typeof original !== 'function') continue;
    Reflect.set(request, name, (...args: unknown[]) => {
      exchange.sent(args[0], args[1]);
      return Reflect.apply(original, request, args);
    });
  }
}

/** Not as a listener: what happens to a request that has none for an event is another thing. */
function watchEvents(request: ClientRequest, exchange: HttpExchange): void {
  const { emit } = request;
  request.emit = (event: string | symbol, ...args: unknown[]): boolean => {
    const [first] = args;
    if (event === 'error') exchange.fail(first);
    else if (event === 'response') watchResponse(first as IncomingMessage, exchange);
    else if (event === 'upgrade' || event === 'connect') {
      exchange.answered((first as IncomingMessage).statusCode ?? 0);
      exchange.end();
    } else if (event === 'close') exchange.fail(new Error('closed before its answer was complete'));
    return Reflect.apply(emit, request, [event, ...args]);
  };
}

function watchResponse(response: IncomingMessage, exchange: HttpExchange): void {
  exchange.answered(response.statusCode ?? 0, response.headers['content-encoding']);
  const { push } = response;
  response.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk === null) exchange.end();
    else exchange.received(chunk, encoding);
    return push.call(response, chunk, encoding);
  };
}
