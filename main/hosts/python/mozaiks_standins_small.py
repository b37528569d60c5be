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


# A log line that an attacker's text can't forge, and not a flood either.
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_LONGEST_TEXT = 200


def sanitize_for_log(value, max_length=_LONGEST_TEXT):
    """`value` as text on one line."""
    text = _CONTROL.sub(" ", str(value))
    return text if len(text) <= max_length else text[:max_length] + "..."


def sanitize_dict_for_log(data, max_length=_LONGEST_TEXT):
    """Its keys and values as text, each on one line."""
    return {sanitize_for_log(key, max_length): sanitize_for_log(value, max_length) for key, value in data.items()}


def log_sanitizer_module(_source):
    return {"sanitize_for_log": sanitize_for_log, "sanitize_dict_for_log": sanitize_dict_for_log}


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
