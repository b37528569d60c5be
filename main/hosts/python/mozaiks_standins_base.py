"""What all stubs share: how they report what the plugin did, and what they say where they offer less."""

import json

from mozaiks_host_shorten import fit_json

# The same limits as HOST_LIMITS in contract/host.ts: the runtime drops what is longer.
_DETAIL_LIMIT = 4 * 1024
_NAME_LIMIT = 200

_emit = None
_link = None


def connect(emit, link):
    """From now on `emit(kind, name, detail, source)` gets each event, and `link` asks and tells the runtime."""
    global _emit, _link
    _emit = emit
    _link = link


def link():
    """The way to the runtime (mozaiks_host_link.py)."""
    return _link


def ask(name, **argument):
    """Asks the runtime; to be awaited."""
    return _link.ask(name, argument)


def http_exception(status, detail):
    """FastAPI's, where the interpreter has it: production raises it, and a plugin may catch it by that name."""
    try:
        from fastapi import HTTPException as Real
    except ImportError:
        return HTTPException(status, detail)
    return Real(status_code=status, detail=detail)


class HTTPException(Exception):
    """Replaces FastAPI's."""

    def __init__(self, status_code, detail):
        super().__init__(status_code, detail)
        self.status_code = status_code
        self.detail = detail

    def __str__(self):
        return "%d: %s" % (self.status_code, self.detail)


def log(name):
    import logging

    return logging.getLogger(name)


def report(kind, name, detail, source):
    _emit(kind, str(name)[:_NAME_LIMIT], _detail(detail), source)


def _detail(value):
    try:
        return fit_json(value, _DETAIL_LIMIT)
    except Exception as error:  # A hostile __str__: what a plugin passes must not fail its call.
        return json.dumps("(can't be shown as JSON: %s)" % type(error).__name__)


# No registry has a package of production's modules.
REMEDY = "put a copy of production's source on PYTHONPATH"


def not_offered(name, source, offers):
    return AttributeError(
        "%r is not offered: %s is a development stub of the Workbench with %s. For the real one, %s."
        % (name, source, ", ".join(offers) or "its modules only", REMEDY)
    )


def note(source, text, *values):
    """Writes a line to the call's console, for a read, which changes nothing and so is not an event."""
    log("mozaiks_standins").info("stub for %s: " + text, source, *values)


class Stub:
    """Replaces one of production's objects; says so where it offers less."""

    def __init__(self, source):
        self._source = source

    def __getattr__(self, name):
        # Before its source is set, as when it is copied, only Python itself asks.
        source = self.__dict__.get("_source", "this")
        raise not_offered(name, source, [offer for offer in dir(type(self)) if not offer.startswith("_")])

    def __repr__(self):
        return "<stub for %s>" % self._source


def new_id():
    import uuid

    return str(uuid.uuid4())
