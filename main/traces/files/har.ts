import type { Content, Entry, Header, PostData, QueryString, Request, Response, Timings } from 'har-format';
import type { Span, Step, StoredBody, Trace, TraceRequest } from '../../contract/trace.ts';
import { bodyText } from '../record/recorded-request.ts';

/**
 * A trace as an entry of an HTTP Archive 1.2 (http://www.softwareishard.com/blog/har-12-spec/). An archive is
 * written from the client's side; a trace was timed inside the server. So connecting, name look-up and TLS
 * are unknown (-1), and the rest is laid out as {@link TIMING_COMMENT} says. What an archive has no field for
 * is in `_mozaiks`.
 */
export function toHarEntry(trace: Trace, baseUrl: string): Entry {
  const timings = toTimings(trace.spans, trace.durationMs);
  const { blocked = 0, send = 0, wait, receive } = timings;
  return {
    startedDateTime: new Date(trace.startedAt).toISOString(),
    time: blocked + send + wait + receive,
    request: toRequest(trace.request, baseUrl),
    response: toResponse(trace),
    cache: {},
    timings,
    comment: `${trace.plugin}: ${trace.outcome}`,
    _mozaiks: {
      id: trace.id,
      traceId: trace.traceId,
      plugin: trace.plugin,
      outcome: trace.outcome,
      errorCode: trace.errorCode,
      user: trace.user,
      timeoutMs: trace.timeoutMs,
      pluginVersion: trace.pluginVersion,
      spans: trace.spans,
    },
  };
}

const TIMING_COMMENT =
  'Timed in the server. send: the request arrives (receive, body). blocked: it waits for a free place (queue). ' +
  'wait: checks and the plugin (origin, authenticate, find, inject, run, check). receive: the answer is written (respond).';

const SEND: readonly Step[] = ['receive', 'body'];

function toTimings(spans: readonly Span[], durationMs: number): Timings {
  const sum = (steps: readonly Step[]) =>
    spans.filter(({ step }) => steps.includes(step)).reduce((total, span) => total + span.durationMs, 0);
  const [send, blocked, receive] = [sum(SEND), sum(['queue']), sum(['respond'])];
  // All the rest, with what passed between two steps: the parts add up to the whole.
  const wait = Math.max(0, durationMs - send - blocked - receive);
  return {
    blocked,
    dns: -1,
    connect: -1,
    ssl: -1,
    send,
    wait,
    receive,
    comment: TIMING_COMMENT,
  };
}

function toRequest({ method, path, headers, body }: TraceRequest, baseUrl: string): Request {
  const request: Request = {
    method,
    url: `${originOf(headers.host) ?? baseUrl}${path}`,
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: toHeaders(headers),
    queryString: toQuery(path),
    headersSize: -1,
    bodySize: body?.bytes ?? 0,
    comment: 'Tokens and secrets are masked.',
  };
  if (body !== null) request.postData = toPostData(body, headers['content-type']);
  return request;
}

/** Status 0 means no answer, as browsers write it. */
function toResponse({ response, outcome }: Trace): Response {
  const headers = response?.headers ?? {};
  const answer: Response = {
    status: response?.status ?? 0,
    statusText: '',
    httpVersion: 'HTTP/1.1',
    cookies: [],
    headers: toHeaders(headers),
    content: toContent(response?.body ?? null, headers['content-type']),
    redirectURL: '',
    headersSize: -1,
    bodySize: response === null ? -1 : (response.body?.bytes ?? 0),
  };
  if (response === null) answer.comment = `No answer was sent: ${outcome}.`;
  return answer;
}

/** The address the client used; null when its Host header is not a valid one. */
function originOf(host: string | undefined): string | null {
  return host !== undefined && /^[\w.\-[\]:]+$/.test(host) ? `http://${host}` : null;
}

function toHeaders(headers: Readonly<Record<string, string>>): Header[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

function toQuery(path: string): QueryString[] {
  const at = path.indexOf('?');
  return at < 0 ? [] : [...new URLSearchParams(path.slice(at))].map(([name, value]) => ({ name, value }));
}

function toPostData(body: StoredBody, contentType: string | undefined): PostData {
  return { mimeType: contentType ?? mimeOf(body), text: bodyText(body), ...cutNote(body) };
}

function toContent(body: StoredBody | null, contentType: string | undefined): Content {
  if (body === null) return { size: 0, mimeType: contentType ?? 'x-unknown' };
  return { size: body.bytes, mimeType: contentType ?? mimeOf(body), text: bodyText(body), ...cutNote(body) };
}

function mimeOf({ json }: StoredBody): string {
  return json === undefined ? 'text/plain' : 'application/json';
}

function cutNote({ truncated, bytes }: StoredBody): { comment?: string } {
  return truncated ? { comment: `Stored only in part: the whole body had ${bytes} bytes.` } : {};
}
