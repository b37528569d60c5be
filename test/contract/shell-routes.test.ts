import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { cleanUpAfterAll } from '../support/clean-up.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { bearer, localToken } from '../support/tokens.ts';
import { webSocket } from '../support/web-socket.ts';

const HEARD = {
  'logic.py': `
import datetime
from mozaiks_infra.event_bus import event_bus
from mozaiks_platform.settings_manager import settings_manager
from mozaiks_platform.notifications_manager import notifications_manager
heard = []
for name in ("settings_updated", "plugin_settings_updated", "all_notifications_read"):
    event_bus.subscribe(name, lambda data, name=name: heard.append([name, data]))

async def execute(data):
    user = data["user_id"]
    if "save" in data:
        await settings_manager.save_plugin_settings(user, "notes_py", {"at": datetime.datetime(2026, 1, 2), "n": 1.0, "l": 2**60})
    if "note" in data:
        await notifications_manager.create_notification(user, "heard_news", data["note"], "m")
    return {"heard": heard, "settings": await settings_manager.get_plugin_settings(user, "notes_py")}
`,
};

const CONFIG = {
  'theme_config.json': { branding: { app_name: 'Notebook' }, default_theme: 'dark' },
  'navigation_config.json': {
    default: [{ path: '/profile' }, { path: '/subscriptions' }, 7],
    plugins: [{ plugin_name: 'heard', label: 'Heard' }, { plugin_name: 'absent' }, { label: 'no name' }],
  },
};

async function configure(runtime: TestRuntime, files: Readonly<Record<string, unknown>>): Promise<void> {
  const folder = join(dirname(runtime.plugins), 'config');
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}

let runtime: TestRuntime;
const cleanUp = cleanUpAfterAll();
beforeAll(async () => {
  runtime = await startRuntime({ plugins: { heard: HEARD }, cleanUp });
});

const ask = async (method: string, path: string, user: string, body?: string) => {
  const init = { method, headers: bearer(localToken({ sub: user })), body: body ?? null };
  const response = await fetch(runtime.baseUrl + path, init);
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) };
};

describe('what the platform’s page asks about the app', () => {
  it('is open without a file, with production’s defaults', async () => {
    expect((await runtime.get('/api/app-config')).json).toEqual({
      monetization_enabled: false,
      app_name: 'Mozaiks',
      app_version: '1.0.0',
      env: 'development',
    });
    expect((await runtime.get('/api/theme-config')).text).toBe('{}');
    expect((await runtime.get('/api/navigation')).text).toBe('{"navigation":[]}');
  });

  it('comes from the app’s own files, as they are now', async () => {
    await configure(runtime, CONFIG);
    expect((await runtime.get('/api/app-config')).json).toMatchObject({ app_name: 'Notebook' });
    expect((await runtime.get('/api/theme-config')).json).toEqual(CONFIG['theme_config.json']);
    expect((await runtime.get('/api/navigation')).json).toEqual({
      navigation: [{ path: '/profile' }, { plugin_name: 'heard', label: 'Heard' }],
    });
    await configure(runtime, { 'theme_config.json': '{"broken', 'navigation_config.json': '[]' });
    expect((await runtime.get('/api/theme-config')).text).toBe('{}');
    expect((await runtime.get('/api/navigation')).text).toBe('{"navigation":[]}');
  });

  it('leaves out what a plan lacks, where there are plans', async () => {
    const env = { MONETIZATION: '1', MOZAIKS_REQUIRE_TOKEN: 'true', ENV: 'staging' };
    const other = await startRuntime({ plugins: { heard: HEARD }, env });
    const plans = { subscription_plans: [{ name: 'free', plugins_unlocked: [] }] };
    await configure(other, { ...CONFIG, 'subscription_config.json': plans });
    const user = bearer(localToken());
    expect((await other.get('/api/app-config')).json).toMatchObject({
      monetization_enabled: true,
      env: 'staging',
    });
    expect((await other.get('/api/navigation')).status).toBe(401);
    expect((await other.get('/api/navigation', user)).json).toEqual({
      navigation: [{ path: '/profile' }, { path: '/subscriptions' }],
    });
    expect((await other.get('/api/plugin-settings/heard')).status).toBe(401);
    expect((await other.get('/api/plugin-settings/heard', user)).json).toEqual({
      detail: 'Access denied to plugin settings',
      error_code: 'FORBIDDEN',
      status_code: 403,
    });
    expect((await other.get('/api/plugin-settings/subscription_manager', user)).text).toBe('{}');
  });
});

describe('a user’s settings of a plugin', () => {
  const PATH = '/api/plugin-settings/notes_py';

  it('are the same for the page and for plugins, and tell everybody of a change', async () => {
    expect((await ask('GET', PATH, 'ada')).text).toBe('{}');
    const client = webSocket(runtime.baseUrl, '/ws/notifications/_', {
      protocols: [`access_token.${localToken({ sub: 'ada' })}`],
    });
    await client.opened;
    const call = (body: object) => runtime.execute('heard', body, bearer(localToken({ sub: 'ada' })));
    await call({});
    const saved = await ask('POST', PATH, 'ada', '{"view":"list","due":{"$date":5}}');
    expect(saved).toMatchObject({
      status: 200,
      json: { success: true, message: 'Settings saved successfully' },
    });
    expect((await ask('GET', PATH, 'ada')).text).toBe('{"view":"list","due":{"$date":5}}');
    expect((await ask('GET', PATH, 'bob')).text).toBe('{}');
    const data = { user_id: 'ada', plugin: 'notes_py' };
    await expect
      .poll(async () => (await call({})).json)
      .toEqual({
        heard: [
          ['settings_updated', data],
          ['plugin_settings_updated', data],
        ],
        settings: { view: 'list', due: { $date: 5 } },
      });
    expect(JSON.parse(await client.next()).data).toMatchObject({
      user_id: 'ada',
      type: 'notes_py_settings_updated',
      title: 'Notes Py Settings Updated',
      message: 'Your settings for Notes Py have been updated.',
      read: false,
      metadata: { plugin: 'notes_py' },
    });
  });

  it('come back as a plugin stored them', async () => {
    await runtime.execute('heard', { save: true }, bearer(localToken({ sub: 'cy' })));
    expect((await ask('GET', PATH, 'cy')).text).toBe(`{"at":"2026-01-02T00:00:00","n":1.0,"l":${2n ** 60n}}`);
  });

  it.each([
    ['no JSON', 400, 'Invalid JSON payload'],
    ['[]', 400, 'Request body must be a JSON object'],
    [`"${'x'.repeat(1_000_001)}"`, 413, 'over the limit'],
  ])('refuse a body that is no object', async (body, status, detail) => {
    const answer = await ask('POST', PATH, 'ada', body);
    expect(answer.status).toBe(status);
    expect(answer.json.detail).toContain(detail);
  });
});

describe('a user’s notifications', () => {
  const list = async (query = '') => (await ask('GET', `/api/notifications${query}`, 'eve')).json;
  const note = (title: string) =>
    runtime.execute('heard', { note: title }, bearer(localToken({ sub: 'eve' })));

  it('can be listed, read and deleted', async () => {
    expect(await list()).toEqual({
      notifications: [],
      count: 0,
      unread_count: 0,
      unread_only: false,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}$/),
    });
    for (const [index, title] of ['one', 'two', 'three'].entries()) {
      await note(title);
      await expect.poll(async () => (await list()).count).toBe(index + 1);
    }
    expect(await list('?limit=1&offset=1')).toMatchObject({
      notifications: [{ title: 'two', read: false }],
      count: 1,
      unread_count: 3,
    });
    const [{ id }] = (await list('?limit=1')).notifications;
    const read = `/api/notifications/${id}/read`;
    expect((await ask('POST', read, 'eve')).json).toEqual({ message: 'Notification marked as read' });
    expect(await ask('POST', read, 'mallory')).toMatchObject({ status: 404 });
    expect(await list('?unread_only=True')).toMatchObject({ count: 2, unread_only: true });
    const all = '/api/notifications/mark-all-read';
    expect((await ask('POST', all, 'eve')).json).toEqual({ message: 'All notifications marked as read' });
    expect(await ask('POST', all, 'eve')).toMatchObject({ status: 404 });
    const heard = async () => (await note('four')).json as { heard: unknown[] };
    await expect
      .poll(async () => (await heard()).heard)
      .toContainEqual(['all_notifications_read', { user_id: 'eve' }]);
    expect((await ask('DELETE', `/api/notifications/${id}`, 'mallory')).status).toBe(404);
    expect((await ask('DELETE', `/api/notifications/${id}`, 'eve')).json).toEqual({
      message: 'Notification deleted',
    });
    expect(await ask('DELETE', `/api/notifications/${id}`, 'eve')).toMatchObject({
      status: 404,
      json: { detail: 'Notification not found' },
    });
  });

  it.each(['?limit=many', '?offset=1.5', '?unread_only=maybe'])('refuse %s with 422', async (query) => {
    expect((await ask('GET', `/api/notifications${query}`, 'eve')).status).toBe(422);
  });

  it('of the settings’ own kind are not made for a user who has turned them off', async () => {
    await configure(runtime, {
      'settings_config.json': {
        profile_sections: [
          {
            id: 'notifications',
            fields: [{ id: 'quiet_settings_updated', type: 'toggle', default_enabled: false }],
            plugin_notification_fields: [
              { id: 'quiet_notifications', type: 'toggle', default_enabled: false },
            ],
          },
        ],
      },
    });
    await ask('POST', '/api/plugin-settings/quiet', 'fay', '{}');
    await ask('POST', '/api/plugin-settings/loud', 'fay', '{}');
    const { notifications } = (await ask('GET', '/api/notifications', 'fay')).json;
    expect(notifications.map(({ type }: { type: string }) => type)).toEqual(['loud_settings_updated']);
  });
});
