"""Stubs of production's settings and of its configuration files."""

import json
import os

from mozaiks_standins_base import Stub, log

# By the function that reads it: the file, and what counts without it.
_FILES = {
    "get_navigation_config": ("navigation_config.json", {"navigation": []}),
    "get_theme_config": ("theme_config.json", {}),
    "get_settings_config": ("settings_config.json", {"profile_sections": []}),
    "get_subscription_config": ("subscription_config.json", {"subscription_plans": []}),
    "get_notifications_config": ("notifications_config.json", {"categories": [], "settings": {}}),
    "get_plugin_registry": ("plugin_registry.json", {"plugins": []}),
}

_loaded = {}


def get_config_path(name=None):
    """MOZAIKS_CONFIGS_PATH, else the folder `config` beside the plugins; with a name, that file in it."""
    from pathlib import Path

    folder = Path(os.environ.get("MOZAIKS_CONFIGS_PATH") or os.path.join(_app_folder(), "config"))
    return folder if name is None else folder / name


def _app_folder():
    import sys

    places = list(getattr(sys.modules.get("plugins"), "__path__", ()))
    return os.path.dirname(places[0]) if places else os.getcwd()


def reload_configs():
    """The next reading of each file reads it again."""
    _loaded.clear()


def read_config(function):
    """A file's content; like production, without it or where it is broken the default, and a line in the log."""
    name, default = _FILES[function]
    if name not in _loaded:
        path = get_config_path(name)
        try:
            _loaded[name] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            _loaded[name] = json.loads(json.dumps(default))
        except (OSError, ValueError) as error:
            log("mozaiks_core.config").error("%s can't be used: %s", path, error)
            return json.loads(json.dumps(default))
    return _loaded[name]


def notification_fields():
    """The notifications that users can turn off, from settings_config.json; None without such a section."""
    sections = read_config("get_settings_config").get("profile_sections", [])
    section = next((one for one in sections if one.get("id") == "notifications"), None)
    if section is None:
        return None
    fields = [*section.get("fields", []), *section.get("plugin_notification_fields", [])]
    return [field for field in fields if field.get("id") and field.get("type") == "toggle"]


def config_loader_module(_source):
    readers = {function: lambda function=function: read_config(function) for function in _FILES}
    return {"get_config_path": get_config_path, "reload_configs": reload_configs, **readers}


class Settings(Stub):
    """Read from the environment at each use, as this runtime has it in effect."""

    env = property(lambda self: os.environ.get("ENV") or "development")
    is_production = property(lambda self: self.env == "production")
    app_name = property(lambda self: os.environ.get("APP_NAME") or "Mozaiks")
    app_tier = property(lambda self: os.environ.get("APP_TIER") or "free")
    auth_mode = property(lambda self: os.environ.get("MOZAIKS_AUTH_MODE") or "local")
    mozaiks_app_id = property(lambda self: os.environ.get("MOZAIKS_APP_ID") or "dev_app")
    database_uri = property(lambda self: os.environ.get("DATABASE_URI") or "mongodb://localhost:27017/mozaiks")
    monetization_enabled = property(lambda self: os.environ.get("MONETIZATION") == "1")

    @property
    def plugin_exec_timeout_s(self):
        names = ("MOZAIKS_PLUGIN_TIMEOUT_SECONDS", "PLUGIN_EXEC_TIMEOUT_S")
        return float(next((os.environ[name] for name in names if os.environ.get(name)), 30))
