"""What is wrong with a file: every bad cell with its line, column, value and reason (RELIABILITY R4)."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import NamedTuple

from portal.services.imports.spool import Spool

SHOWN_VALUE = 80


class BadCell(NamedTuple):
    """One reason to refuse a file. `line` is the physical line on which the record begins, from 1; 0 is the file."""

    line: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        if not self.line:
            return self.reason
        place = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{place}, value {shown(self.value)}: {self.reason}"


class FileRefused(Exception):
    """The file has bad rows; nothing was changed. Iterating yields every `BadCell` in the order of the lines."""

    def __init__(self, *problems: Spool[BadCell]) -> None:
        super().__init__("the file has bad rows")
        self._problems = problems

    def __iter__(self) -> Iterator[BadCell]:
        rows = heapq.merge(*self._problems, key=lambda problem: problem[0])
        return (BadCell(*row) for row in rows)

    def __len__(self) -> int:
        return sum(map(len, self._problems))


def shown(value: str) -> str:
    """A received value made safe for a terminal: quoted, bounded, what cannot be printed as an escape.

    A byte that is no UTF-8 arrives as a lone surrogate and is shown as the byte: ``\\xe4``.
    """
    cut = value[:SHOWN_VALUE]
    text = "".join(_sign(character) for character in cut)
    return f'"{text}"' + ("…" if len(value) > SHOWN_VALUE else "")


def foreign_byte(value: str) -> int | None:
    """The first byte of a cell that is no UTF-8, or None."""
    return next((ord(sign) - 0xDC00 for sign in value if "\udc80" <= sign <= "\udcff"), None)


def _sign(character: str) -> str:
    if character.isprintable():
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
