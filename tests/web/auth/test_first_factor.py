"""The right password while the second factor is missing: the log knows, and the owner hears of it (SECURITY 64)."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from time_machine import TimeMachineFixture

from portal.models.audit import AuditEvent
from portal.models.base import db
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import HALF_MINUTE, actions, ask, digits

ELSEWHERE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
WRONG = "000000"


def accepted(reading: Transaction) -> list[bool]:
    """Of each password that was accepted, whether the device was new."""
    with reading():
        known = select(AuditEvent.details).where(AuditEvent.action == "account.password_accepted")
        return [row["new_device"] for row in db.session.execute(known.order_by(AuditEvent.seq)).scalars()]


@pytest.mark.security(64)
def test_a_password_from_a_new_browser_is_told_although_no_code_follows(
    inside: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    assert (accepted(reading), mailbox.kinds()) == ([False], [])
    thief = new_client()
    thief.environ_base["HTTP_USER_AGENT"] = ELSEWHERE
    ask(thief, owner)
    assert actions(reading) == ["account.password_accepted", "account.login", "account.password_accepted"]
    assert accepted(reading) == [False, True]
    mail = mailbox.latest("password_accepted")
    assert (mail.recipient, mail.link) == (owner.email, "/forgot-password")
    # The owner reads it in the list of events, and not as something that they did.
    event = inside.get("/privacy/activity").page_text
    assert "Oikea salasana annettu, koodia pyydettiin" in event
    assert "Ei kirjautunut" in event


@pytest.mark.security(64)
def test_the_password_alone_makes_no_browser_known(
    inside: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    secret: str,
    mailbox: Mailbox,
    reading: Transaction,
    clock: TimeMachineFixture,
) -> None:
    other = new_client()
    other.environ_base["HTTP_USER_AGENT"] = ELSEWHERE
    ask(other, owner)
    clock.shift(HALF_MINUTE)
    assert other.submit_form(ask(other, owner), code=digits(secret)).status_code == 303
    # The password is told once; the session that begins there later is told as well, and then the browser is known.
    assert mailbox.kinds(owner.email) == ["password_accepted", "new_device"]
    other.submit("/account", "form[action$=logout]")
    clock.shift(HALF_MINUTE)
    other.submit_form(ask(other, owner), code=digits(secret))
    assert mailbox.kinds(owner.email) == ["password_accepted", "new_device"]
    with reading():
        log_ins = select(AuditEvent.details).where(AuditEvent.action == "account.login").order_by(AuditEvent.seq)
        assert [row["new_device"] for row in db.session.execute(log_ins).scalars()] == [False, True, False]


@pytest.mark.security(64)
def test_codes_that_keep_failing_are_told_once_in_an_hour(
    client: InvariantClient, owner: MadeAccount, secret: str, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    asked = ask(client, owner)
    for _ in range(4):
        client.submit_form(asked, code=WRONG)
    assert mailbox.kinds() == []
    client.submit_form(asked, code=WRONG)
    assert mailbox.kinds(owner.email) == ["second_factor_failing"]
    assert client.submit_form(asked, code=WRONG).status_code == 429
    clock.shift(timedelta(minutes=6))
    for _ in range(5):
        assert client.submit_form(asked, code=WRONG).status_code == 422
    assert mailbox.kinds() == ["second_factor_failing"]
    clock.shift(timedelta(minutes=61))
    asked = ask(client, owner)
    for _ in range(5):
        client.submit_form(asked, code=WRONG)
    assert mailbox.kinds() == ["second_factor_failing"] * 2


@pytest.mark.security(64, "R20")
def test_a_clock_that_was_set_back_keeps_no_warning_away(
    client: InvariantClient, owner: MadeAccount, secret: str, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    start = datetime.now(UTC)
    clock.shift(timedelta(days=1))
    asked = ask(client, owner)
    for _ in range(5):
        client.submit_form(asked, code=WRONG)
    assert mailbox.kinds() == ["second_factor_failing"]
    clock.move_to(start, tick=False)
    asked = ask(client, owner)
    # Neither the mail nor the failures of what has not come yet count.
    for _ in range(4):
        client.submit_form(asked, code=WRONG)
    assert mailbox.kinds() == ["second_factor_failing"]
    client.submit_form(asked, code=WRONG)
    assert mailbox.kinds() == ["second_factor_failing"] * 2


@pytest.mark.security(64)
def test_an_owner_who_mistypes_now_and_then_is_told_nothing(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    secret: str,
    mailbox: Mailbox,
    clock: TimeMachineFixture,
) -> None:
    asked = ask(client, owner)
    for _ in range(4):
        client.submit_form(asked, code=WRONG)
    assert client.submit_form(asked, code=digits(secret)).status_code == 303
    clock.shift(timedelta(minutes=61))
    later = new_client()
    later.submit_form(ask(later, owner), code=WRONG)
    assert mailbox.kinds() == []


@pytest.mark.security(64)
def test_codes_that_fail_inside_a_session_are_told_too(
    inside: InvariantClient, owner: MadeAccount, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    clock.shift(timedelta(minutes=11) + HALF_MINUTE)
    page = inside.get("/confirm-password")
    for _ in range(5):
        inside.submit_form(page, password=owner.password, code=WRONG)
    assert mailbox.kinds() == ["second_factor_failing"]
