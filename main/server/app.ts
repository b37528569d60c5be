import type { Middleware } from 'koa';
import Koa from 'koa';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { PluginEngine } from '../plugins/engine.ts';
import type { Redactor } from '../traces/redact.ts';
import type { TraceStore } from '../traces/store.ts';

export interface Readiness {
  readonly ready: boolean;
  /** Why not, in words; null when ready. */
  readonly reason: string | null;
}

/** All that the server needs; it opens no port and starts nothing. */
export interface ServerDeps {
  readonly config: Config;
  readonly authenticator: Authenticator;
  readonly engine: PluginEngine;
  readonly traces: TraceStore;
  /** Already knows the configured secrets. */
  readonly redactor: Redactor;
  readonly log: Log;
  readiness(): Readiness;
  /** Where the server listens: the host check compares with it. */
  address(): { readonly host: string; readonly port: number };
  /** Answers below `ROUTES.inspector`; absent outside headless mode, where those paths are unknown. */
  readonly inspector?: Middleware;
}

export function createApp(_deps: ServerDeps): Koa {
  return new Koa();
}
