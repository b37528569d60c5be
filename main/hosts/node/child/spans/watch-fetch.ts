import { subscribe } from 'node:diagnostics_channel';
import type { ChildSpanMode } from '../../../../contract/child-span.ts';
import { currentCall } from '../current-call.ts';
import { HttpExchange } from './http-exchange.ts';

/** What undici publishes of a request, in the versions that Node has. */
interface UndiciRequest {
  readonly origin: unknown;
  readonly path: string;
  readonly method: string;
  /** Up to undici 5 a text; later names and values in turn. */
  readonly headers: unknown;
  addHeader?(name: string, value: string): unknown;
  onBodySent?(chunk: unknown): unknown;
  onData?(chunk: unknown): unknown;
}

interface Published {
  readonly request: UndiciRequest;
  readonly response: { readonly statusCode: number; readonly headers: readonly unknown[] };
  readonly error: unknown;
}

/** Tells the requests of `fetch`, and of undici where the plugin has its own. */
export function watchFetch(mode: ChildSpanMode): void {
  const exchanges = new WeakMap<UndiciRequest, HttpExchange>();
  on('undici:request:create', ({ request }) => {
    const call = currentCall.getStore();
    if (call === undefined) return;
    if (call.traceparent !== undefined && !hasTraceparent(request.headers))
      request.addHeader?.('traceparent', call.traceparent);
    const headers = String(request.headers);
    const { origin, path, method } = request;
    const exchange = new HttpExchange(call, mode, {
      method,
      url: `${origin}${path}`,
      headers: () => headers,
    });
    exchanges.set(request, exchange);
    watchBodies(request, exchange);
  });
  on('undici:request:headers', ({ request, response: { statusCode, headers } }) =>
    exchanges.get(request)?.answered(statusCode, headerOf(headers, 'content-encoding')),
  );
  on('undici:request:trailers', ({ request }) => exchanges.get(request)?.end());
  on('undici:request:error', ({ request, error }) => exchanges.get(request)?.fail(error));
}

function on(channel: string, listener: (published: Published) => void): void {
  subscribe(channel, (message) => listener(message as Published));
}

/** Not all versions publish the parts of bodies. */
function watchBodies(request: UndiciRequest, exchange: HttpExchange): void {
  const { onBodySent, onData } = request;
  if (onBodySent !== undefined) {
    request.onBodySent = (chunk) => {
      exchange.sent(chunk);
      return onBodySent.call(request, chunk);
    };
  }
  if (onData !== undefined) {
    request.onData = (chunk) => {
      exchange.received(chunk);
      return onData.call(request, chunk);
    };
  }
}

function hasTraceparent(headers: unknown): boolean {
  return Array.isArray(headers)
    ? headers.some((name, index) => index % 2 === 0 && String(name).toLowerCase() === 'traceparent')
    : /^traceparent:/im.test(String(headers));
}

function headerOf(headers: readonly unknown[], name: string): string {
  const index = headers.findIndex((key, at) => at % 2 === 0 && String(key).toLowerCase() === name);
  return index === -1 ? '' : String(headers[index + 1]);
}
