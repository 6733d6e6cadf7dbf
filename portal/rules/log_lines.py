"""What a log line says: constants and declared fields, never a value of the register (SECURITY 62, 63).

A message is a constant of the source; what varies goes into a declared field, and a field holds a code, a number or an
id. Arguments of a message, tracebacks and texts of exceptions are never written: they can quote what was typed.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from types import TracebackType

# What may stand beside the message. A new field is declared here, and holds codes, numbers and ids only.
FIELDS = (
    "request_id",
    "actor",
    "account",
    "method",
    "endpoint",
    "status",
    "duration_ms",
    "mail",
    "copy",
    "kind",
    "attempts",
    "count",
    "error",
    "place",
)
WITHHELD = "(withheld)"
_CODE = re.compile(r"[A-Za-z0-9_.:/<>-]{1,200}", re.ASCII)


class JsonLines(logging.Formatter):
    """One JSON object per line; times in UTC with milliseconds."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(entry(record), ensure_ascii=True)


class ReadableLines(logging.Formatter):
    """The same content for eyes, one line per record."""

    def format(self, record: logging.LogRecord) -> str:
        said = entry(record)
        head = f"{str(said.pop('time'))[11:19]} {said.pop('level'):<7} {said.pop('logger')}: {said.pop('text')}"
        return " ".join([_one_line(head), *(f"{name}={value}" for name, value in said.items())])


def entry(record: logging.LogRecord) -> dict[str, str | int | float | bool]:
    """The content of a log line, in the order in which it is written."""
    moment = datetime.fromtimestamp(record.created, UTC)
    said: dict[str, str | int | float | bool] = {
        "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "text": str(record.msg) if isinstance(record.msg, str) else type(record.msg).__name__,
    }
    if record.exc_info and record.exc_info[0] is not None:
        said["error"] = record.exc_info[0].__name__
        said["place"] = place(record.exc_info[2])
    for name in FIELDS:
        value = getattr(record, name, None)
        if value is not None:
            said[name] = _field(value)
    return said


def place(trace: TracebackType | None) -> str:
    """Where an exception came from, as ``file:line``: the innermost frame of the portal, else the innermost."""
    found = ""
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename.replace("\\", "/")
        _, own, inside = path.rpartition("/portal/")
        if own or not found.startswith("portal/"):
            found = f"{'portal/' + inside if own else path.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found


def _field(value: object) -> str | int | float | bool:
    if isinstance(value, (bool, int, float)):
        return value
    return value if isinstance(value, str) and _CODE.fullmatch(value) else WITHHELD


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
