"""From text to orders: a list of JSON objects, or one of them, read one at a time.

No more of the file is held than the order at hand: the list as a whole would take ten times its size in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from portal.services.imports.counted_bytes import CountedBytes
from portal.services.imports.problems import BadCell, Reason, Unreadable, foreign_byte

MAX_ORDER = 4_000_000
_PIECE = 64 * 1024
_SPACE = re.compile(r"[ \t\r\n]*")
# The end of the text so far is the matter when an error is nearer to it than the longest literal or escape.
_NEAR_END = 16


class JsonOrder(NamedTuple):
    """An order of the file: the how manieth it is, what it says, and its first byte that is no UTF-8, or None."""

    place: int
    value: dict[str, Any]
    foreign: int | None


class OrderFile:
    """A file of orders that is read once, from beginning to end. Close it."""

    def __init__(self, path: Path) -> None:
        self._bytes = CountedBytes(path)
        self._text = self._bytes.text()
        self._decoder = json.JSONDecoder(parse_float=Decimal, parse_constant=_no_number)
        self._buffer, self._at, self._ended = "", 0, False

    @property
    def digest(self) -> bytes:
        """SHA-256 of what was read so far."""
        return self._bytes.digest.digest()

    def close(self) -> None:
        """Close the file."""
        self._text.close()

    def orders(self) -> Iterator[JsonOrder]:
        """Every order. Raises `Unreadable` where the rest cannot be read."""
        self._bytes.refuse_archive()
        opening = self._next_sign()
        if opening == "{":
            yield self._order(1)
        elif opening == "[":
            self._at += 1
            yield from self._list()
        else:
            raise Unreadable.file("json_list")
        if self._next_sign():
            raise Unreadable.file("json_after")

    def _list(self) -> Iterator[JsonOrder]:
        place = 0
        following = self._next_sign()
        while following != "]":
            place += 1
            yield self._order(place)
            following = self._next_sign()
            if following == ",":
                self._at += 1
                self._next_sign()
            elif following != "]":
                self._refuse(place, "json_broken" if following else "json_cut")
        self._at += 1

    def _order(self, place: int) -> JsonOrder:
        sign = self._next_sign()
        if sign != "{":
            self._refuse(place, "json_order" if sign else "json_cut")
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                self._go_on(place, error)
            except RecursionError:
                self._refuse(place, "json_deep")
            except ValueError:
                # A number of thousands of digits.
                self._refuse(place, "json_broken")
            else:
                received = self._buffer[self._at : end]
                self._at = end
                return JsonOrder(place, value, None if received.isascii() else foreign_byte(received))

    def _go_on(self, place: int, error: json.JSONDecodeError) -> None:
        """Read on where the text so far ends inside the order; else raise `Unreadable`."""
        open_end = error.msg.startswith("Unterminated string") or error.pos > len(self._buffer) - _NEAR_END
        if not open_end or self._ended:
            self._refuse(place, "json_cut" if open_end else "json_broken")
        held = len(self._buffer) - self._at
        if held > MAX_ORDER:
            raise Unreadable(BadCell.of(place, "", "", Reason.of("order_too_large", maximum=MAX_ORDER), "?"))
        # Twice as much each time, so that a long order is not read over and over.
        self._read(max(_PIECE, held))

    def _next_sign(self) -> str:
        """The next character that is no space, which stays; empty at the end of the file."""
        while True:
            space = _SPACE.match(self._buffer, self._at)
            self._at = space.end() if space else self._at
            if self._at < len(self._buffer) or self._ended:
                return self._buffer[self._at : self._at + 1]
            self._read(_PIECE)

    def _read(self, characters: int) -> None:
        piece = self._text.read(characters)
        self._ended = not piece
        self._buffer, self._at = self._buffer[self._at :] + piece, 0

    def _refuse(self, place: int, code: str) -> NoReturn:
        raise Unreadable(BadCell.of(place, "", "", Reason.of(code), "?"))


def _no_number(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON")
