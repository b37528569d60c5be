"""Opens this process to debuggers, with the debugpy of the plugin's own interpreter. Imported only when needed."""

import os
import socket
import sys

HOST = "127.0.0.1"
INSTALL = "install it with: {} -m pip install debugpy"


def open_debugger():
    """The answer to an `inspect` message: where debuggers attach, on this machine only, or why they can't."""
    # The runtime gives this process its sources; the files on disk may be newer, which is fine.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    try:
        import debugpy
    except ImportError as error:
        hint = INSTALL.format(sys.executable)
        return _refusal(f"{sys.executable} has no debugpy ({error}); {hint}")
    try:
        # In this process: a separate adapter would leave the process group and outlive the plugin.
        _, port = debugpy.listen((HOST, _free_port()), in_process_debug_adapter=True)
    except TypeError:
        return _refusal(f"this debugpy is too old; {INSTALL.format(sys.executable)} --upgrade")
    except Exception as error:
        return _refusal(f"debugpy could not listen: {error}")
    return {"type": "inspecting", "port": port, "path": ""}


def _free_port():
    """Not every version of debugpy reports which port it took when given port 0."""
    with socket.socket() as found:
        found.bind((HOST, 0))
        return found.getsockname()[1]


def _refusal(reason):
    return {"type": "not-inspecting", "reason": reason}
