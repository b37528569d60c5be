import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../plugins/workspace.ts';
import { startRuntime, type TestRuntime } from '../support/runtime.ts';
import { localToken } from '../support/tokens.ts';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

/** As production's contract for plugins has it, with the names of today and the older ones. */
function tasks(infra: string, platform: string): Record<string, string> {
  return {
    'logic.py': `
import logging
from ${infra}.config.database import db
from ${infra}.event_bus import event_bus
from ${platform}.notifications_manager import notifications_manager
from ${platform}.settings_manager import settings_manager
from ${infra}.websocket_manager import websocket_manager
from . import store

logger = logging.getLogger("mozaiks_plugins.tasks")

async def execute(data):
    user_id = data["user_id"]
    if data.get("action") == "list":
        return {"items": await db["tasks"].find({"user_id": user_id}).to_list(100)}
    if data.get("action") == "get_settings":
        return {"settings": await settings_manager.get_plugin_settings(user_id, "tasks")}
    logger.info("creating")
    task = {"id": 7, "title": data.get("title", ""), "user_jwt": data.get("user_jwt")}
    event_bus.publish("tasks:created", {"user_id": user_id, **task})
    await store.announce(notifications_manager, user_id, task)
    await websocket_manager.send_to_user(user_id, {"type": "tasks_update", "data": task})
    await settings_manager.save_plugin_settings(user_id, "tasks", {"last": task["title"]})
    return {"success": True}
`,
    'store.py': `
async def announce(notifications, user_id, task):
    await notifications.create_notification(
        user_id=user_id, notification_type="tasks_created", title="New task", message=f"{task['title']} {task['user_jwt']}")
`,
  };
}

function events(runtime: TestRuntime) {
  return runtime.lastTrace().events.map(({ detail, ...event }) => ({ ...event, detail: JSON.parse(detail) }));
}

describe.each([
  ['mozaiks_infra', 'mozaiks_platform'],
  ['core', 'core'],
])('a Python plugin that imports %s and %s', (infra, platform) => {
  it('publishes, notifies, sends and saves: its trace shows four events, masked', async () => {
    const runtime = await startRuntime({ plugins: { tasks: tasks(infra, platform) } });
    const token = localToken({ sub: 'ada' });
    const answer = await runtime.execute('tasks', { title: 'Water the ficus' }, bearer(token));
    expect(answer).toMatchObject({ status: 200, json: { success: true } });
    const task = { id: 7, title: 'Water the ficus', user_jwt: 'eyJ…(masked)' };
    const note = { title: 'New task', message: 'Water the ficus eyJ…(masked)', metadata: {} };
    const atMs = expect.any(Number);
    expect(events(runtime)).toEqual([
      {
        atMs,
        kind: 'published',
        name: 'tasks:created',
        source: `${infra}.event_bus`,
        detail: { user_id: 'ada', ...task },
      },
      {
        atMs,
        kind: 'notified',
        name: 'tasks_created',
        source: `${platform}.notifications_manager`,
        detail: { user_id: 'ada', ...note },
      },
      {
        atMs,
        kind: 'sent',
        name: 'tasks_update',
        source: `${infra}.websocket_manager`,
        detail: { user_id: 'ada', message: { type: 'tasks_update', data: task }, delivered_to: 0 },
      },
      {
        atMs,
        kind: 'saved',
        name: 'tasks',
        source: `${platform}.settings_manager`,
        detail: { user_id: 'ada', settings: { last: 'Water the ficus' } },
      },
    ]);
    expect(JSON.stringify(runtime.lastTrace()).includes(token)).toBe(false);
    const times = runtime.lastTrace().events.map((event) => event.atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });
});

it('a module that the interpreter finds is used, and is no event', async () => {
  const logic =
    'from mozaiks_infra.event_bus import event_bus\nfrom mozaiks_infra.websocket_manager import websocket_manager\nasync def execute(data):\n    await websocket_manager.broadcast({"type": "hi"})\n    return {"said": event_bus.publish("made", {})}\n';
  const runtime = await startRuntime({ plugins: { real: { 'logic.py': logic } }, start: false });
  const real = join(runtime.plugins, '../mozaiks_infra');
  await mkdir(real);
  await writeFile(
    join(real, 'event_bus.py'),
    'class Bus:\n    def publish(self, event, data):\n        return f"{event} for real"\nevent_bus = Bus()\n',
  );
  await runtime.runtime.start();
  expect((await runtime.execute('real')).json).toEqual({ said: 'made for real' });
  expect(events(runtime)).toMatchObject([{ kind: 'sent', source: 'mozaiks_infra.websocket_manager' }]);
});

describe('what stubs leave behind', () => {
  it('is settings that outlive a restart of the plugin, each user’s own, in the user’s folder', async () => {
    const runtime = await startRuntime({ plugins: { tasks: tasks('mozaiks_infra', 'mozaiks_platform') } });
    const [ada, bob] = [bearer(localToken({ sub: 'ada' })), bearer(localToken({ sub: 'bob' }))];
    await runtime.execute('tasks', { title: 'One' }, ada);
    await runtime.execute('tasks', { title: 'Two' }, bob);
    await runtime.runtime.engine.restart('tasks');
    const read = async (who: Record<string, string>) =>
      (await runtime.execute('tasks', { action: 'get_settings' }, who)).json;
    expect([await read(ada), await read(bob)]).toEqual([
      { settings: { last: 'One' } },
      { settings: { last: 'Two' } },
    ]);
    expect(runtime.lastTrace()).toMatchObject({
      events: [],
      console: [{ level: 'info', text: expect.stringContaining("settings of 'tasks' for 'bob' read") }],
    });
    const stored = join(runtime.config.configPath, 'documents/app-dev_app/settings.json');
    expect(JSON.parse(await readFile(stored, 'utf8'))).toMatchObject([
      { user_id: 'ada', plugin_settings: { tasks: { last: 'One' } } },
      { user_id: 'bob', plugin_settings: { tasks: { last: 'Two' } } },
    ]);
  });

  it('is notifications that are stored a moment after the call, for every plugin', async () => {
    const reader = `
from mozaiks_platform.notifications_manager import notifications_manager
async def execute(data):
    return {"found": await notifications_manager.get_user_notifications(data["user_id"])}
`;
    const plugins = { tasks: tasks('core', 'core'), reader: { 'logic.py': reader } };
    const runtime = await startRuntime({ plugins });
    const ada = bearer(localToken({ sub: 'ada' }));
    await runtime.execute('tasks', { title: 'One' }, ada);
    await eventually(async () => (await runtime.execute('reader', {}, ada)).json).toMatchObject({
      found: [{ type: 'tasks_created', title: 'New task', read: false, metadata: {}, user_id: 'ada' }],
    });
    expect((await runtime.execute('reader')).json).toEqual({ found: [] });
  });

  it('is no data: a database says what to install', async () => {
    const runtime = await startRuntime({ plugins: { tasks: tasks('mozaiks_infra', 'mozaiks_platform') } });
    const answer = await runtime.execute('tasks', { action: 'list' });
    expect(answer).toMatchObject({
      status: 500,
      json: {
        error_code: 'PLUGIN_EXCEPTION',
        detail: expect.stringMatching(/needs motor: .* -m pip install motor/),
      },
    });
    expect(runtime.lastTrace().error?.stack).toMatch(/logic\.py", line 15, in execute/);
  });

  it.each([
    ['from mozaiks_infra.event_bus import drain', /cannot import name 'drain'.* stub .*event_bus, on_event/],
    [
      'import mozaiks_platform.billing',
      /has stubs of .*mozaiks_platform\.settings_manager, .* only.* PYTHONPATH/,
    ],
    ['import mozaiks_other', /mozaiks_other/],
  ])('is no more than they offer: %s', async (line, words) => {
    const logic = `${line}\ndef execute(data):\n    return {}\n`;
    const runtime = await startRuntime({ plugins: { wants: { 'logic.py': logic } } });
    expect(await runtime.execute('wants')).toMatchObject({
      status: 500,
      json: { error_code: 'PLUGIN_LOAD_FAILED', detail: expect.stringMatching(words) },
    });
  });

  it('is a line of the log, without details, where no call runs', async () => {
    const logic =
      'import threading\nfrom core.event_bus import event_bus\ndef work():\n    event_bus.publish("made", {"password": "hunter2"})\ndef execute(data):\n    thread = threading.Thread(target=work)\n    thread.start()\n    thread.join()\n    return {}\n';
    const runtime = await startRuntime({ plugins: { threaded: { 'logic.py': logic } } });
    expect((await runtime.execute('threaded')).status).toBe(200);
    expect(runtime.lastTrace().events).toEqual([]);
    const log = runtime.log.lines.join('\n');
    expect(log).toContain('plugin threaded: outside of any call, stub for core.event_bus: published made');
    expect(log).not.toContain('hunter2');
  });

  it('is never more than 200 events a call, and nothing from one call in another', async () => {
    const flood = `
from core.event_bus import event_bus
async def execute(data):
    for n in range(data.get("count", 1)):
        event_bus.publish(data["name"], {"n": n})
    return {"ok": True}
`;
    const runtime = await startRuntime({ plugins: { flood: { 'logic.py': flood } } });
    const answers = await Promise.all([
      runtime.execute('flood', { count: 5_000, name: 'many' }),
      runtime.execute('flood', { count: 2, name: 'few' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const { traces } = runtime.runtime.traces.list({ limit: 2 });
    const names = traces.map(({ id }) =>
      (runtime.runtime.traces.get(id)?.events ?? []).map(({ name }) => name),
    );
    expect(names.sort((a, b) => a.length - b.length)).toEqual([
      Array(2).fill('few'),
      Array(200).fill('many'),
    ]);
  });
});
