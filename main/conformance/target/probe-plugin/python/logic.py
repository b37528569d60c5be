# contract-probe: the plugin that `mozaiks-workbench check` checks a runtime with. It answers with what it received and
# misbehaves on request, so that each clause about plugins rests on evidence.
#
# Put this file at <plugins>/contract-probe/logic.py of the runtime to check, and remove it afterwards: anyone who can execute
# plugins there can make it sleep, block or end its process. It has no dependencies, and never returns the caller's token.
import asyncio
import hashlib
import json
import os
import time

MAX_SECONDS = 120
TIMEOUT_VARIABLES = ("MOZAIKS_PLUGIN_TIMEOUT_SECONDS", "PLUGIN_EXEC_TIMEOUT_S")


async def execute(data: dict):
    action = data.get("action") or "report"
    if not isinstance(action, str) or action not in ACTIONS:
        return {"error": f"Unknown action: give one of {', '.join(ACTIONS)}", "error_code": "BAD_ACTION"}
    return await ACTIONS[action](data)


async def report(data: dict) -> dict:
    return {
        "probe": 1,
        "language": "python",
        "received": {key: value for key, value in data.items() if key != "user_jwt"},
        "user_jwt_sha256": sha256(data["user_jwt"]) if "user_jwt" in data else None,
        "environment": {name: os.environ.get(name) for name in TIMEOUT_VARIABLES},
    }


async def sleep(data: dict) -> dict:
    """Waits without blocking other calls."""
    seconds = data.get("seconds")
    if not is_wait(seconds):
        return bad_seconds()
    await asyncio.sleep(seconds)
    return {"slept": seconds}


async def block(data: dict) -> dict:
    """Blocks its thread: no other task of this event loop and no cancellation is handled meanwhile."""
    seconds = data.get("seconds")
    if not is_wait(seconds):
        return bad_seconds()
    time.sleep(seconds)
    return {"blocked": seconds}


async def error(data: dict) -> dict:
    answer = {"error": str(data.get("message", "asked for"))}
    return {**answer, "error_code": str(data["code"])} if "code" in data else answer


async def throw(data: dict):
    raise RuntimeError(str(data.get("message", "asked for")))


async def invalid(_data: dict) -> list:
    return ["a list is no object"]


async def leave(_data: dict):
    os._exit(1)


ACTIONS = {
    "report": report,
    "sleep": sleep,
    "block": block,
    "error": error,
    "throw": throw,
    "invalid": invalid,
    "exit": leave,
}


def sha256(token) -> str:
    """The token's hash identifies the token without revealing it."""
    text = token if isinstance(token, str) else json.dumps(token)
    return hashlib.sha256(text.encode()).hexdigest()


def is_wait(seconds) -> bool:
    return isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0 <= seconds <= MAX_SECONDS


def bad_seconds() -> dict:
    return {"error": f'"seconds" must be a number from 0 to {MAX_SECONDS}', "error_code": "BAD_SECONDS"}
