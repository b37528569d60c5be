import type { Authenticator } from '../../auth/authenticator.ts';
import { WorkbenchError } from '../../contract/errors.ts';
import { type Json, ROUTES } from '../../contract/http.ts';
import { toPlainText } from '../../documents/plain-json.ts';
import type { DocumentStore } from '../../documents/store.ts';
import { createDocumentAnswers } from '../../documents/user-documents.ts';
import type { PluginEngine } from '../../plugins/engine/types.ts';
import { pythonNow } from '../notify.ts';
import {
  deleteNotificationOperation,
  markAllReadOperation,
  markReadOperation,
  notificationsOperation,
} from '../openapi/notification-operations.ts';
import { sendJson } from '../response.ts';
import type { Route } from '../route.ts';
import type { ServerContext } from '../state.ts';
import { requireUser } from '../user.ts';

export interface NotificationRouteDeps {
  readonly authenticator: Authenticator;
  readonly engine: PluginEngine;
  readonly documents: DocumentStore;
}

const NOT_FOUND = 'Notification not found';

/** A user's notifications (CONTRACT.md §2): the same that `notifications_manager` gives plugins. */
export function notificationRoutes(deps: NotificationRouteDeps): readonly Route[] {
  const { authenticator, engine } = deps;
  const answers = createDocumentAnswers(deps.documents);
  const userOf = async (ctx: ServerContext) => (await requireUser(ctx, authenticator)).identity.userId;
  const change = async (ctx: ServerContext, changed: Json, message: string, otherwise: string) => {
    if (changed !== true) throw new WorkbenchError('NOT_FOUND', otherwise);
    sendJson(ctx, 200, { message });
  };
  return [
    {
      method: 'GET',
      path: ROUTES.notifications,
      operation: notificationsOperation,
      async handle(ctx) {
        const asked = { user_id: await userOf(ctx), ...readQuery(ctx.querystring) };
        const found = listOf(await answers['notifications.list'](asked));
        const unread = { ...asked, unread_only: true, offset: 0, limit: Number.MAX_SAFE_INTEGER };
        const rest = {
          count: found.length,
          unread_count: listOf(await answers['notifications.list'](unread)).length,
          unread_only: asked.unread_only,
          timestamp: pythonNow(),
        };
        const answer = { notifications: found, ...rest };
        sendJson(ctx, 200, answer, `{"notifications":${toPlainText(found)},${JSON.stringify(rest).slice(1)}`);
      },
    },
    {
      method: 'POST',
      path: ROUTES.markAllRead,
      operation: markAllReadOperation,
      async handle(ctx) {
        const userId = await userOf(ctx);
        const changed = await answers['notifications.read']({ user_id: userId, notification_id: null });
        if (changed === true) engine.publish('all_notifications_read', { user_id: userId });
        await change(ctx, changed, 'All notifications marked as read', 'No unread notifications');
      },
    },
    {
      method: 'POST',
      path: ROUTES.markRead,
      operation: markReadOperation,
      async handle(ctx) {
        const one = { user_id: await userOf(ctx), notification_id: String(ctx.params.id) };
        await change(ctx, await answers['notifications.read'](one), 'Notification marked as read', NOT_FOUND);
      },
    },
    {
      method: 'DELETE',
      path: ROUTES.notification,
      operation: deleteNotificationOperation,
      async handle(ctx) {
        const one = { user_id: await userOf(ctx), notification_id: String(ctx.params.id) };
        await change(ctx, await answers['notifications.delete'](one), 'Notification deleted', NOT_FOUND);
      },
    },
  ];
}

function listOf(value: Json): Json[] {
  return Array.isArray(value) ? value : [];
}

const YES = ['true', '1', 'yes', 'y', 'on', 't'];
const NO = ['false', '0', 'no', 'n', 'off', 'f'];

/** With production's defaults. @throws {WorkbenchError} UNPROCESSABLE_ENTITY */
function readQuery(query: string): { unread_only: boolean; limit: number; offset: number } {
  const given = new URLSearchParams(query);
  return {
    unread_only: readFlag(given.get('unread_only') ?? 'false'),
    limit: readNumber('limit', given.get('limit') ?? '20'),
    offset: readNumber('offset', given.get('offset') ?? '0'),
  };
}

function readFlag(text: string): boolean {
  const word = text.toLowerCase();
  if (YES.includes(word)) return true;
  if (NO.includes(word)) return false;
  throw new WorkbenchError('UNPROCESSABLE_ENTITY', 'Invalid query: unread_only must be true or false');
}

function readNumber(name: string, text: string): number {
  if (/^[+-]?\d{1,15}$/.test(text)) return Number(text);
  throw new WorkbenchError('UNPROCESSABLE_ENTITY', `Invalid query: ${name} must be a whole number`);
}
