"""What must hold on every HTML page: valid, well structured, labelled, nothing inline, nothing left over.

`page_problems` looks at the served text, as a validator does, and at the tree a browser would make of it.
"""

import re
from collections import Counter
from collections.abc import Iterator

import html5lib
from bs4 import BeautifulSoup, Tag
from bs4.builder._html5lib import HTML5TreeBuilder

from tests.support.html_structure import structure_problems

LANGUAGES = ("fi", "sv", "en")
# Hidden inputs and buttons need no label: the first are not seen, the second carry their own text.
UNLABELLED_TYPES = ("hidden", "submit", "button", "reset", "image")
REFERENCES = ("for", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns", "aria-errormessage")
INLINE_ATTRIBUTE = re.compile(r"on[a-z]+|style")
LEFT_OVER = re.compile(r"\{\{|\}\}|\{%|%\}|\bUndefined\b|%\([a-z_]+\)|\bLazyString\b|<[a-z_.]+ object at 0x")
NOTHING = re.compile(r"None|.*[-/=#]None|None[-/].*")


class RememberingBuilder(HTML5TreeBuilder):
    """Beautiful Soup's own builder for html5lib, which forgets what the parser found invalid."""

    errors: tuple[tuple[tuple[int, int], str, object], ...] = ()

    def feed(self, markup: str | bytes) -> None:
        # What is said to be a class is only ever called.
        parser = html5lib.HTMLParser(tree=self.create_treebuilder)  # type: ignore[arg-type]
        assert self.underlying_builder is not None
        self.underlying_builder.parser = parser
        parser.parse(markup).original_encoding = None
        self.underlying_builder.parser = None
        self.errors = tuple(parser.errors)


def parse(source: str) -> BeautifulSoup:
    """The page as a browser would see it. To read it takes longer than to make it, so that it is read once."""
    return BeautifulSoup(source, builder=RememberingBuilder())


def page_problems(source: str, language: str | None = None, soup: BeautifulSoup | None = None) -> list[str]:
    """What is wrong with a page; `language` is the one it must be in, if the test knows, and `soup` what `parse` made
    of it, if that is there already."""
    soup = parse(source) if soup is None else soup
    checks = (
        _validity(source, soup),
        _language(soup, language),
        _title(soup),
        _ids(soup),
        _labels(soup),
        _names(soup),
        _inline(soup),
        _left_overs(soup),
        _forms(soup),
        structure_problems(soup),
    )
    return [problem for check in checks for problem in check]


def describe(tag: Tag) -> str:
    """The start tag, short enough for a failure message."""
    return str(tag).split(">", 1)[0][:160] + ">"


def accessible_name(tag: Tag) -> str:
    """The name a screen reader would say, from attributes, text and images' alternatives."""
    label = str(tag.get("aria-label") or "")
    alternatives = " ".join(str(image.get("alt") or "") for image in tag.find_all("img"))
    return f"{label} {tag.get_text(' ')} {alternatives}".strip()


def _validity(source: str, soup: BeautifulSoup) -> Iterator[str]:
    if not source.lstrip().lower().startswith("<!doctype html>"):
        yield "the page does not start with <!doctype html>"
    assert isinstance(soup.builder, RememberingBuilder)
    lines = source.splitlines()
    for (line, column), code, details in soup.builder.errors:
        shown = lines[line - 1].strip()[:100] if 0 < line <= len(lines) else ""
        yield f"invalid HTML at line {line}, column {column}: {code} {details} in {shown!r}"


def _language(soup: BeautifulSoup, expected: str | None) -> Iterator[str]:
    found = soup.html.get("lang") if soup.html else None
    if expected and found != expected:
        yield f"the page's language is {found!r}, not {expected!r}"
    elif found not in LANGUAGES:
        yield f"<html lang> is {found!r}"


def _title(soup: BeautifulSoup) -> Iterator[str]:
    headings = soup.find_all("h1")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    if len(headings) != 1:
        yield f"the page has {len(headings)} h1 elements, not one"
    else:
        heading = " ".join(headings[0].get_text(" ").split())
        before, found, _ = title.partition(heading)
        # A page with errors may announce them in its title, before the heading ("Error: …").
        if not heading or not found or (before and not before.endswith(": ")):
            yield f"the title {title!r} does not begin with the heading {heading!r}"


def _ids(soup: BeautifulSoup) -> Iterator[str]:
    ids = Counter(str(tag["id"]) for tag in soup.find_all(id=True))
    for value, count in ids.items():
        if count > 1:
            yield f"the id {value!r} stands on {count} elements"
        if not value or re.search(r"\s", value):
            yield f"the id {value!r} is empty or has a space in it"
    for tag in soup.find_all(True):
        for attribute in REFERENCES:
            for target in str(tag.get(attribute) or "").split():
                if target not in ids:
                    yield f"{describe(tag)}: {attribute} points at {target!r}, which is not on the page"
        href = str(tag.get("href") or "")
        if href.startswith("#") and href[1:] not in ids:
            yield f"{describe(tag)} leads to an id that is not on the page"


def _labels(soup: BeautifulSoup) -> Iterator[str]:
    labels = soup.find_all("label", attrs={"for": True})
    labelled = {str(label["for"]) for label in labels if label.get_text(strip=True)}
    for control in soup.find_all(["input", "select", "textarea"]):
        if control.name == "input" and control.get("type") in UNLABELLED_TYPES:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby") or control.find_parent("label")
        if not named and control.get("id") not in labelled:
            yield f"{describe(control)} has no label"
        if control.get("aria-invalid") == "true" and not control.get("aria-describedby"):
            yield f"{describe(control)} is invalid but aria-describedby does not name its message"


def _names(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(["button", "a", "summary"]):
        if not accessible_name(tag) and not tag.get("aria-labelledby"):
            yield f"{describe(tag)} has no text"
    for button in soup.find_all("button"):
        if button.get("type") not in ("submit", "button", "reset"):
            yield f"{describe(button)} has no type"
    for image in soup.find_all("img"):
        if not image.has_attr("alt"):
            yield f"{describe(image)} has no alt"
    for svg in soup.find_all("svg"):
        if svg.get("aria-hidden") != "true" and svg.get("role") != "img":
            yield f"{describe(svg)} is neither aria-hidden nor role=img"


def _inline(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(True):
        for attribute in tag.attrs:
            if INLINE_ATTRIBUTE.fullmatch(attribute):
                yield f"{describe(tag)} has an inline {attribute}"
        for attribute in ("href", "src", "action", "formaction"):
            if re.match(r"\s*(javascript|data|vbscript):", str(tag.get(attribute) or ""), re.IGNORECASE):
                yield f"{describe(tag)} carries code in {attribute}"
    for tag in soup.find_all(["script", "style"]):
        if tag.name == "style" or not tag.get("src"):
            yield f"{describe(tag)} is inline"


def _left_overs(soup: BeautifulSoup) -> Iterator[str]:
    for text in soup.find_all(string=True):
        if LEFT_OVER.search(text) or NOTHING.fullmatch(text.strip()):
            yield f"left over in the text: {text.strip()[:80]!r}"
    for tag in soup.find_all(True):
        for attribute, value in tag.attrs.items():
            words = value if isinstance(value, list) else [value]
            # What a person typed is shown again as it was, even if it looks like a template.
            if attribute != "value" and any(LEFT_OVER.search(word) or NOTHING.fullmatch(word) for word in words):
                yield f"left over in {attribute} of {describe(tag)}"


def _forms(soup: BeautifulSoup) -> Iterator[str]:
    for form in soup.find_all("form"):
        tokens = form.find_all("input", attrs={"name": "csrf_token"})
        if str(form.get("method") or "get").lower() == "post":
            # The one form whose address is its token (RFC 8058) needs no other.
            needed = 0 if form.find("input", attrs={"name": "List-Unsubscribe", "value": "One-Click"}) else 1
            if len(tokens) != needed or not all(token.get("value") for token in tokens):
                yield f"{describe(form)} has {len(tokens)} CSRF tokens, not {needed}"
        elif tokens:
            yield f"{describe(form)} would put the CSRF token into the address"
        if form.find("input", attrs={"type": "file"}) and form.get("enctype") != "multipart/form-data":
            yield f"{describe(form)} uploads a file without multipart/form-data"
