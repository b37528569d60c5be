"""Turns what a plugin returned into plain data as production's framework does (CONTRACT.md §4).

Production answers through FastAPI, whose encoder takes more than JSON has: dates, sets, dataclasses, models. A type
that it can't take is left as it is here, so that the check of the result finds it and names its path.
"""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import ipaddress
import pathlib
import re
import sys
import types
import uuid

PLAIN = (str, int, float, type(None))
TEXTS = (
    ipaddress.IPv4Address,
    ipaddress.IPv4Interface,
    ipaddress.IPv4Network,
    ipaddress.IPv6Address,
    ipaddress.IPv6Interface,
    ipaddress.IPv6Network,
    pathlib.PurePath,
    uuid.UUID,
)
SEQUENCES = (list, set, frozenset, tuple, collections.deque, types.GeneratorType)
# What an encoder would turn into text or an empty object there by accident, or refuses: shown with its path here.
REFUSED = (bytearray, memoryview, types.FunctionType, types.BuiltinFunctionType, types.MethodType, type, types.ModuleType)
# Attributes of SQLAlchemy's models.
HIDDEN = "_sa"


class Cycle:
    """In place of a value that holds itself."""


class Encoder:
    """One result. `dropped` has the keys that vanish on the way, as they do in production. `pydantic_1`: a model was one."""

    def __init__(self):
        self.dropped = []
        self.pydantic_1 = False
        self._inside = set()

    def encode(self, value):
        if type(value) in PLAIN:
            return value
        if isinstance(value, enum.Enum):
            return value.value
        if isinstance(value, (str, int, float)):
            return value
        simple = _encode_simple(value)
        if simple is not value or isinstance(value, REFUSED):
            return simple
        if id(value) in self._inside:
            return Cycle()
        self._inside.add(id(value))
        try:
            return self._encode_compound(value)
        finally:
            self._inside.discard(id(value))

    def _encode_compound(self, value):
        if isinstance(value, dict):
            return self._encode_dict(value)
        if isinstance(value, SEQUENCES):
            return [self.encode(item) for item in value]
        if _is_pydantic_2(value):
            return self.encode(value.model_dump(mode="json", by_alias=True))
        if _is_pydantic_1(value):
            self.pydantic_1 = True
            return self.encode(value.dict(by_alias=True))
        if dataclasses.is_dataclass(value):
            return self.encode(dataclasses.asdict(value))
        # As production's framework: anything else is made a dict, or shown by its attributes.
        for attributes in (dict, vars):
            try:
                found = attributes(value)
            except Exception:
                continue
            return self.encode(found)
        return value

    def _encode_dict(self, value):
        encoded = {}
        for key, item in value.items():
            if isinstance(key, str) and key.startswith(HIDDEN):
                self.dropped.append(key)
                continue
            encoded[self._encode_key(key)] = self.encode(item)
        return encoded

    def _encode_key(self, key):
        encoded = self.encode(key)
        try:
            hash(encoded)
        except TypeError:
            # A tuple becomes a list, which can't be a key: left for the check to name.
            return key
        return encoded


def _encode_simple(value):
    """What becomes a text or a number; the value itself where it is none of these."""
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds()
    if isinstance(value, decimal.Decimal):
        return _encode_decimal(value)
    if isinstance(value, bytes):
        return _decode(value)
    if isinstance(value, TEXTS):
        return str(value)
    if isinstance(value, re.Pattern):
        return value.pattern
    return value


def _encode_decimal(value):
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= 0:
        return int(value)
    return float(value)


def _decode(value):
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _is_pydantic_2(value):
    return "pydantic" in sys.modules and hasattr(value, "model_dump") and hasattr(type(value), "model_fields")


def _is_pydantic_1(value):
    return "pydantic" in sys.modules and hasattr(type(value), "__fields__") and callable(getattr(value, "dict", None))
