import type { Authenticator } from '../../auth/authenticator.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { type Json, type JsonObject, ROUTES } from '../../contract/http.ts';
import { toPlainText, toStored } from '../../documents/plain-json.ts';
import { createDocumentAnswers } from '../../documents/user-documents.ts';
import type { Entitlements } from '../../entitlements/entitlements.ts';
import type { PluginEngine } from '../../plugins/engine/types.ts';
import { parseJsonObject, readBody } from '../connection/body.ts';
import { type NotifyDeps, notify } from '../notify.ts';
import { pluginSettingsOperation, savePluginSettingsOperation } from '../openapi/shell-operations.ts';
import { sendJson } from '../response.ts';
import type { Route } from '../route.ts';
import type { ServerContext } from '../state.ts';
import { requireUser } from '../user.ts';

export interface PluginSettingsDeps extends NotifyDeps {
  readonly authenticator: Authenticator;
  readonly engine: PluginEngine;
  readonly entitlements: Entitlements;
  readonly maxBodyBytes: number;
}

/** Never asked for by a plan: it is how users change theirs. */
const ALWAYS_ACCESSIBLE = 'subscription_manager';

/** A user's settings of one plugin (CONTRACT.md §2): the same that `settings_manager` gives plugins. */
export function pluginSettingsRoutes(deps: PluginSettingsDeps): readonly Route[] {
  const answers = createDocumentAnswers(deps.documents);
  return [
    {
      method: 'GET',
      path: ROUTES.pluginSettings,
      operation: pluginSettingsOperation,
      async handle(ctx) {
        const { userId, plugin } = await admit(ctx, deps);
        const stored = await answers['settings.get']({ user_id: userId });
        const own = memberOf(memberOf(stored, 'plugin_settings'), plugin) ?? {};
        sendJson(ctx, 200, Object(own), toPlainText(own));
      },
    },
    {
      method: 'POST',
      path: ROUTES.pluginSettings,
      operation: savePluginSettingsOperation,
      async handle(ctx) {
        const { userId, plugin } = await admit(ctx, deps);
        const sent = await readObject(ctx, deps.maxBodyBytes);
        if (sent === null) return;
        const where = { user_id: userId, section: 'plugin_settings', key: plugin };
        await answers['settings.save']({ ...where, value: toStored(sent) });
        await announce(deps, userId, plugin);
        sendJson(ctx, 200, { success: true, message: 'Settings saved successfully' });
      },
    },
  ];
}

/** @throws {WorkbenchError} UNAUTHORIZED, FORBIDDEN */
async function admit(
  ctx: ServerContext,
  { authenticator, entitlements }: PluginSettingsDeps,
): Promise<{ readonly userId: string; readonly plugin: string }> {
  const { userId } = (await requireUser(ctx, authenticator)).identity;
  const plugin = String(ctx.params.name);
  if (plugin !== ALWAYS_ACCESSIBLE && !(await entitlements.isAccessible(userId, plugin))) {
    throw new WorkbenchError('FORBIDDEN', 'Access denied to plugin settings');
  }
  return { userId, plugin };
}

/** Both of production's events, and the notification that follows the second. */
async function announce(deps: PluginSettingsDeps, userId: string, plugin: string): Promise<void> {
  for (const event of ['settings_updated', 'plugin_settings_updated']) {
    deps.engine.publish(event, { user_id: userId, plugin });
  }
  const title = titleOf(plugin);
  const made = {
    userId,
    type: `${plugin}_settings_updated`,
    title: `${title} Settings Updated`,
    message: `Your settings for ${title} have been updated.`,
    metadata: { plugin },
  };
  await notify(deps, made, {
    kind: 'route',
    route: `POST ${ROUTES.pluginSettings.replace(':name', plugin)}`,
  });
}

/** As Python's `name.replace("_", " ").title()`. */
function titleOf(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replace(/\p{L}+/gu, (word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1).toLowerCase()}`);
}

async function readObject(ctx: ServerContext, limit: number): Promise<JsonObject | null> {
  const body = await readBody(ctx.req, limit);
  if (body.kind === 'aborted') return null;
  if (body.kind === 'read') return parseJsonObject(body.bytes, false).value;
  throw new WorkbenchError(
    'PAYLOAD_TOO_LARGE',
    `Request body is over the limit of ${limit} bytes (MAX_REQUEST_BODY_BYTES)`,
  );
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
