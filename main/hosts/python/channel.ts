import type { Duplex } from 'node:stream';
import type { HostChannel } from '../channel.ts';

/** The longest line is a result of 5 MiB, whose characters may take several as escapes. */
const MAX_LINE_BYTES = 24 * 1024 * 1024;

/**
 * JSON messages, one per line, over their own pipe: what a process writes elsewhere can't get between them.
 */
export function lineChannel(pipe: Duplex): HostChannel {
  let listener: (message: unknown) => void = () => undefined;
  const lines = new LineReader(
    (line) => {
      const message = parseMessage(line);
      if (message !== undefined) listener(message);
    },
    () => {
      listener({ type: 'dying', reason: `it sent a message of over ${MAX_LINE_BYTES / 1024 / 1024} MB` });
      // For the process the end of its channel is the end of the runtime: it ends, with what it started.
      pipe.destroy();
    },
  );
  let report: (error: Error) => void = () => undefined;
  pipe.on('data', (chunk: Buffer) => lines.add(chunk));
  // The process is gone, or never started: its exit says so.
  pipe.on('error', (error) => report(error));
  return {
    send: (message, onFailure) => {
      report = onFailure;
      if (pipe.writable) pipe.write(`${JSON.stringify(message)}\n`);
    },
    onMessage: (next) => {
      listener = next;
    },
  };
}

/** Splits a stream of bytes into lines. It gives up on one that is too long. */
class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #onTooLong: () => void;
  #parts: Buffer[] = [];
  #bytes = 0;
  #closed = false;

  constructor(onLine: (line: string) => void, onTooLong: () => void) {
    this.#onLine = onLine;
    this.#onTooLong = onTooLong;
  }

  add(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0 && !this.#closed; end = chunk.indexOf(10, from)) {
      this.#append(chunk.subarray(from, end));
      const line = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      from = end + 1;
      if (!this.#closed) this.#onLine(line);
    }
    this.#append(chunk.subarray(from));
  }

  #append(part: Buffer): void {
    if (this.#closed || part.length === 0) return;
    this.#bytes += part.length;
    if (this.#bytes > MAX_LINE_BYTES) {
      this.#closed = true;
      this.#parts = [];
      this.#onTooLong();
      return;
    }
    this.#parts.push(part);
  }
}

function parseMessage(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    // Only a process that forges messages writes such a line; like every unknown message it is dropped.
    return undefined;
  }
}
