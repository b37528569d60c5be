"""Runs something when a module has been imported, whoever imports it; what is never imported costs nothing."""

from __future__ import annotations

import sys


class ImportHook:
    """First in `sys.meta_path`: lets the other finders find a module, and acts after its code has run."""

    def __init__(self):
        self._actions = {}

    def install(self):
        sys.meta_path.insert(0, self)

    def after(self, name, action):
        """`action` gets the module, once; at once where it has been imported. It must not raise."""
        if name in sys.modules:
            action(sys.modules[name])
        else:
            self._actions[name] = action

    def find_spec(self, name, path=None, target=None):
        if name not in self._actions:
            return None
        for finder in sys.meta_path:
            find = None if finder is self else getattr(finder, "find_spec", None)
            spec = None if find is None else find(name, path, target)
            if spec is not None:
                self._watch(spec)
                return spec
        return None

    def _watch(self, spec):
        loader = spec.loader
        execute = getattr(loader, "exec_module", None)
        # A class loads modules that are part of the interpreter.
        if execute is None or isinstance(loader, type):
            return

        def exec_module(module):
            execute(module)
            action = self._actions.pop(module.__name__, None)
            if action is not None:
                action(module)

        try:
            # Of this loader alone: its type stays what others expect.
            loader.exec_module = exec_module
        except AttributeError:
            # It takes no attributes: the module is imported all the same.
            return
