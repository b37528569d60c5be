"""Opens this process to debuggers, with the debugpy of the plugin's own interpreter. Imported only when needed.

Who speaks to debugpy's port runs code here, and debugpy takes an HTTP request's body for a message. Its own access token
belongs to the process, not to a connection, and every connection ends the one before it. So the port is guarded before
debugpy reads: a connection begins with a token that only the runtime's proxy knows, or it is closed.
"""

import hmac
import os
import queue
import secrets
import socket
import sys
import time

HOST = "127.0.0.1"
# No interface has it (RFC 5737): a debugpy that would listen by itself fails, instead of listening unguarded.
NOWHERE = "192.0.2.1"
INSTALL = "install it with: {} -m pip install debugpy"
LISTEN_SECONDS = 2
TOKEN_SECONDS = 2


def open_debugger():
    """The answer to an `inspect` message: where debuggers attach, on this machine only, or why they can't."""
    # The runtime gives this process its sources; the files on disk may be newer, which is fine.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        import debugpy  # noqa: F401
    except ImportError as error:
        hint = INSTALL.format(sys.executable)
        return _refusal(f"{sys.executable} has no debugpy ({error}); {hint}")
    token = secrets.token_hex(32)
    try:
        port = _listen(token)
    except (AttributeError, ImportError, TypeError):
        return _refusal(f"this debugpy is too old; {INSTALL.format(sys.executable)} --upgrade")
    except queue.Empty:
        return _refusal(f"debugpy did not listen within {LISTEN_SECONDS} s")
    except Exception as error:
        return _refusal(f"debugpy could not listen: {error}")
    return {"type": "inspecting", "port": port, "path": "", "token": token}


def _listen(token):
    import debugpy.server  # makes the pydevd that belongs to debugpy importable
    import pydevd

    ports = queue.SimpleQueue()
    create = pydevd.create_server_socket

    def create_guarded(**_where):
        listening = create(host=HOST, port=0)
        ports.put(listening.getsockname()[1])
        return GuardedSocket(listening, token)

    pydevd.create_server_socket = create_guarded
    # In this process: a separate adapter would leave the process group and outlive the plugin.
    debugpy.listen((NOWHERE, 1), in_process_debug_adapter=True)
    return ports.get(timeout=LISTEN_SECONDS)


class GuardedSocket:
    """A listening socket of which `accept` returns only connections that began with the token."""

    def __init__(self, listening, token):
        self._listening = listening
        self._token = token.encode("ascii")

    def __getattr__(self, name):
        return getattr(self._listening, name)

    def accept(self):
        while True:
            connection, address = self._listening.accept()
            if self._begins_with_token(connection):
                return connection, address
            connection.close()

    def _begins_with_token(self, connection):
        end = time.monotonic() + TOKEN_SECONDS
        received = b""
        try:
            while len(received) < len(self._token):
                connection.settimeout(max(end - time.monotonic(), 0.001))
                part = connection.recv(len(self._token) - len(received))
                if not part:
                    return False
                received += part
            connection.settimeout(None)
        except OSError:
            return False
        return hmac.compare_digest(received, self._token)


def _refusal(reason):
    return {"type": "not-inspecting", "reason": reason}
