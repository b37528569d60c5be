import { ROUTES } from '../contract/http.ts';
import type { SchemaName } from './openapi/schemas.ts';
import type { ServerContext } from './state.ts';

/** One row of the route table: what the router serves and what `/openapi.json` says of it. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** As in {@link ROUTES}: `:name` stands for one segment. */
  readonly path: string;
  readonly operation: Operation;
  readonly handle: (ctx: ServerContext) => void | Promise<void>;
}

/** What a route is for, in the words of the document. */
export interface Operation {
  readonly id: string;
  readonly tag: 'Runtime' | 'Plugins' | 'Execution';
  readonly summary: string;
  readonly description: string;
  /** Whether a user is asked for (CONTRACT.md §2, column "auth"). */
  readonly needsUser: boolean;
  readonly parameter?: { readonly name: string; readonly description: string; readonly example: string };
  readonly requestBody?: RequestBody;
  /** Its answers carry a trace context, and a client's own is taken over. */
  readonly traceparent?: boolean;
  /** By status; those that any request may meet need no mention. */
  readonly answers: Readonly<Record<number, Answer>>;
}

export interface RequestBody {
  readonly description: string;
  readonly required: boolean;
  readonly schema: SchemaName;
  readonly examples: Examples;
}

export interface Answer {
  readonly description: string;
  readonly schema: SchemaName;
  readonly examples: Examples;
}

/** By a name for each; every one is a whole body. */
export type Examples = Readonly<Record<string, Example>>;

export interface Example {
  readonly summary: string;
  readonly value: object;
}

/** The parameters of a path that a template matches, decoded, or null. A slash at the end makes no difference. */
export function matchPath(template: string, path: string): Record<string, string> | null {
  const wanted = template.split('/');
  const given = path.replace(/(?<=.)\/$/, '').split('/');
  if (wanted.length !== given.length) return null;
  const parameters: Record<string, string> = {};
  for (const [index, segment] of given.entries()) {
    const part = wanted[index] ?? '';
    if (part.startsWith(':') && segment !== '') parameters[part.slice(1)] = decodeSegment(segment);
    else if (part !== segment) return null;
  }
  return parameters;
}

/** The plugin that a request's target asks to execute, or null when it is for another route. */
export function executedPlugin(target: string): string | null {
  const path = target.replace(/^https?:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '');
  const parameters = matchPath(ROUTES.execute, path) ?? matchPath(ROUTES.hostExecute, path);
  return parameters?.plugin_name ?? null;
}

/** A segment that is no valid escape stays as it came: it names no plugin. */
function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
