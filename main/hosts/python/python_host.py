"""The child side of a Python plugin's process: loads one version, runs its calls, reports results and console lines.

Exchanges the messages of contract/host.ts as JSON, one per line: standard input brings those of the runtime, standard
output takes its own. Both are moved at once, so that what the plugin or native code prints can't break it. Standard library only, Python 3.9 or newer.

The plugin's code shares this process. Everything here guards against accidents; nothing in the same process can guard
against malice, so the runtime trusts no message.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import signal
import socket
import stat
import sys
import threading

# The files beside this one are found only now: the plugin must not see this folder on its path. Their bytecode is kept
# (a third of the start); the interpreter was told to write none so that nothing appears in the plugin's folder.
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.dont_write_bytecode = False
import mozaiks_host_console as host_console  # noqa: E402
import mozaiks_host_debug as host_debug  # noqa: E402
import mozaiks_host_environment as host_environment  # noqa: E402
import mozaiks_host_errors as host_errors  # noqa: E402
import mozaiks_host_link as host_link  # noqa: E402
import mozaiks_host_loader as host_loader  # noqa: E402
import mozaiks_host_loop as host_loop  # noqa: E402
import mozaiks_host_result as host_result  # noqa: E402
import mozaiks_host_spans as host_spans  # noqa: E402
import mozaiks_host_unawaited as host_unawaited  # noqa: E402

try:
    import mozaiks_standins
except ModuleNotFoundError as missing:
    if missing.name != "mozaiks_standins":
        raise
    mozaiks_standins = None
sys.dont_write_bytecode = True
sys.path[:] = [path for path in sys.path if os.path.abspath(path) != HERE]

# Standard input, output and error: what the runtime passes on purpose.
LAST_GIVEN = 2
# Events of one call, as in contract/host.ts: the runtime would drop the rest.
MAX_EVENTS = 200


class Channel:
    """Messages to and from the runtime. What the plugin starts doesn't inherit the moved descriptors."""

    def __init__(self):
        self._down, self._up = os.dup(0), os.dup(1)
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(null, 1)
        os.close(null)
        _close_for_writing(self._down)
        # Re-entrant: a signal handler or a finalizer may print while this thread is sending.
        self._lock = threading.RLock()

    def send(self, *messages):
        # The line end before each, too: a message survives what was printed before the pipe was moved, or into it.
        lines = [f"\n{json.dumps(message, separators=(',', ':'))}\n" for message in messages]
        data = memoryview("".join(lines).encode("ascii"))
        with self._lock:
            while data:
                data = data[os.write(self._up, data) :]

    def listen(self, receive):
        """Hands each message to `receive` in a thread of its own, so that a busy plugin still notices the end."""
        threading.Thread(target=self._read, args=(receive,), daemon=True, name="mozaiks-channel").start()

    def _read(self, receive):
        rest = b""
        try:
            while True:
                data = os.read(self._down, 65_536)
                if not data:
                    break
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    receive(json.loads(line))
        finally:
            # The runtime is gone: end this process and what it started.
            end_group()


def _close_for_writing(descriptor):
    """Nobody reads at the other end: a plugin that found the descriptor would wait there until its deadline."""
    try:
        with socket.socket(fileno=os.dup(descriptor)) as pipe:
            pipe.shutdown(socket.SHUT_WR)
    except OSError:
        # A real pipe, which has one way from the start.
        pass


def end_group():
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)


class Host:
    def __init__(self, channel, console, loop):
        self._channel = channel
        self._console = console
        self._loop = loop
        self._watch = host_loop.LoopWatch(console.current)
        self._watch.install()
        self._absent = host_environment.AbsentVariables(console.current)
        self._absent.watch()
        host_unawaited.UnawaitedCoroutines(console.current).watch()
        self._spans = host_spans.Spans(console.current, channel.send)
        self.link = host_link.Link(channel.send, lambda: console.current.get().id)
        self._sources = None
        self._handler = None
        self._tasks = {}
        # Calls that were told to end.
        self._cancelled = set()

    def hear(self, message):
        """Runs in the channel's thread, also while the plugin blocks the event loop."""
        if message.get("type") == "cancel":
            self._spans.tell_open(message["id"])
        self._loop.call_soon_threadsafe(self.receive, message)

    def receive(self, message):
        kind = message.get("type")
        if kind == "load":
            self._load(message)
        elif kind == "call":
            call_id = message["id"]
            task = self._loop.create_task(self._run(call_id, message))
            self._tasks[call_id] = task
            task.add_done_callback(lambda ended: self._forget(call_id, ended))
        elif kind == "cancel":
            self._cancel(message["id"])
        elif kind == "reply":
            self.link.reply(message)
        elif kind == "deliver":
            self.link.deliver(message)
        elif kind == "inspect":
            self._channel.send(host_debug.open_debugger())

    def _cancel(self, call_id):
        """As production's `asyncio.wait_for` does at the timeout. The answer shows that the loop isn't blocked."""
        self._channel.send({"type": "cancelling", "id": call_id})
        task = self._tasks.get(call_id)
        if task is not None:
            self._cancelled.add(call_id)
            task.cancel()

    def _forget(self, call_id, task):
        self._tasks.pop(call_id, None)
        self._cancelled.discard(call_id)
        if task.cancelled():
            # Cancelled before its first step: nothing else will settle it.
            self._channel.send({"type": "result", "id": call_id, "result": {"kind": "cancelled"}})

    def _load(self, message):
        root = message["root"]
        folder = os.path.dirname(message["entry"])
        if message["module"].endswith(".backend.logic"):
            folder = os.path.dirname(folder)
        self._spans.record(message.get("childSpans"))
        self._sources = host_loader.Sources(root, folder, message["bundle"])
        try:
            host_loader.install(self._sources, root)
            name, self._handler = host_loader.find_handler(importlib.import_module(message["module"]))
        except BaseException as error:
            self._channel.send({"type": "load-failed", **host_errors.load_failure(error, self._sources)})
            return
        self._channel.send({"type": "loaded", "handler": name, **(self._sources.report() or {})})

    async def _run(self, call_id, message):
        account = host_console.Account(call_id)
        account.traceparent = message.get("traceparent")
        self._console.current.set(account)
        self._spans.begin_call(account)
        result = await self._settle(account, message["json"])
        self._spans.end_call(call_id)
        self._console.flush("log")
        self._console.flush("error")
        # Modules imported during the call belong to the version from now on.
        late = self._sources.report()
        if late is not None:
            self._channel.send({"type": "files", **late})
        facts = {
            "blockedMs": self._watch.blocked_ms(account),
            "absent": self._absent.names_for(account),
            "unawaited": list(account.unawaited),
        }
        told = {name: fact for name, fact in facts.items() if fact}
        self._channel.send({"type": "result", "id": call_id, "result": result, **told})

    async def _settle(self, account, text):
        try:
            data = json.loads(text)
            account.user_jwt = data.get("user_jwt")
            # A plain function runs on the event loop too, as in production.
            value = self._handler(data)
            is_awaitable = inspect.isawaitable(value)
            result = await value if is_awaitable else value
            # Production awaits only what a coroutine function returned.
            awaited = is_awaitable and not inspect.iscoroutinefunction(self._handler)
            return host_result.check_result(result, lambda text: self._console.emit("warn", text), awaited)
        except (SystemExit, KeyboardInterrupt) as error:
            self._die(error)
        except BaseException as error:
            if isinstance(error, asyncio.CancelledError) and account.id in self._cancelled:
                return {"kind": "cancelled"}
            stack = host_errors.stack_of(error, self._sources)
            return {"kind": "threw", "message": host_errors.message_of(error), "stack": stack}

    def _die(self, error):
        self._spans.end_all()
        if isinstance(error, KeyboardInterrupt):
            reason, code = "it raised KeyboardInterrupt", 1
        else:
            code = _exit_code(error)
            reason = f"it called sys.exit({'' if error.code is None else repr(error.code)})"
        self._channel.send({"type": "dying", "reason": reason[: host_errors.MAX_TEXT]})
        os._exit(code & 0xFF)

    def emit_event(self, kind, name, detail, source):
        """For the stubs: what the plugin did with them, as an event of the current call."""
        import time

        account = self._console.current.get()
        account.events += 1
        if account.events > MAX_EVENTS:
            return
        event = {"type": "event", "id": account.id, "at": int(time.time() * 1000), "kind": kind}
        self._channel.send({**event, "name": name, "detail": detail, "source": source})


def _exit_code(error):
    if error.code is None:
        return 0
    return error.code if isinstance(error.code, int) else 1


def close_inherited_sockets():
    """Closes sockets this process inherited by accident; node/child/inherited-sockets.ts says where they come from."""
    folder = "/proc/self/fd"
    for descriptor in map(int, os.listdir(folder) if os.path.isdir(folder) else []):
        try:
            if descriptor > LAST_GIVEN and stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                os.close(descriptor)
        except OSError:
            # Already closed: the one that listed the folder.
            pass


async def serve():
    channel = Channel()
    console = host_console.Console(channel.send)
    console.capture()
    loop = asyncio.get_running_loop()
    host = Host(channel, console, loop)
    if mozaiks_standins is not None:
        mozaiks_standins.install(host.emit_event, host.link)
    channel.listen(host.hear)
    channel.send({"type": "up"})
    await loop.create_future()


if __name__ == "__main__":
    close_inherited_sockets()
    asyncio.run(serve())
