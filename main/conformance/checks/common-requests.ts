import { executePath, ROUTES } from '../../contract/http.ts';
import type { HttpExchange } from '../run/exchange.ts';
import type { ProbeCall } from '../target/probe.ts';
import type { CheckContext } from '../target/target.ts';
import { get } from './requests.ts';

/** Requests that clauses of several groups share; identical ones are sent once a run. */

export const REPORT: ProbeCall = { action: 'report' };

export const ERROR_MESSAGE = 'the probe was told to fail';
export const FAILING_CALL: ProbeCall = { action: 'error', message: ERROR_MESSAGE };

export const UNKNOWN_ROUTE = get('/no-such-route');
export const WRONG_METHOD: HttpExchange = { kind: 'http', method: 'DELETE', path: ROUTES.health };

/** A JSON object a few bytes larger than the target accepts. */
export function oversizedBody({ maxBodyBytes }: CheckContext): string {
  return `{"a":"${'a'.repeat(maxBodyBytes)}"}`;
}

/** What a browser sends before a page of an allowed origin executes a plugin with a token. */
export function preflight({ allowedOrigin, executeRoute, probe, plugin }: CheckContext): HttpExchange {
  return {
    kind: 'http',
    method: 'OPTIONS',
    path: executePath(probe ?? plugin ?? 'hello', executeRoute),
    headers: {
      Origin: allowedOrigin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'authorization, content-type',
    },
  };
}
