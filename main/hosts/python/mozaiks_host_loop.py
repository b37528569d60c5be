"""Measures how long the plugin's own code holds the event loop, for each call.

In production all plugins share one event loop: while a callback runs, nobody is answered. Here a process has one
plugin, so the time has to be said.
"""

from __future__ import annotations

import asyncio
import time

# Shorter stretches are what every program does.
MIN_BLOCKED_S = 0.05


# Of all callbacks so far, in seconds.
_excused = 0.0


def excuse(seconds):
    """Part of the callback that is running does here what production does at its start, when nobody waits."""
    global _excused
    _excused += seconds


class LoopWatch:
    """Times each callback of the loop and adds the long ones to the call that it ran for."""

    def __init__(self, current_call):
        self._current_call = current_call
        self._started = None

    def install(self):
        run = asyncio.Handle._run

        def timed(handle):
            # As if it had begun later by what is excused meanwhile.
            started = self._started = time.perf_counter() - _excused
            try:
                run(handle)
            finally:
                self._started = None
                account = handle._context.get(self._current_call)
                if account is not None:
                    account.blocked_s += _counted(time.perf_counter() - _excused - started)

        asyncio.Handle._run = timed

    def blocked_ms(self, account):
        """Of this call so far, the callback that is running now included."""
        running = 0 if self._started is None else _counted(time.perf_counter() - _excused - self._started)
        return round((account.blocked_s + running) * 1000)


def _counted(seconds):
    return seconds if seconds >= MIN_BLOCKED_S else 0
