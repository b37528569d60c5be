"""Stubs of production's smaller modules: state, the log sanitizer, the channels of notifications."""

import re
import time

from mozaiks_standins_base import Stub, new_id, report


class StateManager(Stub):
    """Values in memory. In production all plugins share them; here each plugin's process has its own."""

    def __init__(self, source):
        super().__init__(source)
        self._values = {}

    def set(self, key, value, expire_in=None):
        self._values[key] = (value, None if expire_in is None else time.monotonic() + expire_in)

    def get(self, key, default=None):
        value, end = self._values.get(key, (default, None))
        if end is not None and time.monotonic() >= end:
            del self._values[key]
            return default
        return value

    def delete(self, key):
        return self._values.pop(key, None) is not None

    def clear(self):
        self._values.clear()


_SECRET_KEYS = re.compile(r"(?i)(password|passwd|secret|token|api_?key|authorization|jwt|credential)")
_MASK = "***"


def sanitize_for_log(value):
    """`value` with what its key calls a secret masked, and on one line."""
    if isinstance(value, dict):
        secret = {key for key in value if _SECRET_KEYS.search(str(key))}
        return {key: _MASK if key in secret else sanitize_for_log(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [sanitize_for_log(one) for one in value]
    return re.sub(r"[\r\n\x00-\x1f\x7f]+", " ", value) if isinstance(value, str) else value


def log_sanitizer_module(_source):
    return {"sanitize_for_log": sanitize_for_log}


class BroadcastService(Stub):
    """What would be sent to many users is shown in the trace."""

    async def broadcast(self, notification_type, title, message, **options):
        report("notified", notification_type, {"title": title, "message": message, **options}, self._source)
        return new_id()


class InAppChannel(Stub):
    """What would be shown in a user's window is shown in the trace."""

    async def send(self, user_id, notification_type, title, message, metadata=None, template_data=None):
        detail = {"user_id": user_id, "title": title, "message": message, "metadata": metadata or {}}
        report("notified", notification_type, {**detail, "template_data": template_data or {}}, self._source)
        return True


class DigestScheduler(Stub):
    """What would be sent later is shown in the trace, and never sent."""

    async def schedule_notification(self, user_id, notification_type, title, message, scheduled_for, metadata=None):
        detail = {"user_id": user_id, "title": title, "message": message, "metadata": metadata or {}}
        report("notified", notification_type, {**detail, "scheduled_for": scheduled_for}, self._source)
        return new_id()
