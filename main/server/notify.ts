import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { JsonObject } from '../contract/http.ts';
import type { SocketCause } from '../contract/sockets.ts';
import type { DocumentStore } from '../documents/store.ts';
import { createDocumentAnswers } from '../documents/user-documents.ts';
import type { SocketHub } from '../sockets/socket-hub.ts';
import { loadJson } from '../system/atomic-file.ts';

/** Notifications that the runtime itself creates, as production's own modules do. */

export interface NotifyDeps {
  readonly documents: DocumentStore;
  readonly sockets: SocketHub;
  readonly config: { readonly configsPath: string };
}

export interface NewNotification {
  readonly userId: string;
  readonly type: string;
  readonly title: string;
  readonly message: string;
  readonly metadata: JsonObject;
}

/** Stores a notification and pushes it to its user's connections, unless they have turned its type off. */
export async function notify(deps: NotifyDeps, made: NewNotification, cause: SocketCause): Promise<void> {
  if (!(await isEnabled(deps, made.userId, made.type))) return;
  const { userId, ...rest } = made;
  const now = pythonNow();
  const notification = { id: randomUUID(), user_id: userId, ...rest, created_at: now, read: false };
  await createDocumentAnswers(deps.documents)['notifications.add']({ user_id: userId, notification });
  const message = { type: 'notification', subtype: 'new', data: notification, timestamp: now };
  deps.sockets.send(userId, JSON.stringify(message), cause);
}

/** UTC without a zone, as Python's `utcnow().isoformat()`. */
export function pythonNow(): string {
  return `${new Date().toISOString().slice(0, -1)}000`;
}

const PREFERENCES = z.record(
  z.string(),
  z.object({ enabled: z.boolean().catch(true) }).catch({ enabled: true }),
);

/** A type that is turned off still arrives while its plugin's own switch is not, as in production. */
async function isEnabled(deps: NotifyDeps, userId: string, type: string): Promise<boolean> {
  const preferences = await preferencesOf(deps, userId);
  if (preferences[type]?.enabled !== false) return true;
  const plugin = type.includes('_') ? type.split('_', 1)[0] : undefined;
  return plugin !== undefined && preferences[`${plugin}_notifications`]?.enabled !== false;
}

async function preferencesOf({ documents, config }: NotifyDeps, userId: string) {
  const stored = await createDocumentAnswers(documents)['notifications.preferences']({ user_id: userId });
  const own = PREFERENCES.safeParse(stored);
  return own.success && Object.keys(own.data).length > 0 ? own.data : defaultsOf(config.configsPath);
}

const FIELDS = z.array(
  z
    .object({ id: z.string(), type: z.literal('toggle'), default_enabled: z.boolean().optional() })
    .nullable()
    .catch(null),
);
const SETTINGS_CONFIG = z.object({
  profile_sections: z.array(
    z.object({
      id: z.string().optional(),
      fields: FIELDS.default([]),
      plugin_notification_fields: FIELDS.default([]),
    }),
  ),
});
const NOTIFICATIONS_CONFIG = z.object({ settings: z.object({ default_enabled: z.boolean() }) });

async function defaultsOf(configsPath: string): Promise<z.infer<typeof PREFERENCES>> {
  const settings = SETTINGS_CONFIG.safeParse(await loadJson(join(configsPath, 'settings_config.json')));
  const section = settings.data?.profile_sections.find(({ id }) => id === 'notifications');
  if (section === undefined) return {};
  const config = NOTIFICATIONS_CONFIG.safeParse(
    await loadJson(join(configsPath, 'notifications_config.json')),
  );
  const usual = config.data?.settings.default_enabled ?? true;
  const fields = [...section.fields, ...section.plugin_notification_fields].filter((field) => field !== null);
  return Object.fromEntries(fields.map(({ id, default_enabled: enabled = usual }) => [id, { enabled }]));
}
