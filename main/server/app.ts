import type { Middleware as KoaMiddleware } from 'koa';
import Koa from 'koa';
import type { Authenticator } from '../auth/authenticator.ts';
import type { Config } from '../config/types.ts';
import type { DocumentStore } from '../documents/store.ts';
import type { Entitlements } from '../entitlements/entitlements.ts';
import type { PluginEngine } from '../plugins/engine/types.ts';
import type { Mutes } from '../rules/mutes.ts';
import type { SocketHub } from '../sockets/socket-hub.ts';
import { errorMessage } from '../system/errors.ts';
import type { Log } from '../system/log.ts';
import type { Redactor } from '../traces/record/redact.ts';
import type { TraceStore } from '../traces/store/store.ts';
import { answerLastResort, logStreamError } from './connection/last-resort.ts';
import { answerErrors } from './middleware/errors.ts';
import { gate } from './middleware/gate.ts';
import { settleConnection } from './middleware/settle-connection.ts';
import { acceptSockets } from './middleware/sockets.ts';
import { traceExecutions } from './middleware/trace.ts';
import { answerUnmatched } from './middleware/unmatched.ts';
import { versionHeader } from './middleware/version-header.ts';
import type { Refusals } from './refusals.ts';
import { createRouter, type Route } from './route.ts';
import { appConfigRoutes } from './routes/app-config.ts';
import { executeRoutes } from './routes/execute.ts';
import { healthRoutes } from './routes/health.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { withOpenapi } from './routes/openapi.ts';
import { pluginSettingsRoutes } from './routes/plugin-settings.ts';
import { pluginRoutes } from './routes/plugins.ts';
import { subscriptionRoutes } from './routes/subscription.ts';
import { publishApiError } from './runtime-events.ts';
import type { ServerState } from './state.ts';

export interface Readiness {
  readonly ready: boolean;
  /** Why it is not ready; null when it is. */
  readonly reason: string | null;
}

/** All that the server needs; it opens no port and starts nothing. */
export interface ServerDeps {
  readonly config: Config;
  readonly authenticator: Authenticator;
  readonly engine: PluginEngine;
  readonly entitlements: Entitlements;
  /** Collections in which nothing is `not-scoped`. */
  readonly mutes: Pick<Mutes, 'has'>;
  readonly documents: DocumentStore;
  readonly traces: TraceStore;
  /** Already knows the configured secrets. */
  readonly redactor: Redactor;
  readonly refusals: Pick<Refusals, 'add'>;
  readonly sockets: SocketHub;
  readonly log: Log;
  readiness(): Readiness;
  /** Where the server listens: the host check compares with it. */
  address(): { readonly host: string; readonly port: number };
  /** Answers below `ROUTES.inspector`; absent outside headless mode, where those paths are unknown. */
  readonly inspector?: KoaMiddleware | undefined;
}

/**
 * The server of the contract as a value: `app.callback()` answers requests, `listen` gives it a port. The
 * order below is the order of the checks: the version on everything, then who may talk to this port, then the
 * routes.
 */
export function createApp(deps: ServerDeps): Koa<ServerState> {
  const router = createRouter(routeTable(deps));
  const app = new Koa<ServerState>();
  app.use(versionHeader);
  app.use(settleConnection);
  const errors = answerErrors(deps.log, (failed, error) =>
    publishApiError(deps.engine, { ...failed, error: errorMessage(error) }),
  );
  // Twice: what the gate refuses leaves no trace; every other error is in one.
  app.use(errors);
  app.use(gate(deps));
  app.use(acceptSockets(deps));
  app.use(traceExecutions(deps, router));
  app.use(errors);
  if (deps.inspector !== undefined) app.use(deps.inspector);
  app.use(router.routes());
  app.use(answerUnmatched(router));
  app.on('error', (error: unknown) => logStreamError(deps.log, error));
  app.context.onerror = answerLastResort;
  return app;
}

function routeTable(deps: ServerDeps): readonly Route[] {
  const { config, authenticator, engine, entitlements, mutes, documents } = deps;
  const { app, timeoutMs, maxBodyBytes, internalApiKey } = config;
  const routes = [
    ...healthRoutes(deps),
    ...pluginRoutes(deps),
    ...executeRoutes({ authenticator, engine, entitlements, mutes, app, timeoutMs, maxBodyBytes }),
    ...appConfigRoutes(deps),
    ...pluginSettingsRoutes({ ...deps, maxBodyBytes }),
    ...notificationRoutes(deps),
    ...subscriptionRoutes({ documents, internalApiKey, maxBodyBytes }),
  ];
  return withOpenapi(routes, authenticator);
}
