"""Checks what a plugin returned: only a dict that production could encode is a result (CONTRACT.md §4)."""

from __future__ import annotations

import collections.abc
import json
import math

from mozaiks_host_encode import Cycle, Encoder

MAX_BYTES = 5 * 1024 * 1024


# Longer results are not shown in a line.
MAX_SHOWN = 300


def check_result(value, note, awaited=False):
    """The result as a message to the runtime; `note` gets what its author should know. Raises only what the value itself
    raises. `awaited`: it came from an awaitable that production would not have awaited."""
    if not isinstance(value, dict):
        name = type(value).__name__[:100]
        return _invalid(f"it returned {_name_of(value)}, not a dict", typeName=name, **_as_answer(value))
    encoder = Encoder()
    try:
        value = encoder.encode(value)
        text = json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        size = len(text.encode("utf-8"))
    except RecursionError:
        return _invalid("it can't be serialized: it holds nesting that is too deep")
    except (TypeError, ValueError, OverflowError) as error:
        problem = _find_problem(value)
        return _invalid(f"it can't be serialized: {error}" if problem is None else f"it holds {problem}")
    if size > MAX_BYTES:
        return _invalid(f"it is {_megabytes(size)} as JSON; the limit is {_megabytes(MAX_BYTES)}")
    if encoder.dropped:
        note(f"left out of the result, as in production: {', '.join(map(repr, encoder.dropped[:10]))} (keys that start with _sa)")
    differs = ["awaited"] * awaited + ["pydantic-1"] * encoder.pydantic_1
    return {"kind": "returned", "json": text, **({"differs": differs} if differs else {})}


def _as_answer(value):
    """What production answers with: `json`, None if that can't be encoded; nothing where it is long or may have no end."""
    if isinstance(value, collections.abc.Iterator) or (hasattr(value, "__len__") and len(value) > MAX_SHOWN):
        return {}
    try:
        text = json.dumps(Encoder().encode(value), allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        text.encode("utf-8")
    except Exception:
        return {"json": None}
    return {"json": text} if len(text) <= MAX_SHOWN else {}


def _find_problem(root):
    """What JSON can't carry of an encoded result, with its path; None if nothing is found. Any depth is fine."""
    todo = [(root, "")]
    while todo:
        value, path = todo.pop()
        if isinstance(value, (dict, list)):
            pairs = value.items() if isinstance(value, dict) else enumerate(value)
            for key, child in list(pairs)[::-1]:
                step = _step_to(key, isinstance(value, dict), path)
                if isinstance(value, dict) and not _is_key(key):
                    return f"{_name_of(key)} as a key at {_short(path) or 'its top level'}"
                todo.append((child, path + step if len(path) < 200 else path))
        elif not _is_plain(value):
            return f"{_name_of(value)} at {_short(path)}"
    return None


def _step_to(key, is_dict, path):
    if not is_dict:
        return f"[{key}]"
    return f".{key}" if path else f"{key}"


def _is_key(key):
    return isinstance(key, (str, int, float, type(None))) and _is_plain(key)


def _is_plain(value):
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, str):
        return not _is_broken(value)
    return value is None or isinstance(value, int)


def _is_broken(text):
    """Half a character (a lone surrogate), which UTF-8 can't carry."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _name_of(value):
    if value is None:
        return "None"
    if isinstance(value, Cycle):
        return "a cycle"
    if isinstance(value, float) and not math.isfinite(value):
        return str(float(value))
    if isinstance(value, str) and _is_broken(value):
        return "a string with half a character (a lone surrogate)"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _short(text):
    return f"{text[:120]}…" if len(text) > 120 else text


def _megabytes(size):
    return f"{size / 1024 / 1024:.1f} MB"


def _invalid(reason, **more):
    return {"kind": "invalid", "reason": reason[:1000], **more}
