from datetime import datetime, timezone
from uuid import uuid4

from mozaiks_infra.config.database import db

# `{"action": "add", "text": "Buy milk"}`, `{"action": "remove", "id": "…"}`, `list` by default.
#
# Production's own `db`: MongoDB where DATABASE_URI is set, else the workbench's local database. Both need motor in the
# interpreter; without it the plugin loads, and the first use of `db` says which command installs it.

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
    return {"error": '"action" must be list, add or remove', "error_code": "BAD_ACTION"}


async def add(mine: dict, text) -> dict:
    if not isinstance(text, str) or not text.strip():
        return {"error": '"text" must be a string', "error_code": "BAD_TEXT"}
    note = {**mine, "_id": uuid4().hex, "text": text.strip(), "written_at": datetime.now(timezone.utc)}
    await notes.insert_one(note)
    return {"note": show(note), "of": await notes.count_documents(mine)}


def show(note: dict) -> dict:
    return {"id": note["_id"], "text": note["text"], "written_at": note["written_at"]}
