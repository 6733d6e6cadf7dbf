"""PDF documents: letters, receipts and forms, tagged for assistive technology (PDF/UA-1).

A document is a list of blocks whose texts are already in the reader's language. They reach typst as JSON, never as
source, so that nothing a person wrote means anything there (SECURITY 56). The same document gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from flask import current_app

from portal.rules.identity_codes import masked
from portal.rules.phone import display_phone
from portal.rules.texts import text
from portal.services.foundation.missing_letters import each_text, in_latin_letters, missing_letters


@dataclass(frozen=True)
class Heading:
    """A heading below the title."""

    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """Running text; its line ends are kept."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Facts:
    """Pairs of what and value."""

    rows: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True)
class Quote:
    """What somebody wrote, word for word."""

    text: str
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True)
class Code:
    """A small line, such as a check sum."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True)
class Blank:
    """Lines to write on."""

    label: str
    lines: int = 1
    hint: str = ""
    kind: Literal["blank"] = "blank"


@dataclass(frozen=True)
class Choice:
    """Boxes to tick."""

    label: str
    items: tuple[str, ...]
    kind: Literal["choice"] = "choice"


TEMPLATE = "pdf/document.typ"
# A list of so many items stays on one page; a longer one may be cut.
MOST_TOGETHER = 6
Block = Heading | Paragraph | Bullets | Facts | Quote | Code | Blank | Choice


@dataclass(frozen=True)
class Document:
    """One document. `heading_lines` stand at the top right (date, reference); a `recipient` is a postal address as
    lines, placed for a window envelope; `written_at` is the document's own date."""

    title: str
    language: str
    written_at: datetime
    blocks: Sequence[Block]
    heading_lines: tuple[str, ...] = ()
    recipient: tuple[str, ...] = ()


def render(document: Document) -> bytes:
    """The document as a tagged PDF. typst itself refuses what PDF/UA-1 does not allow: `typst.TypstError`.

    Characters that no font has are written in Latin letters, and a last line says so.
    """
    data = _data(document)
    try:
        return _typeset(document, data)
    except typst.TypstError as error:
        missing = missing_letters(error)
        if not missing:
            raise
    readable = in_latin_letters(data, missing)
    readable["blocks"].append(asdict(Code(text("document.latin_letters", document.language))))
    return _typeset(document, readable)


def _typeset(document: Document, data: dict[str, Any]) -> bytes:
    return typst.compile(
        _root() / "templates" / TEMPLATE,
        font_paths=[_root() / "static" / "fonts" / "documents"],
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": json.dumps(data)},
        timestamp=int(document.written_at.timestamp()),
    )


def _data(document: Document) -> dict[str, Any]:
    controller = current_app.config["PORTAL_CONTROLLER"]
    address = f"{controller.street}, {controller.postal_code} {controller.city}"
    lines = (controller.name, address, display_phone(controller.phone, document.language), controller.email)
    return {
        "title": document.title,
        "description": f"{controller.name}: {document.title}",
        "language": document.language,
        "sender": {"name": controller.name, "lines": [line for line in lines if line]},
        "page_word": text("document.page", document.language),
        "heading_lines": document.heading_lines,
        "recipient": document.recipient,
        "blocks": each_text(_shown(document.blocks), masked),
    }


def _shown(blocks: Sequence[Block]) -> list[dict[str, Any]]:
    """The blocks as typst reads them. The last lines, such as whose letter it is, never stand on a page alone: the
    paragraph before them comes along; and no list leaves an item behind its heading or on the next page."""
    found = _with_headings([asdict(block) for block in blocks])
    if len(found) > 1 and found[-1]["kind"] == "paragraph":
        found[-2:] = [{"kind": "together", "blocks": found[-2:]}]
    return found


def _with_headings(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The blocks with each short list and the heading before it as one."""
    kept: list[dict[str, Any]] = []
    for block in found:
        if block["kind"] == "bullets" and len(block["items"]) <= MOST_TOGETHER:
            before = [kept.pop()] if kept and kept[-1]["kind"] == "heading" else []
            block = {"kind": "together", "blocks": [*before, block]}
        kept.append(block)
    return kept


@cache
def _root() -> Path:
    return Path(current_app.root_path).parent
