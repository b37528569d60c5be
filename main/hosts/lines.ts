const LINE_END = 10;

interface LineReaderOptions {
  /** Of one line; default: no limit, for a sender that is trusted. */
  readonly maxBytes?: number;
  /** Without its end; never empty. Only valid during the call. */
  readonly onLine: (line: Buffer) => void;
  /** Nothing is read after it. */
  readonly onTooLong?: () => void;
}

/** Splits a stream of bytes into lines, and gives up on one that is too long. */
export class LineReader {
  readonly #options: LineReaderOptions;
  readonly #maxBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #closed = false;

  constructor(options: LineReaderOptions) {
    this.#options = options;
    this.#maxBytes = options.maxBytes ?? Number.POSITIVE_INFINITY;
  }

  add(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end >= 0; end = chunk.indexOf(LINE_END, from)) {
      this.#append(chunk.subarray(from, end));
      if (this.#closed) return;
      this.#flush();
      from = end + 1;
    }
    this.#append(chunk.subarray(from));
  }

  #append(part: Buffer): void {
    if (this.#closed || part.length === 0) return;
    this.#bytes += part.length;
    if (this.#bytes <= this.#maxBytes) {
      this.#parts.push(part);
      return;
    }
    this.#closed = true;
    this.#parts = [];
    this.#options.onTooLong?.();
  }

  #flush(): void {
    const [first] = this.#parts;
    if (first === undefined) return;
    const line = this.#parts.length === 1 ? first : Buffer.concat(this.#parts, this.#bytes);
    this.#parts = [];
    this.#bytes = 0;
    this.#options.onLine(line);
  }
}
