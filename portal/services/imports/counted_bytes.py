"""The bytes of a file, whatever its format: hashed as they pass, bounded, never an archive (SECURITY 53-55)."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import IO, cast

from portal.services.imports.problems import Unreadable

MAX_BYTES = 2 * 1024**3
_PIECE = 128 * 1024
# ZIP and every office format in it, gzip, bzip2, 7-Zip, xz, RAR, zstd, the old office formats, PDF.
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\x1f\x8b",
    b"BZh",
    b"7z\xbc\xaf",
    b"\xfd7zXZ",
    b"Rar!",
    b"\x28\xb5\x2f\xfd",
    b"\xd0\xcf\x11\xe0",
    b"%PDF",
)
_TAR_AT, _TAR = 257, b"ustar"
HEAD_BYTES = _TAR_AT + len(_TAR)


def is_archive(head: bytes) -> bool:
    """Whether these first bytes are those of an archive, a spreadsheet or a document; `HEAD_BYTES` are enough."""
    return head.startswith(_ARCHIVES) or head[_TAR_AT:HEAD_BYTES] == _TAR


class CountedBytes(io.BufferedIOBase):
    """The file in large pieces.

    `longest_line` is in bytes: where a format has lines, a longer one means that the file is of another format, and
    would have to be held in memory. Reading raises `Unreadable` when a bound is passed.
    """

    def __init__(self, path: Path, longest_line: int | None = None) -> None:
        super().__init__()
        self._file = path.open("rb", buffering=0)
        self._longest_line = longest_line
        self.digest = hashlib.sha256()
        self._size = 0
        self._line_bytes = 0

    def refuse_archive(self) -> None:
        """Raise `Unreadable` when the first bytes are not those of a text."""
        head = self._file.read(HEAD_BYTES) or b""
        self._file.seek(0)
        if is_archive(head):
            raise Unreadable.file("archive")

    def text(self) -> io.TextIOWrapper:
        """The file as text without a byte order mark, line ends as they are. A byte that is no UTF-8 comes through as
        a lone surrogate, so that the value it stands in can be named and the rest of the file is still checked."""
        return io.TextIOWrapper(cast(IO[bytes], self), encoding="utf-8-sig", errors="surrogateescape", newline="")

    def readable(self) -> bool:
        """Whether it can be read: always."""
        return True

    def read1(self, size: int = -1) -> bytes:
        """The next piece; `size` is only a wish, and the text layer takes what comes."""
        piece = self._file.read(_PIECE) or b""
        self.digest.update(piece)
        self._size += len(piece)
        if self._size > MAX_BYTES:
            raise Unreadable.file("file_too_large", maximum=MAX_BYTES)
        end = piece.rfind(b"\n")
        self._line_bytes = len(piece) - end - 1 if end >= 0 else self._line_bytes + len(piece)
        if self._longest_line is not None and self._line_bytes > self._longest_line:
            raise Unreadable.file("line_too_long", maximum=self._longest_line)
        return piece

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()
