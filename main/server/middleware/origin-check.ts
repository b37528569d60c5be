import { WorkbenchError } from '../../contract/errors.ts';
import { HEADERS } from '../../contract/http.ts';
import { rawHeaderValues } from '../connection/raw-headers.ts';

/**
 * Against web pages: any site the developer visits can send requests to this port. A browser sends the page's
 * origin and does not let the page forge it; programs send none. So an origin that is present must equal a
 * configured one. This, not the Content-Type, is what stops a page from posting here, so `curl -d` keeps
 * working.
 */
export interface OriginPolicy {
  /** `FRONTEND_URL` and `ADDITIONAL_CORS_ORIGINS`; an empty list lets no page in. */
  readonly corsOrigins: readonly string[];
  /** The origin of this server's own pages, where it serves any; null elsewhere. */
  readonly ownOrigin: string | null;
}

/** What a page of a listed origin may send and read. */
const CORS = {
  methods: 'GET, POST, DELETE, OPTIONS',
  requestHeaders: 'authorization, content-type, traceparent',
  exposedHeaders: `${HEADERS.runtimeVersion}, ${HEADERS.traceparent}`,
  maxAgeSeconds: 600,
};

/**
 * @returns the listed origin that may read the answer, or null when the request comes from no page or from
 * this server's own
 * @throws {WorkbenchError} FORBIDDEN
 */
export function assertOrigin(
  rawHeaders: readonly string[],
  { corsOrigins, ownOrigin }: OriginPolicy,
): string | null {
  const [origin, second] = rawHeaderValues(rawHeaders, 'origin');
  if (second !== undefined) throw forbidden('The request has several Origin headers');
  if (origin === undefined) {
    if (rawHeaderValues(rawHeaders, 'sec-fetch-site').some((site) => site.toLowerCase() === 'cross-site')) {
      throw forbidden('A page of another site may not use this runtime');
    }
    return null;
  }
  if (ownOrigin !== null) {
    if (origin === ownOrigin) return null;
    throw forbidden('Only the page that this runtime serves may use its Inspector');
  }
  if (origin !== 'null' && corsOrigins.includes(origin)) return origin;
  throw forbidden(
    `Origin ${JSON.stringify(origin.slice(0, 200))} is not allowed; add it to ADDITIONAL_CORS_ORIGINS, as a browser sends it`,
  );
}

/**
 * The headers that let a page of this origin read the answer, the version header included (CONTRACT.md §1).
 */
export function corsHeaders(origin: string): Record<string, string> {
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': CORS.exposedHeaders };
}

/** The headers that answer a preflight from a listed origin. */
export function preflightHeaders(): Record<string, string> {
  return {
    'Access-Control-Allow-Methods': CORS.methods,
    'Access-Control-Allow-Headers': CORS.requestHeaders,
    'Access-Control-Max-Age': String(CORS.maxAgeSeconds),
  };
}

function forbidden(message: string): WorkbenchError {
  return new WorkbenchError('FORBIDDEN', message);
}
