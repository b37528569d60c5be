/** One answer as it stood on the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case; a header that came twice is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The first whole answer in these bytes and how many it takes; null while there is more to come. */
export function parseAnswer(
  received: Buffer,
  withoutBody: boolean,
): { readonly answer: RawAnswer; readonly length: number } | null {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return null;
  const [statusLine = '', ...lines] = received.subarray(0, headEnd).toString('latin1').split('\r\n');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const [name = '', ...value] = line.split(':');
    const key = name.toLowerCase();
    const text = value.join(':').trim();
    headers[key] = headers[key] === undefined ? text : `${headers[key]}, ${text}`;
  }
  const status = Number(statusLine.split(' ')[1]);
  const hasBody = !withoutBody && status >= 200 && status !== 204 && status !== 304;
  const rest = received.subarray(headEnd + 4);
  const body = hasBody ? parseBody(rest, headers) : { bytes: Buffer.alloc(0), length: 0 };
  if (body === null) return null;
  return {
    answer: { status, headers, body: body.bytes.toString('utf8') },
    length: headEnd + 4 + body.length,
  };
}

interface ParsedBody {
  readonly bytes: Buffer;
  /** Of what stood on the wire. */
  readonly length: number;
}

function parseBody(rest: Buffer, headers: Readonly<Record<string, string>>): ParsedBody | null {
  if (headers['transfer-encoding'] === 'chunked') return parseChunks(rest);
  const length = Number(headers['content-length'] ?? 0);
  return rest.length < length ? null : { bytes: rest.subarray(0, length), length };
}

function parseChunks(rest: Buffer): ParsedBody | null {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return null;
    const size = Number.parseInt(rest.subarray(at, lineEnd).toString('latin1'), 16);
    const next = lineEnd + 2 + size + 2;
    if (rest.length < next) return null;
    if (size === 0) return { bytes: Buffer.concat(chunks), length: next };
    chunks.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = next;
  }
}
