"""Development stubs of the modules of the production runtime that plugins import.

`install(emit, link)` appends a finder to the end of sys.meta_path: a module of one of the names below that the
interpreter can find, or that the plugin brings along, is always used; only what is missing is replaced by a stub. What
is done with it is reported through `emit(kind, name, detail, source)`; `link` asks the runtime for what production
stores.

The shapes (which names, which of them are coroutines, what they return) are those of mozaiks-core. None of it is
imported, and what takes time to load is loaded when a plugin uses it. Standard library only, Python 3.9 or later.
"""

import sys
from importlib.machinery import ModuleSpec

from mozaiks_host_own import import_own
from mozaiks_standins_base import REMEDY, connect, not_offered
from mozaiks_standins_bus import EventBus, bus


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


def _one(name, file, kind):
    """A module with one object, of a class that the module offers as well."""

    def make(source):
        made = getattr(_part(file), kind)
        return {name: made(source), kind: made}

    return make


def _all(file, function):
    return lambda source: getattr(_part(file), function)(source)


def _part(file):
    """One of the stubs' own files, loaded when the first plugin module needs it."""
    return import_own("mozaiks_standins_" + file)


def _notifications_package(source):
    small = _part("small")
    return {
        "broadcast_service": small.BroadcastService(source),
        "in_app_channel": small.InAppChannel(source),
        "digest_scheduler": small.DigestScheduler(source),
    }


# What `mozaiks_infra` and `mozaiks_platform` have, by what comes after their dot; `core` has both. None is a package
# that only contains others.
_INFRA = {
    "config": None,
    "config.config_loader": _all("config", "config_loader_module"),
    "config.database": _all("database", "database_module"),
    "config.settings": _one("settings", "config", "Settings"),
    "event_bus": _event_bus,
    "state_manager": _one("state_manager", "small", "StateManager"),
    "utils": None,
    "utils.log_sanitizer": _all("small", "log_sanitizer_module"),
    "websocket_manager": _one("websocket_manager", "websocket", "WebSocketManager"),
}
_PLATFORM = {
    "entitlements": _all("subscriptions", "entitlements_module"),
    "notifications": _notifications_package,
    "notifications_manager": _one("notifications_manager", "notifications", "NotificationsManager"),
    "settings_manager": _one("settings_manager", "settings", "SettingsManager"),
    "subscription_manager": _one("subscription_manager", "subscriptions", "SubscriptionManager"),
}


def _below(package, *tables):
    modules = {package + "." + name: make for table in tables for name, make in table.items()}
    return {package: None, **modules}


_MODULES = {
    **_below("mozaiks_infra", _INFRA),
    **_below("mozaiks_platform", _PLATFORM),
    # The names of older versions, which many plugins still import.
    **_below("core", _INFRA, _PLATFORM),
    "sdk": _all("database", "sdk_module"),
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
