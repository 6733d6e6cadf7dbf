"""Serves a WSGI application on this computer, with the server of the demo."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

THREADS = 4
END_SECONDS = 10


@contextmanager
def serving(application: Any, opened: socket.socket) -> Iterator[None]:
    """Serves on the listening socket, which it closes, until the end of the block."""
    open_files: dict[int, Any] = {}
    server = create_server(application, map=open_files, sockets=[opened], threads=THREADS, ident="")
    thread = threading.Thread(target=server.run, name="live server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.task_dispatcher.shutdown()
        # The serving thread closes its own files: from here they would vanish while it waits for them.
        server.trigger.pull_trigger(partial(wasyncore.close_all, open_files))
        thread.join(END_SECONDS)
        assert not thread.is_alive(), "the live server did not end"


def free_socket() -> socket.socket:
    """A port of loopback that nobody uses, already listening."""
    return socket.create_server(("127.0.0.1", 0))
