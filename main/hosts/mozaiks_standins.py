"""Development stand-ins for the modules of the production runtime that plugins import.

`install(emit)` appends a finder to the end of sys.meta_path: a module of one of the names below that the interpreter
can find, or that the plugin brings along, is always used; only what is missing is stood in for. Calls succeed and are
reported through `emit(kind, name, detail, source)`. There is no database: using one raises and says what to install.

The shapes (which names, which of them are coroutines, what they return) are those of mozaiks-core. Nothing of it is
imported before a plugin asks, so that a process starts no later for it. Standard library only, Python 3.9 or later.
"""

import json
import os
import sys
import time
from importlib.machinery import ModuleSpec

# The same limits as HOST_LIMITS in contract/host.ts: the runtime drops what is longer.
_DETAIL_LIMIT = 4 * 1024
_NAME_LIMIT = 200
# As production keeps them.
_HISTORY_LIMIT = 100
_NOTIFICATIONS_PER_USER = 100

# Where settings are kept; the runtime sets it.
FOLDER_VARIABLE = "MOZAIKS_STANDINS_PATH"

_PACKAGES = {
    "mozaiks_infra": "mozaiks-infrastructure",
    "mozaiks_platform": "mozaiks-platform",
    "core": "mozaiks-core's backend",
}

_emit = None


def install(emit):
    """Makes the stand-ins importable. Calling it again only replaces `emit`."""
    global _emit
    _emit = emit
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


def _report(kind, name, detail, source):
    _emit(kind, str(name)[:_NAME_LIMIT], _detail(detail), source)


def _detail(value):
    """`value` as JSON within the limit. Shortened inside, never cut: a masker must still see which key holds what."""
    try:
        text = json.dumps(value, default=str, skipkeys=True)
        for size in (1000, 200, 50, 20):
            if len(text) <= _DETAIL_LIMIT:
                return text
            text = json.dumps(_shorten(json.loads(text), size))
        return text if len(text) <= _DETAIL_LIMIT else json.dumps("(too long to be shown)")
    except Exception as error:  # A cycle, a hostile __str__: what a plugin hands over must not fail its call.
        return json.dumps("(can't be shown as JSON: %s)" % type(error).__name__)


def _shorten(value, size):
    if isinstance(value, str) and len(value) > size:
        return value[:size] + "…"
    if isinstance(value, list):
        rest = len(value) - size // 10
        kept = [_shorten(item, size) for item in value[: size // 10]]
        return kept + ["… %d more" % rest] if rest > 0 else kept
    if isinstance(value, dict):
        kept = list(value.items())[: size // 10]
        short = {_shorten(key, size): _shorten(item, size) for key, item in kept}
        return {**short, "…": "%d more" % (len(value) - len(kept))} if len(value) > len(kept) else short
    return value


def _remedy(module, also=""):
    package = _PACKAGES[module.partition(".")[0]]
    return "install %s%s into a virtual environment and name its python in MOZAIKS_PYTHON" % (package, also)


class _StandIn:
    """What a plugin holds instead of production's object; says so where it offers less."""

    def __init__(self, source):
        self._source = source

    def __getattr__(self, name):
        offers = ", ".join(offer for offer in dir(type(self)) if not offer.startswith("_"))
        raise AttributeError(
            "%r is not offered: %s is a development stand-in of the Workbench with %s. For the real one, %s."
            % (name, self._source, offers, _remedy(self._source))
        )

    def __repr__(self):
        return "<stand-in for %s>" % self._source


class _Bus:
    """Subscribers and history, one for all names under which the bus is imported."""

    def __init__(self):
        self.subscribers = {}
        self.history = {}
        self.tasks = set()
        self.stats = {}
        self.reset_stats()

    def reset_stats(self):
        self.stats = {
            "events_published": 0,
            "events_delivered": 0,
            "delivery_failures": 0,
            "events_by_type": {},
        }

    def publish(self, event, data):
        self.stats["events_published"] += 1
        by_type = self.stats["events_by_type"]
        by_type[event] = by_type.get(event, 0) + 1
        history = self.history.setdefault(event, [])
        history.append({"timestamp": time.time(), "data": data})
        del history[:-_HISTORY_LIMIT]
        for callback in list(self.subscribers.get(event, ())):
            self._deliver(event, callback, data)

    def _deliver(self, event, callback, data):
        import asyncio
        import inspect

        if not inspect.iscoroutinefunction(callback):
            self._attempt(event, callback, data)
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            # A sync plugin's thread has no loop; production would only log an error here. A developer expects delivery.
            self._attempt(event, lambda given: asyncio.run(callback(given)), data)
            return
        task = loop.create_task(callback(data))
        self.tasks.add(task)
        task.add_done_callback(lambda done: self._settle(event, done))

    def _attempt(self, event, callback, data):
        try:
            callback(data)
            self.stats["events_delivered"] += 1
        except Exception:
            self._fail(event, True)

    def _settle(self, event, task):
        self.tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            self.stats["events_delivered"] += 1
        else:
            self._fail(event, error)

    def _fail(self, event, error):
        # As in production a failing subscriber fails nobody else. Production tries coroutines three times again, long
        # after the call; here the first failure is the one to see.
        import logging

        self.stats["delivery_failures"] += 1
        logging.getLogger("mozaiks_core.event_bus").error("a subscriber of %r failed", event, exc_info=error)


_bus = _Bus()


class EventBus(_StandIn):
    """In production one bus serves all plugins; here each plugin's process hears its own events only."""

    def publish(self, event, data):
        _report("published", event, data, self._source)
        _bus.publish(event, data)

    def subscribe(self, event, callback):
        _bus.subscribers.setdefault(event, []).append(callback)

    def unsubscribe(self, event, callback):
        if callback in _bus.subscribers.get(event, ()):
            _bus.subscribers[event].remove(callback)

    def get_stats(self):
        return dict(_bus.stats)

    def reset_stats(self):
        _bus.reset_stats()

    def get_event_history(self, event_type=None, limit=10):
        if event_type:
            return {event_type: _bus.history.get(event_type, [])[-limit:]}
        return {event: kept[-limit:] for event, kept in _bus.history.items()}


_notifications = {}


class NotificationsManager(_StandIn):
    """Notifications are kept in this process only; preferences of users are not asked."""

    async def create_notification(self, user_id, notification_type, title, message, metadata=None):
        detail = {"user_id": user_id, "title": title, "message": message, "metadata": metadata or {}}
        _report("notified", notification_type, detail, self._source)
        self._keep(user_id, notification_type, title, message, metadata)
        # Production answers with a placeholder: not the id under which it will be found.
        return {"id": _new_id(), "queued": True}

    async def create_bulk_notifications(self, user_ids, notification_type, title, message, metadata=None):
        users = list(user_ids or [])
        if not users:
            return []
        detail = {"user_ids": users, "title": title, "message": message, "metadata": metadata or {}}
        _report("notified", notification_type, detail, self._source)
        for user_id in users:
            self._keep(user_id, notification_type, title, message, metadata)
        return [_new_id() for _ in users]

    async def send_email(self, recipient, subject, message, notification_type=None):
        detail = {"recipient": recipient, "subject": subject, "message": message, "type": notification_type}
        _report("sent", "email", detail, self._source)
        return True

    async def get_user_notifications(self, user_id, unread_only=False, limit=20, offset=0):
        kept = [note for note in _notifications.get(user_id, ()) if not (unread_only and note["read"])]
        return [dict(note) for note in kept[offset : offset + limit]]

    async def mark_notification_read(self, user_id, notification_id):
        return self._mark(user_id, lambda note: note["id"] == notification_id)

    async def mark_all_notifications_read(self, user_id):
        return self._mark(user_id, lambda note: True)

    async def delete_notification(self, user_id, notification_id):
        kept = _notifications.get(user_id, [])
        left = [note for note in kept if note["id"] != notification_id]
        _notifications[user_id] = left
        return len(left) < len(kept)

    def _keep(self, user_id, kind, title, message, metadata):
        from datetime import datetime, timezone

        # Newest first, in production's format: UTC without a zone.
        now = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()
        note = {"id": _new_id(), "user_id": user_id, "type": kind, "title": title, "message": message}
        note.update(created_at=now, read=False, metadata=metadata or {})
        _notifications[user_id] = [note, *_notifications.get(user_id, [])][:_NOTIFICATIONS_PER_USER]

    def _mark(self, user_id, chosen):
        unread = [note for note in _notifications.get(user_id, []) if chosen(note) and not note["read"]]
        for note in unread:
            note["read"] = True
        return bool(unread)


def _new_id():
    import uuid

    return str(uuid.uuid4())


class WebSocketManager(_StandIn):
    """Nobody is connected: what would go to a user's windows goes to the trace."""

    async def send_to_user(self, user_id, message):
        _report("sent", _type_of(message), {"user_id": user_id, "message": message}, self._source)

    async def broadcast(self, message):
        _report("sent", _type_of(message), {"to": "all users", "message": message}, self._source)


def _type_of(message):
    return message.get("type", "message") if isinstance(message, dict) else "message"


class SettingsManager(_StandIn):
    """Keeps each user's settings of each plugin in a JSON file, from one start of the Workbench to the next."""

    async def get_plugin_settings(self, user_id, plugin_name):
        return _load(_file_of(user_id, plugin_name)).get("settings", {})

    async def save_plugin_settings(self, user_id, plugin_name, settings_data):
        if not isinstance(plugin_name, str) or plugin_name == "":
            raise ValueError("Invalid plugin name: %r; save_plugin_settings takes the plugin's name" % (plugin_name,))
        record = {"user_id": user_id, "plugin": plugin_name, "settings": settings_data}
        _save(_file_of(user_id, plugin_name), record)
        _report("saved", plugin_name, {"user_id": user_id, "settings": settings_data}, self._source)
        # Production publishes this itself: subscribers hear it, but it is nothing the plugin did.
        _bus.publish("settings_updated", {"user_id": user_id, "plugin": plugin_name})
        return {"success": True, "message": "Settings saved successfully"}

    async def get_user_settings(self, user_id):
        files = [name for name in sorted(os.listdir(_folder())) if name.endswith(".json")]
        records = [_load(os.path.join(_folder(), name)) for name in files]
        own = [record for record in records if record.get("user_id") == user_id]
        settings = {record["plugin"]: record["settings"] for record in own}
        return {"user_id": user_id, "plugin_settings": settings, "notification_preferences": {}}


_own_folder = None


def _folder():
    """Made when first needed, for its user only. Without the variable settings last as long as the process."""
    global _own_folder
    if _own_folder is None:
        import tempfile

        _own_folder = os.environ.get(FOLDER_VARIABLE) or tempfile.mkdtemp(prefix="mozaiks-standins-")
        os.makedirs(_own_folder, mode=0o700, exist_ok=True)
    return _own_folder


def _file_of(user_id, plugin_name):
    """Readable at its beginning; the hash tells apart what a file system can't, and no name leaves the folder."""
    import hashlib
    import re

    names = [str(plugin_name), str(user_id)]
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    readable = [re.sub(r"[^A-Za-z0-9_-]", "_", name)[:40] for name in names]
    return os.path.join(_folder(), "%s.%s.%s.json" % (*readable, digest))


def _load(path):
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ValueError("%s holds no JSON (%s); correct or delete it" % (path, error)) from error


def _save(path, record):
    """Whole or not at all, also when the process is killed or another version of the plugin saves at that moment."""
    draft = "%s.%s.draft" % (path, _new_id())
    # As JSON keeps it: a time becomes a text, which production's database would have given back as a time.
    text = json.dumps(record, default=str, indent=2)
    with open(draft, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, path)


class DatabaseUnavailable(RuntimeError):
    """A stand-in was asked for data: the Workbench has no database of its own."""


class _NoDatabase:
    """A database, a collection or one of its methods. Naming one succeeds, so that a plugin loads; using it raises."""

    def __init__(self, source, path):
        self._source = source
        self._path = path

    def __getitem__(self, name):
        return _NoDatabase(self._source, "%s[%r]" % (self._path, name))

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError("%s has no %r: %s" % (self._path, name, _no_database(self._source)))
        return _NoDatabase(self._source, "%s.%s" % (self._path, name))

    def _refuse(self, *_args, **_options):
        raise DatabaseUnavailable("%s can't be used: %s" % (self._path, _no_database(self._source)))

    __call__ = __await__ = __iter__ = __aiter__ = __len__ = __setitem__ = __delitem__ = _refuse

    def __bool__(self):
        return True

    def __repr__(self):
        return "<stand-in for %s.%s>" % (self._source, self._path)


def _no_database(source):
    return (
        "%s is a development stand-in of the Workbench, which has no database. To use one, %s, and set"
        " MOZAIKS_PLUGIN_ENV_DATABASE_URI." % (source, _remedy(source, ", motor and python-dotenv"))
    )


def _event_bus(source):
    bus = EventBus(source)

    def on_event(event_name):
        def decorator(function):
            bus.subscribe(event_name, function)
            return function

        return decorator

    return {"event_bus": bus, "on_event": on_event, "EventBus": EventBus}


def _database(source):
    databases = ["db", "db_enterprise", "mongo_client"]
    collections = ["users", "subscriptions", "subscription_history", "billing_history", "settings"]
    collections += ["entitlement_usage", "token_usage", "enterprises"]
    functions = ["verify_connection", "initialize_database", "get_cached_document", "update_and_invalidate"]
    names = databases + [name + "_collection" for name in collections] + functions

    def with_retry(max_retries=3, delay=1):
        # There is nothing that a second attempt would help.
        return lambda function: function

    offered = {name: _NoDatabase(source, name) for name in names}
    return {**offered, "with_retry": with_retry, "DatabaseUnavailable": DatabaseUnavailable}


def _one(name, kind):
    return lambda source: {name: kind(source), kind.__name__: kind}


_notifications_module = _one("notifications_manager", NotificationsManager)
_settings_module = _one("settings_manager", SettingsManager)
_websocket_module = _one("websocket_manager", WebSocketManager)

# Each module that can be stood in for; None is a package with nothing in it but the others.
_MODULES = {
    "mozaiks_infra": None,
    "mozaiks_infra.config": None,
    "mozaiks_infra.config.database": _database,
    "mozaiks_infra.event_bus": _event_bus,
    "mozaiks_infra.websocket_manager": _websocket_module,
    "mozaiks_platform": None,
    "mozaiks_platform.notifications_manager": _notifications_module,
    "mozaiks_platform.settings_manager": _settings_module,
    # The names of older versions, which many plugins still import.
    "core": None,
    "core.config": None,
    "core.config.database": _database,
    "core.event_bus": _event_bus,
    "core.notifications_manager": _notifications_module,
    "core.settings_manager": _settings_module,
    "core.websocket_manager": _websocket_module,
}


class _Finder:
    """Last in sys.meta_path: asked only for what nobody else has found."""

    def find_spec(self, name, _path=None, _target=None):
        if name not in _MODULES:
            self._refuse_below_a_stand_in(name)
            return None
        make = _MODULES[name]
        offered = {} if make is None else make(name)
        what = ", ".join(offered) or "its modules only"
        # Shown by Python where a name can't be imported: "cannot import name 'x' from 'core.event_bus' (<…>)".
        origin = "<development stand-in of the Workbench, with %s; for the real one, %s>" % (what, _remedy(name))
        spec = ModuleSpec(name, _Loader(offered), origin=origin, is_package=make is None)
        spec.has_location = True
        return spec

    def _refuse_below_a_stand_in(self, name):
        """Without this, `import mozaiks_infra.metrics` would fail as if nothing of mozaiks_infra were missing."""
        parent = sys.modules.get(name.rpartition(".")[0])
        if not isinstance(getattr(getattr(parent, "__spec__", None), "loader", None), _Loader):
            return
        top = name.partition(".")[0] + "."
        offers = ", ".join(known for known, make in _MODULES.items() if make and known.startswith(top))
        raise ModuleNotFoundError(
            "No module named %r: the Workbench stands in for %s only. For the real ones, %s."
            % (name, offers, _remedy(name)),
            name=name,
        )


class _Loader:
    def __init__(self, offered):
        self._offered = offered

    def create_module(self, _spec):
        return None

    def exec_module(self, module):
        module.__dict__.update(self._offered)
        offers = ", ".join(self._offered)

        def missing(name):
            raise AttributeError(
                "%r is not offered: %s is a development stand-in of the Workbench with %s. For the real one, %s."
                % (name, module.__name__, offers or "its modules only", _remedy(module.__name__))
            )

        module.__getattr__ = missing
