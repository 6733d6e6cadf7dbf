"""Serves a WSGI application on this computer, with the server of the demo."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waitress.server import create_server

THREADS = 4


@contextmanager
def served(application: Any, opened: socket.socket) -> Iterator[str]:
    """Serves on the socket until the end of the block; yields the address."""
    server = create_server(application, sockets=[opened], threads=THREADS, ident=None)
    thread = threading.Thread(target=server.run, name="scanned", daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{opened.getsockname()[1]}"
    finally:
        server.task_dispatcher.shutdown()
        server.close()
        thread.join(5)


def free_socket() -> socket.socket:
    """A port of loopback that nobody uses, already listening."""
    return socket.create_server(("127.0.0.1", 0))
