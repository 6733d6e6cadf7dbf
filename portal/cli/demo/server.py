"""Serving the demo: waitress in a thread, the jobs with their schedule in the main thread, where signals arrive."""

from __future__ import annotations

import socket
import threading
import time

import click
from flask import Flask
from huey.consumer import Consumer, ConsumerStopped
from waitress.server import create_server

from portal.cli.jobs import make_consumer

THREADS = 8


def open_socket(host: str, port: int) -> socket.socket:
    """Listen, or say in one sentence why not."""
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise click.ClickException(f"Port {port} cannot be used ({error.strerror}); --port names another.") from None


def run(app: Flask, opened: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; requests and jobs that are under way are finished first."""
    server = create_server(app, sockets=[opened], threads=THREADS, ident=None)
    web = threading.Thread(target=server.run, name="web", daemon=True)
    consumer = make_consumer(app.extensions["portal.huey"], workers=1)
    # It handles the signals from here on: whoever gets an answer can already stop it.
    consumer.start()
    web.start()
    _work_until_stopped(consumer)
    consumer.stop(graceful=True)
    server.task_dispatcher.shutdown()
    server.close()
    web.join(5)


def _work_until_stopped(consumer: Consumer) -> None:
    health = time.monotonic()
    while True:
        try:
            health = consumer.loop(health)
        except ConsumerStopped:
            return
