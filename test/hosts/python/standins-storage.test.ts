import { describe, expect, it } from 'vitest';
import { runStandins } from './run-standins.ts';

/** Python lines in an async function `plugin`, whose result is `out`; `stored` is what the runtime has. */
const inPlugin = (code: string) => `
from core.settings_manager import settings_manager as settings
from core.notifications_manager import notifications_manager as notes
stored = {}
def save(user_id, section, key, value): stored[key] = value
def find(user_id): return {"_id": {"$oid": "a" * 24}, "user_id": user_id, "plugin_settings": stored}
link.answers = {"settings.save": save, "settings.get": find}
async def plugin():
${code.trim().replace(/^/gm, '    ')}
out = asyncio.run(plugin())
`;

describe('settings', () => {
  it('return what a database returns: times and numbers as they were, an _id that is no JSON', async () => {
    const { out } = await runStandins(
      inPlugin(`
import datetime
aware = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
sent = {"at": aware, "big": 2**62, "one": 1.0, "inf": float("inf"), "raw": b"\\x00", "pair": (1, 2), "own": {"$date": 5}}
await settings.save_plugin_settings("u", "p", sent)
got = await settings.get_plugin_settings("u", "p")
whole = await settings.get_user_settings("u")
return [{key: repr(value) for key, value in got.items()}, str(whole["_id"]), type(whole["_id"]).__name__ != "str"]
`),
    );
    expect(out).toEqual([
      {
        at: 'datetime.datetime(2026, 1, 2, 2, 4, 5, 678000)',
        big: '4611686018427387904',
        one: '1.0',
        inf: 'inf',
        raw: "b'\\x00'",
        pair: '[1, 2]',
        own: "{'$date': 5}",
      },
      'a'.repeat(24),
      true,
    ]);
  });

  it.each([
    ['"p", {1: 2}', /^InvalidDocument: documents must have only string keys, key was 1$/],
    ['"p", {"s": {1}}', /^InvalidDocument: cannot encode object: \{1\}, of type: <class 'set'>$/],
    ['"p", {"d": __import__("decimal").Decimal(1)}', /^InvalidDocument: cannot encode object/],
    ['"p", {"n": 2**63}', /^OverflowError: MongoDB can only handle up to 8-byte ints$/],
    ['"", {}', /^HTTPException: 400: Invalid plugin name$/],
    ['5, {}', /^HTTPException: 400: Invalid plugin name$/],
  ])('refuse what production refuses: save_plugin_settings("u", %s)', async (rest, refusal) => {
    const { out, events, linked } = await runStandins(
      inPlugin(`
try:
    await settings.save_plugin_settings("u", ${rest})
except Exception as error:
    return type(error).__name__ + ": " + str(error)
`),
    );
    expect(out).toMatch(refusal);
    expect([events, linked]).toEqual([[], []]);
  });

  it('tell the other plugins, and the trace, that they were saved', async () => {
    const { out, events, linked } = await runStandins(
      inPlugin('return await settings.save_plugin_settings("u", "p", {"n": 1})'),
    );
    expect(out).toEqual({ success: true, message: 'Settings saved successfully' });
    expect(events).toMatchObject([{ kind: 'saved', name: 'p' }]);
    expect(linked).toMatchObject([
      { ask: 'settings.save', section: 'plugin_settings', key: 'p', value: { n: 1 } },
      { type: 'publish', event: 'settings_updated', data: '{"user_id": "u", "plugin": "p"}' },
    ]);
  });
});

/** settings_config.json with two notifications that users can turn off. */
const configured = `
import os, pathlib, tempfile
folder = tempfile.mkdtemp()
os.environ["MOZAIKS_CONFIGS_PATH"] = folder
fields = [{"id": "tasks_due", "type": "toggle", "plugin": "tasks", "label": "Due"}, {"id": "news", "type": "toggle"}, {"id": "x", "type": "text"}]
sections = [{"id": "notifications", "fields": fields[1:], "plugin_notification_fields": fields[:1]}, {"id": "other"}]
pathlib.Path(folder, "settings_config.json").write_text(json.dumps({"profile_sections": sections}))
plans = [{"name": "Pro", "plugins_unlocked": ["tasks"], "plugins": {"tasks": "gold"}}, {"name": "free", "plugins_unlocked": []}, {"name": "all", "plugins_unlocked": ["*"]}]
pathlib.Path(folder, "subscription_config.json").write_text(json.dumps({"subscription_plans": plans}))
`;

describe('preferences', () => {
  it('hold what settings_config.json offers, and their change is announced', async () => {
    const { out, linked } = await runStandins(
      configured +
        inPlugin(`
link.answers = {**link.answers, "notifications.preferences": None, "notifications.save_preferences": None}
wished = {"news": {"enabled": 0, "frequency": "weekly"}, "unknown": {}}
return [
    await settings.get_notification_preferences("u"),
    await settings.save_notification_preferences("u", wished),
    await notes.get_user_notification_preferences("u"),
    await notes.update_notification_preferences("u", wished),
    [one["id"] for one in (await notes.get_notification_config())["notifications"]],
]
`),
    );
    const [daily, immediate] = ['daily', 'immediate'].map((frequency) => ({ enabled: true, frequency }));
    expect(out).toEqual([
      { news: daily, tasks_due: daily },
      { news: { enabled: false, frequency: 'weekly' } },
      { news: immediate, tasks_due: immediate },
      { news: { enabled: false, frequency: 'immediate' } },
      ['news', 'tasks_due'],
    ]);
    expect(linked.filter(({ type }) => type === 'publish').map(({ event }) => event)).toEqual(
      Array(2).fill('notification_preferences_updated'),
    );
  });

  it('are offered for the plugins that a plan includes, once plans restrict users', async () => {
    const { out } = await runStandins(
      configured +
        inPlugin(`
link.answers = {"subscriptions.get": lambda user_id: {"user_id": user_id, "plan": "pro"} if user_id == "paid" else None}
async def offered(on, user_id):
    sections = (await settings.update_settings_visibility(on, user_id))["profile_sections"]
    shown = [one["id"] for one in sections[0]["plugin_notification_fields"]]
    config = await notes.get_notification_config(user_id, on)
    return [[one["id"] for one in sections], shown, [one["id"] for one in config["notifications"]]]
found = [await offered(False, "free"), await offered(True, "free"), await offered(True, "paid")]
loaded = settings.settings_config == settings.load_settings_config()
pathlib.Path(folder, "settings_config.json").write_text('{"profile_sections": []}')
return [found, loaded, len(settings.settings_config["profile_sections"]), settings.refresh_settings_config()]
`),
    );
    const sections = ['notifications', 'other'];
    expect(out).toEqual([
      [
        [sections, ['tasks_due'], ['news', 'tasks_due']],
        [sections, [], ['news']],
        [sections, ['tasks_due'], ['news', 'tasks_due']],
      ],
      true,
      2,
      { profile_sections: [] },
    ]);
  });

  it('decide what is stored, under another id than the one that create_notification returns', async () => {
    const { out, events } = await runStandins(
      inPlugin(`
import json
added, pushed = [], []
off = {"enabled": False}
preferences = {"news": off, "tasks_due": off, "notes_due": off, "tasks_notifications": off}
link.answers = {"notifications.preferences": preferences, "notifications.add": lambda user_id, notification: added.append(notification),
    "sockets.send": lambda user_id, text: pushed.append(json.loads(text)) or 1}
returned = [await notes.create_notification("u", kind, "t", "m", {"n": 1}) for kind in ("news", "tasks_due", "notes_due", "free")]
ids = await notes.create_bulk_notifications(["u", "v"], "free", "t", "m")
notes.start_background_processing()
await notes.stop_background_processing()
other = added[0]["id"] not in [one["id"] for one in returned]
same = [one["data"] for one in pushed] == added and set(pushed[0]) == {"type", "subtype", "data", "timestamp"}
return [[one["type"] for one in added], other and same, returned[0]["queued"], len(ids), added[0]["metadata"], await notes.send_email("a@b", "s", "m")]
`),
    );
    expect(out).toEqual([['notes_due', 'free', 'free', 'free'], true, true, 2, { n: 1 }, false]);
    expect(events.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'notified news',
      'notified tasks_due',
      'notified notes_due',
      'notified free',
      'notified free',
      'sent email',
    ]);
  });
});

describe('subscriptions and entitlements', () => {
  it('can be read, as the plans and the stored document have them', async () => {
    const { out } = await runStandins(`${configured}
from core.subscription_manager import subscription_manager as subscriptions
documents = {"pro": {"user_id": "pro", "plan": "pro", "status": "active", "updated_at": "t", "plugin_tiers": {"notes": "own"}},
    "over": {"plan": "pro", "status": "trialing", "is_trial": True, "trial_end_date": "2020-01-01T00:00:00", "updated_at": "t"},
    "tries": {"plan": "all", "status": "trialing", "is_trial": True, "created_at": "2026-01-02T03:04:05"}}
link.answers = {"subscriptions.get": lambda user_id: documents.get(user_id)}
async def plugin():
    users = ["pro", "over", "none"]
    return [
        await subscriptions.get_user_subscription("none"),
        [(await subscriptions.get_user_subscription(user))["plan"] for user in users],
        [await subscriptions.is_plugin_accessible(user, "tasks") for user in users],
        [await subscriptions.get_user_plugin_tier("pro", name) for name in ("tasks", "notes", "more")],
        [plan["name"] for plan in subscriptions.get_available_plans()],
        await subscriptions.get_user_subscription("tries"),
        await subscriptions.is_plugin_accessible("tries", "anything"),
    ]
out = asyncio.run(plugin())
`);
    expect(out).toEqual([
      { user_id: 'none', plan: 'free', status: 'inactive' },
      ['pro', 'free', 'free'],
      [true, false, false],
      ['gold', 'own', 'pro'],
      ['Pro', 'free', 'all'],
      {
        user_id: 'tries',
        plan: 'all',
        billing_cycle: 'monthly',
        status: 'trialing',
        is_trial: true,
        trial_info: { days_remaining: expect.any(Number), end_date: '2026-01-16T03:04:05+00:00' },
        next_billing_date: null,
        updated_at: null,
      },
      true,
    ]);
  });

  it('are changed by the platform alone', async () => {
    const { out } = await runStandins(`
from mozaiks_platform.subscription_manager import subscription_manager as subscriptions
async def attempt(call):
    try:
        await call
    except Exception as error:
        return str(error)
out = [asyncio.run(attempt(call)) for call in (
    subscriptions.change_user_subscription("u", "pro"), subscriptions.cancel_user_subscription("u"),
    subscriptions.start_user_trial("u"), subscriptions.log_billing_event("u", 5, "charge", "paid"))]
`);
    const text = (operation: string) =>
      `403: Subscription ${operation} is not allowed. Subscription changes must come from Control Plane.`;
    expect(out).toEqual(['change', 'cancel', 'start_trial', 'log_billing'].map(text));
  });

  it('count usage in the runtime, and a limit without room is a ValueError', async () => {
    const { out, linked } = await runStandins(`
from mozaiks_platform import entitlements
usage = {"allowed": 3, "used": 2, "remaining": 1, "period": "2026-01", "resets_at": None}
link.answers = {"entitlements.get_usage": usage, "entitlements.consume_limit": lambda amount, **_rest: {"remaining": 0} if amount == 1 else {"refused": "Insufficient calls: need 2, have 1"}}
async def plugin():
    got = [await entitlements.check_feature("u", "p", "f"), await entitlements.check_feature("u", "p", "f", {"features": {"f": False}})]
    got += [await entitlements.check_limit("u", "p", "calls"), await entitlements.check_limit("u", "p", "calls", 2)]
    got += [await entitlements.get_usage("u", "p", "calls", "daily", 3), await entitlements.consume_limit("u", "p", "calls")]
    try:
        await entitlements.consume_limit("u", "p", "calls", 2)
    except ValueError as error:
        return got + [str(error)]
out = asyncio.run(plugin())
`);
    const usage = { allowed: 3, used: 2, remaining: 1, period: '2026-01', resets_at: null };
    expect(out).toEqual([true, false, [true, 1], [false, 1], usage, 0, 'Insufficient calls: need 2, have 1']);
    expect(linked[2]).toEqual({
      ask: 'entitlements.get_usage',
      user_id: 'u',
      plugin: 'p',
      limit_key: 'calls',
      period_type: 'daily',
      limit_value: 3,
    });
  });
});
