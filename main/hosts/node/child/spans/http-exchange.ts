import { brotliDecompressSync, constants, unzipSync } from 'node:zlib';
import type { ChildSpanMode } from '../../../../contract/child-span.ts';
import type { CurrentCall } from '../current-call.ts';
import { cutText, errorText, shortJson } from './short-text.ts';

/** Of a body, as it crosses the wire, in bytes. */
const MAX_KEPT_BYTES = 64 * 1024;
const MAX_METHOD_LENGTH = 20;
/** Of a body that was compressed: a few bytes can stand for many. */
const maxOutputLength = 1024 * 1024;

interface HttpStart {
  readonly method: string;
  readonly url: string;
  /** The request's, as they are when it has ended. */
  readonly headers: () => string;
}

/** One request of a plugin with its answer, whichever client sent it. */
export class HttpExchange {
  readonly #request: SeenBody;
  readonly #response: SeenBody;
  readonly #end: () => void;
  #status: number | null = null;
  #encoding = '';
  #error: string | null = null;

  constructor(call: CurrentCall, mode: ChildSpanMode, { method, url, headers }: HttpStart) {
    const keeps = mode === 'bodies' && !call.children.isFull;
    this.#request = new SeenBody(keeps);
    this.#response = new SeenBody(keeps);
    this.#end = call.children.begin(() => ({
      work: {
        kind: 'http',
        method: method.slice(0, MAX_METHOD_LENGTH),
        url: cutText(url),
        status: this.#status,
        requestBytes: this.#request.bytes,
        responseBytes: this.#status === null ? null : this.#response.bytes,
        carriesUserJwt: call.userJwt !== null && headers().includes(call.userJwt),
        requestBody: this.#request.text(''),
        responseBody: this.#response.text(this.#encoding),
      },
      error: this.#error ?? (this.#status === null ? 'no answer came before the call ended' : null),
    }));
  }

  /** A part of the request's body. */
  sent(chunk: unknown, encoding?: unknown): void {
    this.#request.add(chunk, encoding);
  }

  answered(status: number, encoding = ''): void {
    this.#status = status;
    this.#encoding = encoding;
  }

  /** A part of the answer's body as it crosses the wire. */
  received(chunk: unknown, encoding?: unknown): void {
    this.#response.add(chunk, encoding);
  }

  fail(error: unknown): void {
    this.#error ??= errorText(error);
    this.#end();
  }

  end(): void {
    this.#end();
  }
}

class SeenBody {
  readonly #keeps: boolean;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(keeps: boolean) {
    this.#keeps = keeps;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: unknown, encoding: unknown): void {
    if (typeof chunk === 'string') {
      const written = typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
      if (this.#keeps) this.#keep(Buffer.from(chunk, written));
      this.#bytes += Buffer.byteLength(chunk, written);
    } else if (chunk instanceof Uint8Array) {
      // A copy: whoever sent it may write into it again.
      if (this.#keeps) this.#keep(Uint8Array.from(chunk.subarray(0, MAX_KEPT_BYTES)));
      this.#bytes += chunk.length;
    }
  }

  /** Its beginning; undefined where it is not kept, or empty. */
  text(encoding: string): string | undefined {
    if (!this.#keeps || this.#bytes === 0) return undefined;
    const bytes = Buffer.concat(this.#chunks);
    const text = decompressed(bytes, encoding.trim().toLowerCase())?.toString('utf8');
    if (text === undefined) return `(${this.#bytes} bytes, ${encoding})`;
    // Its last character may be cut in two.
    return text.slice(0, -1).includes('\ufffd') ? `(${this.#bytes} bytes, not text)` : shortBody(text);
  }

  #keep(chunk: Uint8Array): void {
    if (this.#bytes < MAX_KEPT_BYTES) this.#chunks.push(chunk);
  }
}

/** As far as it goes; undefined where that can't be done. */
function decompressed(bytes: Buffer, encoding: string): Buffer | undefined {
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip' || encoding === 'deflate')
      return unzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength });
    if (encoding === 'br')
      return brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength });
  } catch {
    // It is not what its header says, or more than is shown.
    return undefined;
  }
  return encoding === '' || encoding === 'identity' ? bytes : undefined;
}

/** JSON stays JSON, so that secrets are found by their keys. */
function shortBody(text: string): string {
  try {
    return shortJson(JSON.parse(text)) ?? cutText(text);
  } catch {
    // Not JSON, or only its beginning.
    return cutText(text);
  }
}
