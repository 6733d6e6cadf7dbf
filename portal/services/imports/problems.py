"""What is wrong with a file: every bad cell with its place, column, value and reason (RELIABILITY R4)."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from typing import NamedTuple

from portal.rules.formats import format_number
from portal.rules.texts import SOURCE_LOCALE, text
from portal.services.imports.spool import Spool

SHOWN_VALUE = 80
Params = tuple[tuple[str, int | str], ...]


class Reason(NamedTuple):
    """Why something is wrong: a code of the text catalogue below ``import.`` and the code's parameters."""

    code: str
    params: Params = ()

    @classmethod
    def of(cls, code: str, /, **params: int | str) -> Reason:
        """The reason of this code."""
        return cls(code, tuple(params.items()))

    def told(self, locale: str) -> str:
        """The sentence. Whole numbers among the parameters are amounts and grouped; a place is given as text."""
        params = {
            name: format_number(value, locale) if isinstance(value, int) else value for name, value in self.params
        }
        return text(f"import.{self.code}", locale, **params)


class BadCell(NamedTuple):
    """One reason to refuse a file.

    `order` is the number of the order, empty where no order is meant, ``?`` if it cannot be read. `place` says the how
    manieth of the file it is; `on_line`, or without an order, it is the physical line on which the record begins,
    from 1. Place 0 is the file.
    """

    place: int
    column: str
    value: str
    code: str
    params: Params = ()
    order: str = ""
    on_line: bool = False

    @classmethod
    def of(
        cls, place: int, column: str, value: str, reason: Reason, order: str = "", *, on_line: bool = False
    ) -> BadCell:
        """The problem of this reason."""
        return cls(place, column, value, reason.code, reason.params, order, on_line)

    @property
    def reason(self) -> Reason:
        """Why it is wrong."""
        return Reason(self.code, self.params)

    def where(self, locale: str) -> str:
        """The line or the order."""
        if not self.place:
            return text("import.place.file", locale)
        if self.on_line or not self.order:
            return text("import.place.line", locale, line=self.place)
        return text("import.place.order", locale, order=shown(self.order), place=self.place)

    def told(self, locale: str) -> str:
        """All of it on one line."""
        told = self.reason.told(locale)
        if not self.place:
            return told
        column = text("import.place.column", locale, column=self.column) if self.column else ""
        value = text("import.place.value", locale, value=shown(self.value)) if self.column or self.value else ""
        return f"{self.where(locale)}{column}{value}: {told}"

    def __str__(self) -> str:
        return self.told(SOURCE_LOCALE)


class FileRefused(Exception):
    """The file has bad rows; nothing was changed. Iterating yields every `BadCell` in the order of the places."""

    def __init__(self, *problems: Spool[BadCell]) -> None:
        super().__init__("the file has bad rows")
        self._problems = problems

    def __iter__(self) -> Iterator[BadCell]:
        rows = heapq.merge(*self._problems, key=lambda problem: problem[0])
        return (BadCell(*row) for row in rows)

    def __len__(self) -> int:
        return sum(map(len, self._problems))


class Unreadable(Exception):
    """What follows in the file cannot be told apart into records. `problems` say where and why."""

    def __init__(self, *problems: BadCell) -> None:
        super().__init__(problems[0].code)
        self.problems = problems

    @classmethod
    def file(cls, code: str, /, **params: int | str) -> Unreadable:
        """The file as a whole is the matter."""
        return cls(BadCell.of(0, "", "", Reason.of(code, **params)))


def shown(value: str) -> str:
    """A received value made safe to look at: quoted, bounded, what cannot be printed as an escape.

    A byte that is no UTF-8 arrives as a lone surrogate and is shown as the byte: ``\\xe4``.
    """
    return f'"{printable(value)}"' + ("…" if len(value) > SHOWN_VALUE else "")


def printable(value: str, longest: int = SHOWN_VALUE) -> str:
    """The beginning of a received value, what cannot be printed as an escape."""
    return "".join(_sign(character) for character in value[:longest])


def foreign_byte(value: str) -> int | None:
    """The first byte of a cell that is no UTF-8, or None."""
    return next((ord(sign) - 0xDC00 for sign in value if "\udc80" <= sign <= "\udcff"), None)


def _sign(character: str) -> str:
    if character.isprintable():
        return character
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
