"""Turns everything a plugin writes (print, logging, warnings, the streams) into console lines of the call it runs in.

A line is sent as a message immediately, so that it is seen even if the next statement never returns. Each call has its
own line and byte limit, then one marker; the limits are those of contract/host.ts.
"""

from __future__ import annotations

import contextvars
import io
import logging
import sys
import threading
import time
import warnings

MAX_LINES = 1_000
MAX_BYTES = 256 * 1024
MARKER = f"… output cut: the limit per call is {MAX_LINES} lines or {MAX_BYTES // 1024} KiB"


class Account:
    """How much one call (or all code outside of calls) has written so far."""

    def __init__(self, call_id):
        self.id = call_id
        self.lines = 0
        self.bytes = 0
        self.closed = False
        # What it did with stubs.
        self.events = 0
        # How long it held the event loop (mozaiks_host_loop.py).
        self.blocked_s = 0
        # The environment variables that it looked for in vain, as keys (mozaiks_host_environment.py).
        self.absent = {}
        # The coroutines that it never awaited, as keys (mozaiks_host_unawaited.py).
        self.unawaited = {}
        # Its open child spans, as keys; None where they are not recorded, and after its end (mozaiks_host_spans.py).
        self.spans = None
        self.told_spans = 0
        # What its requests carry, as headers.
        self.traceparent = None
        self.user_jwt = None
        # Unfinished lines by level: print() writes its parts one by one.
        self.partial = {}


class Console:
    """The console lines of this process; `send` takes one message and may be called from any thread."""

    def __init__(self, send):
        self._send = send
        # Re-entrant: a signal handler may print while the same thread is printing.
        self._lock = threading.RLock()
        self._outside = Account(None)
        self.current = contextvars.ContextVar("mozaiks_call", default=self._outside)

    def capture(self):
        """Replaces the streams, the root logger's handler and the display of warnings in this process."""
        sys.stdout = Stream(self, "log", 1)
        sys.stderr = Stream(self, "error", 2)
        root = logging.getLogger()
        root.addHandler(LogLines(self))
        root.setLevel(logging.INFO)
        warnings.showwarning = self._show_warning

    def emit(self, level, text):
        """Sends one whole line (or one log record of several lines) of the current call."""
        account = self.current.get()
        with self._lock:
            lines = _accepted(account, text)
        # Sent without the lock: sending takes another one, whose holder may be about to print.
        for line in lines:
            message = {"type": "console", "id": account.id, "level": level, "text": line}
            self._send({**message, "at": int(time.time() * 1000)})

    def write(self, level, text):
        """Takes a piece of a stream: finished lines are sent, the rest waits for its newline."""
        account = self.current.get()
        if account.closed:
            return
        with self._lock:
            *lines, rest = (account.partial.pop(level, "") + text).split("\n")
            if len(rest) > MAX_BYTES:
                lines.append(rest)
            elif rest:
                account.partial[level] = rest
        for line in lines:
            if account.closed:
                return
            self.emit(level, line)

    def flush(self, level):
        """Sends an unfinished line."""
        rest = self.current.get().partial.pop(level, "")
        if rest:
            self.emit(level, rest)

    def _show_warning(self, message, category, filename, lineno, file=None, line=None):
        if file is not None:
            file.write(warnings.formatwarning(message, category, filename, lineno, line))
            return
        name = filename.replace("\\", "/").rsplit("/", 1)[-1]
        self.emit("warn", f"{category.__name__}: {message} ({name}, line {lineno})")


def _accepted(account, text):
    """The part of `text` that still fits, and the marker when the rest doesn't."""
    if account.closed:
        return []
    account.lines += 1
    left = MAX_BYTES - account.bytes
    # UTF-8 never takes fewer bytes than there are characters, so a longer text needs no counting.
    size = len(text) if len(text) > left else len(text.encode("utf-8", "surrogatepass"))
    account.bytes += size
    if size <= left and account.lines <= MAX_LINES:
        return [text]
    account.closed = True
    return [MARKER] if account.lines > MAX_LINES else [f"{text[: left // 4]}…", MARKER]


class LogLines(logging.Handler):
    """Log records as console lines of their level."""

    def __init__(self, console):
        super().__init__()
        self._console = console

    def emit(self, record):
        try:
            self._console.emit(_level_of(record.levelno), self.format(record))
        except Exception:
            # As logging itself does: a record that can't be formatted is reported and fails no call.
            self.handleError(record)


def _level_of(number):
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warn"
    return "info" if number >= logging.INFO else "debug"


class Stream(io.TextIOBase):
    """Replaces sys.stdout or sys.stderr."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, console, level, fileno):
        self._console = console
        self._level = level
        self._fileno = fileno
        self.buffer = ByteStream(self)

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._console.write(self._level, text)
        return len(text)

    def flush(self):
        self._console.flush(self._level)

    def writable(self):
        return True

    def reconfigure(self, **_settings):
        """Scripts ask for UTF-8 or line buffering, and have both already."""

    def fileno(self):
        return self._fileno

    def close(self):
        """A plugin that closes its standard output must not lose what it prints later."""


class ByteStream(io.RawIOBase):
    """`sys.stdout.buffer`, for those who write bytes."""

    def __init__(self, stream):
        self._stream = stream

    def write(self, data):
        self._stream.write(bytes(data).decode("utf-8", "backslashreplace"))
        return len(data)

    def flush(self):
        self._stream.flush()

    def writable(self):
        return True
