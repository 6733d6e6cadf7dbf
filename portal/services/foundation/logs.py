"""Where log lines go: JSON on stderr in production and in tests, readable lines during development."""

from __future__ import annotations

import logging
import sys
from typing import TextIO

from flask import Flask, g, has_app_context

from portal.rules.log_lines import JsonLines, ReadableLines

# Levels of loggers of other packages; what is not named is heard from WARNING on.
LEVELS = {
    "portal": logging.INFO,
    # Its own access lines hold addresses with everything in them; `web/access_log.py` writes ours.
    "werkzeug": logging.WARNING,
    "huey": logging.WARNING,
    # It warns of every moment in which all threads are busy.
    "waitress.queue": logging.ERROR,
}


class Lines(logging.StreamHandler[TextIO]):
    """Writes to whatever stderr is at the moment."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]  # the parent keeps one stream; this one follows stderr
        return sys.stderr


def init_app(app: Flask) -> None:
    """Install the one handler of the process; a second application changes only its format."""
    root = logging.getLogger()
    handler = next((found for found in root.handlers if isinstance(found, Lines)), None)
    if handler is None:
        handler = Lines()
        handler.addFilter(add_context)
        root.addHandler(handler)
    development = app.config["PORTAL_ENV"] == "development"
    handler.setFormatter(ReadableLines() if development else JsonLines())
    for name, level in LEVELS.items():
        logging.getLogger(name).setLevel(level)


def add_context(record: logging.LogRecord) -> bool:
    """Add the id of the request or job, and who acts, to a record."""
    if has_app_context():
        record.request_id = g.get("request_id")
        record.actor = g.get("actor")
    return True
