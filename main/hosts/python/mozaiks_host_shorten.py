"""Values of a plugin as JSON of a limited length.

Shortened inside, never cut: masking needs each key beside its value.
"""

from __future__ import annotations

import json
import math
import string

MAX_DEPTH = 20
# Of the longest string; a tenth of it: of the longest list or object.
SIZES = (4096, 1000, 200, 50, 20)

# As MongoDB's Extended JSON has them.
NOT_FINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}

# What words, numbers, tokens and encoded values are made of.
WORD = f"{string.ascii_letters}{string.digits}_.~%+/=-"


class TooLong(Exception):
    """Said as soon as it is known, so that a large value costs no more than a small one."""


def fit_json(value, limit, convert=str):
    """`value` as JSON of at most `limit` characters. `convert` turns what JSON lacks into something that it has."""
    for size in SIZES:
        text = _try_json(value, size, limit, convert)
        if text is not None:
            return text
    return json.dumps("(too long to be shown)")


def whole_json(value, limit, convert=str):
    """`value` as JSON; None where that is longer than `limit`."""
    return _try_json(value, limit * 10, limit, convert)


def length_of(text):
    """As the runtime counts, which takes some characters for two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text, limit):
    """The beginning of a text, never cut inside of a word: of half a secret no mask would know the whole."""
    if length_of(text) <= limit:
        return text
    kept = text[: (limit if text.isascii() else limit // 2) - 1].rstrip(WORD)
    return f"{kept}…" if kept else f"({len(text)} characters)"


def _try_json(value, size, limit, convert):
    try:
        plain = _Walk(size, limit, convert).take(value, 0)
    except TooLong:
        return None
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return text if length_of(text) <= limit else None


class _Walk:
    """One try to make a value plain data of few characters."""

    def __init__(self, size, limit, convert):
        self._size = size
        self._most = size // 10
        self._left = limit
        self._convert = convert

    def take(self, value, depth):
        kind = type(value)
        if kind is str:
            return self._text(value)
        self._left -= 1
        if self._left < 0:
            raise TooLong
        if value is None or kind is bool or kind is int:
            return value
        if depth >= MAX_DEPTH:
            return "…"
        if isinstance(value, dict):
            return self._object(value, depth + 1)
        if isinstance(value, (list, tuple)):
            return self._list(value, depth + 1)
        if kind is float:
            return value if math.isfinite(value) else {"$numberDouble": NOT_FINITE.get(value, "NaN")}
        if isinstance(value, (bytes, bytearray, memoryview)):
            return {"$binary": f"{len(value)} bytes"}
        return self.take(self._convert(value), depth + 1)

    def _text(self, value):
        value = cut(value, self._size)
        self._left -= len(value) + 2
        if self._left < 0:
            raise TooLong
        return value

    def _list(self, value, depth):
        first = [self.take(item, depth) for item in value[: self._most]]
        rest = len(value) - len(first)
        return first + [f"… {rest} more"] if rest > 0 else first

    def _object(self, value, depth):
        short = {}
        for key, item in value.items():
            if len(short) == self._most:
                short["…"] = f"{len(value) - len(short)} more"
                break
            short[self._text(key if type(key) is str else str(key))] = self.take(item, depth)
        return short
