"""Stub of the settings manager: documents that the runtime stores, in production's shape."""

from mozaiks_standins_base import Stub, ask, http_exception, log, note, report
from mozaiks_standins_bus import publish
from mozaiks_standins_config import notification_fields, read_config, reload_configs
from mozaiks_standins_documents import decode, encode
from mozaiks_standins_subscriptions import is_plugin_accessible

_LOG = "mozaiks_core.settings_manager"


class SettingsManager(Stub):
    """Each user's settings of all plugins, in one document."""

    async def get_user_settings(self, user_id):
        found = await self._find(user_id)
        note(self._source, "all settings of %r read", user_id)
        return found

    async def get_plugin_settings(self, user_id, plugin_name):
        found = await self._find(user_id)
        note(self._source, "settings of %r for %r read", plugin_name, user_id)
        return found.get("plugin_settings", {}).get(plugin_name, {})

    async def save_plugin_settings(self, user_id, plugin_name, settings_data):
        if not plugin_name or not isinstance(plugin_name, str):
            raise http_exception(400, "Invalid plugin name")
        value = encode(settings_data)
        await ask("settings.save", user_id=user_id, section="plugin_settings", key=plugin_name, value=value)
        report("saved", plugin_name, {"user_id": user_id, "settings": settings_data}, self._source)
        # Production publishes this itself: subscribers get it, but the plugin did not publish it.
        publish("settings_updated", {"user_id": user_id, "plugin": plugin_name}, self._source)
        return {"success": True, "message": "Settings saved successfully"}

    async def get_notification_preferences(self, user_id):
        found = await self._find(user_id)
        chosen = found.get("notification_preferences", {})
        return chosen or {field["id"]: {"enabled": True, "frequency": "daily"} for field in notification_fields() or []}

    async def save_notification_preferences(self, user_id, preferences):
        try:
            self.refresh_settings_config()
            fields = notification_fields()
            if fields is None:
                log(_LOG).error("settings_config.json has no section 'notifications'")
                return False
            known = {field["id"] for field in fields}
            chosen = {
                name: {"enabled": bool(one.get("enabled", True)), "frequency": one.get("frequency", "daily")}
                for name, one in preferences.items()
                if name in known
            }
            value = encode(chosen)
            await ask("settings.save", user_id=user_id, section="notification_preferences", key=None, value=value)
        except Exception as error:
            raise http_exception(500, "Failed to update notification preferences: %s" % error) from error
        publish("notification_preferences_updated", {"user_id": user_id}, self._source)
        return chosen

    async def update_settings_visibility(self, monetization_enabled, user_id):
        sections = self.settings_config.get("profile_sections", [])
        return {"profile_sections": [await _visible(one, monetization_enabled, user_id) for one in sections]}

    def load_settings_config(self):
        return read_config("get_settings_config")

    def refresh_settings_config(self):
        reload_configs()
        return self.load_settings_config()

    @property
    def settings_config(self):
        return self.load_settings_config()

    async def _find(self, user_id):
        found = await ask("settings.get", user_id=user_id)
        if found is None:
            return {"user_id": user_id, "plugin_settings": {}, "notification_preferences": {}}
        return decode(found)


async def _visible(section, monetization_enabled, user_id):
    """The section with the fields of the plugins that the user's plan includes."""
    if section.get("id") != "notifications" or not monetization_enabled:
        return section
    fields = section.get("plugin_notification_fields", [])
    shown = [one for one in fields if one.get("plugin") and await is_plugin_accessible(user_id, one["plugin"])]
    return {**section, "plugin_notification_fields": shown}
