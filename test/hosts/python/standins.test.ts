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
    link.answers = {"sockets.send": 2}
    sent = await websocket_manager.send_to_user("u1", {"type": "tasks_update", "data": [1]})
    link.answers = {"sockets.send": 2, "settings.save": None, "notifications.preferences": None, "notifications.add": None,
        "settings.get": {"_id": {"$oid": "0" * 24}, "user_id": "u1", "plugin_settings": {"tasks": {"view": "list"}}}}
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
        detail: { user_id: 'u1', message: { type: 'tasks_update', data: [1] }, delivered_to: 2 },
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
event_bus.publish("made", 2)  # where no loop runs, as in a thread: nothing can run the coroutine
event_bus.unsubscribe("made", plain)
event_bus.publish("made", 3)
out = [got, event_bus.get_stats()["delivery_failures"], event_bus.get_event_history("made", 1)["made"][0]["data"]]
`);
    const got = [
      ['plain', 1],
      ['waiting', 1],
      ['plain', 2],
    ];
    expect(out).toEqual([got, 5, 3]);
  });

  it('try a coroutine that failed again after 0.5, 1 and 2 s', async () => {
    const { out } = await runStandins(`
from core.event_bus import event_bus
waited, real_sleep = [], asyncio.sleep
async def sleep(seconds):
    waited.append(seconds)
    await real_sleep(0)
attempts = []
async def failing(data):
    attempts.append(data)
    raise ValueError("again")
async def plugin():
    event_bus.subscribe("made", failing)
    asyncio.sleep = sleep
    event_bus.publish("made", 1)
    while len(attempts) < 4:
        await real_sleep(0)
    await real_sleep(0)
asyncio.run(plugin())
out = [waited, attempts, event_bus.get_stats()["delivery_failures"], event_bus.stats["events_delivered"]]
`);
    expect(out).toEqual([[0.5, 1, 2], [1, 1, 1, 1], 4, 0]);
  });

  it('offer what the bus of production offers, and refuse what it refuses', async () => {
    const { out, linked } = await runStandins(`
import functools
from core.event_bus import event_bus, EventBus
def named(data): pass
event_bus.subscribe("a", named)
own = EventBus()
got = []
own.subscribe("b", lambda data: got.append(data))
own.publish("b", 1)
asyncio.run(own.start_background_processing())
asyncio.run(own.stop_background_processing())
refused = []
for attempt in (
    lambda: event_bus.subscribe("c", functools.partial(named)),
    lambda: event_bus.publish(["not", "hashable"], 1),
):
    try:
        attempt()
    except Exception as error:
        refused.append(type(error).__name__)
event_bus.unsubscribe("a", named)
out = [got, list(own.subscribers), own.get_event_history(limit=1)["b"][0]["data"], refused, list(event_bus.event_history)]
`);
    expect(out).toEqual([[1], ['b'], 1, ['AttributeError', 'TypeError'], []]);
    // An own bus is nobody else's; in production the callback without a name is subscribed all the same.
    expect(linked).toEqual([
      { type: 'subscribed', events: ['a'], subscribers: [['named']] },
      { type: 'subscribed', events: ['a', 'c'], subscribers: [['named'], ['?']] },
      { type: 'subscribed', events: ['c'], subscribers: [['?']] },
    ]);
  });

  it('tell the other plugins of an event, as JSON', async () => {
    const { out, linked } = await runStandins(`
import datetime
from core.event_bus import event_bus
event_bus.publish("made", {"at": datetime.date(2026, 1, 2), "n": 2**70})
cycle = {}
cycle["self"] = cycle
event_bus.publish("cycle", cycle)
got = []
event_bus.subscribe("theirs", lambda data: got.append(data))
tasks = link.on_delivery("theirs", {"n": 1}, [])
out = [got, tasks, event_bus.get_stats()["events_by_type"]]
`);
    expect(linked.filter(({ type }) => type === 'publish')).toEqual([
      {
        type: 'publish',
        call: null,
        source: 'core.event_bus',
        event: 'made',
        data: `{"at": "2026-01-02", "n": ${2n ** 70n}}`,
        depth: 0,
      },
    ]);
    expect(out).toEqual([[{ n: 1 }], [], { made: 1, cycle: 1, theirs: 1 }]);
  });

  it('log what a WebSocket can’t carry instead of raising, and say who got a message', async () => {
    const { out, events } = await runStandins(`
import datetime
from core.websocket_manager import websocket_manager as sockets
class Socket:
    def __init__(self): self.got = []
    async def accept(self): self.got.append("accepted")
    async def send_text(self, text): self.got.append(text)
socket = Socket()
async def plugin():
    await sockets.connect("u", socket)
    link.answers = {"sockets.send": 1, "sockets.broadcast": 3}
    await sockets.send_to_user("u", {"type": "a", "n": 1})
    await sockets.send_to_user("u", {"type": "b", "at": datetime.datetime(2026, 1, 2)})
    await sockets.broadcast({"type": "c"})
    connected = list(sockets.active_connections)
    sockets.disconnect("u", socket)
    await sockets.send_to_user("u", {"type": "d"})
    return [socket.got, connected, sockets.active_connections]
out = asyncio.run(plugin())
`);
    expect(out).toEqual([['accepted', '{"type": "a", "n": 1}', '{"type": "c"}'], ['u'], {}]);
    // What the runtime reached and, as in production, what the plugin has connected itself.
    expect(events.map(({ detail }) => JSON.parse(detail))).toMatchObject([
      { delivered_to: 2 },
      { delivered_to: 0, not_delivered: 'Object of type datetime is not JSON serializable' },
      { delivered_to: 4 },
      { delivered_to: 1 },
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
      password: { of: '(9000 characters)' },
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
      /mozaiks_platform\.billing.* mozaiks_platform\.settings_manager, .* only.*PYTHONPATH/,
    ],
    ['import mozaiks_other', 'ModuleNotFoundError', /^No module named 'mozaiks_other'$/],
  ])('%s', async (statement, type, text) => {
    const { out } = await attempt(statement);
    expect(out).toEqual([type, expect.stringMatching(text)]);
  });
});
