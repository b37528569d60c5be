/** Requests as no client should send them: most begin as good ones and are then made wrong in some way. */

const METHODS = ['GET', 'POST', 'PUT', 'TRACE', 'OPTIONS', 'DELETE', 'CONNECT', 'PRI', 'get', 'G\x00T', ''];
const TARGETS = [
  ...['/health', '/ready', '/info', '/', '/openapi.json', '/api/plugins', '*', '//', '/%', '/%00', '/a b'],
  ...[
    '/api/execute/echo',
    '/api/plugins/echo/execute',
    '/api/execute/..%2f..%2fetc',
    '/api/execute/__proto__',
  ],
  ...['/api/execute/constructor', '/api/check-plugin-access/%ff', '/api/internal/subscription/sync'],
  ...[
    'http://evil.example/health',
    'http://',
    '/api/execute/é',
    '/__inspector/',
    '/__inspector/x/call/snapshot',
  ],
];
const VERSIONS = ['HTTP/1.1', 'HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.1 ', 'HTTQ/1.1', ''];
const LINE_ENDS = ['\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r'];
const HEADERS = [
  ...[
    'Host: evil.example',
    'Host:',
    'Origin: https://evil.example',
    'Origin: null',
    'Sec-Fetch-Site: cross-site',
  ],
  ...[
    'Content-Length: -1',
    'Content-Length: 99999999999999999999',
    'Content-Length: +2',
    'Content-Length: 2, 2',
  ],
  ...['Transfer-Encoding: chunked', 'Transfer-Encoding:\tchunked', 'Transfer-Encoding: gzip, chunked'],
  ...[
    'Transfer-Encoding: identity',
    'Expect: 100-continue',
    'Expect: tea',
    'Upgrade: websocket',
    'Upgrade: h2c',
  ],
  ...['Connection: close', 'Connection: upgrade', 'Authorization: Bearer x', 'Authorization: Basic eDp5'],
  ...[
    'Authorization: Bearer eyJhbGciOiJub25lIn0.e30.',
    'traceparent: 00-zz',
    'X-Forwarded-Host: evil.example',
  ],
  ...[' folded: x', 'no colon', ': empty', 'A\x00: b', 'A: \x00', 'Trailer: x', 'Content-Type: text/html'],
];
const BODIES = [
  ...['', '{}', '[]', 'null', '"x"', '{"a":', '{"__proto__":{"is_superadmin":true}}', '{"user_id":"evil"}'],
  ...['['.repeat(5_000), '{"a":'.repeat(500), '\ufeff{}', 'NaN', '{"a":1e999}', '{"a":"\\ud800"}', 'a=b&c=d'],
];
const CHUNKS = [
  '2\r\n{}\r\n0\r\n\r\n',
  '2\r\n{}\r\n',
  'zz\r\n',
  '-1\r\n\r\n',
  'ffffffffffffffff\r\n',
  '2;x=y\r\n{}\r\n0\r\n\r\n',
  '1\n{\n0\n\n',
];
/** Functions of the Inspector that only read. */
const FUNCTIONS = [
  'snapshot',
  'settings',
  'refusals',
  'traces',
  'trace',
  'personas',
  'verifyToken',
  'plugin',
  'constructor',
  '__proto__',
  'toString',
  '',
];
const ARGUMENTS = [
  'null',
  '{}',
  '[]',
  '{"id":5}',
  '{"limit":-1}',
  '{"limit":1e9}',
  '"x"',
  '{"__proto__":null}',
  `{"text":"${'x'.repeat(5_000)}"}`,
  '{',
  '',
];

/** `place`: the server's host and port, and the path below which its Inspector answers. */
export function createRequests(random, { host, inspectorPath }) {
  const { below, chance, pick, bytes } = random;

  function wrongHeaders() {
    const headers = chance(0.85) ? [`Host: ${host}`] : [];
    for (let count = below(4); count > 0; count -= 1) headers.push(pick(HEADERS));
    if (chance(0.02)) headers.push(`A: ${'a'.repeat(17 * 1024)}`);
    if (chance(0.02)) for (let index = 0; index < 2_500; index += 1) headers.push(`A${index}: b`);
    return headers;
  }

  function plainBody() {
    return chance(0.1) ? bytes(below(300)).toString('latin1') : pick(BODIES);
  }

  function wrongRequest() {
    const end = pick(LINE_ENDS);
    const method = chance(0.8) ? pick(['GET', 'POST', 'POST']) : pick(METHODS);
    const target = chance(0.1) ? `/${'a'.repeat(below(20_000))}` : pick(TARGETS);
    const version = chance(0.9) ? 'HTTP/1.1' : pick(VERSIONS);
    const headers = wrongHeaders();
    const isChunked = headers.some((header) => header.startsWith('Transfer-Encoding'));
    const body = isChunked ? pick(CHUNKS) : plainBody();
    const length = Buffer.byteLength(body, 'latin1');
    if (!isChunked || chance(0.1))
      headers.push(`Content-Length: ${chance(0.1) ? length + below(20) : length}`);
    return Buffer.from([`${method} ${target} ${version}`, ...headers, '', body].join(end), 'latin1');
  }

  function wrongCall() {
    const body = pick(ARGUMENTS);
    const path = `${inspectorPath}call/${pick(FUNCTIONS)}`;
    const head = [`POST ${path} HTTP/1.1`, `Host: ${host}`, `Content-Length: ${Buffer.byteLength(body)}`];
    return Buffer.from([...head, '', body].join('\r\n'));
  }

  function damaged(request) {
    const copy = Buffer.from(request);
    for (let count = 1 + below(3); count > 0 && copy.length > 0; count -= 1)
      copy[below(copy.length)] = below(256);
    return copy;
  }

  return {
    /** What one connection sends, as a number of requests and their bytes. */
    next() {
      if (chance(0.03)) return { count: 1, bytes: bytes(1 + below(2_000)) };
      const count = chance(0.8) ? 1 : 2 + below(30);
      const all = Array.from({ length: count }, () => {
        const request = chance(0.2) ? wrongCall() : wrongRequest();
        return chance(0.15) ? damaged(request) : request;
      });
      const whole = Buffer.concat(all);
      return { count, bytes: chance(0.1) ? whole.subarray(0, below(whole.length)) : whole };
    },
    /** How the client ends: at once with a reset, at once, or when it has seen what there is to see. */
    ending: () => pick(['reset', 'leave', 'wait', 'wait', 'wait', 'wait']),
    /** Where the bytes are cut in two writes. */
    cut: (length) => below(length + 1),
  };
}
