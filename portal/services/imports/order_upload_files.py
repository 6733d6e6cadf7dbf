"""What an uploaded order file has on the disk: the file, the beginning of its orders, and everything wrong with it.

Each upload has a folder that the server named (SECURITY 57). It is gone when the file was imported or thrown away, and
`sweep` takes what a crash left behind.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

from flask import current_app

from portal.rules.errors import RuleBroken
from portal.services.imports.counted_bytes import HEAD_BYTES, is_archive
from portal.services.imports.problems import BadCell, printable

FOLDER = "order-uploads"
MAX_FILE = 50_000_000
LONGEST_SHOWN_VALUE = 200
_PIECE = 256 * 1024
_FILE, _PROBLEMS, _SAMPLE = "orders", "problems.jsonl", "sample.json"
_BRACKETS = (b"[", b"{")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Stored:
    """A whole file on the disk that no row knows yet."""

    uuid: uuid.UUID
    size: int
    digest: bytes


def store(stream: BinaryIO, file_format: str) -> Stored:
    """Write an upload to the disk. Raises `RuleBroken` for a file that by its content cannot be what it should be, and
    leaves nothing behind then (SECURITY 53–55)."""
    head = stream.read(HEAD_BYTES)
    _judge(head, file_format)
    made = uuid.uuid4()
    folder = _folder(made)
    folder.mkdir(parents=True, mode=0o700)
    try:
        digest, size = hashlib.sha256(), 0
        with (folder / _FILE).open("xb") as file:
            piece = head
            while piece:
                size += len(piece)
                if size > MAX_FILE:
                    raise RuleBroken.of("orders_file", "imports.file_too_large", megabytes=MAX_FILE // 1_000_000)
                digest.update(piece)
                file.write(piece)
                piece = stream.read(_PIECE)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        remove(made)
        raise
    return Stored(made, size, digest.digest())


def path_of(name: uuid.UUID) -> Path:
    """Where the file lies."""
    return _folder(name) / _FILE


def remove(name: uuid.UUID) -> None:
    """Delete everything of an upload, however much of it there is."""
    shutil.rmtree(_folder(name), ignore_errors=True)


def write_sample(name: uuid.UUID, sample: list[dict[str, Any]]) -> None:
    """Keep the beginning of the orders for the page that asks whether to import them."""
    (_folder(name) / _SAMPLE).write_text(json.dumps(sample), encoding="utf-8")


def sample(name: uuid.UUID) -> list[dict[str, Any]]:
    """The beginning of the orders; empty when there is none any more."""
    try:
        found: list[dict[str, Any]] = json.loads((_folder(name) / _SAMPLE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    return found


def write_problems(name: uuid.UUID, problems: Iterable[BadCell]) -> None:
    """Keep everything that is wrong with the file; values as they can be shown."""
    with (_folder(name) / _PROBLEMS).open("w", encoding="utf-8") as file:
        for problem in problems:
            kept = problem._replace(value=printable(problem.value, LONGEST_SHOWN_VALUE), order=printable(problem.order))
            file.write(json.dumps(kept) + "\n")


def problems(name: uuid.UUID, most: int | None = None) -> Iterator[BadCell]:
    """What is wrong with the file, in the order of the places; the first `most` of it."""
    path = _folder(name) / _PROBLEMS
    return _read(path, most) if path.is_file() else iter(())


def _read(path: Path, most: int | None) -> Iterator[BadCell]:
    with path.open(encoding="utf-8") as file:
        for line in islice(file, most):
            place, column, value, code, params, *order = json.loads(line)
            yield BadCell(place, column, value, code, tuple((key, told) for key, told in params), *order)


def sweep(known: Iterable[uuid.UUID], now: datetime, oldest: timedelta) -> int:
    """Delete folders that no row knows and that no running request can still mean. Returns how many."""
    root, names, gone = _root(), {name.hex for name in known}, 0
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in names and folder.stat().st_mtime < (now - oldest).timestamp():
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _judge(head: bytes, file_format: str) -> None:
    text = head.removeprefix(_MARK).lstrip()
    if not text:
        raise RuleBroken.of("orders_file", "imports.file_empty")
    if is_archive(head) or b"\x00" in head:
        raise RuleBroken.of("orders_file", "imports.file_archive")
    if file_format == "csv" and text.startswith(_BRACKETS):
        raise RuleBroken.of("orders_file", "imports.file_is_json")
    if file_format == "woocommerce" and not text.startswith(_BRACKETS):
        raise RuleBroken.of("orders_file", "imports.file_no_json")


def _root() -> Path:
    return Path(current_app.config["PORTAL_DATA_DIR"]) / FOLDER


def _folder(name: uuid.UUID) -> Path:
    return _root() / name.hex
