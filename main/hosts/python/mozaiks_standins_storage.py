"""Stubs of what a plugin stores data with: settings in JSON files, and no database."""

import json
import os

from mozaiks_standins_base import Stub, new_id, note, report
from mozaiks_standins_bus import publish

# Where settings are stored; the runtime sets it.
FOLDER_VARIABLE = "MOZAIKS_STANDINS_PATH"


class SettingsManager(Stub):
    """Stores each user's settings of each plugin in a JSON file, which outlives the Workbench."""

    async def get_plugin_settings(self, user_id, plugin_name):
        path = _file_of(user_id, plugin_name)
        found = _load(path).get("settings", {})
        note(self._source, "settings of %r for %r read from %s", plugin_name, user_id, path)
        return found

    async def save_plugin_settings(self, user_id, plugin_name, settings_data):
        if not isinstance(plugin_name, str) or plugin_name == "":
            raise ValueError("Invalid plugin name: %r; save_plugin_settings takes the plugin's name" % (plugin_name,))
        record = {"user_id": user_id, "plugin": plugin_name, "settings": settings_data}
        _save(_file_of(user_id, plugin_name), record)
        report("saved", plugin_name, {"user_id": user_id, "settings": settings_data}, self._source)
        # Production publishes this itself: subscribers get it, but the plugin did not publish it.
        publish("settings_updated", {"user_id": user_id, "plugin": plugin_name}, self._source)
        return {"success": True, "message": "Settings saved successfully"}

    async def get_user_settings(self, user_id):
        files = [name for name in sorted(os.listdir(_folder())) if name.endswith(".json")]
        records = [_load(os.path.join(_folder(), name)) for name in files]
        own = [record for record in records if record.get("user_id") == user_id]
        settings = {record["plugin"]: record["settings"] for record in own}
        note(self._source, "all settings of %r read from %s", user_id, _folder())
        return {"user_id": user_id, "plugin_settings": settings, "notification_preferences": {}}


_own_folder = None


def _folder():
    """Created when first needed, for its user only. Without the variable, settings last as long as the process."""
    global _own_folder
    if _own_folder is None:
        import tempfile

        _own_folder = os.environ.get(FOLDER_VARIABLE) or tempfile.mkdtemp(prefix="mozaiks-standins-")
        os.makedirs(_own_folder, mode=0o700, exist_ok=True)
    return _own_folder


def _file_of(user_id, plugin_name):
    """Readable at the start; the hash distinguishes names that a file system can't, and no name leaves the folder."""
    import hashlib
    import re

    names = [str(plugin_name), str(user_id)]
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    readable = [re.sub(r"[^A-Za-z0-9_-]", "_", name)[:40] for name in names]
    return os.path.join(_folder(), "%s.%s.%s.json" % (*readable, digest))


def _load(path):
    try:
        with open(path, encoding="utf-8") as file:
            record = json.load(file)
        if not isinstance(record, dict):
            raise ValueError("not an object")
        return record
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ValueError("%s contains no settings (%s); fix or delete it" % (path, error)) from error


def _save(path, record):
    """Whole or not at all, even if the process is killed or another version of the plugin saves at the same time."""
    draft = "%s.%s.draft" % (path, new_id())
    # As JSON can: a time becomes a string, which production's database would have returned as a time.
    text = json.dumps(record, default=str, indent=2)
    with open(draft, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, path)


class DatabaseUnavailable(RuntimeError):
    """A stub was asked for data: the Workbench has no database of its own."""


class NoDatabase:
    """A database, a collection or one of its methods. Naming one succeeds, so that a plugin loads; using it raises."""

    def __init__(self, source, path):
        self._source = source
        self._path = path

    def __getitem__(self, name):
        return NoDatabase(self._source, "%s[%r]" % (self._path, name))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError("%s has no %r: %s" % (self._path, name, _no_database(self._source)))
        return NoDatabase(self._source, "%s.%s" % (self._path, name))

    def _refuse(self, *_args, **_options):
        raise DatabaseUnavailable("%s can't be used: %s" % (self._path, _no_database(self._source)))

    __call__ = __await__ = __iter__ = __aiter__ = __len__ = __setitem__ = __delitem__ = _refuse

    def __bool__(self):
        return True

    def __repr__(self):
        return "<stub for %s.%s>" % (self._source, self._path)


def _no_database(source):
    import sys

    return (
        "%s is a development stub of the Workbench and needs motor: %s -m pip install motor. The database's address"
        " is DATABASE_URI." % (source, sys.executable)
    )
