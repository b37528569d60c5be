import type { ClauseSet } from './clause-set.ts';

export const ERRORS = {
  'error.shape': {
    title: 'An unknown route is 404 in the error shape',
    severity: 'must',
    place: 'contract §1',
    rule: 'Error bodies are {"detail","error_code","status_code"}',
    expected: '404 NOT_FOUND in the error shape',
  },
  'error.unauthorized': {
    title: '401 says how to authenticate',
    severity: 'must',
    place: 'contract §1',
    rule: '401 carries WWW-Authenticate: Bearer',
    expected: '401 UNAUTHORIZED in the error shape, WWW-Authenticate: Bearer',
  },
  'error.not-found': {
    title: '404 names the plugin that is not there',
    severity: 'must',
    place: 'contract §4',
    rule: 'An unknown plugin is 404 "Plugin \'<name>\' not found or disabled"',
    expected: '404 NOT_FOUND with that detail',
  },
  'error.method': {
    title: '405 names the methods that work',
    severity: 'must',
    place: 'contract §1',
    rule: 'A wrong method is 405 with Allow',
    expected: '405 METHOD_NOT_ALLOWED in the error shape, Allow: GET',
  },
  'error.bad-json': {
    title: 'A body that is no JSON is 400',
    severity: 'must',
    place: 'contract §2',
    rule: 'Empty or invalid JSON is 400 "Invalid JSON payload"',
    expected: '400 BAD_REQUEST, twice',
  },
  'error.not-object': {
    title: 'JSON that is no object is 400',
    severity: 'must',
    place: 'contract §2',
    rule: 'JSON that is not an object is 400 "Request body must be a JSON object"',
    expected: '400 BAD_REQUEST with that detail',
  },
  'error.order': {
    title: 'Checks come in the contract’s order',
    severity: 'must',
    place: 'contract §2',
    rule: 'Order of checks on execute: 401, 404, 413, 400, run',
    expected:
      '401 for a bad token on an unknown plugin, 404 for bad JSON to it, 413 for bad JSON over the limit',
  },
} as const satisfies ClauseSet;

export const LIMITS = {
  'limit.body': {
    title: 'A body over the limit is 413',
    severity: 'must',
    place: 'contract §2, §5',
    rule: 'Over MAX_REQUEST_BODY_BYTES a body is answered with 413',
    expected: '413 PAYLOAD_TOO_LARGE in the error shape',
  },
} as const satisfies ClauseSet;

export const CORS = {
  'cors.allowed': {
    title: 'An allowed origin is named exactly',
    severity: 'must',
    place: 'contract §5',
    rule: 'FRONTEND_URL and ADDITIONAL_CORS_ORIGINS are exact origins, never *',
    expected: 'Access-Control-Allow-Origin: that origin',
  },
  'cors.preflight': {
    title: 'A preflight allows the token’s header',
    severity: 'must',
    place: 'contract §1, §5',
    rule: 'Browsers of an allowed origin may call the execute route with a token',
    expected: '2xx with the origin, POST and Authorization allowed',
  },
  'cors.foreign': {
    title: 'Another origin is not allowed',
    severity: 'must',
    place: 'contract §5',
    rule: 'Origins are exact: any other gets no Access-Control-Allow-Origin',
    expected: 'no Access-Control-Allow-Origin for it, and no *',
  },
} as const satisfies ClauseSet;
