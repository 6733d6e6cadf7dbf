"""One log line per request: endpoint, status and time taken, never the address with its values (SECURITY 41, 62)."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Install the line. It comes first among the hooks, so that it sees what all of them made of the answer."""
    app.before_request(_start)
    app.after_request(_write)


def _start() -> None:
    g.started = time.perf_counter()


def _write(response: Response) -> Response:
    started = g.get("started")
    log.info(
        "request",
        extra={
            "method": request.method,
            "endpoint": request.endpoint or "-",
            "status": response.status_code,
            "duration_ms": None if started is None else round(1000 * (time.perf_counter() - started), 1),
        },
    )
    return response
