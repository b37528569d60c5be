import { CONTRACT_VERSION, HEADERS } from '../contract/http.ts';
import type { CheckContext, Clause } from './clause.ts';
import type { Exchange } from './exchange.ts';
import { asCaller, bearer, canCall, get, NO_CALLER, type Skip } from './requests.ts';

/** The version header, on every kind of answer a client can meet (contract §1). */

const NAME = HEADERS.runtimeVersion;

interface HeaderCase {
  readonly id: string;
  readonly title: string;
  readonly status: number;
  readonly send: (context: CheckContext) => Exchange | Skip;
}

/** POST to an existing plugin that the runtime refuses before it runs. */
function refusedExecute(context: CheckContext, body: string): Exchange | Skip {
  if (!canCall(context)) return { skip: NO_CALLER };
  if (context.plugin === null) return { skip: 'no plugin is loaded' };
  return {
    kind: 'http',
    method: 'POST',
    path: `/api/execute/${context.plugin}`,
    headers: bearer(context),
    body,
  };
}

function tooLarge(context: CheckContext): Exchange | Skip {
  if (context.maxBodyBytes === null) return { skip: "the target's body limit is unknown" };
  return refusedExecute(context, `{"a":"${'a'.repeat(context.maxBodyBytes)}"}`);
}

const CASES: readonly HeaderCase[] = [
  { id: 'root', title: 'GET /', status: 200, send: () => get('/') },
  { id: 'health', title: 'GET /health', status: 200, send: () => get('/health') },
  {
    id: 'health-head',
    title: 'HEAD /health',
    status: 200,
    send: () => ({ kind: 'http', method: 'HEAD', path: '/health' }),
  },
  { id: 'ready', title: 'GET /ready', status: 200, send: () => get('/ready') },
  { id: 'info', title: 'GET /info', status: 200, send: () => get('/info') },
  { id: 'openapi', title: 'GET /openapi.json', status: 200, send: () => get('/openapi.json') },
  {
    id: 'plugins',
    title: 'GET /api/plugins',
    status: 200,
    send: (context) => asCaller(context, '/api/plugins'),
  },
  {
    id: 'available-plugins',
    title: 'GET /api/available-plugins',
    status: 200,
    send: (context) => asCaller(context, '/api/available-plugins'),
  },
  {
    id: 'bad-json',
    title: 'A body that is no JSON',
    status: 400,
    send: (context) => refusedExecute(context, '{"a":'),
  },
  {
    id: 'bad-token',
    title: 'A token that does not verify',
    status: 401,
    send: () => get('/api/plugins', { Authorization: 'Bearer not.a.token' }),
  },
  {
    id: 'foreign-host',
    title: 'A foreign Host header',
    status: 403,
    send: () => get('/health', { Host: 'evil.example' }),
  },
  { id: 'unknown-route', title: 'An unknown route', status: 404, send: () => get('/no-such-route') },
  {
    id: 'wrong-method',
    title: 'A wrong method',
    status: 405,
    send: () => ({ kind: 'http', method: 'PUT', path: '/health' }),
  },
  { id: 'too-large', title: 'A body over the limit', status: 413, send: tooLarge },
  {
    id: 'malformed',
    title: 'Bytes that are no HTTP request',
    status: 400,
    send: () => ({ kind: 'raw', title: 'NONSENSE\\r\\n\\r\\n on the socket', bytes: 'NONSENSE\r\n\r\n' }),
  },
  {
    id: 'huge-header',
    title: 'A header of 17 KiB',
    status: 431,
    send: () => ({
      kind: 'raw',
      title: 'GET /health with a header of 17 KiB',
      bytes: `GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'a'.repeat(17 * 1024)}\r\n\r\n`,
    }),
  },
];

export const HEADER_CLAUSES: readonly Clause[] = CASES.map((row) => ({
  id: `header.${row.id}`,
  group: 'Version header',
  title: row.title,
  rule: `Every response carries ${NAME}: ${CONTRACT_VERSION} (contract §1)`,
  expected: `${row.status} with ${NAME}: ${CONTRACT_VERSION}`,
  send(context) {
    const exchange = row.send(context);
    return 'skip' in exchange ? exchange : [exchange];
  },
  judge([answer]) {
    const status = answer?.status ?? 0;
    const version = answer?.headers[NAME.toLowerCase()];
    const observed = `${status} with ${version === undefined ? `no ${NAME}` : `${NAME}: ${version}`}`;
    if (version === undefined) return { ok: false, observed, reason: 'The header is missing' };
    if (version !== CONTRACT_VERSION) return { ok: false, observed, reason: `The header says ${version}` };
    if (status !== row.status)
      return { ok: false, observed, reason: `The status is ${status}, not ${row.status}` };
    return { ok: true, observed, reason: 'The header is there' };
  },
}));
