"""Tells the runtime what a call does outside its own code: database commands and HTTP requests, as child spans.

Each is told once: when it ends, or when its call does. Nothing of it changes what the plugin sees, but the header
`traceparent` of its requests, and a failure in here fails no plugin. The limits are those of contract/host.ts.
"""

from __future__ import annotations

import collections
import contextvars
import functools
import logging
import threading
import time

from mozaiks_host_imports import ImportHook
from mozaiks_host_own import import_own
from mozaiks_host_shorten import cut

MAX_SPANS = 200
# So much of them is lost where the process ends by itself.
FLUSH_SECONDS = 0.02
MAX_TEXT = 4 * 1024
# What observes the libraries, once they are imported: a file beside this one, and its function.
OBSERVERS = {
    "pymongo.monitoring": ("database", "observe"),
    "http.client": ("http", "observe_http_client"),
    "urllib3.connectionpool": ("http", "observe_urllib3"),
    "httpx._transports.default": ("clients", "observe_httpx"),
    "aiohttp.client": ("clients", "observe_aiohttp"),
}
UNFINISHED = "it was still running when the call ended"

# The call that a thread works for, where the context of the call itself doesn't reach.
_carried = contextvars.ContextVar("mozaiks_carried_call", default=None)
_failures = []


def harmless(function):
    """What fails in here is said once and fails nothing else; the result is None then."""

    @functools.wraps(function)
    def guarded(*arguments, **options):
        try:
            return function(*arguments, **options)
        except Exception as error:
            if not _failures:
                _failures.append(error)
                text = "the Workbench could not record a child span: %s: %s"
                logging.getLogger("mozaiks_spans").warning(text, type(error).__name__, error)

    return guarded


class Spans:
    """Those of this process. `current` is the context variable that holds the account of the call that runs, `send` takes
    any number of messages."""

    def __init__(self, current, send):
        self._current = current
        self._outbox = Outbox(send)
        self._accounts = {}
        self.mode = "off"

    @harmless
    def record(self, mode):
        """From now on, or not at all: `mode` is one of contract/child-span.ts. Before the plugin's code runs."""
        if mode not in ("on", "bodies") or self.mode != "off":
            return
        self.mode = mode
        hook = ImportHook()
        for module, (file, function) in OBSERVERS.items():
            hook.after(module, functools.partial(self._observe, file, function))
        hook.after("threading", self._follow_threads)
        hook.after("concurrent.futures.thread", self._follow_executors)
        hook.install()

    @harmless
    def _observe(self, file, function, module):
        getattr(import_own("mozaiks_host_spans_" + file), function)(module, self)

    def begin_call(self, account):
        if self.mode != "off":
            account.spans = {}
            self._accounts[account.id] = account

    def end_call(self, call_id):
        """What is still running is told with the call; what begins from now on belongs to none."""
        account = self._accounts.pop(call_id, None)
        if account is not None:
            self._end_open(account)
            account.spans = None
            self._outbox.flush()

    def tell_open(self, call_id):
        """The call may be about to be killed. Callable from any thread."""
        account = self._accounts.get(call_id)
        if account is not None:
            self._end_open(account)
            self._outbox.flush()

    def end_all(self):
        for call_id in list(self._accounts):
            self.end_call(call_id)

    @harmless
    def _end_open(self, account):
        for span in list(account.spans):
            span.end(None if span.is_answered else UNFINISHED)

    def account(self):
        """Of the call that runs; None outside of any."""
        account = self._current.get()
        if account.id is None:
            account = _carried.get()
        return None if account is None or account.spans is None else account

    def open(self, report):
        """A span that begins now; None outside of any call. `report` gives its work and its scope, at its end."""
        account = self.account()
        return None if account is None else Span(account, report, self._outbox)

    @harmless
    def _follow_threads(self, module):
        start = module.Thread.start

        @functools.wraps(start)
        def start_for_call(thread):
            account = self.account()
            if account is not None:
                thread.run = functools.partial(_run_for, account, thread.run)
            return start(thread)

        module.Thread.start = start_for_call

    @harmless
    def _follow_executors(self, module):
        submit = module.ThreadPoolExecutor.submit

        @functools.wraps(submit)
        def submit_for_call(executor, function, /, *arguments, **options):
            account = self.account()
            if account is not None:
                function = functools.partial(_run_for, account, function)
            return submit(executor, function, *arguments, **options)

        module.ThreadPoolExecutor.submit = submit_for_call


def _run_for(account, function, /, *arguments, **options):
    token = _carried.set(account)
    try:
        return function(*arguments, **options)
    finally:
        _carried.reset(token)


class Span:
    """Something that a call does outside its own code, until it ends."""

    __slots__ = ("account", "duration_ms", "is_answered", "_at", "_outbox", "_report", "_started")

    def __init__(self, account, report, outbox):
        self.account = account
        # Where that is not the time until its end.
        self.duration_ms = None
        # It has what it was about, though there may be more of it.
        self.is_answered = False
        self._at = time.time()
        self._outbox = outbox
        self._report = report
        self._started = time.perf_counter()
        account.spans[self] = None

    def elapsed_ms(self):
        return (time.perf_counter() - self._started) * 1000

    @harmless
    def end(self, error=None):
        """Tells the runtime; only the first time counts. `error`: an exception, or text."""
        account = self.account
        if account.spans is None or account.spans.pop(self, False) is False:
            return
        account.told_spans += 1
        work, scope = self._report(account.told_spans <= MAX_SPANS)
        duration_ms = self.elapsed_ms() if self.duration_ms is None else self.duration_ms
        message = {"type": "child", "id": account.id, "at": round(self._at * 1000, 3)}
        message.update(durationMs=round(duration_ms, 3), error=describe(error), work=work)
        if scope is not None:
            message["scope"] = scope
        self._outbox.add(message)


class Outbox:
    """Sends messages together: each write wakes the runtime, which takes a processor from the plugin."""

    def __init__(self, send):
        self._send = send
        self._messages = collections.deque()
        self._lock = threading.Lock()
        self._has_some = threading.Event()
        self._thread = None

    def add(self, message):
        self._messages.append(message)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True, name="mozaiks-spans")
            self._thread.start()
        self._has_some.set()

    def flush(self):
        """They are sent when it returns, also those that another thread was about to send."""
        with self._lock:
            messages = [self._messages.popleft() for _ in range(len(self._messages))]
            if messages:
                self._send(*messages)

    def _run(self):
        while self._has_some.wait():
            self._has_some.clear()
            time.sleep(FLUSH_SECONDS)
            self.flush()


def describe(error):
    if error is None or isinstance(error, str):
        text = error
    else:
        name = type(error).__name__
        text = f"{name}: {error}" if str(error) else name
    return None if text is None else cut(text, MAX_TEXT)
