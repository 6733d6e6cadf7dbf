"""Every staff page with a customer's data leaves exactly one event about that customer, and refusals are noted too.

The list is made from the URL map, so that a page added tomorrow is asked for here (SECURITY 64; register notice §9).
"""

from collections.abc import Callable
from typing import Any, cast

import pytest
from flask import Flask, request
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.rules.texts import TEXTS
from portal.services.auditing.audit_events import EVENTS
from portal.services.register.activity_rows import LOOKS
from portal.web import access, staff_looks
from tests.web.matrix.people import CUSTOMER, ROLES, Person, expected
from tests.web.matrix.places import PLACES, Place, name_of
from tests.web.matrix.samples import argument_of, filled, path_of
from tests.web.matrix.world import World

pytestmark = pytest.mark.usefixtures("no_throttle")
# Arguments of staff addresses that name no customer; every other one must be one of `staff_looks.NAMES`.
NOBODY = {
    "announcement": "words that are the same for everybody",
    "employee": "a colleague",
    "event": "a choice of the customer who stands before it",
    "file": "a file of the request that stands before it",
    "kind": "which choice or correspondence",
    "message": "a message that is put in line again; no page shows it",
    "part": "which detail",
    "step": "which step",
    "token": "an invitation of an employee",
    "upload": "an order file before it is imported; looking at its content is an event of its own",
}
STAFF = [place for place in PLACES if place.access.kind in ("staff", "staff_fresh")]
# The questions that come before: they show no data yet.
QUESTIONS = {f"admin.{name}" for name in staff_looks.QUESTIONS}
WITH_CUSTOMER = [
    place
    for place in STAFF
    if place.arguments & set(staff_looks.NAMES) and "GET" in place.methods and place.endpoint not in QUESTIONS
]


def looks(app: Flask) -> list[tuple[str, int | None, dict[str, Any]]]:
    """The events of looks so far: page, customer and details."""
    with app.app_context():
        statement = select(AuditEvent.customer_id, AuditEvent.details).where(AuditEvent.action.in_(LOOKS))
        rows = db.session.execute(statement.order_by(AuditEvent.seq)).all()
    return [(row.details["page"], row.customer_id, row.details) for row in rows]


def insiders(place: Place) -> list[Person]:
    return [person for person in ROLES if expected(place.access, person) == "served"]


@pytest.mark.security(64)
def test_every_argument_of_a_staff_address_names_a_customer_or_nobody() -> None:
    arguments = {name for place in PLACES if place.in_staff_area for name in place.arguments}
    assert arguments == NOBODY.keys() | set(staff_looks.NAMES)
    assert len(WITH_CUSTOMER) > 15


def complaints(world: World, place: Place) -> list[str]:
    """Whatever the page's look at the customer lacks, for each role that may open it and each value there is."""
    owner = world.accounts[CUSTOMER.name].customer_id
    values = {name: argument_of(place, name).present(world) for name in place.arguments}
    paths = {filled(place, values)}
    for name in place.arguments:
        paths |= {filled(place, {**values, name: other}) for other in argument_of(place, name).others}
    found = []
    for person in insiders(place):
        for path in sorted(paths):
            before = len(looks(world.app))
            response = world.client(person).get(path)
            assert response.status_code == 200, f"{path} as {person.name}: {response.status}"
            noted = looks(world.app)[before:]
            if [(page, customer) for page, customer, _ in noted] != [(place.endpoint.removeprefix("admin."), owner)]:
                found.append(f"{path} as {person.name}: {noted}")
            found += [f"{path} as {person.name}: no purpose" for *_, details in noted if not details["purpose"]]
    return found


@pytest.mark.security(64)
@pytest.mark.parametrize("place", WITH_CUSTOMER, ids=name_of)
def test_each_page_with_a_customer_leaves_one_event_about_that_customer(world: World, place: Place) -> None:
    problems = complaints(world, place)
    assert not problems, "\n".join(problems)
    assert f"staff_page.{place.endpoint.removeprefix('admin.')}" in TEXTS


@pytest.mark.security(64)
def test_the_matrix_sees_a_page_that_forgets_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    place = next(place for place in WITH_CUSTOMER if place.endpoint == "admin.consents")
    kept = cast("Any", world.app.view_functions[place.endpoint])
    # The view as it would be without the declaration that notes the look.
    forgetful = access._declare(kept.__wrapped__, place.access)
    monkeypatch.setitem(world.app.view_functions, place.endpoint, forgetful)
    assert len(complaints(world, place)) == len(insiders(place))


@pytest.mark.security(64)
def test_a_page_that_forgets_to_ask_for_the_purpose_is_noted_all_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    view: Callable[..., str] = lambda **_arguments: f"the data of {request.path}"  # noqa: E731
    place = next(place for place in WITH_CUSTOMER if place.endpoint == "admin.consents")
    monkeypatch.setitem(world.app.view_functions, place.endpoint, access.staff(place.access.permission)(view))
    stranger = world.accounts["disabled customer"].customer_id
    with world.transaction():
        uuid = db.session.execute(
            select(db.metadata.tables["customer"].c.uuid).where(db.metadata.tables["customer"].c.id == stranger)
        ).scalar_one()
    assert world.client(insiders(place)[0]).get(f"/admin/customers/{uuid}/consents").status_code == 200
    assert looks(world.app)[-1] == (
        "consents",
        stranger,
        {"page": "consents", "purpose": None, "role": "customer_care"},
    )


@pytest.mark.security(64)
@pytest.mark.parametrize("place", WITH_CUSTOMER, ids=name_of)
def test_who_may_not_look_leaves_a_refusal_about_that_customer(world: World, place: Place) -> None:
    owner = world.accounts[CUSTOMER.name].customer_id
    for person in ROLES:
        if expected(place.access, person) != "forbidden":
            continue
        before = len(looks(world.app))
        assert world.client(person).get(path_of(place, world)).status_code == 403
        with world.app.app_context():
            last = db.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
            employee = world.employees[person.name].id
            assert (last.action, last.customer_id, last.staff_id) == ("staff.permission_denied", owner, employee)
        assert len(looks(world.app)) == before


@pytest.mark.security(64)
def test_a_form_that_is_shown_again_is_a_look_and_one_that_is_stored_is_none(world: World) -> None:
    person = next(person for person in ROLES if person.role == "customer_care")
    client, path = world.client(person), f"/admin/customers/{world.customer_uuid}/details/phone"
    token = client.csrf_token(path)
    before = len(looks(world.app))
    assert client.post(path, data={"csrf_token": token, "phone": "x"}).status_code == 422
    assert [page for page, *_ in looks(world.app)[before:]] == ["correct"]
    missing = client.get(f"/admin/customers/{world.customer_uuid}/details/shoe-size")
    assert (missing.status_code, len(looks(world.app))) == (404, before + 1)


def test_each_kind_of_look_is_declared() -> None:
    assert {action for action in EVENTS if {"page", "purpose"} <= EVENTS[action]} == set(LOOKS)
