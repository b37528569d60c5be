import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { errorMonitor } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { HttpRequest } from '../../../../contract/child-span.ts';
import { HOST_LIMITS } from '../../../../contract/host.ts';
import type { CurrentCall } from '../current-call.ts';
import { describeThrown } from '../result.ts';
import type { OpenSpan, OpenSpanOf } from './open-span.ts';

/** Requests of `fetch` (undici's, also where a plugin brings its own), and of the modules `http` and `https`. */
export function observeHttp(open: OpenSpanOf, hasBodies: boolean): void {
  observeUndici(open);
  for (const module of [http, https]) observeModule(module, open, hasBodies);
  if (hasBodies) recordFetchBodies();
}

type Facts = { -readonly [Key in keyof HttpRequest]: HttpRequest[Key] };

function newFacts(method: string, url: string): Facts {
  const facts = { method: method.slice(0, HOST_LIMITS.eventName), url: url.slice(0, HOST_LIMITS.childText) };
  const unknown = { status: null, requestBytes: null, responseBytes: null, carriesUserJwt: false };
  return { kind: 'http', ...facts, ...unknown };
}

function carries({ userJwt }: CurrentCall, headers: string): boolean {
  return userJwt !== null && userJwt !== '' && headers.includes(userJwt);
}

/** A whole number of bytes, as `content-length` has it; null for anything else. */
function bytesOf(length: unknown): number | null {
  const bytes = Number(length ?? Number.NaN);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null;
}

// fetch

/** What undici publishes of a request; its versions differ in the rest. */
interface UndiciRequest {
  readonly origin: unknown;
  readonly path: string;
  readonly method: string;
  /** Text before undici 6, then names and values in turn. */
  readonly headers: string | readonly unknown[];
  readonly contentLength?: number | null;
  addHeader(name: string, value: string): unknown;
}
interface UndiciMessage {
  readonly request: UndiciRequest;
  readonly response?: { readonly statusCode: number; readonly headers: readonly Uint8Array[] };
  readonly error?: unknown;
}

interface Seen {
  readonly span: OpenSpan;
  readonly facts: Facts;
  /** Its answer's body is read: that ends it. */
  readonly isRead: boolean;
}

/** One `fetch` whose bodies are recorded, with the last request that it sent. */
interface Fetching {
  readonly requestBody: string | undefined;
  seen: Seen | null;
}
const fetching = new AsyncLocalStorage<Fetching>();

function observeUndici(open: OpenSpanOf): void {
  const requests = new WeakMap<UndiciRequest, Seen>();
  const on = (name: string, listener: (message: UndiciMessage, seen: Seen | undefined) => void) =>
    subscribe(`undici:request:${name}`, (message) => {
      const told = message as UndiciMessage;
      listener(told, requests.get(told.request));
    });
  on('create', ({ request }) => {
    const facts = newFacts(request.method, `${String(request.origin)}${request.path}`);
    const span = open(() => ({ work: facts }));
    if (span === null) return;
    const headers = String(request.headers);
    facts.carriesUserJwt = carries(span.call, headers);
    facts.requestBytes = bytesOf(request.contentLength ?? 0);
    const { traceparent } = span.call;
    if (traceparent !== undefined && !/\btraceparent\b/i.test(headers)) {
      request.addHeader('traceparent', traceparent);
    }
    const recorded = fetching.getStore();
    facts.requestBody = recorded?.requestBody;
    const seen = { span, facts, isRead: recorded !== undefined };
    if (recorded !== undefined) recorded.seen = seen;
    requests.set(request, seen);
  });
  on('headers', ({ response }, seen) => {
    if (seen === undefined || response === undefined) return;
    seen.facts.status = response.statusCode;
    const parts = response.headers.map((text) => Buffer.from(text).toString('latin1').toLowerCase());
    const at = parts.indexOf('content-length');
    if (at >= 0) seen.facts.responseBytes = bytesOf(parts[at + 1]);
  });
  on('trailers', (_, seen) => {
    if (seen?.isRead === false) seen.span.end();
  });
  on('error', ({ error }, seen) => seen?.span.end(describeThrown(error)));
}

function recordFetchBodies(): void {
  const send = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const recorded: Fetching = { requestBody: beginningOf(init?.body), seen: null };
    const response = await fetching.run(recorded, () => send(input, init));
    const { seen } = recorded;
    // The plugin reads the body, this a copy's beginning.
    if (seen !== null) {
      readBeginning(response).then(
        (text) => {
          seen.facts.responseBody = text;
          seen.span.end();
        },
        (error: unknown) => seen.span.end(describeThrown(error)),
      );
    }
    return response;
  };
}

/** Only of what is there at once: a stream is the plugin's own. */
function beginningOf(body: unknown): string | undefined {
  if (typeof body === 'string' || body instanceof URLSearchParams) {
    return String(body).slice(0, HOST_LIMITS.childText);
  }
  return body instanceof Uint8Array ? textOf([body]) : undefined;
}

async function readBeginning(response: Response): Promise<string> {
  const reader = response.clone().body?.getReader();
  const chunks: Uint8Array[] = [];
  for (let bytes = 0; reader !== undefined && bytes < HOST_LIMITS.childText; ) {
    const { done, value } = await reader.read();
    if (done) return textOf(chunks);
    chunks.push(value);
    bytes += value.length;
  }
  await reader?.cancel();
  return textOf(chunks);
}

function textOf(chunks: readonly Uint8Array[]): string {
  return Buffer.concat(chunks).subarray(0, HOST_LIMITS.childText).toString('utf8');
}

// http and https

function observeModule(module: typeof http | typeof https, open: OpenSpanOf, hasBodies: boolean): void {
  for (const name of ['request', 'get'] as const) {
    const send = Reflect.get(module, name) as (...given: unknown[]) => http.ClientRequest;
    const observed = (...given: unknown[]) => observe(send(...given), open, hasBodies);
    Object.assign(module, { [name]: observed });
  }
}

/** What was written or read of a body. */
class Body {
  bytes = 0;
  readonly chunks: Uint8Array[] | null;

  constructor(isStored: boolean) {
    this.chunks = isStored ? [] : null;
  }

  add(chunk: unknown, encoding?: unknown): void {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const isEncoding = typeof encoding === 'string' && Buffer.isEncoding(encoding);
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, isEncoding ? encoding : 'utf8') : chunk;
    if (this.bytes < HOST_LIMITS.childText) this.chunks?.push(bytes);
    this.bytes += bytes.length;
  }

  get text(): string | undefined {
    return this.chunks === null ? undefined : textOf(this.chunks);
  }
}

function observe(request: http.ClientRequest, open: OpenSpanOf, hasBodies: boolean): http.ClientRequest {
  const [sent, received] = [new Body(hasBodies), new Body(hasBodies)];
  // The request itself forgets its port.
  const host = request.getHeader('host') ?? request.host;
  const facts = newFacts(request.method, `${request.protocol}//${String(host)}${request.path}`);
  const span = open(() => ({
    work: {
      ...facts,
      requestBytes: sent.bytes,
      responseBytes: facts.status === null ? null : received.bytes,
      requestBody: sent.text,
      responseBody: facts.status === null ? undefined : received.text,
    },
  }));
  if (span === null) return request;
  facts.carriesUserJwt = carries(span.call, JSON.stringify(request.getHeaders()));
  const { traceparent } = span.call;
  if (traceparent !== undefined && !request.headersSent && !request.hasHeader('traceparent')) {
    request.setHeader('traceparent', traceparent);
  }
  for (const name of ['write', 'end'] as const) {
    const pass = (Reflect.get(request, name) as (...given: unknown[]) => unknown).bind(request);
    Object.assign(request, {
      [name]: (...given: unknown[]) => {
        sent.add(given[0], given[1]);
        return pass(...given);
      },
    });
  }
  request.on(errorMonitor, (error) => span.end(describeThrown(error)));
  // Not the event `response`: with a listener there, a body that nobody wants is no longer thrown away.
  watchAnswer(request, (answer) => {
    facts.status = answer.statusCode ?? null;
    const push = answer.push.bind(answer);
    answer.push = (chunk: unknown, encoding?: BufferEncoding) => {
      received.add(chunk, encoding);
      return push(chunk, encoding);
    };
    answer.once('close', () => span.end());
  });
  return request;
}

function watchAnswer(request: http.ClientRequest, onAnswer: (answer: http.IncomingMessage) => void): void {
  const emit = request.emit.bind(request);
  request.emit = (name: string | symbol, ...given: unknown[]) => {
    const [answer] = given;
    if (name === 'response' && answer instanceof http.IncomingMessage) onAnswer(answer);
    return emit(name, ...given);
  };
}
