"""What the stubs of a process and the runtime say to each other outside of calls: questions, and events of the bus.

Messages and limits are those of contract/host.ts.
"""

from __future__ import annotations

import contextvars
import itertools
import json

MAX_DATA = 1024 * 1024
MAX_NAME = 200
MAX_SUBSCRIPTIONS = 1_000
MAX_SUBSCRIBERS = 50
MAX_ERROR = 1_000


class AskFailed(RuntimeError):
    """The runtime has no answer; the message says why."""


class Link:
    """Usable from any thread; `send` takes one message, `call_id` is the current call's or None."""

    def __init__(self, send, call_id):
        self._send = send
        self._call_id = call_id
        self._ids = itertools.count(1)
        self._waiting = {}
        self._published = itertools.count(1)
        # Takes (event, data, ends) and returns what its subscribers still do; set by the bus.
        self.on_delivery = None
        # How many deliveries led to what runs now.
        self._depth = contextvars.ContextVar("mozaiks_event_depth", default=0)

    async def ask(self, name, argument):
        """The runtime's answer to a question such as `settings.get`. Raises AskFailed where it has none."""
        import asyncio

        text = json.dumps(argument)
        if len(text) > MAX_DATA:
            raise AskFailed(f"{name}: {len(text)} characters are too many; the limit is {MAX_DATA}")
        loop = asyncio.get_running_loop()
        number = next(self._ids)
        answer = loop.create_future()
        self._waiting[number] = (loop, answer)
        try:
            self._send({"type": "ask", "id": number, "call": self._call_id(), "name": name, "argument": text})
            return await answer
        finally:
            self._waiting.pop(number, None)

    def reply(self, message):
        """Takes the runtime's answer, in whatever thread that arrives."""
        loop, answer = self._waiting.pop(message["id"], (None, None))
        if loop is None or loop.is_closed():
            # Whoever asked was cancelled in the meantime.
            return
        loop.call_soon_threadsafe(_settle, answer, message)

    def publish(self, event, data, source, has_own):
        """For the subscribers of other plugins. Raises TypeError or ValueError where `data` can't be sent.

        Where there are some here too, `has_own`, it returns what `own_ended` takes when they have ended, else None.
        """
        text = json.dumps(data, default=str)
        if len(text) > MAX_DATA:
            raise ValueError(f"{len(text)} characters are too many; the limit is {MAX_DATA}")
        message = {"type": "publish", "call": self._call_id(), "source": source, "event": str(event)[:MAX_NAME]}
        own = {"own": next(self._published)} if has_own else {}
        self._send({**message, "data": text, "depth": self._depth.get(), **own})
        return own.get("own")

    def own_ended(self, number, ends, tasks):
        """The subscribers of an event of this process have ended, or will with these tasks."""
        _when_done(tasks, lambda: self._send({**_delivered(number, ends), "own": True}))

    def subscribed(self, subscribers):
        """These events have subscribers here now, each with its functions."""
        known = [(event, of) for event, of in subscribers.items() if isinstance(event, str) and len(event) <= MAX_NAME]
        known = known[:MAX_SUBSCRIPTIONS]
        names = [[callback_name(callback) for callback in of[:MAX_SUBSCRIBERS]] for _event, of in known]
        self._send({"type": "subscribed", "events": [event for event, _of in known], "subscribers": names})

    def deliver(self, message):
        """Runs in the event loop's thread: hands an event of another plugin, or of the runtime, to the bus."""
        ends = []
        context = contextvars.copy_context()
        context.run(self._depth.set, message["depth"] + 1)
        data = json.loads(message["data"])
        tasks = context.run(self.on_delivery, message["event"], data, ends) if self.on_delivery else []
        _when_done(tasks, lambda: self._send(_delivered(message["id"], ends)))


def callback_name(callback):
    return str(getattr(callback, "__name__", "?"))[:MAX_NAME]


def _delivered(number, ends):
    """`ends` has a dict for each subscriber: name, attempts, error."""
    return {"type": "delivered", "id": number, "subscribers": ends[:MAX_SUBSCRIBERS]}


def _when_done(tasks, tell):
    import asyncio

    if not tasks:
        tell()
        return
    rest = asyncio.gather(*tasks, return_exceptions=True)
    rest.add_done_callback(lambda _ended: tell())


def _settle(answer, message):
    if answer.done():
        return
    if message["ok"]:
        answer.set_result(json.loads(message["value"]))
    else:
        answer.set_exception(AskFailed(message["error"]))
