import { CONTRACT_VERSION, HEADERS } from '../../contract/http.ts';
import { corsHeaders, preflightHeaders } from '../middleware/origin-check.ts';
import type { Operation } from '../route.ts';

/**
 * The headers that the contract names, and which answer carries which in `/openapi.json` (CONTRACT.md §1).
 */

const ORIGIN = 'http://localhost:5173';
const cors = corsHeaders(ORIGIN);
const preflight = preflightHeaders();

function always(value: string, description: string): object {
  return { description, required: true, schema: { type: 'string', const: value }, example: value };
}

function sometimes(value: string, description: string): object {
  return { description, required: false, schema: { type: 'string', const: value }, example: value };
}

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const traceparent = {
  description: 'W3C trace context: the trace id the client sent, or a new one.',
  schema: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-01$' },
  example: TRACEPARENT,
};
const allow = {
  description: 'The methods of this path.',
  schema: { type: 'string', pattern: '^[A-Z]+(, [A-Z]+)*$' },
  example: 'GET, HEAD, OPTIONS',
};
const toPreflight = 'In the answer to a preflight.';

export const HEADER_COMPONENTS = {
  runtimeVersion: always(CONTRACT_VERSION, 'The version of the contract; on every answer, of any status.'),
  wwwAuthenticate: always('Bearer', 'How to authenticate.'),
  allow: { ...allow, required: true },
  allowUnlessPreflight: { ...allow, required: false },
  traceparent: { ...traceparent, required: true },
  traceparentIfRead: {
    ...traceparent,
    description: `${traceparent.description} Absent when the request failed before it was complete, or at the Host and Origin check.`,
    required: false,
  },
  runtimeProof: {
    description: "For the workbench's own command line: that it is the same user's, as a challenge asked.",
    required: false,
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$' },
    example: 'qnR8UCqJggD55PohusaBNviGoOJ67HC6Btry4qXLVZc',
  },
  allowOrigin: {
    description: 'The origin of the requesting page, if it is listed.',
    required: false,
    schema: { type: 'string', pattern: '^https?://[^*]+$' },
    example: ORIGIN,
  },
  exposeHeaders: sometimes(
    cors['Access-Control-Expose-Headers'] ?? '',
    'Headers that a page of a listed origin may read.',
  ),
  allowMethods: sometimes(preflight['Access-Control-Allow-Methods'] ?? '', toPreflight),
  allowHeaders: sometimes(preflight['Access-Control-Allow-Headers'] ?? '', toPreflight),
  maxAge: sometimes(preflight['Access-Control-Max-Age'] ?? '', `${toPreflight} In seconds.`),
} as const satisfies Record<string, object>;

type HeaderComponent = keyof typeof HEADER_COMPONENTS;

const CORS = {
  'Access-Control-Allow-Origin': 'allowOrigin',
  'Access-Control-Expose-Headers': 'exposeHeaders',
} as const satisfies Record<string, HeaderComponent>;

/** Sent before the origin is known to be listed, so no page may read them. */
const NEVER_READ_BY_PAGES = new Set([403, 408, 431]);
/** Some of these are sent before the request is complete. */
const MAY_BE_EARLY = new Set([400, 403, 408]);

/** The headers of one answer of an operation; `null` means an answer that belongs to no operation. */
export function headersOf(
  status: number,
  operation: Pick<Operation, 'traceparent' | 'provesOwner'> | null,
): object {
  const headers: Record<string, HeaderComponent> = { [HEADERS.runtimeVersion]: 'runtimeVersion' };
  if (!NEVER_READ_BY_PAGES.has(status)) Object.assign(headers, CORS);
  if (status === 401) headers['WWW-Authenticate'] = 'wwwAuthenticate';
  if (status === 405) headers.Allow = 'allow';
  if (status === 200 && operation?.provesOwner) headers[HEADERS.runtimeProof] = 'runtimeProof';
  const isTraced = operation === null || operation.traceparent === true;
  // 431 is sent before the request has an id.
  if (isTraced && status !== 431) headers[HEADERS.traceparent] = traceHeader(status, operation);
  return references(headers);
}

/** The headers of the answer to OPTIONS: of a preflight, or with the methods of the path. */
export function optionsHeaders(): object {
  return references({
    [HEADERS.runtimeVersion]: 'runtimeVersion',
    ...CORS,
    Allow: 'allowUnlessPreflight',
    'Access-Control-Allow-Methods': 'allowMethods',
    'Access-Control-Allow-Headers': 'allowHeaders',
    'Access-Control-Max-Age': 'maxAge',
  });
}

function traceHeader(status: number, operation: object | null): HeaderComponent {
  return operation === null || MAY_BE_EARLY.has(status) ? 'traceparentIfRead' : 'traceparent';
}

function references(headers: Readonly<Record<string, HeaderComponent>>): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, component]) => [name, { $ref: `#/components/headers/${component}` }]),
  );
}
