"""Whether an order stands twice in a file, in memory that is flat for any sensible file."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

_PARTITION = 50_000


class Numbers:
    """Of every order so far a 64-bit hash of its number, and its place in the file."""

    def __init__(self) -> None:
        self._hashes = array("q")
        self._places = array("q")

    def add(self, numbers: Sequence[str], places: Sequence[int]) -> None:
        """Remember these orders; numbers are given in the one form in which they are compared."""
        self._hashes.extend(map(hash, numbers))
        self._places.extend(places)

    def repeated(self) -> dict[int, int]:
        """The places at which an order's number comes again, each with the place of the first.

        Two different numbers with one hash are a matter of one file in a hundred million.
        """
        again: dict[int, int] = {}
        partitions = len(self._hashes) // _PARTITION + 1
        for partition in range(partitions):
            part = [value for value in self._hashes if value % partitions == partition]
            if len(set(part)) == len(part):
                continue
            seen: dict[int, int] = {}
            for value, place in zip(self._hashes, self._places, strict=True):
                if value % partitions == partition:
                    first = seen.setdefault(value, place)
                    if first != place:
                        again[place] = first
        return again
