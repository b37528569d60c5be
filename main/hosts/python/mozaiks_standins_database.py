"""Stubs of production's database modules: the interpreter's motor where it is installed, else the way to get it."""

import os
import time

from mozaiks_host_loop import excuse
from mozaiks_standins_base import log
from mozaiks_standins_documents import object_id

_OPTIONS = {
    "maxPoolSize": 100,
    "minPoolSize": 10,
    "maxIdleTimeMS": 60_000,
    "connectTimeoutMS": 5_000,
    "serverSelectionTimeoutMS": 5_000,
    "heartbeatFrequencyMS": 10_000,
    "retryWrites": True,
    "w": "majority",
}
_COLLECTIONS = {
    "users_collection": "users",
    "subscriptions_collection": "subscriptions",
    "subscription_history_collection": "subscription_history",
    "billing_history_collection": "billing_history",
    "settings_collection": "settings",
    "entitlement_usage_collection": "entitlement_usage",
    "token_usage_collection": "token_usage",
}
_LOG = "mozaiks_core.database"


class DatabaseUnavailable(RuntimeError):
    """A stub was asked for data without motor, the driver that production uses."""


class Lazy:
    """A database, a collection or one of their methods. Naming one succeeds; using it needs the driver."""

    def __init__(self, path, find):
        self._path = path
        self._find = find

    def __getitem__(self, name):
        return Lazy("%s[%r]" % (self._path, name), lambda: self._find()[name])

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError("%s has no %r: %s" % (self._path, name, _missing()))
        return Lazy("%s.%s" % (self._path, name), lambda: getattr(self._find(), name))

    def __call__(self, *arguments, **options):
        return self._resolve()(*arguments, **options)

    def __await__(self):
        return self._resolve().__await__()

    def __iter__(self):
        return iter(self._resolve())

    def __aiter__(self):
        return self._resolve().__aiter__()

    def __len__(self):
        return len(self._resolve())

    def __setitem__(self, name, value):
        self._resolve()[name] = value

    def __delitem__(self, name):
        del self._resolve()[name]

    def __bool__(self):
        return True

    def __repr__(self):
        return "<stub for %s>" % self._path

    def _resolve(self):
        # Looked for at each use: an install heals the plugin without a restart.
        _driver(self._path)
        found = self._find()
        for watch in _watches:
            watch.remind()
        return found


def _driver(path):
    started = time.perf_counter()
    try:
        from motor.motor_asyncio import AsyncIOMotorClient
    except ImportError as error:
        raise DatabaseUnavailable("%s can't be used: %s" % (path, _missing())) from error
    # Production imports it at its start.
    excuse(time.perf_counter() - started)
    return AsyncIOMotorClient


def _driver_is_missing():
    import importlib.util

    return importlib.util.find_spec("bson") is None


def _missing():
    import sys

    return "production's database needs motor: %s -m pip install motor" % sys.executable


_clients = {}
_watches = []


def _client(uri, options, path, variable):
    key = (uri, bool(options))
    if key not in _clients:
        connect = _driver(path)
        started = time.perf_counter()
        try:
            watch = [_watch(uri, variable)]
        except ImportError:
            # The driver is not built on pymongo: it alone tells of a database that does not answer.
            watch = []
        _watches.extend(watch)
        listeners = {"event_listeners": watch} if watch else {}
        _clients[key] = connect(uri, **options, **listeners)
        # Made at its start, too.
        excuse(time.perf_counter() - started)
    return _clients[key]


def _watch(uri, variable):
    """Tells each call that uses a database which does not answer, since its driver only says so after seconds."""
    import contextvars

    from pymongo.monitoring import ServerHeartbeatListener

    # The workbench's own (CONTRACT.md §8), which nobody but it can start.
    is_local = uri.startswith("mongodb://workbench:")
    # Of the call that connects: the driver tells of it in a thread of its own.
    first_call = contextvars.copy_context()

    class Watch(ServerHeartbeatListener):
        problem = None

        def started(self, event):
            pass

        def succeeded(self, event):
            self.problem = None

        def failed(self, event):
            is_news = self.problem is None
            host, port = event.connection_id
            remedy = "see the workbench’s log" if is_local else "start MongoDB there"
            self.problem = f"no database answers at {host}:{port}: {remedy}, or set {variable}"
            if is_news:
                first_call.copy().run(self.remind)

        def remind(self):
            if self.problem is not None:
                log("mozaiks_standins").warning(self.problem)

    return Watch()


def _core_client():
    uri = os.environ.get("DATABASE_URI") or "mongodb://localhost:27017/mozaiks"
    return _client(uri, _OPTIONS, "db", "DATABASE_URI")


def _core_database():
    # Whatever database the address names, as in production.
    return _core_client()["client" if os.environ.get("ENV") == "production" else "MozaiksCore"]


def _sdk_database():
    uri = os.environ.get("MONGODB_URI") or "mongodb://localhost:27017"
    return _client(uri, {}, "get_db()", "MONGODB_URI")[os.environ.get("PLUGINS_DB_NAME") or "MozaiksPlugins"]


class DBCache:
    """Values for five minutes."""

    def __init__(self, max_size=1000, ttl=300):
        self.cache = {}
        self.max_size = max_size
        self.ttl = ttl

    def get(self, key):
        value, stored_at = self.cache.get(key, (None, None))
        if stored_at is not None and time.time() - stored_at > self.ttl:
            del self.cache[key]
            return None
        return value

    def set(self, key, value):
        if len(self.cache) >= self.max_size:
            oldest = sorted(self.cache, key=lambda known: self.cache[known][1])[: len(self.cache) // 10]
            for known in oldest:
                del self.cache[known]
        self.cache[key] = (value, time.time())

    def invalidate(self, key):
        self.cache.pop(key, None)

    def clear(self):
        self.cache.clear()


db_cache = DBCache()


def make_cache_key(collection_name, document_id):
    return "%s:%s" % (collection_name, document_id)


async def get_cached_document(collection, query, cache_key=None):
    cached = db_cache.get(cache_key) if cache_key else None
    if cached:
        return cached
    document = await collection.find_one(query)
    if cache_key and document:
        db_cache.set(cache_key, document)
    return document


async def update_and_invalidate(collection, query, update, cache_key=None):
    result = await collection.update_one(query, update)
    if cache_key:
        db_cache.invalidate(cache_key)
    return result


async def verify_connection(force=False):
    _driver("verify_connection()")
    await _core_client().server_info()
    return True


def with_retry(max_retries=3, delay=1):
    def decorator(function):
        import asyncio
        import functools

        @functools.wraps(function)
        async def attempt(*arguments, **options):
            pause = delay
            for retry in range(max_retries + 1):
                try:
                    return await function(*arguments, **options)
                except Exception as error:
                    # Without a driver no attempt helps, and nothing is gained by waiting.
                    if retry == max_retries or isinstance(error, DatabaseUnavailable):
                        raise
                    log(_LOG).warning("retry %d of %d: %s", retry + 1, max_retries, error)
                await asyncio.sleep(pause)
                pause *= 2

        return attempt

    return decorator


async def create_settings_indexes():
    await _collection("settings_collection").create_index([("user_id", 1), ("plugin_name", 1)])


async def create_enterprise_index():
    await _enterprises().create_index("AdminId")


async def initialize_database():
    await verify_connection()
    await create_enterprise_index()
    await create_settings_indexes()


def _collection(name):
    return Lazy(name, lambda: _core_database()[_COLLECTIONS[name]])


def _enterprises():
    return Lazy("enterprises_collection", lambda: _core_client()["MozaiksDB"]["Enterprises"])


def database_module(_source):
    functions = (verify_connection, initialize_database, create_settings_indexes, create_enterprise_index)
    functions += (get_cached_document, update_and_invalidate, make_cache_key, with_retry)
    classes = (DBCache, DatabaseUnavailable)
    return {
        "db": Lazy("db", _core_database),
        "db_enterprise": Lazy("db_enterprise", lambda: _core_client()["MozaiksDB"]),
        "mongo_client": Lazy("mongo_client", _core_client),
        **{name: _collection(name) for name in _COLLECTIONS},
        "enterprises_collection": _enterprises(),
        "db_cache": db_cache,
        **{offered.__name__: offered for offered in functions + classes},
    }


def sdk_module(_source):
    """`ObjectId` is bson's, which comes with motor: only its use needs that."""
    database = Lazy("get_db()", _sdk_database)

    def get_collection(name):
        return Lazy("get_collection(%r)" % name, lambda: _sdk_database()[name])

    return {"get_collection": get_collection, "get_db": lambda: database, "ObjectId": Lazy("ObjectId", object_id) if _driver_is_missing() else object_id()}
