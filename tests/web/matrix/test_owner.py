"""Somebody else's thing answers like one that is not there, byte for byte (SECURITY 33)."""

import pytest

from tests.web.matrix.dump import changed, dump
from tests.web.matrix.people import CUSTOMER
from tests.web.matrix.places import PLACES, UNSAFE, Place, name_of
from tests.web.matrix.samples import Argument, argument_of, filled
from tests.web.matrix.test_csrf import LOGGED_READS
from tests.web.matrix.test_hidden_area import fingerprint
from tests.web.matrix.world import QuickClient, World

# A page, a change, or a form that lacks its version or its values.
OWN = ("200", "303", "409", "422")
OWNED = [place for place in PLACES if place.access.kind.startswith("customer") and place.arguments]


def answer(client: QuickClient, place: Place, method: str, values: dict[str, str], token: str) -> list[str]:
    """An answer without the values themselves, which stand in the address and in the language switch."""
    response = client.send(method, filled(place, values), {"csrf_token": token} if method in UNSAFE else None)
    lines = fingerprint(response)
    for value in values.values():
        lines = [line.replace(value, "thing") for line in lines]
    return lines


@pytest.mark.security(33)
@pytest.mark.parametrize("place", OWNED, ids=name_of)
def test_foreign_and_missing_are_the_same(world: World, place: Place) -> None:
    client = world.client(CUSTOMER)
    token = client.csrf_token()
    before = dump(world.app)
    values = {name: argument_of(place, name).present(world) for name in place.arguments}
    for name in place.arguments:
        argument = argument_of(place, name)
        foreign, missing = _both(place, name, argument, world)
        for method in sorted(place.methods):
            theirs = answer(client, place, method, {**values, name: foreign}, token)
            nothing = answer(client, place, method, {**values, name: missing}, token)
            assert theirs == nothing, f"{method} {place.rule}: a foreign {name} differs from a missing one"
            assert theirs[0].startswith("404")
            own = answer(client, place, method, values, token)
            assert own[0].startswith(OWN), f"{method} {place.rule}: the own one answers {own[0]}"
    assert not changed(before, dump(world.app)) - LOGGED_READS.get(place.endpoint, set())


def _both(place: Place, name: str, argument: Argument, world: World) -> tuple[str, str]:
    assert argument.foreign is not None, (
        f"{place.endpoint} shows a customer's own thing by {name!r}: tests/web/matrix/samples.py needs somebody else's"
    )
    foreign, missing = argument.foreign(world), argument.missing(world)
    assert len(foreign) == len(missing)
    return foreign, missing
