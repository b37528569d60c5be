import { connect, isIP } from 'node:net';
import { performance } from 'node:perf_hooks';
import { connect as connectSecurely } from 'node:tls';
import { httpCall } from '../../system/http-call.ts';

/** What a clause sends: an ordinary request, or bytes that no HTTP client would send. */
export type Exchange = HttpExchange | RawExchange;

export interface HttpExchange extends ExchangeTerms {
  readonly kind: 'http';
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

interface RawExchange extends ExchangeTerms {
  readonly kind: 'raw';
  /** Describes what is sent. */
  readonly title: string;
  readonly bytes: string;
}

interface ExchangeTerms {
  /** How long to wait for its answer; default: {@link EXCHANGE_LIMIT_MS}. */
  readonly limitMs?: number;
  /** Sent this long after the previous exchange, without waiting for its answer. */
  readonly besideAfterMs?: number;
  /** Sent even if another clause of the run has sent the same to the same runtime. */
  readonly fresh?: boolean;
}

export interface Observed {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the first byte sent to the last one received. */
  readonly durationMs: number;
}

const EXCHANGE_LIMIT_MS = 10_000;
/** The longest answer to raw bytes that is read: a runtime's own has a few hundred. */
const MAX_RAW_BYTES = 1024 * 1024;

/**
 * Sends one exchange to `target` (`http://127.0.0.1:8080`). Rejects when no HTTP answer comes within its
 * limit, or when `signal` aborts.
 */
export function send(target: URL, exchange: Exchange, signal?: AbortSignal): Promise<Observed> {
  if (exchange.kind === 'raw') return sendRaw(target, exchange, signal);
  return httpCall({
    method: exchange.method,
    url: new URL(exchange.path, target).href,
    headers: exchange.headers ?? {},
    body: exchange.body ?? null,
    timeoutMs: exchange.limitMs ?? EXCHANGE_LIMIT_MS,
    signal,
  });
}

/** Request line, headers and the start of the body, for a reader; masked by `mask` before anything is cut. */
export function describeExchange(exchange: Exchange, mask: (text: string) => string): string {
  if (exchange.kind === 'raw') return mask(exchange.title);
  const headers = Object.entries(exchange.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const head = mask([`${exchange.method} ${exchange.path}`, ...headers].join('\n'));
  return exchange.body === undefined ? head : `${head}\n${shorten(mask(exchange.body))}`;
}

function shorten(text: string): string {
  return text.length <= 2_000
    ? text
    : `${text.slice(0, 80)}… (${text.length.toLocaleString('en-US')} characters)`;
}

function sendRaw(target: URL, { bytes, limitMs }: RawExchange, signal?: AbortSignal): Promise<Observed> {
  const started = performance.now();
  const timeoutMs = limitMs ?? EXCHANGE_LIMIT_MS;
  return new Promise((resolve, reject) => {
    const socket = openSocket(target);
    let text = '';
    const abort = () => socket.destroy(new Error('The call was cancelled'));
    signal?.addEventListener('abort', abort, { once: true });
    // Limits the whole exchange, not its pauses: a target may drip forever.
    const expire = () => socket.destroy(new Error(`No answer within ${timeoutMs / 1000} seconds`));
    const limit = setTimeout(expire, timeoutMs);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const answer = parseAnswer(text);
      if (answer !== null) {
        resolve({ ...answer, durationMs: performance.now() - started });
        socket.destroy();
      } else if (text.length > MAX_RAW_BYTES) socket.destroy(new Error('The answer is too long'));
    });
    socket.once('close', () => {
      clearTimeout(limit);
      signal?.removeEventListener('abort', abort);
      reject(new Error('The connection was closed without a complete HTTP answer'));
    });
    socket.write(bytes, 'latin1');
    if (signal?.aborted) abort();
  });
}

function openSocket({ protocol, hostname, port }: URL) {
  // A URL writes an IPv6 address in brackets; a socket wants it without.
  const host = hostname.replace(/^\[|\]$/g, '');
  if (protocol === 'https:') {
    return connectSecurely({ host, port: Number(port || 443), servername: isIP(host) === 0 ? host : '' });
  }
  return connect({ host, port: Number(port || 80) });
}

/** A complete HTTP/1.1 answer with a Content-Length, or null while it is incomplete. */
function parseAnswer(text: string): Omit<Observed, 'durationMs'> | null {
  const end = text.indexOf('\r\n\r\n');
  if (end === -1) return null;
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const body = text.slice(end + 4);
  if (body.length < Number(headers['content-length'] ?? 0)) return null;
  return { status: Number(statusLine.split(' ')[1]), headers, body };
}
