import { describe, expect, it } from 'vitest';
import { HOST_LIMITS } from '../../../main/contract/host.ts';
import { runStandins } from './run-standins.ts';

const namespaces = [
  { infra: 'mozaiks_infra', platform: 'mozaiks_platform' },
  { infra: 'core', platform: 'core' },
];

describe('stubs of what production plugins import', () => {
  it.each(namespaces)('report what is done through $infra and $platform', async ({ infra, platform }) => {
    const { events, out } = await runStandins(`
from ${infra}.event_bus import event_bus
from ${infra}.websocket_manager import websocket_manager
from ${platform}.notifications_manager import notifications_manager
from ${platform}.settings_manager import settings_manager
async def plugin():
    published = event_bus.publish("tasks:created", {"id": 7})
    noted = await notifications_manager.create_notification(
        user_id="u1", notification_type="tasks_created", title="New", message="A task", metadata={"id": 7})
    sent = await websocket_manager.send_to_user("u1", {"type": "tasks_update", "data": [1]})
    saved = await settings_manager.save_plugin_settings("u1", "tasks", {"view": "list"})
    return [published, noted["queued"], sent, saved, await settings_manager.get_plugin_settings("u1", "tasks")]
out = asyncio.run(plugin())
`);
    expect(out).toEqual([
      null,
      true,
      null,
      { success: true, message: 'Settings saved successfully' },
      { view: 'list' },
    ]);
    expect(events.map((event) => ({ ...event, detail: JSON.parse(event.detail) }))).toEqual([
      { kind: 'published', name: 'tasks:created', detail: { id: 7 }, source: `${infra}.event_bus` },
      {
        kind: 'notified',
        name: 'tasks_created',
        detail: { user_id: 'u1', title: 'New', message: 'A task', metadata: { id: 7 } },
        source: `${platform}.notifications_manager`,
      },
      {
        kind: 'sent',
        name: 'tasks_update',
        detail: { user_id: 'u1', message: { type: 'tasks_update', data: [1] } },
        source: `${infra}.websocket_manager`,
      },
      {
        kind: 'saved',
        name: 'tasks',
        detail: { user_id: 'u1', settings: { view: 'list' } },
        source: `${platform}.settings_manager`,
      },
    ]);
  });

  it('deliver an event to sync and async subscribers, whatever name the bus is imported by', async () => {
    const { out } = await runStandins(`
from core.event_bus import event_bus
from mozaiks_infra.event_bus import on_event
got = []
@on_event("made")
def plain(data): got.append(["plain", data])
@on_event("made")
async def waiting(data): got.append(["waiting", data])
@on_event("made")
def failing(data): raise ValueError("not your fault")
async def plugin():
    event_bus.publish("made", 1)
    await asyncio.sleep(0)
asyncio.run(plugin())
event_bus.publish("made", 2)  # as a sync plugin does: no loop runs
event_bus.unsubscribe("made", plain)
event_bus.publish("made", 3)
out = [got, event_bus.get_stats()["delivery_failures"], event_bus.get_event_history("made", 1)["made"][0]["data"]]
`);
    const got = [
      ['plain', 1],
      ['waiting', 1],
      ['plain', 2],
      ['waiting', 2],
      ['waiting', 3],
    ];
    expect(out).toEqual([got, 3, 3]);
  });

  it('store notifications as long as the process lives', async () => {
    const { out, events } = await runStandins(`
from core.notifications_manager import notifications_manager as notes
async def plugin():
    for title in "abc":
        await notes.create_notification("u", "kind", title, "m")
    ids = await notes.create_bulk_notifications(["u", "v"], "kind", "d", "m")
    newest = (await notes.get_user_notifications("u", limit=2))
    marked = await notes.mark_notification_read("u", newest[0]["id"])
    deleted = await notes.delete_notification("u", newest[1]["id"])
    unread = [note["title"] for note in await notes.get_user_notifications("u", unread_only=True)]
    return [len(ids), [note["title"] for note in newest], marked, deleted, unread, await notes.send_email("a@b", "s", "m")]
out = asyncio.run(plugin())
`);
    expect(out).toEqual([2, ['d', 'c'], true, true, ['b', 'a'], true]);
    expect(events.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      ...Array(4).fill('notified kind'),
      'sent email',
    ]);
  });

  it('leave a detail valid JSON within the limit, so that what must be masked can be found', async () => {
    const { events } = await runStandins(`
from core.event_bus import event_bus
event_bus.publish("n" * 5000, {"password": {"of": "x" * 9000}, "list": list(range(100000)), "text": "é" * 9000})
cycle = {}
cycle["self"] = cycle
event_bus.publish("cycle", cycle)
class Hostile:
    def __str__(self): raise ValueError
event_bus.publish("hostile", Hostile())
`);
    expect(events).toHaveLength(3);
    for (const { name, detail } of events) {
      expect(name.length).toBeLessThanOrEqual(HOST_LIMITS.eventName);
      expect(detail.length).toBeLessThanOrEqual(HOST_LIMITS.eventDetail);
      expect(() => JSON.parse(detail)).not.toThrow();
    }
    expect(JSON.parse(events[0]?.detail ?? '')).toMatchObject({
      password: { of: expect.stringMatching(/^x+…$/) },
    });
  });
});

describe('what a stub does not offer', () => {
  const attempt = (statement: string) =>
    runStandins(`
try:
    ${statement}
except Exception as error:
    out = [type(error).__name__, str(error)]
`);

  it.each([
    [
      'import core.event_bus; core.event_bus.event_bus.drain()',
      'AttributeError',
      /'drain' .*core\.event_bus is a .*stub.* publish, .*PYTHONPATH/,
    ],
    [
      'import core.event_bus; core.event_bus.drain',
      'AttributeError',
      /'drain' .*core\.event_bus is a .*stub.* on_event.*PYTHONPATH/,
    ],
    [
      'from mozaiks_infra.event_bus import drain',
      'ImportError',
      /cannot import name 'drain'.*stub.* event_bus, on_event.*PYTHONPATH/,
    ],
    [
      'import mozaiks_platform.billing',
      'ModuleNotFoundError',
      /mozaiks_platform\.billing.* mozaiks_platform\.settings_manager only.*PYTHONPATH/,
    ],
    ['import mozaiks_other', 'ModuleNotFoundError', /^No module named 'mozaiks_other'$/],
  ])('%s', async (statement, type, text) => {
    const { out } = await attempt(statement);
    expect(out).toEqual([type, expect.stringMatching(text)]);
  });

  it.each([
    'db["tasks"].find({"user_id": 1})',
    'db.tasks.find_one({})',
    'users_collection.insert_one({})',
    'get_cached_document(db.tasks, {})',
    'list(db.tasks)',
    'db["tasks"]["x"] = 1',
  ])('a database: %s', async (use) => {
    const names = 'db, users_collection, get_cached_document, with_retry';
    const { out } = await attempt(`from mozaiks_infra.config.database import ${names}; ${use}`);
    expect(out).toEqual([
      'DatabaseUnavailable',
      expect.stringMatching(
        /mozaiks_infra\.config\.database is a .*stub.* needs motor: \S*python\S* -m pip install motor\. .*DATABASE_URI/,
      ),
    ]);
  });

  it('a database: a plugin that only names collections loads', async () => {
    const { out } = await runStandins(`
from core.config.database import db, with_retry
collection = db["tasks"]
@with_retry(max_retries=2)
async def execute(data): return {"ok": db is not None}
out = asyncio.run(execute({}))
`);
    expect(out).toEqual({ ok: true });
  });
});
