"""Measures how long the plugin's own code holds the event loop, for each call.

In production all plugins share one event loop: while a callback runs, nobody is answered. Here a process has one
plugin, so the time has to be said.
"""

from __future__ import annotations

import asyncio
import contextlib
import time

# Shorter stretches are what every program does.
MIN_BLOCKED_S = 0.05


class _Excused:
    seconds = 0


@contextlib.contextmanager
def excused():
    """Around what production does once, when it starts: its time is not the call's. Not to be nested."""
    started = time.perf_counter()
    try:
        yield
    finally:
        _Excused.seconds += time.perf_counter() - started


class LoopWatch:
    """Times each callback of the loop and adds the long ones to the call that it ran for."""

    def __init__(self, current_call):
        self._current_call = current_call
        self._started = None

    def install(self):
        run = asyncio.Handle._run

        def timed(handle):
            started = self._started = _clock()
            try:
                run(handle)
            finally:
                self._started = None
                account = handle._context.get(self._current_call)
                if account is not None:
                    account.blocked_s += _counted(_clock() - started)

        asyncio.Handle._run = timed

    def blocked_ms(self, account):
        """Of this call so far, the callback that is running now included."""
        running = 0 if self._started is None else _counted(_clock() - self._started)
        return round((account.blocked_s + running) * 1000)


def _clock():
    """Stands still for what is excused."""
    return time.perf_counter() - _Excused.seconds


def _counted(seconds):
    return seconds if seconds >= MIN_BLOCKED_S else 0
