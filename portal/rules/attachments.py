"""Which files may be attached: PDF, PNG and JPEG, judged by their content and never by their name (SECURITY 53-57).

A file must begin and end as its format does, so that a page or a program with a picture's first bytes is refused. What
is inside is opened by nobody here: the file is handed out as a download alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from portal.rules.errors import RuleBroken

LARGEST = 10 * 1024 * 1024
MOST_FILES = 5
# How far from its end a PDF says that it ends.
_TAIL = 1024


@dataclass(frozen=True)
class FileType:
    """A format: how it is sent, and how its files are named."""

    media_type: str
    suffix: str


PDF = FileType("application/pdf", "pdf")
PNG = FileType("image/png", "png")
JPEG = FileType("image/jpeg", "jpg")


def file_type(content: bytes, field: str) -> FileType:
    """Return the format of a file. Raises `RuleBroken` naming the field for anything else, too much or nothing."""
    if not content:
        raise RuleBroken.of(field, "attachment.empty")
    if len(content) > LARGEST:
        raise RuleBroken.of(field, "attachment.too_large", maximum=LARGEST // (1024 * 1024))
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-_TAIL:]:
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") and content.endswith(b"IEND\xaeB`\x82"):
        return PNG
    if content.startswith(b"\xff\xd8\xff") and content.rstrip(b"\x00").endswith(b"\xff\xd9"):
        return JPEG
    raise RuleBroken.of(field, "attachment.format")
