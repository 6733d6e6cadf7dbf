"""Before something delicate an employee gives both factors again (SECURITY 19, 24)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from time_machine import TimeMachineFixture

from config import Settings
from portal import create_app
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.web import access
from tests.support import builders
from tests.support.builders import MadeStaff
from tests.support.client import InvariantClient, PageResponse
from tests.support.databases import Database
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10, seconds=30)
Events = Callable[[str], list[AuditEvent]]


@pytest.fixture
def delicate(settings: Settings, database: Database) -> Iterator[Flask]:
    """The application with one delicate page for whoever may read the audit log."""
    made = create_app(settings)
    view = access.staff_fresh("audit.read")(lambda: "delicate")
    made.add_url_rule("/admin/delicate", "admin.delicate", view, methods=["GET", "POST"])
    yield made
    with made.app_context():
        db.engine.dispose()


class Browser(InvariantClient):
    """The planted page is a word, not a page."""

    def check(self, response: PageResponse) -> None:
        if response.request.path != "/admin/delicate":
            super().check(response)


@pytest.fixture
def made(transaction: Transaction) -> MadeStaff:
    with transaction(now=NOON) as context:
        return builders.staff(context, "auditor")


@pytest.fixture
def colleague(
    delicate: Flask, settings: Settings, made: MadeStaff, time_machine: TimeMachineFixture
) -> InvariantClient:
    """An employee who logged in at noon; it is ten minutes and a half later."""
    time_machine.move_to(NOON, tick=False)
    client = Browser(delicate, settings.base_url)
    assert client.log_in_staff(made, NOON).path == "/admin/"
    assert client.get("/admin/delicate").status_code == 200
    time_machine.move_to(LATER, tick=False)
    return client


def staff_cookie(client: InvariantClient) -> str:
    cookie = client.get_cookie("portal_staff")
    assert cookie is not None
    return cookie.value


@pytest.mark.security(19, 24, 64)
def test_after_ten_minutes_both_factors_are_asked_for(
    colleague: InvariantClient, made: MadeStaff, events: Events
) -> None:
    assert colleague.get("/admin/").status_code == 200
    asked = colleague.get("/admin/delicate")
    assert asked.location == "/admin/confirm?next=/admin/delicate"
    before, token = staff_cookie(colleague), colleague.csrf_token("/admin/")
    answer = colleague.submit_form(colleague.follow(asked), password=made.password, code=made.code(LATER))
    assert answer.location == "/admin/delicate"
    assert colleague.get("/admin/delicate").status_code == 200
    assert staff_cookie(colleague) != before
    assert colleague.csrf_token("/admin/") != token
    assert [event.staff_id for event in events("staff.reauthenticated")] == [made.id]


@pytest.mark.security(24)
def test_a_form_that_is_sent_too_late_asks_as_well(colleague: InvariantClient) -> None:
    data = {"csrf_token": colleague.csrf_token("/admin/")}
    assert colleague.post("/admin/delicate", data=data).location == "/admin/confirm?next=/admin/delicate"


@pytest.mark.security(24, 26)
@pytest.mark.parametrize(
    ("password", "code", "wrong"),
    [
        ("", "", ["password", "code"]),
        ("aivan väärä sana tähän", "right", ["password"]),
        ("right", "000000", ["code"]),
        # The code of the log-in was used up by it.
        ("right", "used", ["code"]),
    ],
)
def test_one_factor_alone_proves_nothing(
    colleague: InvariantClient, made: MadeStaff, password: str, code: str, wrong: list[str]
) -> None:
    codes = {"right": made.code(LATER), "used": made.code(NOON)}
    before = staff_cookie(colleague)
    page = colleague.get("/admin/confirm?next=/admin/delicate")
    answer = colleague.submit_form(
        page, password=made.password if password == "right" else password, code=codes.get(code, code)
    )
    assert (answer.status_code, answer.fields_in_error) == (422, wrong)
    assert colleague.get("/admin/delicate").status_code == 303
    assert staff_cookie(colleague) == before


@pytest.mark.security(24)
def test_a_wrong_password_uses_no_code_up(colleague: InvariantClient, made: MadeStaff) -> None:
    refused = colleague.submit("/admin/confirm", password="aivan väärä sana tähän", code=made.code(LATER))
    assert refused.fields_in_error == ["password"]
    assert colleague.submit_form(refused, password=made.password, code=made.code(LATER)).status_code == 303


@pytest.mark.security(11, 24)
def test_proving_is_throttled_like_the_second_factor(
    colleague: InvariantClient, made: MadeStaff, events: Events
) -> None:
    page = colleague.get("/admin/confirm")
    for _ in range(5):
        assert colleague.submit_form(page, password=made.password, code="000000").status_code == 422
    stopped = colleague.submit_form(page, password=made.password, code=made.code(LATER))
    assert stopped.status_code == 429
    assert len(events("staff.second_factor_failed")) == 5


@pytest.mark.security(12, 24)
def test_strangers_who_try_to_log_in_keep_nobody_from_proving(
    delicate: Flask, settings: Settings, colleague: InvariantClient, made: MadeStaff
) -> None:
    stranger = Browser(delicate, settings.base_url)
    tries = [stranger.submit("/admin/login", email=made.email, password="väärä").status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]
    answer = colleague.submit("/admin/confirm", password=made.password, code=made.code(LATER))
    assert answer.status_code == 303


@pytest.mark.security(36)
def test_next_of_a_proof_stays_in_the_area(colleague: InvariantClient, made: MadeStaff) -> None:
    page = colleague.get("/admin/confirm", query_string={"next": "//evil.test"})
    assert colleague.submit_form(page, password=made.password, code=made.code(LATER)).location == "/admin/"


@pytest.mark.security(24, 32)
def test_the_role_is_looked_at_first(
    delicate: Flask, settings: Settings, transaction: Transaction, time_machine: TimeMachineFixture
) -> None:
    with transaction(now=NOON) as context:
        care = builders.staff(context, "customer_care")
    time_machine.move_to(NOON, tick=False)
    client = Browser(delicate, settings.base_url)
    client.log_in_staff(care, NOON)
    time_machine.move_to(LATER, tick=False)
    assert client.get("/admin/delicate").status_code == 403
