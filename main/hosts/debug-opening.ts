/** What the first bytes of a connection to a debugger's port show. */
export type Opening =
  /** Too little to tell. */
  | 'incomplete'
  /** Not a debugger: a web page, another protocol, or a debugger of something else. */
  | 'foreign'
  /** Starts a session. */
  | 'session'
  /** One request for what can be debugged here, as editors and chrome://inspect make; no session. */
  | 'question';

/** A debugger needs no more for its first request. */
const MAX_OPENING_BYTES = 4_096;

/** What the debug adapter protocol begins with. No HTTP request can, whatever method a page chooses. */
const ADAPTER_START = 'Content-Length:';
const REQUEST_START = 'GET /';
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost'];
const HEAD_END = '\r\n\r\n';

/** For debugpy, which speaks the debug adapter protocol. */
export function judgeAdapterOpening(bytes: Buffer): Opening {
  const start = bytes.subarray(0, ADAPTER_START.length).toString('latin1');
  if (start === ADAPTER_START) return 'session';
  return ADAPTER_START.startsWith(start) ? 'incomplete' : 'foreign';
}

/**
 * For Node's inspector: HTTP that is not a web page's. Browsers put an Origin on every WebSocket; what they
 * send without one names its origin's relation in Sec-Fetch-Site. The Host check is against DNS rebinding: VS
 * Code's debugger names the host without a port, chrome://inspect none at all, which no page can.
 *
 * @param port that debuggers connect to
 */
export function judgeInspectorOpening(bytes: Buffer, port: number): Opening {
  const text = bytes.subarray(0, MAX_OPENING_BYTES).toString('latin1');
  const end = text.indexOf(HEAD_END);
  if (end === -1) {
    const begins = text.startsWith(REQUEST_START) || REQUEST_START.startsWith(text);
    return begins && bytes.length < MAX_OPENING_BYTES ? 'incomplete' : 'foreign';
  }
  const [requestLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const path = /^GET (\/[!-~]*) HTTP\/1\.1$/.exec(requestLine)?.[1];
  const headers = parseHeaders(lines);
  if (path === undefined || headers === null || !isFromDebugger(headers, port)) return 'foreign';
  if (headers.get('upgrade')?.toLowerCase() === 'websocket') return 'session';
  const isAlone = bytes.length === end + HEAD_END.length;
  return isAlone && /^\/json(\/[\w/-]*)?$/.test(path) ? 'question' : 'foreign';
}

function isFromDebugger(headers: ReadonlyMap<string, string>, port: number): boolean {
  const hosts = LOOPBACK_HOSTS.flatMap((host) => [host, `${host}:${port}`]);
  if (![...hosts, undefined].includes(headers.get('host'))) return false;
  const origin = headers.get('origin');
  if (origin !== undefined) return origin.startsWith('devtools://');
  return ['none', undefined].includes(headers.get('sec-fetch-site'));
}

/** By lower-case name; null where a line is unusual or a name is repeated, which could be read in two ways. */
function parseHeaders(lines: readonly string[]): ReadonlyMap<string, string> | null {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([\w-]+): ?([ -~]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || headers.has(name.toLowerCase())) return null;
    headers.set(name.toLowerCase(), value);
  }
  return headers;
}
