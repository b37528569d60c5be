import { authorizationHeader, fillPluginName, ROUTES } from '../../contract/http.ts';
import type { Exchange, HttpExchange } from '../run/exchange.ts';
import type { ProbeCall } from '../target/probe.ts';
import { type CheckContext, NO_CALLER, type Skip } from '../target/target.ts';

/** Whether this is the reason why there are no requests. */
export function isSkip(value: object): value is Skip {
  return 'skip' in value;
}

const NO_PLUGIN = 'the target lists no plugin that would execute';

/** A token that every runtime must refuse. */
export const BAD_TOKEN = 'not.a.token';
/** A name that no plugin has. */
export const UNKNOWN_PLUGIN = 'no-such-plugin';

type Headers = Readonly<Record<string, string>>;

export function get(path: string, headers: Headers = {}): HttpExchange {
  return { kind: 'http', method: 'GET', path, headers };
}

/** With a token where one is available: the API route must be reached, not refused. */
export function bearer({ tokens }: CheckContext): Record<string, string> {
  return tokens.user === undefined ? {} : authorization(tokens.user);
}

export function authorization(token: string): Record<string, string> {
  return { ...authorizationHeader(token) };
}

export function canCall({ tokens, anonymousAllowed }: CheckContext): boolean {
  return tokens.user !== undefined || anonymousAllowed;
}

/** `GET path` as a caller that the target accepts, or a skip. */
export function asCaller(context: CheckContext, path: string): HttpExchange | Skip {
  return canCall(context) ? get(path, bearer(context)) : { skip: NO_CALLER };
}

/** The target executes plugins only at the plugin host's path, and so has the plugin host's error format. */
export function isPluginHost({ executeRoute }: CheckContext): boolean {
  return executeRoute === ROUTES.hostExecute;
}

/** POSTs `body` to a plugin, whose name need not be valid. */
export function execution(
  { executeRoute }: CheckContext,
  plugin: string,
  body: string,
  headers: Headers,
): HttpExchange {
  return { kind: 'http', method: 'POST', path: fillPluginName(executeRoute, plugin), headers, body };
}

/** POST to an existing plugin, which the runtime refuses before the plugin runs. */
export function refusedExecution(context: CheckContext, body: string): HttpExchange | Skip {
  const plugin = context.probe ?? context.plugin;
  if (!canCall(context)) return { skip: NO_CALLER };
  return plugin === null ? { skip: NO_PLUGIN } : execution(context, plugin, body, bearer(context));
}

/** A call of the probe plugin as the user, or a skip; `more` are fields sent with its instruction. */
export function probeCall(
  context: CheckContext,
  call: ProbeCall,
  more: Readonly<Record<string, unknown>> = {},
): HttpExchange | Skip {
  if (!canCall(context)) return { skip: NO_CALLER };
  return probeExecution(context, JSON.stringify({ ...call, ...more }), bearer(context));
}

/** A call of the probe plugin with exactly this body and these headers. */
export function probeExecution(context: CheckContext, body: string, headers: Headers): HttpExchange | Skip {
  if (context.probe === null)
    return { skip: 'the target has not loaded the probe plugin', code: 'probe-missing' };
  return execution(context, context.probe, body, headers);
}

/** Sent again even if another clause has sent the same. */
export function fresh<T extends Exchange | Skip>(request: T): T {
  return isSkip(request) ? request : { ...request, fresh: true };
}

/** All of the requests, or the first reason why one can't be sent. */
export function all<T extends object>(...requests: readonly (T | Skip)[]): readonly T[] | Skip {
  const missing = requests.find(isSkip);
  return missing ?? requests.filter((request): request is T => !isSkip(request));
}
