import { randomBytes } from 'node:crypto';
import type { Json, JsonObject } from '../contract/http.ts';
import type { DocumentStore } from './store.ts';

/**
 * Users' settings, notifications and preferences, as production stores them: a document for each user in
 * `settings` and in `users`. What the stubs in plugins' processes ask is answered from here, by name.
 */
type Answers<Name extends string> = Readonly<Record<Name, (argument: Json) => Promise<Json>>>;

type NotificationAnswers = Answers<
  | 'notifications.add'
  | 'notifications.list'
  | 'notifications.read'
  | 'notifications.delete'
  | 'notifications.preferences'
  | 'notifications.save_preferences'
>;
export type DocumentAnswers = NotificationAnswers &
  Answers<'settings.get' | 'settings.save' | 'subscriptions.get'>;

/** Notifications of one user. */
const MOST_NOTIFICATIONS = 100;

const SECTIONS = ['plugin_settings', 'notification_preferences'] as const;
type Section = (typeof SECTIONS)[number];

export function createDocumentAnswers(store: DocumentStore): DocumentAnswers {
  return {
    'settings.get': async (argument) => findOwn(await store.read('settings'), userOf(argument)),
    'settings.save': (argument) =>
      store.update('settings', (documents) => {
        const { value = null, key = null } = objectOf(argument);
        const document = ownDocument(documents, userOf(argument), newSettings);
        const section = sectionOf(argument);
        document[section] = key === null ? value : withKey(document[section], textOf(key, 'key'), value);
        return null;
      }),
    'subscriptions.get': async (argument) => findOwn(await store.read('subscriptions'), userOf(argument)),
    ...notificationAnswers(store),
  };
}

function notificationAnswers(store: DocumentStore): NotificationAnswers {
  const change = <T>(argument: Json, edit: (notifications: JsonObject[]) => T): Promise<T> =>
    store.update('users', (documents) => {
      const document = ownDocument(documents, userOf(argument), newUser);
      const notifications = notificationsOf(document);
      const result = edit(notifications);
      document.notifications = notifications;
      return result;
    });
  return {
    'notifications.add': (argument) =>
      change(argument, (notifications) => {
        // The newest first; production sorts them so, too, but drops the newest beyond the limit.
        notifications.unshift(objectOf(objectOf(argument).notification));
        notifications.length = Math.min(notifications.length, MOST_NOTIFICATIONS);
        return null;
      }),
    'notifications.list': async (argument) => {
      const found = findOwn(await store.read('users'), userOf(argument));
      const { unread_only: unreadOnly, limit, offset } = objectOf(argument);
      const all = found === null ? [] : notificationsOf(found);
      const asked = all.filter(({ read }) => unreadOnly !== true || read !== true);
      return sliceOf(asked, numberOf(offset), numberOf(limit));
    },
    'notifications.read': (argument) =>
      change(argument, (notifications) => {
        const { notification_id: id } = objectOf(argument);
        const unread = notifications.filter((one) => one.read !== true && (id === null || one.id === id));
        for (const one of unread) one.read = true;
        return unread.length > 0;
      }),
    'notifications.delete': (argument) =>
      change(argument, (notifications) => {
        const at = notifications.findIndex(({ id }) => id === objectOf(argument).notification_id);
        if (at >= 0) notifications.splice(at, 1);
        return at >= 0;
      }),
    'notifications.preferences': async (argument) =>
      findOwn(await store.read('users'), userOf(argument))?.notification_preferences ?? null,
    'notifications.save_preferences': (argument) =>
      store.update('users', (documents) => {
        const document = ownDocument(documents, userOf(argument), newUser);
        document.notification_preferences = objectOf(objectOf(argument).preferences);
        return null;
      }),
  };
}

function newSettings(userId: Json): JsonObject {
  return { _id: newId(), user_id: userId, plugin_settings: {}, notification_preferences: {} };
}

function newUser(userId: Json): JsonObject {
  return { _id: newId(), user_id: userId, notifications: [], notification_preferences: {} };
}

/** An ObjectId, as extended JSON. */
function newId(): JsonObject {
  const seconds = Math.floor(Date.now() / 1000);
  return { $oid: seconds.toString(16).padStart(8, '0') + randomBytes(8).toString('hex') };
}

function findOwn(documents: readonly JsonObject[], userId: Json): JsonObject | null {
  return documents.find(({ user_id }) => user_id === userId) ?? null;
}

function ownDocument(
  documents: JsonObject[],
  userId: Json,
  create: (userId: Json) => JsonObject,
): JsonObject {
  const found = findOwn(documents, userId);
  if (found !== null) return found;
  const created = create(userId);
  documents.push(created);
  return created;
}

function notificationsOf({ notifications }: JsonObject): JsonObject[] {
  return Array.isArray(notifications) ? notifications.filter(isObject) : [];
}

/** As MongoDB's `$slice`: a limit of nothing, or less, is refused, which production's module answers with none. */
function sliceOf(list: readonly JsonObject[], offset: number, limit: number): JsonObject[] {
  if (limit <= 0) return [];
  const start = offset < 0 ? Math.max(0, list.length + offset) : offset;
  return list.slice(start, start + limit);
}

/** A copy with this key; `__proto__` is a key like any other. */
function withKey(value: Json | undefined, key: string, item: Json): JsonObject {
  const entries = Object.entries(isObject(value) ? value : {}).filter(([known]) => known !== key);
  return Object.fromEntries([...entries, [key, item]]);
}

function userOf(argument: Json): Json {
  const { user_id: userId = null } = objectOf(argument);
  if (userId === null || typeof userId !== 'object') return userId;
  throw new Error(`user_id must be a string, not ${JSON.stringify(userId)}`);
}

function sectionOf(argument: Json): Section {
  const { section } = objectOf(argument);
  const known = SECTIONS.find((name) => name === section);
  if (known === undefined) throw new Error(`settings have no section ${JSON.stringify(section ?? null)}`);
  return known;
}

function textOf(value: Json, name: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${name} must be a string, not ${JSON.stringify(value)}`);
}

function numberOf(value: Json | undefined): number {
  return typeof value === 'number' ? value : 0;
}

function objectOf(value: Json | undefined): JsonObject {
  if (isObject(value)) return value;
  throw new Error(`expected an object, not ${JSON.stringify(value ?? null)}`);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
