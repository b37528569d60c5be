"""Development stubs of the modules of the production runtime that plugins import.

`install(emit, link)` appends a finder to the end of sys.meta_path: a module of one of the names below that the interpreter
can find, or that the plugin brings along, is always used; only what is missing is replaced by a stub. Calls succeed
and are reported through `emit(kind, name, detail, source)`. There is no database: using one raises and says what to install.

The shapes (which names, which of them are coroutines, what they return) are those of mozaiks-core. None of it is
imported, and what takes time to load is loaded when a plugin uses it. Standard library only, Python 3.9 or later.
"""

import sys
from importlib.machinery import ModuleSpec

from mozaiks_standins_base import REMEDY, connect, not_offered
from mozaiks_standins_bus import EventBus, bus
from mozaiks_standins_notifications import NotificationsManager
from mozaiks_standins_storage import DatabaseUnavailable, NoDatabase, SettingsManager
from mozaiks_standins_websocket import WebSocketManager


def install(emit, link):
    """Makes the stubs importable. Calling it again only replaces `emit` and `link` (mozaiks_host_link.py)."""
    connect(emit, link)
    link.on_delivery = bus.receive
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


def _event_bus(source):
    shared = EventBus(source, bus)

    def on_event(event_name):
        def decorator(function):
            shared.subscribe(event_name, function)
            return function

        return decorator

    return {"event_bus": shared, "on_event": on_event, "EventBus": EventBus}


def _database(source):
    databases = ["db", "db_enterprise", "mongo_client"]
    collections = ["users", "subscriptions", "subscription_history", "billing_history", "settings"]
    collections += ["entitlement_usage", "token_usage", "enterprises"]
    functions = ["verify_connection", "initialize_database", "get_cached_document", "update_and_invalidate"]
    names = databases + [name + "_collection" for name in collections] + functions

    def with_retry(max_retries=3, delay=1):
        # A second attempt would never help.
        return lambda function: function

    offered = {name: NoDatabase(source, name) for name in names}
    return {**offered, "with_retry": with_retry, "DatabaseUnavailable": DatabaseUnavailable}


def _one(name, kind):
    return lambda source: {name: kind(source), kind.__name__: kind}


_notifications_module = _one("notifications_manager", NotificationsManager)
_settings_module = _one("settings_manager", SettingsManager)
_websocket_module = _one("websocket_manager", WebSocketManager)

# Each module that has a stub; None is a package that only contains others.
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
    """Last in sys.meta_path: asked only for what no other finder has found."""

    def find_spec(self, name, _path=None, _target=None):
        if name not in _MODULES:
            self._refuse_below_a_stub(name)
            return None
        make = _MODULES[name]
        offered = {} if make is None else make(name)
        what = ", ".join(offered) or "its modules only"
        # Shown by Python where a name can't be imported: "cannot import name 'x' from 'core.event_bus' (<…>)".
        origin = "<development stub of the Workbench, with %s; for the real one, %s>" % (what, REMEDY)
        spec = ModuleSpec(name, _Loader(offered), origin=origin, is_package=make is None)
        spec.has_location = True
        return spec

    def _refuse_below_a_stub(self, name):
        """Without this, `import mozaiks_infra.metrics` would fail as if the rest of mozaiks_infra were installed."""
        parent = sys.modules.get(name.rpartition(".")[0])
        if not isinstance(getattr(getattr(parent, "__spec__", None), "loader", None), _Loader):
            return
        top = name.partition(".")[0] + "."
        offers = ", ".join(known for known, make in _MODULES.items() if make and known.startswith(top))
        raise ModuleNotFoundError(
            "No module named %r: the Workbench has stubs of %s only. For the real ones, %s."
            % (name, offers, REMEDY),
            name=name,
        )


class _Loader:
    def __init__(self, offered):
        self._offered = offered

    def create_module(self, _spec):
        return None

    def exec_module(self, module):
        module.__dict__.update(self._offered)

        def missing(name):
            raise not_offered(name, module.__name__, self._offered)

        module.__getattr__ = missing
