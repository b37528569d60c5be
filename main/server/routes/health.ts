import { proveRuntime } from '../../config/runtime-key.ts';
import type { Config } from '../../config/types.ts';
import { CONTRACT_VERSION, HEADERS, ROUTES } from '../../contract/http.ts';
import type { PluginEngine } from '../../plugins/engine/types.ts';
import { formatEndpoint } from '../../system/http-call.ts';
import { healthOperation, infoOperation, readyOperation, rootOperation } from '../openapi/operations.ts';
import { sendJson } from '../response.ts';
import type { Route } from '../route.ts';
import type { ServerContext } from '../state.ts';

export interface HealthDeps {
  readonly config: Config;
  readonly engine: PluginEngine;
  readiness(): { readonly ready: boolean; readonly reason: string | null };
  address(): { readonly port: number };
}

/**
 * What anyone on this machine may ask without a token (CONTRACT.md §2): nothing here names a path or a
 * secret.
 */
export function healthRoutes({ config, engine, readiness, address }: HealthDeps): readonly Route[] {
  const app = { app_id: config.app.appId, app_tier: config.appTier };
  return [
    {
      method: 'GET',
      path: ROUTES.root,
      operation: rootOperation,
      handle: (ctx) =>
        sendJson(ctx, 200, { message: `${config.appName} runtime is running`, version: CONTRACT_VERSION }),
    },
    {
      method: 'GET',
      path: ROUTES.health,
      operation: healthOperation,
      async handle(ctx) {
        await proveOwner(ctx, config.configPath);
        sendJson(ctx, 200, { status: 'healthy', ...app, plugins_loaded: engine.loadedCount() });
      },
    },
    {
      method: 'GET',
      path: ROUTES.ready,
      operation: readyOperation,
      handle(ctx) {
        const { ready, reason } = readiness();
        if (ready) sendJson(ctx, 200, { status: 'ready', ...app });
        else sendJson(ctx, 503, { status: 'not_ready', reason, app_id: config.app.appId });
      },
    },
    {
      method: 'GET',
      path: ROUTES.info,
      operation: infoOperation,
      handle: (ctx) =>
        sendJson(ctx, 200, {
          ...app,
          app_name: config.appName,
          port: address().port,
          ready: readiness().ready,
        }),
    },
  ];
}

/** Where a command line asks for it: whose runtime this is (SECURITY.md §6). */
async function proveOwner(ctx: ServerContext, configPath: string): Promise<void> {
  const challenge = ctx.get(HEADERS.runtimeChallenge);
  if (challenge === '') return;
  const { localAddress, localPort } = ctx.socket;
  const proof = await proveRuntime(configPath, challenge, formatEndpoint(localAddress, localPort));
  if (proof !== null) ctx.set(HEADERS.runtimeProof, proof);
}
