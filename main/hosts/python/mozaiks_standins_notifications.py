"""Stub of the notifications manager."""

from mozaiks_standins_base import Stub, new_id, note, report

# Production's limit.
_NOTIFICATIONS_PER_USER = 100

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


