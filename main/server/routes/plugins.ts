import type { Authenticator } from '../../auth/authenticator.ts';
import { type PluginListEntry, ROUTES } from '../../contract/http.ts';
import type { Entitlements } from '../../entitlements/entitlements.ts';
import type { EnginePlugin, PluginEngine } from '../../plugins/engine/types.ts';
import { formatFailure } from '../../plugins/version/failure.ts';
import { accessOperation, availablePluginsOperation, pluginsOperation } from '../openapi/operations.ts';
import { sendJson } from '../response.ts';
import type { Route } from '../route.ts';
import type { ServerContext } from '../state.ts';
import { requireUser } from '../user.ts';

export interface PluginRouteDeps {
  readonly authenticator: Authenticator;
  readonly engine: PluginEngine;
  readonly entitlements: Entitlements;
}

/** What a user may learn about the plugins (CONTRACT.md §2). */
export function pluginRoutes({ authenticator, engine, entitlements }: PluginRouteDeps): readonly Route[] {
  const list = async (ctx: ServerContext) => {
    await requireUser(ctx, authenticator);
    sendJson(ctx, 200, { plugins: engine.list().map(toListEntry) });
  };
  return [
    { method: 'GET', path: ROUTES.plugins, operation: pluginsOperation, handle: list },
    { method: 'GET', path: ROUTES.availablePlugins, operation: availablePluginsOperation, handle: list },
    {
      method: 'GET',
      path: ROUTES.checkPluginAccess,
      operation: accessOperation,
      async handle(ctx) {
        const { identity } = await requireUser(ctx, authenticator);
        // Only a plan denies access; whether there is such a plugin is another question (CONTRACT.md §2).
        const plugin = String(ctx.params.name);
        sendJson(ctx, 200, { plugin, access: await entitlements.isAccessible(identity.userId, plugin) });
      },
    },
  ];
}

function toListEntry(plugin: EnginePlugin): PluginListEntry {
  return {
    name: plugin.name,
    display_name: plugin.displayName,
    description: plugin.description,
    version: plugin.version,
    enabled: plugin.enabled,
    backend: plugin.backend,
    status: plugin.status,
    error: plugin.failure === null ? undefined : formatFailure(plugin.failure),
  };
}
