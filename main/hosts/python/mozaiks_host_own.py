"""Imports the host's own files late: their folder is not on the plugin's path."""

from __future__ import annotations

import importlib
import os
import sys

_FOLDER = os.path.dirname(os.path.abspath(__file__))


def import_own(name):
    """Unlike a plugin's, its bytecode is kept."""
    if name in sys.modules:
        return sys.modules[name]
    sys.path.insert(0, _FOLDER)
    sys.dont_write_bytecode = False
    try:
        return importlib.import_module(name)
    finally:
        sys.dont_write_bytecode = True
        sys.path.remove(_FOLDER)
