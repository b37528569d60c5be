import Koa from 'koa';
import type { DevIssuer } from '../auth/dev-issuer.ts';
import { WorkbenchError } from '../contract/errors.ts';
import { ISSUER_ROUTES } from '../contract/http.ts';
import type { Log } from '../system/log.ts';
import { answerLastResort, logStreamError } from './connection/last-resort.ts';
import { type Listening, listen } from './connection/listen.ts';
import { answerErrors } from './middleware/errors.ts';
import { gate } from './middleware/gate.ts';
import { settleConnection } from './middleware/settle-connection.ts';
import { versionHeader } from './middleware/version-header.ts';
import { sendJson } from './response.ts';
import type { Middleware, ServerState } from './state.ts';

/**
 * The development issuer's own small server. It has a port of its own, not a path on the runtime's, for three
 * reasons: the contract's server serves the contract and nothing else; an issuer's address is part of every
 * token, and the runtime's port may move; and the verifier has to fetch the keys as it does from any
 * provider, from another server over HTTP, with the same time limits and the same failures. It is as closed
 * as the runtime's port: loopback, Host and Origin checked, no token endpoint.
 */
export interface IssuerServer {
  /**
   * Loads the issuer's key, then listens.
   * @throws {WorkbenchError} CONFLICT when the port is taken
   */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface IssuerServerDeps {
  readonly port: number;
  /** Exact origins whose pages may read the documents. */
  readonly corsOrigins: readonly string[];
  readonly log: Log;
}

const HOST = '127.0.0.1';

export function createIssuerServer(
  issuer: DevIssuer,
  { port, corsOrigins, log }: IssuerServerDeps,
): IssuerServer {
  const app = new Koa<ServerState>();
  app.use(versionHeader);
  app.use(settleConnection);
  app.use(answerErrors(log));
  app.use(gate({ config: { allowedHosts: [], corsOrigins }, address: () => ({ host: HOST, port }) }));
  app.use(answerDocuments(issuer));
  app.on('error', (error: unknown) => logStreamError(log, error));
  app.context.onerror = answerLastResort;
  let listening: Listening | null = null;
  return {
    async start() {
      await issuer.load();
      const setting = 'MOZAIKS_DEV_ISSUER_PORT';
      listening = await listen(app, { host: HOST, port, portExplicit: true, setting });
    },
    stop: async () => listening?.close(),
  };
}

function answerDocuments(issuer: DevIssuer): Middleware {
  const documents: Readonly<Record<string, () => object>> = {
    [ISSUER_ROUTES.discovery]: issuer.discovery,
    [ISSUER_ROUTES.jwks]: issuer.keySet,
  };
  return async function documentsOf(ctx) {
    const document = Object.hasOwn(documents, ctx.path) ? documents[ctx.path] : undefined;
    if (document === undefined) {
      const known = Object.keys(documents).join(' and ');
      throw new WorkbenchError(
        'NOT_FOUND',
        `The development issuer serves ${known}; it issues no tokens over HTTP`,
      );
    }
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') {
      ctx.set('Allow', 'GET, HEAD');
      throw new WorkbenchError('METHOD_NOT_ALLOWED', `${ctx.method} is not allowed here; use GET`);
    }
    sendJson(ctx, 200, document());
  };
}
