"""The error summary names the faults in the order of the page: that of the form's class is that of its fields."""

from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask, template_rendered

from portal.web.forms import PortalForm
from tests.web.matrix.found_forms import pages
from tests.web.matrix.samples import prepare
from tests.web.matrix.world import World


def test_the_fields_stand_in_the_order_of_their_class(app: Flask, world: World) -> None:
    problems, compared = set(), 0
    for place, person, path in pages(world):
        client = world.client(person)
        prepare(client, place, world)
        forms: list[PortalForm] = []

        def keep(_app: Flask, context: dict[str, Any], forms: list[PortalForm] = forms, **_: Any) -> None:
            forms += [value for value in context.values() if isinstance(value, PortalForm)]

        with template_rendered.connected_to(keep, app):
            answer = client.get(path)
        if answer.mimetype != "text/html":
            continue
        for form in forms:
            shown = list(_shown(answer.get_data(as_text=True), form))
            compared += len(shown) > 1
            if shown != sorted(shown, key=list(form._fields).index):
                problems.add(f"{place.endpoint}: {type(form).__name__} shows {', '.join(shown)}")
    assert not problems, "\n".join(sorted(problems))
    assert compared > 20, "hardly any form was found"


def _shown(html: str, form: PortalForm) -> Iterator[str]:
    """The fields of a form that a person sees, in the order of the page."""
    tags = BeautifulSoup(html, "html.parser").select("main input:not([type=hidden]), main select, main textarea")
    yield from dict.fromkeys(name for tag in tags if (name := str(tag.get("name"))) in form._fields)
