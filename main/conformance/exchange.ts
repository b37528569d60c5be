import { connect, isIP } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { httpCall } from '../http-call.ts';

/** What a clause sends: an ordinary request, or bytes that no HTTP client would write. */
export type Exchange =
  | {
      readonly kind: 'http';
      readonly method: string;
      readonly path: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  | { readonly kind: 'raw'; readonly title: string; readonly bytes: string };

export interface Observed {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TIMEOUT_MS = 10_000;
/** The longest answer to raw bytes that is waited for: a runtime's own has some hundred. */
const MAX_RAW_BYTES = 1024 * 1024;

/**
 * Sends one exchange to `target` (`http://127.0.0.1:8080`). Rejects when no HTTP answer comes within ten seconds, or when
 * `signal` aborts.
 */
export function send(target: URL, exchange: Exchange, signal?: AbortSignal): Promise<Observed> {
  if (exchange.kind === 'raw') return sendRaw(target, exchange.bytes, signal);
  return httpCall({
    method: exchange.method,
    url: new URL(exchange.path, target).href,
    headers: exchange.headers ?? {},
    body: exchange.body ?? null,
    timeoutMs: TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
}

/** One line a reader can follow: `POST /api/execute/hello` with its headers and the start of its body. */
export function describeExchange(exchange: Exchange): string {
  if (exchange.kind === 'raw') return exchange.title;
  const headers = Object.entries(exchange.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const body = exchange.body === undefined ? [] : [shortened(exchange.body)];
  return [`${exchange.method} ${exchange.path}`, ...headers, ...body].join('\n');
}

function shortened(text: string): string {
  return text.length <= 200
    ? text
    : `${text.slice(0, 80)}… (${text.length.toLocaleString('en-US')} characters)`;
}

function sendRaw(target: URL, bytes: string, signal?: AbortSignal): Promise<Observed> {
  return new Promise((resolve, reject) => {
    const socket = openSocket(target);
    let text = '';
    const abort = () => socket.destroy(new Error('The call was ended'));
    signal?.addEventListener('abort', abort, { once: true });
    // Of the whole exchange, not of its silences: a target may drip for ever.
    const limit = setTimeout(() => socket.destroy(new Error('No answer within 10 seconds')), TIMEOUT_MS);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const answer = parseAnswer(text);
      if (answer !== null) {
        resolve(answer);
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

/** A complete HTTP/1.1 answer with a Content-Length, or null while it isn't all there. */
function parseAnswer(text: string): Observed | null {
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
