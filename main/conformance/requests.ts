import type { CheckContext } from './clause.ts';
import type { Exchange } from './exchange.ts';

/** Why a clause's requests can't be made against this target. */
export interface Skip {
  readonly skip: string;
}

export const NO_CALLER = 'no token can be made for this target, and it demands one';

export function get(path: string, headers: Readonly<Record<string, string>> = {}): Exchange {
  return { kind: 'http', method: 'GET', path, headers };
}

/** With a token where one is to be had: an API route must be reached, not refused. */
export function bearer(context: CheckContext): Record<string, string> {
  return context.caller === null ? {} : { Authorization: `Bearer ${context.caller.token}` };
}

export function canCall(context: CheckContext): boolean {
  return context.caller !== null || context.anonymousAllowed;
}

/** `GET path` as a caller whom the target accepts, or skipped. */
export function asCaller(context: CheckContext, path: string): Exchange | Skip {
  return canCall(context) ? get(path, bearer(context)) : { skip: NO_CALLER };
}
