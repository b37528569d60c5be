"""Stubs of what a plugin sends with: the event bus, notifications, the users' windows."""

import time

from mozaiks_standins_base import Stub, new_id, note, report

# Production's limits.
_HISTORY_LIMIT = 100
_NOTIFICATIONS_PER_USER = 100


class _Bus:
    """Subscribers and history, shared by all names under which the bus is imported."""

    def __init__(self):
        self.subscribers = {}
        self.history = {}
        self.tasks = set()
        self.stats = {}
        self.reset_stats()

    def reset_stats(self):
        self.stats = {
            "events_published": 0,
            "events_delivered": 0,
            "delivery_failures": 0,
            "events_by_type": {},
        }

    def publish(self, event, data):
        self.stats["events_published"] += 1
        by_type = self.stats["events_by_type"]
        by_type[event] = by_type.get(event, 0) + 1
        history = self.history.setdefault(event, [])
        history.append({"timestamp": time.time(), "data": data})
        del history[:-_HISTORY_LIMIT]
        for callback in list(self.subscribers.get(event, ())):
            self._deliver(event, callback, data)

    def _deliver(self, event, callback, data):
        import asyncio
        import inspect

        if not inspect.iscoroutinefunction(callback):
            self._attempt(event, callback, data)
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            # A sync plugin's thread has no loop; production would only log an error here. A developer expects delivery.
            self._attempt(event, lambda given: asyncio.run(callback(given)), data)
            return
        task = loop.create_task(callback(data))
        self.tasks.add(task)
        task.add_done_callback(lambda done: self._settle(event, done))

    def _attempt(self, event, callback, data):
        try:
            callback(data)
            self.stats["events_delivered"] += 1
        except Exception:
            self._fail(event, True)

    def _settle(self, event, task):
        self.tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            self.stats["events_delivered"] += 1
        else:
            self._fail(event, error)

    def _fail(self, event, error):
        # As in production a failing subscriber affects no other. Production retries coroutines three times, long after
        # the call; here the first failure is shown.
        import logging

        self.stats["delivery_failures"] += 1
        logging.getLogger("mozaiks_core.event_bus").error("a subscriber of %r failed", event, exc_info=error)


bus = _Bus()


class EventBus(Stub):
    """In production one bus serves all plugins; here each plugin's process gets its own events only."""

    def publish(self, event, data):
        report("published", event, data, self._source)
        bus.publish(event, data)

    def subscribe(self, event, callback):
        bus.subscribers.setdefault(event, []).append(callback)

    def unsubscribe(self, event, callback):
        if callback in bus.subscribers.get(event, ()):
            bus.subscribers[event].remove(callback)

    def get_stats(self):
        return dict(bus.stats)

    def reset_stats(self):
        bus.reset_stats()

    def get_event_history(self, event_type=None, limit=10):
        if event_type:
            return {event_type: bus.history.get(event_type, [])[-limit:]}
        return {event: entries[-limit:] for event, entries in bus.history.items()}


_notifications = {}


class NotificationsManager(Stub):
    """Notifications are stored in this process only; users' preferences are ignored."""

    async def create_notification(self, user_id, notification_type, title, message, metadata=None):
        detail = {"user_id": user_id, "title": title, "message": message, "metadata": metadata or {}}
        report("notified", notification_type, detail, self._source)
        self._store(user_id, notification_type, title, message, metadata)
        # Production returns a placeholder: not the id under which it will be found.
        return {"id": new_id(), "queued": True}

    async def create_bulk_notifications(self, user_ids, notification_type, title, message, metadata=None):
        users = list(user_ids or [])
        if not users:
            return []
        detail = {"user_ids": users, "title": title, "message": message, "metadata": metadata or {}}
        report("notified", notification_type, detail, self._source)
        for user_id in users:
            self._store(user_id, notification_type, title, message, metadata)
        return [new_id() for _ in users]

    async def send_email(self, recipient, subject, message, notification_type=None):
        detail = {"recipient": recipient, "subject": subject, "message": message, "type": notification_type}
        report("sent", "email", detail, self._source)
        return True

    async def get_user_notifications(self, user_id, unread_only=False, limit=20, offset=0):
        stored = [one for one in _notifications.get(user_id, ()) if not (unread_only and one["read"])]
        found = [dict(one) for one in stored[offset : offset + limit]]
        note(self._source, "%d notifications of %r, from this process only", len(found), user_id)
        return found

    async def mark_notification_read(self, user_id, notification_id):
        return self._mark(user_id, lambda one: one["id"] == notification_id)

    async def mark_all_notifications_read(self, user_id):
        return self._mark(user_id, lambda one: True)

    async def delete_notification(self, user_id, notification_id):
        stored = _notifications.get(user_id, [])
        left = [one for one in stored if one["id"] != notification_id]
        _notifications[user_id] = left
        return len(left) < len(stored)

    def _store(self, user_id, kind, title, message, metadata):
        from datetime import datetime, timezone

        # Newest first, in production's format: UTC without a zone.
        now = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()
        made = {"id": new_id(), "user_id": user_id, "type": kind, "title": title, "message": message}
        made.update(created_at=now, read=False, metadata=metadata or {})
        _notifications[user_id] = [made, *_notifications.get(user_id, [])][:_NOTIFICATIONS_PER_USER]

    def _mark(self, user_id, chosen):
        unread = [one for one in _notifications.get(user_id, []) if chosen(one) and not one["read"]]
        for one in unread:
            one["read"] = True
        return bool(unread)


class WebSocketManager(Stub):
    """Nobody is connected: what would go to a user's windows is shown in the trace."""

    async def send_to_user(self, user_id, message):
        report("sent", _type_of(message), {"user_id": user_id, "message": message}, self._source)

    async def broadcast(self, message):
        report("sent", _type_of(message), {"to": "all users", "message": message}, self._source)


def _type_of(message):
    return message.get("type", "message") if isinstance(message, dict) else "message"
