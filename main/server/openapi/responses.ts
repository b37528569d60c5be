import { type ErrorCode, errorBody } from '../../contract/errors.ts';
import type { Answer, Example } from '../route.ts';

/**
 * The answers that do not belong to one route: those that any request may get, and those to a request without
 * a route.
 */

/** An error of the runtime's own as an example. */
export function errorExample(code: ErrorCode, summary: string, detail: string): Example {
  return { summary, value: errorBody(code, detail) };
}

export const HOST_MISSING = errorExample(
  'BAD_REQUEST',
  'No Host header',
  'The request has no Host header; send exactly one',
);

export const NOT_HTTP = errorExample(
  'BAD_REQUEST',
  'Bytes that are not HTTP',
  'Malformed HTTP request (HPE_INVALID_METHOD)',
);

const BUG = 'A bug in the runtime';
export const INTERNAL_ERROR = errorExample('INTERNAL_ERROR', BUG, 'Internal server error');

/** By status: what any request may be answered with, before it reaches a route or when a route fails. */
export const ANY_REQUEST = {
  400: {
    description:
      'Malformed HTTP, not exactly one Host header, or an Upgrade or Expect that is not supported.',
    schema: 'BadRequest',
    examples: {
      noHost: HOST_MISSING,
      upgrade: errorExample('BAD_REQUEST', 'A WebSocket', 'Upgrade to "websocket" is not supported'),
      noHttp: NOT_HTTP,
    },
  },
  403: {
    description: 'This runtime does not serve the Host or the Origin of the request.',
    schema: 'Forbidden',
    examples: {
      host: errorExample(
        'FORBIDDEN',
        'A foreign Host',
        'Host "evil.example" is not served here; use 127.0.0.1:8080 or localhost:8080, or add the name to ALLOWED_HOSTS',
      ),
      origin: errorExample(
        'FORBIDDEN',
        'A page of an unlisted origin',
        'Origin "https://evil.example" is not allowed; add it to ADDITIONAL_CORS_ORIGINS, as a browser sends it',
      ),
    },
  },
  408: {
    description: 'The request did not arrive in time. The connection is closed after the answer.',
    schema: 'RequestTimeout',
    examples: {
      slow: errorExample('REQUEST_TIMEOUT', 'A slow client', 'The request did not arrive in time'),
    },
  },
  431: {
    description: 'Over 16 KiB before the body. The connection is closed after the answer.',
    schema: 'HeadersTooLarge',
    examples: {
      headers: errorExample(
        'HEADERS_TOO_LARGE',
        'Headers over the limit',
        'The request line and the headers are over 16 KiB together',
      ),
    },
  },
  500: { description: `${BUG}.`, schema: 'InternalError', examples: { bug: INTERNAL_ERROR } },
} as const satisfies Record<number, Answer>;

/** The answers to a request that no operation names. */
export const UNROUTED = {
  404: {
    description: 'Nothing is served at this path.',
    schema: 'NotFound',
    examples: {
      unknownPath: errorExample('NOT_FOUND', 'An unknown path', 'Nothing is served at "/api/nothing"'),
    },
  },
  405: {
    description: 'The path is served with other methods; `Allow` names them.',
    schema: 'MethodNotAllowed',
    examples: {
      method: errorExample(
        'METHOD_NOT_ALLOWED',
        'DELETE /health',
        'DELETE is not allowed here; use GET, HEAD, OPTIONS',
      ),
    },
  },
} as const satisfies Record<number, Answer>;

/** The answer wherever a user is asked for (CONTRACT.md §3). */
export const UNAUTHORIZED: Answer = {
  description: 'A token is missing where one is mandatory, or does not verify.',
  schema: 'Unauthorized',
  examples: {
    missing: errorExample('UNAUTHORIZED', 'No token where one is mandatory', 'Not authenticated'),
    invalid: errorExample('UNAUTHORIZED', 'A token that does not verify', 'Invalid token'),
    expired: errorExample('UNAUTHORIZED', 'An expired token', 'Token expired'),
    audience: errorExample('UNAUTHORIZED', 'A token for another audience', 'Invalid token audience'),
    header: errorExample(
      'UNAUTHORIZED',
      'No bearer token',
      'The Authorization header must be "Bearer <token>"',
    ),
  },
};
