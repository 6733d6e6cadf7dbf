"""Letters that the fonts of the documents lack, written in Latin ones so that they can still be read.

A person may be called 李 or write an emoji, and no document may fail for it (REGISTER, "Sámi and other names": poorer
formats transliterate visibly). What was put in another's place stands in brackets, and a document says so at its end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from anyascii import anyascii
from typst import TypstError

# typst names every text that it has no glyph for, one character or cluster at a time, as a literal of Rust.
_NAMED = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_UNREADABLE = "?"


def missing_letters(error: TypstError) -> frozenset[str]:
    """The characters for which typst found no glyph; none when the document failed for another reason."""
    named = _NAMED.findall(error.diagnostic or "")
    return frozenset("".join(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), one) for one in named))


def in_latin_letters(value: Any, missing: frozenset[str]) -> Any:
    """The same text, list or dictionary, each run of missing characters replaced by `[Latin letters]`."""
    letters = f"[{re.escape(''.join(sorted(missing)))}]+"
    runs = re.compile(rf"{letters}(?: {letters})*")
    return each_text(value, lambda text: runs.sub(lambda run: f"[{anyascii(run[0]).strip() or _UNREADABLE}]", text))


def each_text(value: Any, write: Callable[[str], str]) -> Any:
    """The same text, list or dictionary, each text in it written by `write`."""
    if isinstance(value, str):
        return write(value)
    if isinstance(value, dict):
        return {key: each_text(one, write) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [each_text(one, write) for one in value]
    return value
