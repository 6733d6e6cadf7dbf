"""The list of browsers one is logged in with: read, end one, end all others (SECURITY 23)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import TimeMachineFixture

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.session import CustomerSession
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.web.auth.together import press

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/605.1"


def open_browser(new_client: NewClient, owner: MadeAccount, agent: str, *, remember: bool = False) -> InvariantClient:
    browser = new_client()
    browser.headers["User-Agent"] = agent
    assert browser.submit("/login", email=owner.email, password=owner.password, remember=remember).status_code == 303
    return browser


def names(client: InvariantClient) -> list[str]:
    return client.get("/account/sessions").texts(".devices__name")


def ended(reading: Transaction) -> list[int]:
    with reading():
        found = select(AuditEvent.details).where(AuditEvent.action == "account.session_ended").order_by(AuditEvent.seq)
        return [details["count"] for details in db.session.execute(found).scalars()]


@pytest.fixture
def here(clock: TimeMachineFixture, new_client: NewClient, owner: MadeAccount) -> InvariantClient:
    return open_browser(new_client, owner, FIREFOX)


@pytest.mark.security(23)
def test_each_browser_with_network_and_last_use_this_one_first(
    here: InvariantClient, new_client: NewClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    there = open_browser(new_client, owner, SAFARI, remember=True)
    assert names(here) == ["Firefox Linux Tämä selain", "Safari iPhone"]
    assert names(there) == ["Safari iPhone Tämä selain", "Firefox Linux"]
    page = here.get("/account/sessions")
    assert "127.0.0.0/24" in page.page_text
    assert "127.0.0.1" not in page.page_text
    assert "pysyy kirjautuneena 1.4.2026" in page.page_text
    # One's own has no button: for it there is the one that logs out.
    assert len(page.select("input[name=line]")) == 1


@pytest.mark.security(23)
def test_a_remembered_browser_stays_in_the_list_while_its_session_rests(
    here: InvariantClient, new_client: NewClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    open_browser(new_client, owner, SAFARI, remember=True)
    open_browser(new_client, owner, SAFARI)
    clock.shift(timedelta(minutes=59))
    here.get("/account")
    clock.shift(timedelta(minutes=59))
    assert names(here) == ["Firefox Linux Tämä selain", "Safari iPhone"]


@pytest.mark.security(21, 23)
@pytest.mark.parametrize("remember", [False, True])
def test_ending_one(
    here: InvariantClient, new_client: NewClient, owner: MadeAccount, reading: Transaction, remember: bool
) -> None:
    there = open_browser(new_client, owner, SAFARI, remember=remember)
    third = open_browser(new_client, owner, FIREFOX)
    page = here.get("/account/sessions")
    buttons = [form for form in page.select("form") if "Safari iPhone" in form.get_text()]
    line = str(buttons[0].select_one("input[name=line]")["value"])  # type: ignore[index]
    data = {"csrf_token": here.csrf_token("/account/sessions"), "line": line}
    assert here.follow(here.post("/account/sessions", data=data)).texts(".flashes p")
    assert there.get("/account").status_code == 303
    assert there.get("/account").status_code == 303
    assert third.get("/account").status_code == 200
    # Pressed again, nothing is left to end.
    assert here.post("/account/sessions", data=data).status_code == 303
    assert ended(reading) == [1]


@pytest.mark.security(21, 23)
def test_ending_all_others(
    new_client: NewClient, owner: MadeAccount, reading: Transaction, clock: TimeMachineFixture
) -> None:
    here = open_browser(new_client, owner, FIREFOX, remember=True)
    others = [open_browser(new_client, owner, SAFARI, remember=remember) for remember in (True, False)]
    assert here.submit("/account/sessions", "form[action$=others]").status_code == 303
    assert [other.get("/account").status_code for other in others] == [303, 303]
    assert names(here) == ["Firefox Linux Tämä selain"]
    assert ended(reading) == [2]
    # This browser stays logged in, too.
    clock.shift(timedelta(hours=3))
    assert here.get("/account").status_code == 200


@pytest.mark.security("R12")
def test_twenty_presses_end_the_others_once(
    here: InvariantClient, new_client: NewClient, owner: MadeAccount, reading: Transaction, no_throttle: None
) -> None:
    open_browser(new_client, owner, SAFARI)
    answers = press(here, new_client, "/account/sessions", form="form[action$=others]")
    assert {answer.status_code for answer in answers} == {303}
    assert ended(reading) == [1]


@pytest.mark.security(23, 33)
@pytest.mark.parametrize("kind", ["session", "device"])
def test_somebody_elses_browser_cannot_be_ended(
    here: InvariantClient, new_client: NewClient, transaction: Transaction, reading: Transaction, kind: str
) -> None:
    with transaction() as context:
        other = builders.account(context)
    there = open_browser(new_client, other, SAFARI, remember=kind == "device")
    with reading():
        number = db.session.execute(
            select(CustomerSession.remembered_device_id if kind == "device" else CustomerSession.id)
            .order_by(CustomerSession.id.desc())
            .limit(1)
        ).scalar_one()
    assert number is not None
    token = here.csrf_token("/account/sessions")
    answer = here.post("/account/sessions", data={"csrf_token": token, "line": f"{kind}-{number}"})
    missing = here.post("/account/sessions", data={"csrf_token": token, "line": f"{kind}-{number + 999}"})
    assert (answer.status_code, answer.location) == (missing.status_code, missing.location)
    assert there.get("/account").status_code == 200
    assert ended(reading) == []


@pytest.mark.security(46, 48)
@pytest.mark.parametrize("line", ["", "session-", "session-x", "device-" + "9" * 40, "customer-1", "session-²"])
def test_what_names_no_line_is_refused(here: InvariantClient, line: str) -> None:
    data = {"csrf_token": here.csrf_token("/account/sessions"), "line": line}
    assert here.post("/account/sessions", data=data).status_code == 422


def test_the_security_page_leads_there(here: InvariantClient) -> None:
    page = here.get("/account/security")
    assert "/account/sessions" in {str(link["href"]) for link in page.select("main a")}
