"""Values on their way to a document of the database and back: what BSON refuses is refused, the rest stays.

The runtime stores documents as JSON; what JSON lacks travels as MongoDB's extended JSON (`{"$date": …}`).
"""

import datetime
import math

_MAX_INT64 = 2**63
# What JavaScript holds exactly.
_MAX_SAFE = 2**53
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class InvalidDocument(Exception):
    """As bson.errors.InvalidDocument, where that is not installed."""


def encode(value):
    """Raises what pymongo raises for a value that BSON can't hold."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return _encode_int(value)
    if isinstance(value, float):
        # JSON has neither, and JavaScript would write 1.0 as 1.
        return value if math.isfinite(value) and not value.is_integer() else {"$numberDouble": repr(value)}
    if isinstance(value, datetime.datetime):
        return {"$date": _milliseconds(value)}
    if isinstance(value, (bytes, bytearray)):
        return {"$binary": bytes(value).hex()}
    if isinstance(value, dict):
        return _encode_dict(value)
    if isinstance(value, (list, tuple)):
        return [encode(item) for item in value]
    if type(value).__name__ == "ObjectId":
        return {"$oid": str(value)}
    raise _invalid("cannot encode object: %r, of type: %r" % (value, type(value)))


def decode(value):
    if isinstance(value, list):
        return [decode(item) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, item),) = value.items()
        if key in _DECODERS:
            return _DECODERS[key](item)
    return {key: decode(item) for key, item in value.items()}


def object_id():
    """The ObjectId of the interpreter's bson, else a stub of it."""
    try:
        from bson import ObjectId
    except ImportError:
        return _ObjectId
    return ObjectId


class _ObjectId:
    """Like bson's, it can't be returned as JSON: `str()` of it can."""

    __slots__ = ("_text",)

    def __init__(self, text):
        self._text = text

    def __str__(self):
        return self._text

    def __repr__(self):
        return "ObjectId(%r)" % self._text

    def __eq__(self, other):
        return type(other).__name__ in ("_ObjectId", "ObjectId") and str(other) == self._text

    def __hash__(self):
        return hash(self._text)


def _encode_int(value):
    if not -_MAX_INT64 <= value < _MAX_INT64:
        raise OverflowError("MongoDB can only handle up to 8-byte ints")
    return value if abs(value) <= _MAX_SAFE else {"$numberLong": str(value)}


def _encode_dict(value):
    for key in value:
        if not isinstance(key, str):
            raise _invalid("documents must have only string keys, key was %r" % (key,))
        if "\0" in key:
            raise _invalid("Key names must not contain the NULL byte")
    encoded = {key: encode(item) for key, item in value.items()}
    # A plugin's own key of that kind must come back as it was.
    return {"$document": list(encoded.items())} if any(key in _DECODERS for key in encoded) else encoded


def _milliseconds(value):
    # A time without a zone is UTC to the database.
    aware = value if value.tzinfo is not None else value.replace(tzinfo=datetime.timezone.utc)
    return (aware - _EPOCH) // datetime.timedelta(milliseconds=1)


def _decode_date(milliseconds):
    return (_EPOCH + datetime.timedelta(milliseconds=milliseconds)).replace(tzinfo=None)


_DECODERS = {
    "$numberDouble": float,
    "$numberLong": int,
    "$date": _decode_date,
    "$binary": bytes.fromhex,
    "$oid": lambda text: object_id()(text),
    "$document": lambda pairs: {key: decode(item) for key, item in pairs},
}


def _invalid(text):
    try:
        from bson.errors import InvalidDocument as Real
    except ImportError:
        return InvalidDocument(text)
    return Real(text)
