"""A list that lies on disk: an import of any size needs no more memory than one batch of it.

The file has no name: nobody else can open it, and it is gone with the process, however that ends.
"""

from __future__ import annotations

import marshal
import struct
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

Item = TypeVar("Item", bound=tuple[Any, ...])

# The last version that writes no back references: comparing identities costs more than it saves here.
_VERSION = 2
_LENGTH = struct.Struct(">Q")


class Spool(Generic[Item]):
    """Tuples of plain values (text, bytes, numbers, None, tuples and lists of them) in the order they were added."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by `close`)
        self._count = 0

    def extend(self, items: list[Item]) -> None:
        """Add a batch; it is read back as the same batch by `batches`."""
        if items:
            # Named tuples come back as plain ones.
            packed = marshal.dumps(list(map(tuple, items)), _VERSION)
            self._file.write(_LENGTH.pack(len(packed)))
            self._file.write(packed)
            self._count += len(items)

    def batches(self) -> Iterator[list[Item]]:
        """The batches as they were added. Nothing may be added while they are read."""
        end = self._file.tell()
        self._file.seek(0)
        while self._file.tell() < end:
            (length,) = _LENGTH.unpack(self._file.read(_LENGTH.size))
            # Only this process can have written the file, so that reading it runs no foreign code.
            yield marshal.loads(self._file.read(length))  # noqa: S302 (its own bytes)

    def __iter__(self) -> Iterator[Item]:
        for batch in self.batches():
            yield from batch

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """Give the disk space back."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
