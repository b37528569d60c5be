import Router from '@koa/router';
import { ROUTES } from '../contract/http.ts';
import type { SchemaName } from './openapi/schemas.ts';
import type { ServerContext, ServerState } from './state.ts';

/** One row of the route table: what the router serves and what `/openapi.json` says of it. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As in {@link ROUTES}: `:name` matches one segment. */
  readonly path: string;
  readonly operation: Operation;
  readonly handle: (ctx: ServerContext) => void | Promise<void>;
}

/** What a route is for, as the document describes it. */
export interface Operation {
  readonly id: string;
  readonly tag: 'Runtime' | 'Plugins' | 'Execution' | 'App' | 'Notifications' | 'Subscriptions';
  readonly summary: string;
  readonly description: string;
  /** Whether it requires a user (CONTRACT.md §2, column "auth"). */
  readonly needsUser: boolean;
  /** Whether it requires the platform's key instead (CONTRACT.md §2). */
  readonly needsInternalKey?: boolean;
  readonly parameter?: {
    readonly name: string;
    readonly description: string;
    readonly example: string;
    /** Default: a plugin's name. */
    readonly pattern?: string;
  };
  readonly query?: readonly QueryParameter[];
  readonly requestBody?: RequestBody;
  /** Its answers carry a trace context, and a client's own is adopted. */
  readonly traceparent?: boolean;
  /** Proves on demand whose runtime it is (SECURITY.md §6). */
  readonly provesOwner?: boolean;
  /** By status, without those that any request may get. */
  readonly answers: Readonly<Record<number, Answer>>;
}

export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  readonly schema: object;
  readonly example: boolean | number;
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

/** By name; each one is a whole body. */
export type Examples = Readonly<Record<string, Example>>;

export interface Example {
  readonly summary: string;
  readonly value: object;
}

export function createRouter(routes: readonly Route[]): Router<ServerState> {
  const router = new Router<ServerState>({ sensitive: true });
  for (const { method, path, handle } of routes) router.register(path, [method], (ctx) => handle(ctx));
  return router;
}

const EXECUTE_PATHS: readonly unknown[] = [ROUTES.execute, ROUTES.hostExecute];

/** The plugin that a path would execute, with any method; null when the path belongs to another route. */
export function executedPlugin(router: Router<ServerState>, path: string): string | null {
  const layer = router.match(path, 'POST').path.find((one) => EXECUTE_PATHS.includes(one.path));
  return layer?.params(path, layer.captures(path)).plugin_name ?? null;
}

/** The methods served at a path, in the order of the table; empty for an unknown path. */
export function allowedMethods(router: Router<ServerState>, path: string): readonly string[] {
  const served = router.match(path, 'GET').path.flatMap(({ methods }) => methods);
  const methods = ['GET', 'POST', 'DELETE', 'HEAD'].filter((method) => served.includes(method));
  return methods.length === 0 ? [] : [...methods, 'OPTIONS'];
}
