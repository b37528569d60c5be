"""Stub of the notifications manager: notifications and preferences are stored by the runtime, e-mail is not sent."""

import asyncio
import json

from mozaiks_standins_base import Stub, ask, http_exception, log, new_id, note, report
from mozaiks_standins_bus import publish
from mozaiks_standins_config import notification_fields, read_config, reload_configs
from mozaiks_standins_documents import decode, encode
from mozaiks_standins_subscriptions import is_plugin_accessible
from mozaiks_standins_websocket import send_text

_LOG = "mozaiks_core.notifications_manager"
# Never of a plugin, whatever their first word is.
_OWN_TYPES = ("subscription_updates", "security_alerts", "email_notifications")

# Stored in the background; kept here, since a loop forgets tasks that nobody holds.
_storing = set()


class NotificationsManager(Stub):
    """As in production, what is created is stored after a moment, under another id than the one returned."""

    async def create_notification(self, user_id, notification_type, title, message, metadata=None):
        detail = {"user_id": user_id, "title": title, "message": message, "metadata": metadata or {}}
        report("notified", notification_type, detail, self._source)
        self._store_soon(user_id, notification_type, title, message, metadata)
        return {"id": new_id(), "queued": True}

    async def create_bulk_notifications(self, user_ids, notification_type, title, message, metadata=None):
        users = list(user_ids or [])
        if not users:
            return []
        detail = {"user_ids": users, "title": title, "message": message, "metadata": metadata or {}}
        report("notified", notification_type, detail, self._source)
        for user_id in users:
            self._store_soon(user_id, notification_type, title, message, metadata)
        return [new_id() for _ in users]

    async def send_email(self, recipient, subject, message, notification_type=None):
        detail = {"recipient": recipient, "subject": subject, "message": message, "type": notification_type}
        report("sent", "email", {**detail, "not_delivered": "no e-mail service is set up"}, self._source)
        return False

    async def get_user_notifications(self, user_id, unread_only=False, limit=20, offset=0):
        found = await ask(
            "notifications.list", user_id=user_id, unread_only=bool(unread_only), limit=limit, offset=offset
        )
        note(self._source, "%d notifications of %r read", len(found), user_id)
        return decode(found)

    async def mark_notification_read(self, user_id, notification_id):
        return await ask("notifications.read", user_id=user_id, notification_id=notification_id)

    async def mark_all_notifications_read(self, user_id):
        return await ask("notifications.read", user_id=user_id, notification_id=None)

    async def delete_notification(self, user_id, notification_id):
        return await ask("notifications.delete", user_id=user_id, notification_id=notification_id)

    async def get_user_notification_preferences(self, user_id):
        return await ask("notifications.preferences", user_id=user_id) or _default_preferences()

    async def update_notification_preferences(self, user_id, preferences):
        try:
            reload_configs()
            fields = notification_fields()
            if fields is None:
                log(_LOG).error("settings_config.json has no section 'notifications'")
                return False
            known = {field["id"] for field in fields}
            chosen = {
                name: {"enabled": bool(one.get("enabled", True)), "frequency": "immediate"}
                for name, one in preferences.items()
                if name in known
            }
            await ask("notifications.save_preferences", user_id=user_id, preferences=chosen)
        except Exception as error:
            raise http_exception(500, "Failed to update notification preferences: %s" % error) from error
        publish("notification_preferences_updated", {"user_id": user_id}, self._source)
        return chosen

    async def get_notification_config(self, user_id=None, monetization_enabled=False):
        config = read_config("get_notifications_config")
        fields = notification_fields()
        if fields is None:
            return config
        if monetization_enabled and user_id:
            fields = [
                field
                for field in fields
                if not field.get("plugin") or await is_plugin_accessible(user_id, field["plugin"])
            ]
        return {
            "categories": config.get("categories", []),
            "notifications": [_described(field) for field in fields],
            "email_service_enabled": False,
            "settings": config.get("settings", {}),
        }

    def start_background_processing(self):
        """Storing needs no start here."""

    async def stop_background_processing(self):
        """What is being stored still ends, as a queue that was emptied."""
        await asyncio.gather(*_storing, return_exceptions=True)

    def _store_soon(self, user_id, kind, title, message, metadata):
        task = asyncio.get_running_loop().create_task(self._store(user_id, kind, title, message, metadata))
        _storing.add(task)
        task.add_done_callback(_storing.discard)

    async def _store(self, user_id, kind, title, message, metadata):
        from datetime import datetime, timezone

        try:
            preferences = await self.get_user_notification_preferences(user_id)
            if not _is_enabled(preferences, kind):
                log(_LOG).info("%r is turned off for %r: not stored", kind, user_id)
                return
            # Production's format: UTC without a zone.
            now = datetime.now(timezone.utc).replace(tzinfo=None).isoformat()
            made = {"id": new_id(), "user_id": user_id, "type": kind, "title": title, "message": message}
            made.update(created_at=now, read=False, metadata=metadata or {})
            await ask("notifications.add", user_id=user_id, notification=encode(made))
            await self._push(user_id, made, now)
        except Exception as error:
            # Nobody waits for it; production logs it too.
            log(_LOG).error("a notification for %r was not stored: %s", user_id, error)


    async def _push(self, user_id, made, now):
        message = {"type": "notification", "subtype": "new", "data": made, "timestamp": now}
        # As in production a datetime in the metadata is stored and not pushed, which only the log shows.
        delivered = await send_text(user_id, json.dumps(message))
        note(self._source, "notification of %r pushed to %d connections", user_id, delivered)


def _default_preferences():
    enabled = read_config("get_notifications_config").get("settings", {}).get("default_enabled", True)
    return {
        field["id"]: {"enabled": field.get("default_enabled", enabled), "frequency": "immediate"}
        for field in notification_fields() or []
    }


def _is_enabled(preferences, kind):
    """A type that is turned off still arrives while its plugin's own switch is not, as in production."""
    if preferences.get(kind, {}).get("enabled", True):
        return True
    plugin = str(kind).partition("_")[0] if kind not in _OWN_TYPES and "_" in str(kind) else None
    return plugin is not None and preferences.get(plugin + "_notifications", {}).get("enabled", True)


def _described(field):
    described = {
        "id": field["id"],
        "category": field.get("category", "plugins" if field.get("plugin") else "system"),
        "name": field.get("label", field["id"]),
        "description": field.get("description", ""),
        "default": field.get("default_enabled", True),
        "channels": ["in_app"],
        "frequencies": ["immediate"],
    }
    return {**described, "plugin": field["plugin"]} if field.get("plugin") else described
