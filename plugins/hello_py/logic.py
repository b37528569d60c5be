# The exemplar in Python: what plugins/hello is in TypeScript. A plugin is a folder with a `logic.py` that defines `execute`.
# Nothing of the workbench is imported, so the same file works in production. Save it and the next call answers with it.

import logging

logger = logging.getLogger(__name__)


async def execute(data: dict) -> dict:
    """Called once for each `POST /api/execute/hello_py`, with the client's JSON object and what the runtime put into it.

    - `data["_context"]` says who calls: app_id, user_id, username, roles, is_superadmin. The client can't forge it.
    - `data["user_jwt"]` is the caller's bearer token, if one was sent. Never return or print it.
    - everything else is the client's own word: check it before you use it.

    A plain `def execute` works too: it gets a thread of its own, so that it holds up no other call.
    """
    context = data["_context"]
    greeting = data.get("greeting", "Hello")

    # An answer with a key `error` becomes a 500 whose `detail` is that text. `error_code` is optional.
    if not isinstance(greeting, str):
        return {"error": '"greeting" must be text', "error_code": "BAD_GREETING"}

    # Shows up in this call's trace, as does print().
    logger.info("greeting %s, who has %d role(s)", context["user_id"], len(context["roles"]))

    # Return a dict that JSON can carry. Raising is answered as "Error executing plugin: <message>".
    return {"message": f"{greeting}, {context['username'] or context['user_id']}!", "roles": context["roles"]}
