import { expect, it } from 'vitest';
import { runStandins } from './run-standins.ts';

it('configuration is read from MOZAIKS_CONFIGS_PATH, and where a file is missing or broken a default counts', async () => {
  const { out } = await runStandins(`
import os, pathlib, tempfile, types
from core.config import config_loader
sys.modules["plugins"] = types.ModuleType("plugins")
sys.modules["plugins"].__path__ = ["/app/plugins"]
beside = [str(config_loader.get_config_path()), str(config_loader.get_config_path("a.json"))]
folder = pathlib.Path(os.environ.setdefault("MOZAIKS_CONFIGS_PATH", tempfile.mkdtemp()))
(folder / "theme_config.json").write_text('{"dark": true}')
(folder / "navigation_config.json").write_text('{')
first = [config_loader.get_theme_config(), config_loader.get_navigation_config(), config_loader.get_subscription_config()]
(folder / "theme_config.json").write_text('{"dark": false}')
same = config_loader.get_theme_config()
config_loader.reload_configs()
out = [beside, str(config_loader.get_config_path()) == str(folder), first, same, config_loader.get_theme_config(),
    config_loader.get_settings_config(), config_loader.get_notifications_config(), config_loader.get_plugin_registry()]
`);
  expect(out).toEqual([
    ['/app/config', '/app/config/a.json'],
    true,
    [{ dark: true }, { navigation: [] }, { subscription_plans: [] }],
    { dark: true },
    { dark: false },
    { profile_sections: [] },
    { categories: [], settings: {} },
    { plugins: [] },
  ]);
});

it('settings are those of the environment in effect', async () => {
  const { out } = await runStandins(`
import os
from mozaiks_infra.config.settings import settings
def read():
    return [settings.env, settings.is_production, settings.mozaiks_app_id, settings.plugin_exec_timeout_s,
        settings.app_name, settings.app_tier, settings.auth_mode, settings.database_uri, settings.monetization_enabled]
defaults = read()
os.environ.update(ENV="production", MOZAIKS_APP_ID="shop", PLUGIN_EXEC_TIMEOUT_S="7.5", APP_NAME="Shop", APP_TIER="pro",
    MOZAIKS_AUTH_MODE="external", DATABASE_URI="mongodb://db/shop", MONETIZATION="1")
given = read()
os.environ.update(MOZAIKS_PLUGIN_TIMEOUT_SECONDS="2", MONETIZATION="true")
newer = [settings.plugin_exec_timeout_s, settings.monetization_enabled]
try:
    settings.nothing_of_that_name
except AttributeError as error:
    refused = str(error)
out = [defaults, given, newer, refused]
`);
  expect(out).toEqual([
    [
      'development',
      false,
      'dev_app',
      30,
      'Mozaiks',
      'free',
      'local',
      'mongodb://localhost:27017/mozaiks',
      false,
    ],
    ['production', true, 'shop', 7.5, 'Shop', 'pro', 'external', 'mongodb://db/shop', true],
    [2, false],
    expect.stringMatching(/nothing_of_that_name.*stub.*app_name/),
  ]);
});

it('state is held as long as it should be', async () => {
  const { out } = await runStandins(`
import time
from core.state_manager import state_manager as state
state.set("a", 1)
state.set("b", 2, expire_in=60)
held = [state.get("a"), state.get("b"), state.get("c", "none")]
real = time.monotonic
time.monotonic = lambda: real() + 61
held += [state.get("a"), state.get("b")]
state.delete("a")
held.append(state.get("a"))
state.set("d", 4)
state.clear()
out = held + [state.get("d")]
`);
  expect(out).toEqual([1, 2, 'none', 1, null, null, null]);
});

it('other ways to notify users are recorded, and nothing is sent', async () => {
  const { out, events } = await runStandins(`
import datetime
from core.notifications import broadcast_service, digest_scheduler, in_app_channel
async def plugin():
    made = await broadcast_service.broadcast("news", "t", "m", target={"type": "all"}, channels=["in_app"])
    shown = await in_app_channel.send("u", "reminder", "t", "m")
    at = datetime.datetime(2026, 1, 2)
    later = await digest_scheduler.schedule_notification(user_id="u", notification_type="due", title="t", message="m", scheduled_for=at)
    return [type(made).__name__, shown, type(later).__name__]
out = asyncio.run(plugin())
`);
  expect(out).toEqual(['str', true, 'str']);
  expect(events.map(({ kind, name, detail }) => [kind, name, JSON.parse(detail)])).toMatchObject([
    ['notified', 'news', { target: { type: 'all' }, channels: ['in_app'] }],
    ['notified', 'reminder', { user_id: 'u', metadata: {} }],
    ['notified', 'due', { scheduled_for: '2026-01-02 00:00:00' }],
  ]);
});

it('what goes to a log is one line of text', async () => {
  const { out } = await runStandins(`
from mozaiks_infra.utils.log_sanitizer import sanitize_dict_for_log, sanitize_for_log
out = [sanitize_for_log("a\\r\\nforged"), len(sanitize_for_log("x" * 5000)), sanitize_dict_for_log({"user": "a\\nb", "n": 1})]
`);
  expect(out).toEqual(['a forged', 203, { user: 'a b', n: '1' }]);
});
