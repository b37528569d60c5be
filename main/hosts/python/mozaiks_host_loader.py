"""Imports a plugin as production does (`plugins.<name>.logic`) and remembers which files it was made of.

Source is always read, never a `.pyc`: a compiled file made in the same second as an edit would hide the edit.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.machinery as machinery
import importlib.util
import json
import os
import sys
import threading
import types

# Folders of installed packages; edits there are not edits of a plugin.
INSTALLED = {"site-packages", "dist-packages", "node_modules"}
STDLIB = os.path.dirname(os.path.realpath(os.__file__))
# The workbench itself may be beside the watched folder, as with its examples.
HOST = os.path.dirname(os.path.realpath(__file__))


class Sources:
    """The files that were imported from the author's own folders, with the digests of what was read."""

    def __init__(self, root, folder, snapshot):
        self._root = root
        self._parent = os.path.dirname(root)
        self.folder = folder
        self._lock = threading.Lock()
        self._digests = {}
        self._snapshot = _read_snapshot(snapshot)
        self._reported = -1

    def is_own(self, path):
        """Below the watched folder or beside it, and neither the interpreter's nor an installed package."""
        # What isn't a path (`<frozen importlib._bootstrap>`) must not be resolved in the working directory.
        if not os.path.isabs(path):
            return False
        path = os.path.realpath(path)
        if not _is_inside(self._parent, path):
            return False
        parts = os.path.relpath(path, self._parent).split(os.sep)
        return not (_is_inside(STDLIB, path) or _is_inside(HOST, path) or INSTALLED.intersection(parts))

    def note(self, path, data):
        with self._lock:
            self._digests[os.path.realpath(path)] = hashlib.sha256(data).hexdigest()

    def content_of(self, path):
        """The file's content when this version was made; None if unknown."""
        return self._snapshot.get(os.path.realpath(path))

    def has_files_below(self, folder):
        return any(path.startswith(os.path.realpath(folder) + os.sep) for path in self._snapshot)

    def name(self, path):
        """As its author thinks of it: relative to the plugin's folder."""
        return os.path.relpath(os.path.realpath(path), self.folder).replace(os.sep, "/")

    def report(self):
        """`files` and their common `hash`, or None when nothing was read since the last report."""
        with self._lock:
            if len(self._digests) == self._reported:
                return None
            self._reported = len(self._digests)
            files = dict(self._digests)
        # The runtime computes the same hash for what is on disk (plugins/version/python-files.ts).
        names = {os.path.relpath(path, self._root).replace(os.sep, "/"): digest for path, digest in files.items()}
        text = "".join(f"{name}\0{names[name]}\n" for name in sorted(names))
        return {"files": sorted(files), "hash": hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]}


def install(sources, root):
    """Makes `plugins` the watched folder, whatever it is called, and lets imports from it pass through `sources`."""

    class Loader(machinery.SourceFileLoader):
        def path_stats(self, path):
            raise OSError("source only")

        def get_data(self, path):
            data = sources.content_of(path)
            if data is None:
                data = super().get_data(path)
            sources.note(path, data)
            return data

    def hook(path):
        folder = os.path.abspath(path)
        if not sources.is_own(folder):
            raise ImportError(f"{folder} is not one of the author's folders")
        return machinery.FileFinder(
            folder,
            (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES),
            (Loader, machinery.SOURCE_SUFFIXES),
            (machinery.SourcelessFileLoader, machinery.BYTECODE_SUFFIXES),
        )

    class SnapshotFinder:
        """Finds this version's files even if they are gone from the disk."""

        @staticmethod
        def find_spec(fullname, path=None, target=None):
            for folder in sys.path if path is None else path:
                stem = os.path.join(folder, fullname.rpartition(".")[2])
                for file, places in ((os.path.join(stem, "__init__.py"), [stem]), (f"{stem}.py", None)):
                    if sources.content_of(file) is not None:
                        loader = Loader(fullname, file)
                        return importlib.util.spec_from_file_location(
                            fullname, file, loader=loader, submodule_search_locations=places
                        )
                if sources.has_files_below(stem):
                    spec = machinery.ModuleSpec(fullname, None, is_package=True)
                    spec.submodule_search_locations = [stem]
                    return spec
            return None

    # Last, but before the stubs of missing modules: it finds only files that are gone.
    sys.meta_path.insert(sys.meta_path.index(machinery.PathFinder) + 1, SnapshotFinder)
    sys.path_hooks.insert(0, hook)
    sys.path_importer_cache.clear()
    # The app's own folder comes first, as in production; the plugins' last, since a plugin may have a package's name.
    sys.path.insert(0, os.path.dirname(root))
    sys.path.append(root)
    init = os.path.join(root, "__init__.py")
    if not os.path.isfile(init):
        package = types.ModuleType("plugins")
        package.__path__ = [root]
        sys.modules["plugins"] = package
        return
    loader = Loader("plugins", init)
    spec = importlib.util.spec_from_file_location("plugins", init, loader=loader, submodule_search_locations=[root])
    sys.modules["plugins"] = package = importlib.util.module_from_spec(spec)
    loader.exec_module(package)


def _read_snapshot(path):
    """Contents by real path, as the runtime read them."""
    if not path:
        return {}
    with open(path, encoding="utf-8") as file:
        return {name: text.encode("latin-1") for name, text in json.load(file).items()}


def find_handler(module):
    """`execute`, else `run` (CONTRACT.md §4), with its name. Raises LookupError with what is defined instead."""
    for name in ("execute", "run"):
        handler = getattr(module, name, None)
        if callable(handler):
            return name, handler
    found = [name for name, value in vars(module).items() if isinstance(value, types.FunctionType)]
    raise LookupError(
        f"no function execute(data) is defined (functions found: {', '.join(found) or 'none'}); define one"
    )


def _is_inside(folder, path):
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)
