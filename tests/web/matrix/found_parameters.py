"""The query parameters that links, search forms and redirects of the program carry."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, Tag

from tests.web.matrix.found_forms import pages
from tests.web.matrix.people import PEOPLE
from tests.web.matrix.samples import prepare
from tests.web.matrix.world import World


def parameters(world: World) -> dict[str, dict[str, str]]:
    """By path: each parameter with a value that the program itself gives it (empty where a person types one)."""
    found: dict[str, dict[str, str]] = {}
    for target in _refusals(world):
        _add(found, target)
    for place, person, path in pages(world):
        client = world.client(person)
        prepare(client, place, world)
        soup = BeautifulSoup(client.get(path).body, "html.parser")
        for link in soup.select("a[href^='/']"):
            _add(found, str(link["href"]))
        for form in soup.select("form:not([method=post])"):
            action = urlsplit(str(form.get("action") or path)).path
            found.setdefault(action, {}).update((str(tag["name"]), _offered(tag)) for tag in form.select("[name]"))
    return found


def _refusals(world: World) -> Iterator[str]:
    """Where those who may not (yet) are sent, one page of each kind of access: such an address says where to go on."""
    examples = {place.access.kind: path for place, _, path in pages(world)}
    for path in examples.values():
        for person in PEOPLE:
            yield world.client(person).get(path).location or ""


def _add(found: dict[str, dict[str, str]], address: str) -> None:
    split = urlsplit(address)
    found.setdefault(split.path, {}).update(parse_qsl(split.query, True))


def _offered(tag: Tag) -> str:
    """What a field of a search form would send: the last of its choices, else what stands in it."""
    options = [str(option.get("value", option.get_text(strip=True))) for option in tag.find_all("option")]
    return options[-1] if options else str(tag.get("value") or "")
