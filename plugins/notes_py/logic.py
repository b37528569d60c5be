import asyncio
import json
import logging
import os
from datetime import datetime, timezone
from urllib.request import urlopen
from uuid import uuid4

from mozaiks_infra.config.database import db
from mozaiks_infra.event_bus import event_bus, on_event
from mozaiks_platform.notifications_manager import notifications_manager

# `{"action": "add", "text": "Buy milk"}`, `{"action": "remove", "id": "…"}`, `health`, `careless`, `list` by default.
#
# Uses all that production offers a plugin, so that the traces of its calls show what that looks like: the database,
# an event, a notification, a call over HTTP, and with `careless` a mistake. Production's own `db` is MongoDB where
# DATABASE_URI is set, else the workbench's local database. Both need motor in the interpreter; without it the plugin
# loads, and the first use of `db` says how to install it.

logger = logging.getLogger("mozaiks_plugins.notes_py")
notes = db["notes"]


async def execute(data: dict) -> dict:
    # Injected by the runtime; in every query, so nobody reaches another user's notes.
    mine = {"app_id": data["app_id"], "user_id": data["user_id"]}
    action = data.get("action", "list")
    if action == "list":
        return {"notes": [show(note) async for note in notes.find(mine).sort("written_at", -1).limit(20)]}
    if action == "add":
        return await add(mine, data.get("text"))
    if action == "remove":
        removed = await notes.delete_one({**mine, "_id": str(data.get("id"))})
        return {"removed": removed.deleted_count == 1}
    if action == "health":
        # In a thread: what blocks the event loop holds up every other call, in production all users'.
        return {"runtime": await asyncio.to_thread(read_health)}
    if action == "careless":
        # A mistake, on purpose: without `mine` this counts everybody's notes. The trace says so.
        return {"notes_of_everybody": len(await notes.find({}).to_list(length=1000))}
    return {"error": '"action" must be list, add, remove, health or careless', "error_code": "BAD_ACTION"}


async def add(mine: dict, text) -> dict:
    if not isinstance(text, str) or not text.strip():
        return {"error": '"text" must be a string', "error_code": "BAD_TEXT"}
    note = {**mine, "_id": uuid4().hex, "text": text.strip(), "written_at": datetime.now(timezone.utc)}
    await notes.insert_one(note)
    event_bus.publish("notes_py:added", {"user_id": mine["user_id"], "id": note["_id"]})
    await notifications_manager.create_notification(
        user_id=mine["user_id"],
        notification_type="notes_py_added",
        title="Note added",
        message=note["text"],
        metadata={"id": note["_id"]},
    )
    return {"note": show(note), "of": await notes.count_documents(mine)}


@on_event("notes_py:added")
def note_added(event: dict) -> None:
    # Every plugin may listen to it; a listener of the same plugin runs at once, inside the call.
    logger.info("%s added note %s", event["user_id"], event["id"])


def read_health() -> dict:
    # The runtime's own address, the nearest one there is to call.
    with urlopen(f"http://127.0.0.1:{os.environ['PORT']}/health", timeout=5) as answer:
        return json.load(answer)


def show(note: dict) -> dict:
    return {"id": note["_id"], "text": note["text"], "written_at": note["written_at"]}
