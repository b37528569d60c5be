import { request } from 'node:http';
import { request as requestSecurely } from 'node:https';
import { performance } from 'node:perf_hooks';

/**
 * One request of the workbench to a runtime, over real HTTP, so that what is shown is what any client would
 * get.
 */
export interface HttpCall {
  readonly method: string;
  /** Absolute, `http://127.0.0.1:8080/health`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly signal?: AbortSignal | undefined;
  /** Whole-call limit in milliseconds. */
  readonly timeoutMs: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Size of the whole body, also where `body` was cut. */
  readonly bytes: number;
  readonly truncated: boolean;
  readonly durationMs: number;
  /** The address and port that answered, `127.0.0.1:8080`, whatever the name in the URL. */
  readonly server: string;
}

/** A runtime answers within a plugin's own timeout; this much more only bounds one that doesn't. */
export const CALL_MARGIN_MS = 15_000;
/** For a call without a limit of its own: a day. */
export const UNLIMITED_MS = 24 * 60 * 60 * 1000;

/**
 * Largest part of an answer that is read. Plugin results end at 5 MiB, so only foreign servers can pass it.
 */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

/** Makes the call. Rejects with the socket's error, or an AbortError when `signal` or the limit ends it. */
export function httpCall(call: HttpCall): Promise<HttpAnswer> {
  const started = performance.now();
  const limit = AbortSignal.timeout(call.timeoutMs);
  const cleanUp: (() => void)[] = [];
  return new Promise<HttpAnswer>((resolve, reject) => {
    const open = call.url.startsWith('https:') ? requestSecurely : request;
    const outgoing = open(call.url, { method: call.method, headers: call.headers, agent: false });
    for (const signal of [limit, call.signal]) {
      if (signal === undefined) continue;
      const abort = () => outgoing.destroy(abortReason(signal));
      if (signal.aborted) abort();
      signal.addEventListener('abort', abort, { once: true });
      cleanUp.push(() => signal.removeEventListener('abort', abort));
    }
    outgoing.on('error', reject);
    // Without a listener such a connection would be closed silently.
    outgoing.once('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new Error('The server switched protocols without being asked'));
    });
    outgoing.once('response', (incoming) => {
      const { remoteAddress, remotePort } = incoming.socket;
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('data', (chunk: Buffer) => {
        if (bytes < MAX_ANSWER_BYTES) chunks.push(chunk.subarray(0, MAX_ANSWER_BYTES - bytes));
        bytes += chunk.length;
      });
      incoming.on('error', reject);
      incoming.once('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: flatHeaders(incoming.headers),
          body: Buffer.concat(chunks).toString('utf8'),
          bytes,
          truncated: bytes > MAX_ANSWER_BYTES,
          durationMs: performance.now() - started,
          server: formatEndpoint(remoteAddress, remotePort),
        }),
      );
    });
    outgoing.end(call.body ?? undefined);
  }).finally(() => {
    for (const release of cleanUp) release();
  });
}

/** One end of a connection, `127.0.0.1:8080`; written alike whether its socket is for IPv4 alone or for both. */
export function formatEndpoint(address: string | undefined, port: number | undefined): string {
  return `${(address ?? '').replace(/^::ffff:/, '')}:${port ?? ''}`;
}

function abortReason(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('The call was ended');
}

function flatHeaders(headers: NodeJS.Dict<string | string[]>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
