"""Describes a plugin's exceptions: a message, a traceback of its own frames only, and the place in its source."""

from __future__ import annotations

import os
import sys

# The runtime counts UTF-16 units and refuses longer texts.
MAX_TEXT = 30_000

# Modules whose package has another name. PyPI's own `bson` is somebody else's and breaks pymongo.
PACKAGES = {
    **dict.fromkeys(("bson", "gridfs", "motor", "pymongo"), "motor"),
    "PIL": "Pillow",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "jose": "'python-jose[cryptography]'",
    "jwt": "PyJWT",
    "yaml": "PyYAML",
}
# Production's own modules: no registry has them, and one that has a package of that name has another's.
PRODUCTION = ("core", "plugins", "sdk")


def message_of(error):
    """As in production: `str(e)`; the type's name where that is empty or fails. Never raises."""
    try:
        return str(error)[:MAX_TEXT] or type(error).__name__
    except BaseException:
        return f"{type(error).__name__} (its message is unavailable)"


def stack_of(error, sources):
    """The traceback with only the author's frames, paths relative to the plugin's folder. Never raises."""
    try:
        import traceback

        report = traceback.TracebackException(type(error), error, error.__traceback__)
        _trim(report, sources, set())
        return "".join(report.format()).rstrip("\n")[:MAX_TEXT]
    except BaseException as failure:
        # A hostile __str__ or a deep chain of causes: less detail, but the call still settles.
        return f"{type(error).__name__} (its traceback is unavailable: {type(failure).__name__})"


def _trim(report, sources, seen):
    """The report itself, its causes and the members of a group."""
    if report is None or id(report) in seen:
        return
    seen.add(id(report))
    own = []
    for frame in report.stack:
        if not sources.is_own(frame.filename):
            continue
        # Read before the file name changes: the source is looked up by it.
        frame.line
        frame.filename = sources.name(frame.filename)
        own.append(frame)
    report.stack[:] = own
    filename = getattr(report, "filename", None)
    if filename and sources.is_own(filename):
        report.filename = sources.name(filename)
    for other in [report.__cause__, report.__context__, *(getattr(report, "exceptions", None) or [])]:
        _trim(other, sources, seen)


def load_failure(error, sources):
    """Why a module didn't load: message (whose first line is enough), stack, place or None, and if a module is missing."""
    place = _place_of(error, sources)
    failure = {"message": _load_message(error, place, sources), "stack": stack_of(error, sources)}
    missing = isinstance(error, ModuleNotFoundError) and bool(error.name)
    return {**failure, "place": place, "missing": missing}


def _load_message(error, place, sources):
    where = f" ({place['file']}, line {place['line']})" if place else ""
    if isinstance(error, SystemExit):
        return f"it called sys.exit({error.code!r}) while it was loading{where}"[:MAX_TEXT]
    if isinstance(error, ModuleNotFoundError) and error.name:
        # The first line goes to clients, who must not see paths of this machine.
        return f"{message_of(error)}{where}\n{_remedy(error.name, place, sources)}"
    if isinstance(error, LookupError) and not place:
        return message_of(error)
    text = error.msg if isinstance(error, SyntaxError) else message_of(error)
    name = type(error).__name__
    return (f"{name}{where}" if text == name else f"{name}: {text}{where}")[:MAX_TEXT]


def _remedy(name, place, sources):
    top = name.split(".")[0]
    if top == "plugins":
        return "Is the path correct, and does the file exist?"
    folder = os.path.dirname(os.path.join(sources.folder, place["file"])) if place else sources.folder
    if os.path.exists(os.path.join(folder, f"{top}.py")) or os.path.isdir(os.path.join(folder, top)):
        return f"It is beside the plugin's own file: write `from . import {top}` or `from .{top} import …`"
    if top in sys.modules and not _is_production(top):
        return "Is the path correct, and does the file exist?"
    return install_advice(top)


def install_advice(top):
    """What provides the module `top`, as a command for the interpreter in use; never a package that is another's."""
    if _is_production(top):
        return "It is part of production, and no package: put a copy of production's source on PYTHONPATH"
    command = f"{sys.executable} -m pip install"
    if top in PACKAGES:
        return f"Install it for the interpreter in use: {command} {PACKAGES[top]}"
    return f"Install it for the interpreter in use, if its package has that name: {command} {top}"


def _is_production(top):
    return top in PRODUCTION or top.startswith("mozaiks_")


def _place_of(error, sources):
    """The last place in the author's source; None when the error came from elsewhere."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno and sources.is_own(error.filename):
        column = error.offset if error.offset and error.offset > 0 else 1
        return {"file": sources.name(error.filename), "line": error.lineno, "column": column}
    import traceback

    own = [frame for frame in traceback.extract_tb(error.__traceback__) if sources.is_own(frame.filename)]
    if not own:
        return None
    last = own[-1]
    column = getattr(last, "colno", None)
    return {"file": sources.name(last.filename), "line": last.lineno, "column": (column or 0) + 1}
