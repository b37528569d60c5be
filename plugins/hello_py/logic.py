# The commented example in Python, like plugins/hello in TypeScript. A plugin is a folder with a `logic.py` that
# defines `execute`. Nothing from the workbench is imported, so the same file works in production. Save it, and the
# next call runs it.

import logging

logger = logging.getLogger(__name__)


async def execute(data: dict) -> dict:
    """Called once for each `POST /api/execute/hello_py`, with the client's JSON object and the keys the runtime added.

    - `data["_context"]` says who is calling: app_id, user_id, username, roles, is_superadmin. The client can't forge it.
    - `data["user_jwt"]` is the caller's bearer token, if one was sent. Never return or print it.
    - everything else comes from the client: check it before you use it.

    A plain `def execute` works too: it gets its own thread, so that it blocks no other call.
    """
    context = data["_context"]
    greeting = data.get("greeting", "Hello")

    # A result with a key `error` becomes a 500 whose `detail` is that string. `error_code` is optional.
    if not isinstance(greeting, str):
        return {"error": '"greeting" must be a string', "error_code": "BAD_GREETING"}

    # Shows up in this call's trace, as does print().
    logger.info("greeting %s, who has %d role(s)", context["user_id"], len(context["roles"]))

    # Return a dict that JSON can carry. Raising answers "Error executing plugin: <message>".
    return {"message": f"{greeting}, {context['username'] or context['user_id']}!", "roles": context["roles"]}
