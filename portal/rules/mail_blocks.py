"""The HTML of a mail read into paragraphs of plain words and links, so that a page can show it without trusting it.

A page is never given stored HTML (SECURITY 42, 43): what it shows is written anew by its own template from these
paragraphs. Styles, pictures, scripts and attributes have no place in them; where a link may lead is a rule of its own
(`safe_links`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Literal

from portal.rules.safe_links import safe_link

Kind = Literal["heading", "paragraph", "quote", "list", "rule"]
# What surrounds the words of a mail, or is not meant to be seen.
UNSEEN = frozenset({"head", "title", "style", "script", "template", "noscript"})
PARAGRAPHS = frozenset({"p", "div", "td", "li", "blockquote", "main", "footer", "header", "section", "table", "tr"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
VOID = frozenset({"br", "hr", "img", "meta", "link", "input", "wbr", "col"})


@dataclass(frozen=True)
class Run:
    """Words that belong together; `href` is None where they are no link."""

    text: str
    href: str | None = None
    strong: bool = False


@dataclass(frozen=True)
class Block:
    """A heading, a paragraph, a quotation, a list or a line between two parts; `language` where it is another."""

    kind: Kind
    paragraphs: tuple[tuple[Run, ...], ...] = ()
    language: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Each paragraph as plain words."""
        return tuple("".join(run.text for run in runs) for runs in self.paragraphs)


def blocks(html: str, own_site: str) -> list[Block]:
    """The paragraphs of a mail. Links below `own_site` become addresses of its pages; those by https and to e-mail
    addresses are kept, and all others are words."""
    reader = _Reader(own_site)
    reader.feed(html)
    reader.close()
    reader.end_paragraph()
    return list(_joined(reader.found))


def words(html: str) -> str:
    """The words of a mail alone, a line for each paragraph."""
    return "\n".join(line for block in blocks(html, "https://") for line in block.words)


@dataclass
class _Open:
    """What the reader is inside of."""

    unseen: int = 0
    quotes: list[str | None] = field(default_factory=list)
    kind: Kind = "paragraph"
    href: str | None = None
    strong: int = 0


class _Reader(HTMLParser):
    def __init__(self, own_site: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Block] = []
        self._own_site = own_site
        self._runs: list[Run] = []
        self._open = _Open()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._open.unseen or tag in UNSEEN or "hidden" in given:
            self._open.unseen += tag not in VOID
        elif tag == "br":
            self._runs.append(Run("\n"))
        elif tag == "hr":
            self.end_paragraph()
            self.found.append(Block("rule"))
        elif tag in PARAGRAPHS | HEADINGS:
            self.end_paragraph()
            self._open.kind = "list" if tag == "li" else "heading" if tag in HEADINGS else "paragraph"
            if tag == "blockquote":
                self._open.quotes.append(given.get("lang"))
        elif tag == "a":
            self._open.href = safe_link(given.get("href"), self._own_site)
        elif tag in ("strong", "b"):
            self._open.strong += 1

    def handle_endtag(self, tag: str) -> None:
        if self._open.unseen:
            self._open.unseen -= tag not in VOID
        elif tag in PARAGRAPHS | HEADINGS:
            self.end_paragraph()
            self._open.kind = "paragraph"
            if tag == "blockquote" and self._open.quotes:
                self._open.quotes.pop()
        elif tag == "a":
            self._open.href = None
        elif tag in ("strong", "b"):
            self._open.strong = max(0, self._open.strong - 1)

    def handle_data(self, data: str) -> None:
        if not self._open.unseen:
            words = " ".join(data.split())
            before, after = data[:1].isspace(), data[-1:].isspace()
            self._runs.append(
                Run(f"{' ' * before}{words}{' ' * (after and bool(words))}", self._open.href, self._open.strong > 0)
            )

    def end_paragraph(self) -> None:
        """Whatever words were read since the last end are a paragraph."""
        runs = _trimmed(self._runs)
        self._runs = []
        if runs:
            kind: Kind = "quote" if self._open.quotes else self._open.kind
            self.found.append(Block(kind, (runs,), self._open.quotes[-1] if self._open.quotes else None))


def _trimmed(runs: list[Run]) -> tuple[Run, ...]:
    """The runs without white space at the ends of a paragraph and of its lines."""
    found: list[Run] = []
    for run in runs:
        text = run.text.lstrip(" ") if not found or found[-1].text.endswith(("\n", " ")) else run.text
        if text == "\n" and found:
            found[-1] = Run(found[-1].text.rstrip(" "), found[-1].href, found[-1].strong)
        if text and (text != "\n" or found):
            found.append(Run(text, run.href, run.strong))
    while found and not found[-1].text.strip():
        found.pop()
    if found:
        found[-1] = Run(found[-1].text.rstrip(), found[-1].href, found[-1].strong)
    return tuple(found)


def _joined(found: Iterable[Block]) -> Iterable[Block]:
    """Neighbouring paragraphs of one quotation, and neighbouring items of one list, as one block."""
    last: Block | None = None
    for block in found:
        if (
            last is not None
            and last.kind in ("quote", "list")
            and (last.kind, last.language) == (block.kind, block.language)
        ):
            last = Block(last.kind, last.paragraphs + block.paragraphs, last.language)
            continue
        if last is not None:
            yield last
        last = block
    if last is not None:
        yield last
