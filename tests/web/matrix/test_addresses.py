"""No address of the portal carries who somebody is or what opens something (SECURITY 41)."""

from urllib.parse import unquote_plus

import pytest
from bs4 import BeautifulSoup

from tests.support.builders import MadeAccount, MadeStaff
from tests.web.matrix.found_forms import pages
from tests.web.matrix.samples import prepare
from tests.web.matrix.world import World

pytestmark = pytest.mark.usefixtures("no_throttle")
LEADING = ("href", "src", "action", "formaction")


def secrets_of(world: World) -> set[str]:
    """What must stand in no address: names and addresses of people, their passwords, and the ids in their cookies."""
    people: list[MadeAccount | MadeStaff] = [*world.accounts.values(), *world.employees.values()]
    typed = {person.email for person in people} | {person.password for person in people}
    return {"aino", "virtanen", *typed, *filter(None, world.tokens.values())}


@pytest.mark.security(41)
def test_no_link_form_or_redirect_names_a_person(world: World) -> None:
    problems, looked = set(), 0
    for place, person, path in pages(world):
        client = world.client(person)
        prepare(client, place, world)
        answer = client.get(path)
        found = [answer.location or ""]
        if answer.mimetype == "text/html":
            soup = BeautifulSoup(answer.body, "html.parser")
            found += [str(tag[name]) for name in LEADING for tag in soup.select(f"[{name}]")]
        # What the company says of itself is nobody's secret.
        addresses = {unquote_plus(address) for address in found if not address.startswith(("mailto:", "tel:"))}
        looked += len(addresses)
        held = secrets_of(world)
        problems |= {f"{path}: {address}" for address in addresses if any(value in address.lower() for value in held)}
    assert looked > 100
    assert not problems, "\n".join(sorted(problems))


@pytest.mark.security(41)
def test_what_a_person_types_is_never_sent_in_an_address(world: World) -> None:
    """A form that asks by GET puts its fields into the address: only filters and cursors may stand there."""
    typed = set()
    for place, person, path in pages(world):
        client = world.client(person)
        prepare(client, place, world)
        answer = client.get(path)
        if answer.mimetype == "text/html":
            soup = BeautifulSoup(answer.body, "html.parser")
            forms = [form for form in soup.select("form") if str(form.get("method") or "get").lower() == "get"]
            fields = [field for form in forms for field in form.select("input, textarea")]
            typed |= {
                (place.endpoint, str(field.get("name")))
                for field in fields
                if field.get("type") not in ("hidden", "submit", "radio", "checkbox")
            }
    # A customer's search in the own orders, by product or number; days and the random name of a request in the log.
    named = {("orders.history", "q"), *(("admin.audit", name) for name in ("first", "last", "request"))}
    assert typed <= named
