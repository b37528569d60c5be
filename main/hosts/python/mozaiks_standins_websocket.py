"""Stub of what sends to users' windows: the runtime has their connections, and a plugin may have some of its own."""

import json

from mozaiks_standins_base import Stub, ask, log, report

_LOG = "mozaiks_core.websocket_manager"


class WebSocketManager(Stub):
    """Sends to all connections of a user: those to the runtime, and those that the plugin itself made."""

    def __init__(self, source):
        super().__init__(source)
        # The plugin's own sockets, by user id.
        self.active_connections = {}

    async def connect(self, user_id, websocket):
        await websocket.accept()
        self.active_connections.setdefault(user_id, []).append(websocket)

    def disconnect(self, user_id, websocket):
        sockets = self.active_connections.get(user_id, [])
        if websocket in sockets:
            sockets.remove(websocket)
        if not sockets:
            self.active_connections.pop(user_id, None)

    async def send_to_user(self, user_id, message):
        sockets = list(self.active_connections.get(user_id, ()))
        await self._send({"user_id": user_id}, message, sockets, lambda text: send_text(user_id, text))

    async def broadcast(self, message):
        sockets = [socket for own in self.active_connections.values() for socket in own]
        await self._send({"to": "all users"}, message, sockets, lambda text: ask("sockets.broadcast", text=text))

    async def _send(self, receiver, message, sockets, send_over_runtime):
        delivered = 0
        try:
            # As production does it: a datetime is an error that only the log shows.
            text = json.dumps(message)
            delivered += await send_over_runtime(text)
            for socket in sockets:
                await socket.send_text(text)
                delivered += 1
            outcome = {"delivered_to": delivered}
        except Exception as error:
            log(_LOG).error("not delivered: %s", error)
            outcome = {"delivered_to": delivered, "not_delivered": str(error)}
        report("sent", _type_of(message), {**receiver, "message": message, **outcome}, self._source)


async def send_text(user_id, text):
    """How many of the user's connections to the runtime got it."""
    return await ask("sockets.send", user_id=user_id if isinstance(user_id, str) else None, text=text)


def _type_of(message):
    return message.get("type", "message") if isinstance(message, dict) else "message"
