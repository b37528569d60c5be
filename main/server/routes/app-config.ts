import { join } from 'node:path';
import type { Authenticator } from '../../auth/authenticator.ts';
import type { Config } from '../../config/types.ts';
import { type Json, type JsonObject, ROUTES } from '../../contract/http.ts';
import type { Entitlements } from '../../entitlements/entitlements.ts';
import type { PluginEngine } from '../../plugins/engine/types.ts';
import { loadJson } from '../../system/atomic-file.ts';
import { appConfigOperation, navigationOperation, themeOperation } from '../openapi/shell-operations.ts';
import { sendJson } from '../response.ts';
import type { Route } from '../route.ts';
import { requireUser } from '../user.ts';

/** What the platform's page asks before it shows anything (CONTRACT.md §2). */
export interface AppConfigDeps {
  readonly authenticator: Authenticator;
  readonly engine: PluginEngine;
  readonly entitlements: Entitlements;
  readonly config: Config;
}

/** Where production has the page of subscriptions, which it leaves out without monetization. */
const SUBSCRIPTIONS = '/subscriptions';

export function appConfigRoutes(deps: AppConfigDeps): readonly Route[] {
  const { config, authenticator } = deps;
  const read = async (name: string) => objectOf(await loadJson(join(config.configsPath, name)));
  return [
    {
      method: 'GET',
      path: ROUTES.appConfig,
      operation: appConfigOperation,
      async handle(ctx) {
        const { branding = null } = await read('theme_config.json');
        const { app_name: name } = objectOf(branding);
        sendJson(ctx, 200, {
          monetization_enabled: config.monetization.isOn,
          app_name: typeof name === 'string' ? name : config.appName,
          app_version: '1.0.0',
          env: config.pluginVariables.ENV ?? 'development',
        });
      },
    },
    {
      method: 'GET',
      path: ROUTES.themeConfig,
      operation: themeOperation,
      handle: async (ctx) => sendJson(ctx, 200, await read('theme_config.json')),
    },
    {
      method: 'GET',
      path: ROUTES.navigation,
      operation: navigationOperation,
      async handle(ctx) {
        const { identity } = await requireUser(ctx, authenticator);
        const file = await read('navigation_config.json');
        sendJson(ctx, 200, { navigation: await navigationFor(deps, file, identity.userId) });
      },
    },
  ];
}

async function navigationFor(
  { engine, entitlements, config }: AppConfigDeps,
  file: JsonObject,
  userId: string,
): Promise<readonly JsonObject[]> {
  const found = objectsIn(file.default).filter(
    ({ path }) => path !== SUBSCRIPTIONS || config.monetization.isOn,
  );
  for (const item of objectsIn(file.plugins)) {
    const name = item.plugin_name;
    if (typeof name !== 'string' || !engine.canRun(name)) continue;
    if (await entitlements.isAccessible(userId, name)) found.push(item);
  }
  return found;
}

function objectsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** What is no object, as a file that can't be read, is an empty one. */
function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
