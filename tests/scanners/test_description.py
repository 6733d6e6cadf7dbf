"""The description names everything the portal takes, so that no scanner can pass it by."""

import pytest

from tests.scanners.description import FOR_SCRIPTS, describe, parameters_of
from tests.web.matrix.found_forms import forms, sent_to
from tests.web.matrix.places import PLACES
from tests.web.matrix.samples import ARGUMENT
from tests.web.matrix.world import World

pytestmark = [pytest.mark.usefixtures("no_throttle"), pytest.mark.sqlite]


def test_every_rule_every_field_and_every_parameter_is_described(world: World) -> None:
    found = forms(world)
    paths = describe(world, found, "http://localhost")["paths"]
    operations = {operation["operationId"]: operation for item in paths.values() for operation in item.values()}
    for place in PLACES:
        template = ARGUMENT.sub(lambda match: f"{{{match['name']}}}", place.rule)
        for method in place.methods & {"GET", "POST"}:
            assert place.arguments <= set(parameters_of(operations[f"{place.endpoint} {method} {template}"]))
    for form in found:
        endpoint = sent_to(form, world)
        described = [
            set(parameters_of(operation))
            for name, operation in operations.items()
            if name.startswith(f"{endpoint} POST ")
        ]
        assert any(set(form.fields) <= names for names in described), f"{form.name} is not described"
    assert set(parameters_of(operations["orders.history GET /orders"])) >= {"q", "year", "status"}
    # Only a redirect carries it.
    assert "next" in parameters_of(operations["auth.login GET /login"])
    # A page that is no HTML says so.
    assert list(operations["static GET /static/{filename}"]["responses"]["200"]["content"]) == ["text/css"]
    # What the browser's own script asks for is no page either.
    for endpoint in FOR_SCRIPTS:
        (described,) = (operation for name, operation in operations.items() if name.startswith(f"{endpoint} POST "))
        assert list(described["responses"]["200"]["content"]) == ["application/json"]
