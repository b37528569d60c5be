import { expect, it } from 'vitest';
import type { Json } from '../../main/contract/http.ts';
import { createDocumentStore } from '../../main/documents/store.ts';
import { createDocumentAnswers, type DocumentAnswers } from '../../main/documents/user-documents.ts';
import { makeFolder } from '../plugins/workspace.ts';

async function answers() {
  const store = createDocumentStore(await makeFolder());
  const known = createDocumentAnswers(store);
  const ask = async (name: keyof DocumentAnswers, argument: Json): Promise<Json> => known[name](argument);
  return { store, ask };
}

it('stores the settings of all plugins of a user in one document, as production does', async () => {
  const { store, ask } = await answers();
  expect(await ask('settings.get', { user_id: 'u' })).toBeNull();
  const save = (user: string, key: string, value: Json) =>
    ask('settings.save', { user_id: user, section: 'plugin_settings', key, value });
  await Promise.all([save('u', 'tasks', { n: 1 }), save('u', '__proto__', { n: 2 }), save('v', 'tasks', {})]);
  await ask('settings.save', { user_id: 'u', section: 'notification_preferences', value: { a: {} } });
  const found = await ask('settings.get', { user_id: 'u' });
  expect(found).toMatchObject({ user_id: 'u', notification_preferences: { a: {} } });
  expect(JSON.stringify(found)).toContain('"plugin_settings":{"tasks":{"n":1},"__proto__":{"n":2}}');
  expect(found).toMatchObject({ _id: { $oid: expect.stringMatching(/^[0-9a-f]{24}$/) } });
  expect(await store.read('settings')).toHaveLength(2);
});

it('stores the newest hundred notifications of a user, and finds, reads and deletes them', async () => {
  const { ask } = await answers();
  for (let n = 0; n < 103; n += 1) {
    const notification = { id: `n${n}`, read: false };
    await ask('notifications.add', { user_id: 'u', notification });
  }
  const list = async (limit: number, offset = 0, unread = false) => {
    const found = await ask('notifications.list', { user_id: 'u', unread_only: unread, limit, offset });
    return (found as { id: string }[]).map(({ id }) => id);
  };
  expect(await list(2)).toEqual(['n102', 'n101']);
  expect(await list(200)).toHaveLength(100);
  expect(await list(2, 98)).toEqual(['n4', 'n3']);
  expect(await list(2, -2)).toEqual(['n4', 'n3']);
  expect(await list(0)).toEqual([]);
  const change = (name: 'notifications.read' | 'notifications.delete', id: string | null) =>
    ask(name, { user_id: 'u', notification_id: id });
  expect(await change('notifications.read', 'n102')).toBe(true);
  expect(await change('notifications.read', 'n102')).toBe(false);
  expect(await change('notifications.delete', 'n101')).toBe(true);
  expect(await change('notifications.delete', 'n101')).toBe(false);
  expect(await list(1, 0, true)).toEqual(['n100']);
  expect(await change('notifications.read', null)).toBe(true);
  expect(await list(1, 0, true)).toEqual([]);
  expect(await ask('notifications.list', { user_id: 'other', limit: 5, offset: 0 })).toEqual([]);
});

it('stores preferences beside them', async () => {
  const { ask } = await answers();
  expect(await ask('notifications.preferences', { user_id: 'u' })).toBeNull();
  await ask('notifications.save_preferences', { user_id: 'u', preferences: { a: { enabled: false } } });
  expect(await ask('notifications.preferences', { user_id: 'u' })).toEqual({ a: { enabled: false } });
});

it.each<[keyof DocumentAnswers, Json, string]>([
  ['settings.get', null, 'expected an object, not null'],
  ['settings.get', { user_id: {} }, 'user_id must be a string, not {}'],
  ['settings.save', { user_id: 'u', section: '_id' }, 'settings have no section "_id"'],
  ['settings.save', { user_id: 'u', section: 'plugin_settings', key: 5 }, 'key must be a string, not 5'],
  ['notifications.add', { user_id: 'u' }, 'expected an object, not null'],
])('refuses %s with %j', async (name, argument, reason) => {
  const { ask } = await answers();
  await expect(ask(name, argument)).rejects.toThrow(reason);
});
