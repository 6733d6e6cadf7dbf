"""What is typed, kept or mailed stays out of every log, address, cookie and error page, whatever form or page it goes
through (SECURITY 39, 41, 62, 63, 69). The forms and pages are found, so that a new one is covered unasked."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from portal.rules.log_lines import JsonLines
from tests.support.client import PageResponse
from tests.web.matrix.found_forms import TYPED, FoundForm, forms, open_form, pages
from tests.web.matrix.people import CUSTOMER
from tests.web.matrix.samples import prepare
from tests.web.matrix.world import QuickClient, World
from tests.web.test_cookies import readings
from tests.web.test_logs import Captured, capture

pytestmark = pytest.mark.usefixtures("no_throttle")
CANARY = "kanarialintu"
# Numbers that name an order, a day or a shop: they stand in addresses, and name nobody.
NOBODYS = {"number", "order_number", "posted_on", "received_on", "ends_on", "new_shop", "company", "business_id"}
# Statuses of pages that show a form again with what was typed, which is what they are for.
FORM_AGAIN = (409, 422)
SHORTEST = 5


@pytest.fixture
def captured() -> Iterator[Captured]:
    yield from capture(JsonLines())


def kept(world: World) -> list[str]:
    """What the register and the browsers hold: names, addresses, secrets of links and sessions."""
    owner = world.accounts[CUSTOMER.name]
    secrets = [*world.links.values(), *filter(None, world.tokens.values())]
    addresses = [*(one.email for one in world.accounts.values()), *(one.email for one in world.employees.values())]
    return [*secrets, *addresses, owner.password, "Virtanen"]


def typed_into(form: FoundForm, data: dict[str, Any], value: str | None) -> dict[str, Any]:
    """The form as a person fills it, or with the canary in every field into which one can type."""
    if value is None:
        return data
    return {name: value if name in TYPED else given for name, given in data.items()}


def words(data: dict[str, Any]) -> list[str]:
    """What was typed and must not be seen."""
    found = [str(given) for name, given in data.items() if name in TYPED and name not in NOBODYS]
    return [word for word in found if len(word) > SHORTEST]


def places_of(client: QuickClient, response: PageResponse) -> dict[str, str]:
    """Where an answer could show something: where it leads, every cookie the browser has now, an error page."""
    found = {"the address": unquote(response.location or "")}
    for cookie in (client._cookies or {}).values():
        if cookie.key not in ("portal_customer", "portal_staff", "portal_remembered"):
            found[f"the cookie {cookie.key}"] = " ".join(readings(cookie.value))
    if response.status_code >= 400 and response.status_code not in FORM_AGAIN:
        found["the error page"] = response.get_data(as_text=True)
    return found


def leaks(world: World, where: dict[str, str], secrets: list[str]) -> list[str]:
    """What can be seen where. Only the cookie of forms may hold a mailed link, which has left the address for it."""
    found = [(place, secret) for place, text in where.items() for secret in secrets if secret.lower() in text.lower()]
    links = world.links.values()
    return [f"{place} shows {secret!r}" for place, secret in found if not (secret in links and "cookie" in place)]


@pytest.mark.security(39, 41, 62, 63, 69)
@pytest.mark.parametrize("value", [None, CANARY], ids=["as typed by a person", "a canary"])
def test_what_is_typed_into_a_form_is_seen_nowhere_else(world: World, captured: Captured, value: str | None) -> None:
    problems = []
    for form in forms(world):
        world.log_in_again(form.person)
        client = world.client(form.person)
        data = typed_into(form, open_form(client, form, world), value)
        response = client.post(form.action, data=data)
        secrets = [*kept(world), *words(data)]
        where = places_of(client, response)
        if (response.location or "").startswith("/"):
            where |= {
                f"after it, {name}": text for name, text in places_of(client, client.get(response.location)).items()
            }
        where["the log"] = captured.take()
        assert '"endpoint"' in where["the log"], "nothing is captured"
        problems += [f"{form.name} as {form.person.name}: {leak}" for leak in leaks(world, where, secrets)]
    assert not problems, "\n".join(problems)


@pytest.mark.security(39, 41, 62, 63, 69)
def test_no_page_tells_a_log_or_a_cookie_who_is_asked_for(world: World, captured: Captured) -> None:
    problems, secrets = [], kept(world)
    for place, person, path in pages(world):
        client = world.client(person)
        prepare(client, place, world)
        captured.take()
        response = client.get(path)
        where = {**places_of(client, response), "the log": captured.take()}
        problems += [f"{path} as {person.name}: {leak}" for leak in leaks(world, where, secrets)]
    assert not problems, "\n".join(problems)
