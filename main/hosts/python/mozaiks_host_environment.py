"""Notes which environment variables a plugin looks for in vain: production's server may have them.

The names are told with each call's result; only the runtime knows which of them it holds back.
"""

from __future__ import annotations

import os

# As in contract/host.ts; what comes after them is dropped.
MAX_NAMES = 200
MAX_NAME = 200


class AbsentVariables:
    """`current` is the context variable that holds the account of the call that runs."""

    def __init__(self, current):
        self._current = current
        # What the module looked for while it was loaded concerns all its calls.
        self._outside = current.get()

    def watch(self):
        """Its class changes, since others hold the object itself; a look-up that succeeds costs nothing more."""
        note = self._note

        class Watched(type(os.environ)):
            def __getitem__(self, name):
                try:
                    return super().__getitem__(name)
                except KeyError:
                    note(name)
                    raise

        os.environ.__class__ = Watched

    def _note(self, name):
        names = self._current.get().absent
        if len(names) < MAX_NAMES and len(name) <= MAX_NAME:
            names[name] = None

    def names_for(self, account):
        """Those of a call that ends now, in the order in which it looked for them."""
        return list({**account.absent, **self._outside.absent})[:MAX_NAMES]
