import { authorizationHeader, fillPluginName, ROUTES } from '../../contract/http.ts';
import type { Exchange, HttpExchange } from '../run/exchange.ts';
import type { ProbeCall } from '../target/probe.ts';
import { type CheckContext, NO_CALLER, type Skip } from '../target/target.ts';

/** Whether there are no requests, but a reason. */
export function isSkip(value: object): value is Skip {
  return 'skip' in value;
}

const NO_PLUGIN = 'no plugin that would execute is known there';

/** A token that no runtime takes for one. */
export const BAD_TOKEN = 'not.a.token';
/** A name that no plugin has. */
export const UNKNOWN_PLUGIN = 'no-such-plugin';

type Headers = Readonly<Record<string, string>>;

export function get(path: string, headers: Headers = {}): HttpExchange {
  return { kind: 'http', method: 'GET', path, headers };
}

/** With a token where one is to be had: an API route must be reached, not refused. */
export function bearer({ tokens }: CheckContext): Record<string, string> {
  return tokens.user === undefined ? {} : authorization(tokens.user);
}

export function authorization(token: string): Record<string, string> {
  return { ...authorizationHeader(token) };
}

export function canCall({ tokens, anonymousAllowed }: CheckContext): boolean {
  return tokens.user !== undefined || anonymousAllowed;
}

/** `GET path` as a caller whom the target accepts, or skipped. */
export function asCaller(context: CheckContext, path: string): HttpExchange | Skip {
  return canCall(context) ? get(path, bearer(context)) : { skip: NO_CALLER };
}

/** The target executes plugins at the plugin host's path alone, and so answers errors in the plugin host's words. */
export function isPluginHost({ executeRoute }: CheckContext): boolean {
  return executeRoute === ROUTES.hostExecute;
}

/** POST of `body` to a plugin, whose name need not be one. */
export function execution(
  { executeRoute }: CheckContext,
  plugin: string,
  body: string,
  headers: Headers,
): HttpExchange {
  return { kind: 'http', method: 'POST', path: fillPluginName(executeRoute, plugin), headers, body };
}

/** POST to a plugin that is there, which the runtime refuses before it runs. */
export function refusedExecution(context: CheckContext, body: string): HttpExchange | Skip {
  const plugin = context.probe ?? context.plugin;
  if (!canCall(context)) return { skip: NO_CALLER };
  return plugin === null ? { skip: NO_PLUGIN } : execution(context, plugin, body, bearer(context));
}

/** A call of the probe plugin as the user, or skipped; `more` are fields that it gets beside its order. */
export function probeCall(
  context: CheckContext,
  call: ProbeCall,
  more: Readonly<Record<string, unknown>> = {},
): HttpExchange | Skip {
  if (!canCall(context)) return { skip: NO_CALLER };
  return probeExecution(context, JSON.stringify({ ...call, ...more }), bearer(context));
}

/** A call of the probe plugin with that body and those headers alone. */
export function probeExecution(context: CheckContext, body: string, headers: Headers): HttpExchange | Skip {
  if (context.probe === null) return { skip: 'the probe plugin is not loaded there', code: 'probe-missing' };
  return execution(context, context.probe, body, headers);
}

/** Made anew although another clause made the same. */
export function fresh<T extends Exchange | Skip>(request: T): T {
  return isSkip(request) ? request : { ...request, fresh: true };
}

/** All of the requests, or the first reason why one can't be made. */
export function all<T extends object>(...requests: readonly (T | Skip)[]): readonly T[] | Skip {
  const missing = requests.find(isSkip);
  return missing ?? requests.filter((request): request is T => !isSkip(request));
}
