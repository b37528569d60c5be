"""Stub of the event bus. Events also reach the other plugins' processes, and theirs and the runtime's come here."""

import time

from mozaiks_host_link import MAX_ERROR, callback_name
from mozaiks_standins_base import Stub, link, log, report

# Production's limits.
_HISTORY_LIMIT = 100
_RETRIES = 3
_FIRST_RETRY_DELAY_S = 0.5


class _Bus:
    """Subscribers, statistics and history; one for all names under which the bus is imported."""

    def __init__(self):
        self.subscribers = {}
        self.history = {}
        self.tasks = set()
        self.stats = {}
        self.reset_stats()

    def reset_stats(self):
        self.stats = {"events_published": 0, "events_delivered": 0, "delivery_failures": 0, "events_by_type": {}}

    def record(self, event, data):
        by_type = self.stats["events_by_type"]
        by_type[event] = by_type.get(event, 0) + 1
        self.stats["events_published"] += 1
        history = self.history.setdefault(event, [])
        history.append({"timestamp": time.time(), "data": data})
        del history[:-_HISTORY_LIMIT]

    def deliver(self, event, data, ends):
        """Sync subscribers have ended when this returns; it returns what the others still do.

        `ends` gets a dict for each subscriber, which tells how it ended once it has.
        """
        tasks = [self._start(event, callback, data, ends) for callback in list(self.subscribers.get(event, ()))]
        return [task for task in tasks if task is not None]

    def receive(self, event, data, ends):
        """An event of another plugin, or of the runtime: in production they have the same bus."""
        self.record(event, data)
        return self.deliver(event, data, ends)

    def _start(self, event, callback, data, ends):
        import asyncio
        import inspect

        end = {"name": callback_name(callback), "attempts": 1, "error": None}
        ends.append(end)
        try:
            if not inspect.iscoroutinefunction(callback):
                callback(data)
                self.stats["events_delivered"] += 1
                return None
            # Without a loop production has no way to run it either: the delivery fails.
            loop = asyncio.get_running_loop()
        except Exception as error:
            self._fail(event, error, end)
            return None
        task = loop.create_task(self._run(event, callback, data, end))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def _run(self, event, callback, data, end):
        import asyncio

        for retry in range(_RETRIES + 1):
            end["attempts"] = retry + 1
            try:
                await callback(data)
                self.stats["events_delivered"] += 1
                end["error"] = None
                return
            except Exception as error:
                self._fail(event, error, end)
            if retry < _RETRIES:
                await asyncio.sleep(_FIRST_RETRY_DELAY_S * 2**retry)

    def _fail(self, event, error, end):
        # As in production a failing subscriber affects neither the publisher nor the others.
        self.stats["delivery_failures"] += 1
        end["error"] = _describe(error)
        log("mozaiks_core.event_bus").exception("a subscriber of %r failed", event)


def _describe(error):
    try:
        text = "%s: %s" % (type(error).__name__, error)
    except Exception:  # A hostile __str__ affects nobody else.
        text = type(error).__name__
    return text[:MAX_ERROR]


bus = _Bus()


def publish(event, data, source):
    """Records an event of this process, tells the other plugins, and hands it to the subscribers here."""
    bus.record(event, data)
    number, ends = None, []
    try:
        number = link().publish(event, data, source, event in bus.subscribers)
    except (TypeError, ValueError) as error:
        log("mozaiks_core.event_bus").warning("event %r reaches no other plugin: %s", event, error)
    tasks = bus.deliver(event, data, ends)
    if number is not None:
        link().own_ended(number, ends, tasks)


class EventBus(Stub):
    """`EventBus()` is a bus of its own, as in production: other plugins hear nothing of it."""

    def __init__(self, source="mozaiks_infra.event_bus", own=None):
        super().__init__(source)
        self._bus = own or _Bus()

    def publish(self, event, data):
        # What can't be a key is refused before anything is shown of it.
        hash(event)
        if self._bus is bus:
            report("published", event, data, self._source)
            publish(event, data, self._source)
        else:
            self._bus.record(event, data)
            self._bus.deliver(event, data, [])

    def subscribe(self, event, callback):
        self._bus.subscribers.setdefault(event, []).append(callback)
        self._tell()
        # Production logs the callback's name, so one without (functools.partial) raises AttributeError.
        log("mozaiks_core.event_bus").debug("%s subscribes to %r", callback.__name__, event)

    def unsubscribe(self, event, callback):
        if callback not in self._bus.subscribers.get(event, ()):
            return
        self._bus.subscribers[event].remove(callback)
        if not self._bus.subscribers[event]:
            del self._bus.subscribers[event]
        self._tell()

    @property
    def subscribers(self):
        return self._bus.subscribers

    @property
    def stats(self):
        return self._bus.stats

    @property
    def event_history(self):
        return self._bus.history

    def get_stats(self):
        return dict(self._bus.stats)

    def reset_stats(self):
        self._bus.reset_stats()

    def get_event_history(self, event_type=None, limit=10):
        history = self._bus.history
        if event_type:
            return {event_type: history.get(event_type, [])[-limit:]}
        return {event: entries[-limit:] for event, entries in history.items()}

    async def start_background_processing(self):
        """Production's queue has no producer: starting it changes nothing."""

    async def stop_background_processing(self):
        """See `start_background_processing`."""

    def _tell(self):
        if self._bus is bus:
            link().subscribed(bus.subscribers)
