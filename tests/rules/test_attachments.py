"""Files are judged by their content: by its beginning and its end, never by a name (SECURITY 53-55)."""

import pytest

from portal.rules.attachments import JPEG, LARGEST, PDF, PNG, FileType, file_type
from portal.rules.errors import RuleBroken
from tests.support.sample_files import JPEG_FILE, PDF_FILE, PNG_FILE


@pytest.mark.security(53, 55)
@pytest.mark.parametrize(
    ("content", "expected"), [(PDF_FILE, PDF), (PNG_FILE, PNG), (JPEG_FILE, JPEG), (PDF_FILE + b"\n\n", PDF)]
)
def test_three_formats_are_taken(content: bytes, expected: FileType) -> None:
    assert file_type(content, "files") is expected


@pytest.mark.security(53, 54, 55)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "attachment.empty"),
        (b"<html><script>alert(1)</script>", "attachment.format"),
        (b"<?xml version='1.0'?><svg/>", "attachment.format"),
        (b"PK\x03\x04 an archive", "attachment.format"),
        (b"MZ a program", "attachment.format"),
        (b"GIF89a;", "attachment.format"),
        (PDF_FILE[:-20], "attachment.format"),
        (PNG_FILE[:-4], "attachment.format"),
        (JPEG_FILE[:-2], "attachment.format"),
        (b"<script>" + PDF_FILE, "attachment.format"),
        (PNG_FILE + b"<script>alert(1)</script>", "attachment.format"),
        (JPEG_FILE + b"<?php system('x'); ?>", "attachment.format"),
        (PDF_FILE + b"a" * LARGEST, "attachment.too_large"),
    ],
)
def test_everything_else_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(RuleBroken) as raised:
        file_type(content, "files")
    assert [(problem.field, problem.code) for problem in raised.value.problems] == [("files", code)]
