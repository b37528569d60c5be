"""Notes the coroutines that a call makes and never awaits: what they were to do is not done, in production neither.

Python only warns of them, once for each line of code; the names are told with each call's result.
"""

from __future__ import annotations

import os
import sys
import warnings

# As in contract/host.ts; what comes after them is dropped.
MAX_NAMES = 20
MAX_NAME = 200


class UnawaitedCoroutines:
    """`current` is the context variable that holds the account of the call that runs."""

    def __init__(self, current):
        self._current = current

    def watch(self):
        """The interpreter calls this function of `warnings` when it ends a coroutine that never began."""
        warn = getattr(warnings, "_warn_unawaited_coroutine", None)
        if warn is None:
            return

        def note_and_warn(coroutine):
            self._note(coroutine, sys._getframe(1))
            warn(coroutine)

        warnings._warn_unawaited_coroutine = note_and_warn

    def _note(self, coroutine, frame):
        """`frame` is what dropped it: as a rule, the line that lacks the `await`."""
        names = self._current.get().unawaited
        file = os.path.basename(frame.f_code.co_filename)
        text = f"{getattr(coroutine, '__qualname__', 'coroutine')} ({file}, line {frame.f_lineno})"
        if len(names) < MAX_NAMES:
            names[text[:MAX_NAME]] = None
