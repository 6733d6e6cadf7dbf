"""The archive: members are compressed as they come, and nothing of them stays in memory (PERFORMANCE row 7).

Pages are small and are added at once. A file that grows while the rows are read is kept aside until it is whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import BinaryIO
from zipfile import ZIP_DEFLATED

from zipstream import ZipStream

from portal.services.foundation import stored_files
from portal.services.foundation.stored_files import Writer

# The first level is a third of the work of the usual sixth, and the archive a quarter larger.
LEVEL = 1
PIECE = 256 * 1024


class Archive:
    """A ZIP that is written member by member."""

    def __init__(self, writer: Writer, stack: ExitStack) -> None:
        self._writer = writer
        self._stack = stack
        self._zip = ZipStream(compress_type=ZIP_DEFLATED, compress_level=LEVEL)

    def aside(self) -> BinaryIO:
        """A file that grows beside the archive and is added later; at the latest it goes with the archive's own end."""
        return self._stack.enter_context(stored_files.scratch())

    def add(self, name: str, content: bytes) -> None:
        """Add a member that is whole already."""
        self._zip.add(content, name)
        self._flush()

    def add_file(self, name: str, file: BinaryIO) -> None:
        """Add a file that was kept aside, and give its room back."""
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._zip.add(_pieces(file), name, size=size)
        self._flush()
        file.close()

    def end(self) -> None:
        """Write the directory of the archive."""
        for piece in self._zip.footer():
            self._writer.write(piece)

    def _flush(self) -> None:
        for piece in self._zip.file():
            self._writer.write(piece)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece
