"""Whoever must say who they are before a file goes on to the page with its link, never to the file itself.

A file leaves the page that asked standing, as if nothing had happened.
"""

from flask import url_for

from portal.web import access
from tests.web.matrix.people import insider
from tests.web.matrix.places import PAGES, name_of
from tests.web.matrix.samples import path_of, prepare
from tests.web.matrix.world import QuickClient, World


def test_every_file_names_the_page_on_which_it_stands(world: World) -> None:
    problems, found = [], 0
    for place in PAGES:
        client = world.client(insider(place.access))
        prepare(client, place, world)
        response = client.get(path_of(place, world))
        is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
        found += is_file
        page = access.page_of(world.app, place.endpoint)
        if is_file and page is None and place.access.kind != "public":
            problems.append(f"{name_of(place)} is a file: say with access.file_on(…) where its link is")
        if page is not None and not is_file:
            problems.append(f"{name_of(place)} names a page but sends no file: {response.status}")
    assert not problems, "\n".join(problems)
    assert found


def test_a_stranger_is_led_past_the_file(world: World) -> None:
    for place in PAGES:
        page = access.page_of(world.app, place.endpoint)
        if page is None or place.in_staff_area:
            continue
        target = QuickClient(world.app, world.base_url).get(path_of(place, world)).location or ""
        known = {name for rule in world.app.url_map.iter_rules(page) for name in rule.arguments}
        with world.app.test_request_context(path_of(place, world)) as asked:
            values = {name: value for name, value in (asked.request.view_args or {}).items() if name in known}
            assert target == url_for("auth.login", next=url_for(page, **values))


def test_what_is_added_to_a_files_address_orders_nothing(world: World) -> None:
    for order in ("_external=1", "_scheme=https&_external=1", "_anchor=x", "_method=POST", "endpoint=auth.login"):
        client = QuickClient(world.app, world.base_url)
        target = client.get(f"/privacy/data/00000000-0000-0000-0000-000000000007/copy.zip?{order}").location or ""
        assert target.startswith("/login?next=/privacy/data/00000000-0000-0000-0000-000000000007")
