"""Every endpoint, by every method, as everybody: the answer follows from the declared access alone (SECURITY 31)."""

import pytest

from tests.support.client import PageResponse
from tests.web.matrix.people import PEOPLE, Outcome, Person, expected
from tests.web.matrix.places import METHODS, PLACES, UNSAFE, Place, name_of
from tests.web.matrix.samples import path_of, prepare
from tests.web.matrix.world import QuickClient, World, leads_to

pytestmark = pytest.mark.usefixtures("no_throttle")
REFUSALS: dict[str, Outcome] = {
    "/login": "to the log-in",
    "/confirm-password": "to the confirmation",
    "/admin/login": "to the staff log-in",
    "/admin/second-factor": "to the second factor",
    "/admin/confirm": "to the staff confirmation",
}


def outcome(response: PageResponse) -> str:
    """What an answer amounts to."""
    target = leads_to(response)
    # A refusal remembers where to go on; a view that has done its work leads on without.
    if target in REFUSALS and "next=" in (response.location or ""):
        return REFUSALS[target]
    named = {403: "forbidden", 404: "hidden", 405: "no such method"}
    if response.status_code in named:
        return named[response.status_code]
    return "served" if response.status_code < 500 else f"broken ({response.status_code})"


def promised(place: Place, person: Person, method: str) -> str:
    """What the declaration promises for a method, one that the rule does not take included."""
    if method in place.methods:
        return expected(place.access, person)
    # Whoever may not know the restricted area learns no methods of it.
    outside = not (person.inside and person.area == "staff" and person.second_factor)
    return "hidden" if place.in_staff_area and outside else "no such method"


def answer(client: QuickClient, path: str, method: str, token: str) -> PageResponse:
    data = {"csrf_token": token} if method in UNSAFE else None
    return client.send(method, path, data)


@pytest.mark.security(24, 26, 29, 30, 31, 32, 61)
@pytest.mark.parametrize("place", PLACES, ids=name_of)
def test_everybody_gets_what_the_declaration_promises(world: World, place: Place) -> None:
    path = path_of(place, world)
    problems = []
    for person in PEOPLE:
        # Somebody before may have ended all sessions of the account.
        world.log_in_again(person)
        client = world.client(person)
        prepare(client, place, world)
        token = client.csrf_token(path)
        for method in METHODS:
            response = answer(client, path, method, token)
            found, wanted = outcome(response), promised(place, person, method)
            if found != wanted:
                problems.append(f"{method} {path} as {person.name}: {found} ({response.status}), not {wanted}")
    assert not problems, f"{place.endpoint} is declared {place.access}:\n" + "\n".join(problems)
