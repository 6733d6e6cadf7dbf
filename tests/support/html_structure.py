"""Rules of the HTML standard and of WCAG about which element may stand where, beyond what a parser notices."""

from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag

ONLY_CHILDREN = {
    "ul": {"li"},
    "ol": {"li"},
    "dl": {"dt", "dd", "div"},
    "tr": {"th", "td"},
    "thead": {"tr"},
    "tbody": {"tr"},
    "tfoot": {"tr"},
    "select": {"option", "optgroup", "hr"},
}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
PHRASING_PARENTS = ("p", *HEADINGS, "span", "strong", "em", "small", "label", "legend", "button")
LISTS_AND_TABLES = ("ul", "ol", "dl", "table", "figure", "pre", "hr")
SECTIONS = ("address", "article", "aside", "footer", "header", "main", "nav", "section")
BLOCKS = (*HEADINGS, *LISTS_AND_TABLES, *SECTIONS, "blockquote", "details", "dialog", "div", "fieldset", "form", "p")
INTERACTIVE = ("a", "button", "input", "select", "textarea", "summary", "label")
SAFE_LINKS = ("/", "#", "?", "https://", "mailto:", "tel:")
OBSOLETE = ("center", "font", "marquee", "big", "strike", "tt", "frame", "frameset", "acronym")


def structure_problems(soup: BeautifulSoup) -> Iterator[str]:
    """Each place where an element stands where it may not, or a landmark, level or scope is missing."""
    yield from _landmarks(soup)
    yield from _headings(soup)
    yield from _children(soup)
    yield from _nesting(soup)
    yield from _focus(soup)
    yield from _tables(soup)
    yield from _links(soup)


def _start(tag: Tag) -> str:
    return str(tag).split(">", 1)[0][:160] + ">"


def _landmarks(soup: BeautifulSoup) -> Iterator[str]:
    mains = soup.find_all("main")
    if len(mains) != 1:
        yield f"the page has {len(mains)} main elements, not one"
    if not soup.find("meta", attrs={"charset": True}):
        yield "the page names no charset"
    viewport = soup.find("meta", attrs={"name": "viewport"})
    if not isinstance(viewport, Tag):
        yield "the page has no viewport"
    elif any(word in str(viewport.get("content")) for word in ("user-scalable", "maximum-scale")):
        yield "the viewport keeps a person from zooming"
    navigations = soup.find_all("nav")
    if len(navigations) > 1:
        for navigation in navigations:
            if not navigation.get("aria-label") and not navigation.get("aria-labelledby"):
                yield f"{_start(navigation)} is one of several navigations and has no name"


def _headings(soup: BeautifulSoup) -> Iterator[str]:
    level = 0
    for heading in soup.find_all(HEADINGS):
        found = int(heading.name[1])
        if not heading.get_text(strip=True):
            yield f"{_start(heading)} is empty"
        if level and found > level + 1:
            yield f"{_start(heading)} {heading.get_text(strip=True)[:40]!r} skips a level after h{level}"
        level = found


def _children(soup: BeautifulSoup) -> Iterator[str]:
    for parent, allowed in ONLY_CHILDREN.items():
        for tag in soup.find_all(parent):
            for child in tag.find_all(True, recursive=False):
                if child.name not in allowed | {"script", "template"}:
                    yield f"<{child.name}> stands directly in {_start(tag)}"
    for item in soup.find_all("li"):
        if item.parent is not None and item.parent.name not in ("ul", "ol", "menu"):
            yield f"{_start(item)} stands outside a list"
    for name in OBSOLETE:
        for tag in soup.find_all(name):
            yield f"{_start(tag)} is obsolete"


def _nesting(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.find_all(PHRASING_PARENTS):
        allowed = HEADINGS if tag.name == "legend" else ()
        for inner in tag.find_all(BLOCKS):
            if inner.name not in allowed:
                yield f"<{inner.name}> stands in {_start(tag)}"
    for name in ("a", "button"):
        for tag in soup.find_all(name):
            for inner in tag.find_all(INTERACTIVE):
                yield f"{_start(inner)} stands in {_start(tag)}"
    for form in soup.find_all("form"):
        if form.find_parent("form"):
            yield f"{_start(form)} stands in another form"


def _focus(soup: BeautifulSoup) -> Iterator[str]:
    for tag in soup.select("[tabindex]"):
        if str(tag["tabindex"]) not in ("0", "-1"):
            yield f"{_start(tag)} changes the order of focus"


def _tables(soup: BeautifulSoup) -> Iterator[str]:
    for table in soup.find_all("table"):
        if not table.find("th"):
            yield f"{_start(table)} has no header cells"
        if not (table.find("caption") or table.get("aria-label") or table.get("aria-labelledby")):
            yield f"{_start(table)} has neither caption nor name"
        for cell in table.find_all("th"):
            if not cell.get("scope"):
                yield f"{_start(cell)} has no scope"


def _links(soup: BeautifulSoup) -> Iterator[str]:
    for link in soup.find_all("a"):
        href = str(link.get("href") or "")
        if not href:
            yield f"{_start(link)} leads nowhere"
        elif not href.startswith(SAFE_LINKS) or href.startswith("//"):
            yield f"{_start(link)} leads to something other than this site, https or mail"
