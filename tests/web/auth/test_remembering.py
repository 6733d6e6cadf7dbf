"""Staying logged in for a month: what it opens, what ends it, how a copied cookie is noticed (SECURITY 19, 21–24)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from time_machine import TimeMachineFixture

from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.session import CustomerSession, RememberedDevice
from portal.services import housekeeping
from portal.services.accounts import remembering
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.together import at_once

NEW = "seitsemän harmaata hanhea lentää"
# Longer than a session may rest.
AWAY = timedelta(hours=2)


def cookie(client: InvariantClient, name: str = "portal_remembered") -> str | None:
    found = client.get_cookie(name)
    return found.value if found else None


def log_in(client: InvariantClient, owner: MadeAccount, *, remember: bool = True) -> None:
    answer = client.submit("/login", email=owner.email, password=owner.password, remember=remember)
    assert answer.status_code == 303


def copy_of(client: InvariantClient, new_client: NewClient) -> InvariantClient:
    """A browser with the remembered value of another one, and nothing else."""
    twin = new_client()
    twin.set_cookie("portal_remembered", cookie(client) or "", domain="localhost")
    return twin


@pytest.fixture
def remembered(client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture) -> InvariantClient:
    """A remembered browser whose session has ended: it was closed, and opened again after two hours."""
    log_in(client, owner)
    clock.shift(AWAY)
    client.delete_cookie("portal_customer", domain="localhost")
    return client


def count(reading: Transaction, table: type) -> int:
    with reading():
        return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def actions(reading: Transaction) -> list[str]:
    with reading():
        return list(db.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars())


@pytest.mark.security(21)
def test_it_is_never_chosen_beforehand(client: InvariantClient, owner: MadeAccount, reading: Transaction) -> None:
    (box,) = client.get("/login").select("input[name=remember]")
    assert not box.has_attr("checked")
    log_in(client, owner, remember=False)
    assert cookie(client) is None
    assert count(reading, RememberedDevice) == 0


@pytest.mark.security(21)
def test_the_cookie_is_random_lives_a_month_and_only_hashes_are_kept(
    client: InvariantClient, owner: MadeAccount, reading: Transaction
) -> None:
    answer = client.submit("/login", email=owner.email, password=owner.password, remember=True)
    (line,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("portal_remembered=")]
    assert "Max-Age=2592000" in line and "HttpOnly" in line and "SameSite=Lax" in line
    value = cookie(client) or ""
    assert len(value) == 64
    with reading():
        row = db.session.execute(select(RememberedDevice)).scalar_one()
        kept = [getattr(row, column.name) for column in row.__table__.columns]
    raw = remembering._read(value)
    assert raw is not None
    assert not [part for part in kept if part in (value, value.encode(), raw.name, raw.secret)]


@pytest.mark.security(19, 21)
def test_a_remembered_browser_goes_on_with_new_values(
    remembered: InvariantClient, reading: Transaction, clock: TimeMachineFixture
) -> None:
    before, form_cookie = cookie(remembered), cookie(remembered, "portal_form")
    assert remembered.get("/account").status_code == 200
    assert cookie(remembered) != before
    assert cookie(remembered, "portal_form") != form_cookie
    assert actions(reading) == ["account.login", "account.device_remembered", "account.resumed"]
    # The month counts from the log-in, not from the last use.
    for _ in range(40):
        clock.shift(timedelta(days=1))
        status = remembered.get("/account").status_code
    assert status == 303
    assert cookie(remembered) is None


@pytest.mark.security(21, 24)
def test_a_remembered_session_is_not_fresh(remembered: InvariantClient, clock: TimeMachineFixture) -> None:
    assert remembered.get("/account").status_code == 200
    asked = remembered.get("/account/password")
    assert asked.location == "/confirm-password?next=/account/password"
    assert remembered.submit_form(remembered.follow(asked), password=PASSWORD).location == "/account/password"
    assert remembered.get("/account/password").status_code == 200


@pytest.mark.security(24)
def test_not_even_within_ten_minutes_of_the_log_in(client: InvariantClient, owner: MadeAccount) -> None:
    log_in(client, owner)
    assert client.get("/account/password").status_code == 200
    client.delete_cookie("portal_customer", domain="localhost")
    assert client.get("/account/password").status_code == 303


@pytest.mark.security(21)
def test_an_old_value_ends_the_family_and_tells_the_owner(
    remembered: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    reading: Transaction,
    mailbox: Mailbox,
    clock: TimeMachineFixture,
) -> None:
    thief = copy_of(remembered, new_client)
    assert remembered.get("/account").status_code == 200
    clock.shift(timedelta(minutes=1, seconds=1))
    assert thief.get("/account").location == "/login?next=/account"
    assert cookie(thief) is None
    # The session that the browser itself had begun is over as well.
    assert remembered.get("/account").status_code == 303
    assert count(reading, RememberedDevice) == count(reading, CustomerSession) == 0
    assert actions(reading)[-1] == "account.remembered_reused"
    mail = mailbox.latest("remembered_reused")
    assert mail.recipient == owner.email and mail.link == "/forgot-password"


@pytest.mark.security(21)
def test_a_value_from_long_ago_is_noticed_too(
    remembered: InvariantClient, new_client: NewClient, reading: Transaction, clock: TimeMachineFixture
) -> None:
    thief = copy_of(remembered, new_client)
    for _ in range(5):
        assert remembered.get("/account").status_code == 200
        remembered.delete_cookie("portal_customer", domain="localhost")
        clock.shift(AWAY)
    assert thief.get("/account").status_code == 303
    assert count(reading, RememberedDevice) == 0


@pytest.mark.security(21)
def test_the_thief_who_comes_first_is_found_by_the_owner(
    remembered: InvariantClient, new_client: NewClient, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    thief = copy_of(remembered, new_client)
    assert thief.get("/account").status_code == 200
    clock.shift(timedelta(minutes=5))
    assert remembered.get("/account").status_code == 303
    assert thief.get("/account").status_code == 303
    assert mailbox.kinds().count("remembered_reused") == 1


@pytest.mark.security(21)
def test_tabs_that_open_together_are_no_theft(
    remembered: InvariantClient, new_client: NewClient, reading: Transaction, mailbox: Mailbox, no_throttle: None
) -> None:
    twin = copy_of(remembered, new_client)
    assert remembered.get("/account").status_code == 200
    assert twin.get("/account").status_code == 200
    # Both are one browser: whichever answer arrives last, its cookies are the same.
    for name in ("portal_remembered", "portal_customer"):
        assert cookie(twin, name) == cookie(remembered, name)
    assert (
        remembered.csrf_token("/account")
        and twin.post("/logout", data={"csrf_token": remembered.csrf_token("/account")}).status_code == 303
    )
    assert not mailbox.kinds()


@pytest.mark.security("R12")
def test_twenty_tabs_at_once_begin_one_session(
    remembered: InvariantClient, new_client: NewClient, reading: Transaction, no_throttle: None
) -> None:
    answers = at_once(remembered, new_client, lambda twin: twin.get("/account"))
    assert {answer.status_code for answer in answers} == {200}
    assert count(reading, CustomerSession) == 2
    assert actions(reading).count("account.resumed") == 1


@pytest.mark.security(21)
def test_an_answer_that_was_lost_costs_nothing(
    remembered: InvariantClient, new_client: NewClient, clock: TimeMachineFixture
) -> None:
    """The browser never got the first answer; it asks again within the minute and knows the next value then."""
    again = copy_of(remembered, new_client)
    assert remembered.get("/account").status_code == 200
    clock.shift(timedelta(seconds=59))
    assert again.get("/account").status_code == 200
    again.delete_cookie("portal_customer", domain="localhost")
    clock.shift(AWAY)
    assert again.get("/account").status_code == 200


@pytest.mark.security(21, 22)
@pytest.mark.parametrize("way", ["log-out", "password", "disabled"])
def test_what_ends_it(
    remembered: InvariantClient, new_client: NewClient, owner: MadeAccount, transaction: Transaction, way: str
) -> None:
    assert remembered.get("/account").status_code == 200
    copied = copy_of(remembered, new_client)
    if way == "log-out":
        remembered.post("/logout", data={"csrf_token": remembered.csrf_token("/account")})
        assert cookie(remembered) is None
    elif way == "password":
        other = new_client()
        log_in(other, owner)
        assert other.submit("/account/password", new_password=NEW).status_code == 303
        assert other.get("/account").status_code == 200
    else:
        with transaction() as context:
            db.session.execute(update(Account).values(disabled_at=context.now))
    assert copied.get("/account").status_code == 303
    assert cookie(copied) is None


@pytest.mark.security(21, 22)
def test_a_new_address_ends_it(
    remembered: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    other = new_client()
    log_in(other, owner, remember=False)
    other.submit("/account/email", email="uusi@example.com")
    form = other.follow(other.get(mailbox.latest("confirm_new_email").link))
    assert other.submit_form(form, password=owner.password).status_code == 303
    assert remembered.get("/account").status_code == 303


@pytest.mark.security(21, 46)
@pytest.mark.parametrize("value", ["", "x", "A" * 64, "-" * 64, "a" * 4000, "ä" * 64, "a\x7f"])
def test_a_mangled_value_is_none(client: InvariantClient, value: str) -> None:
    client.set_cookie("portal_remembered", value, domain="localhost")
    assert client.get("/").status_code == 200
    assert client.get("/account").status_code == 303
    assert not cookie(client)


@pytest.mark.security(21, 30)
@pytest.mark.parametrize("path", ["/admin/", "/admin/customers", "/admin/nothing"])
def test_below_admin_a_remembered_customer_finds_what_is_at_any_unknown_address(
    remembered: InvariantClient, new_client: NewClient, path: str
) -> None:
    twin = copy_of(remembered, new_client)
    hidden, unknown = remembered.get(path), twin.get(path.replace("/admin", "/qdmin"))
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.page_text == unknown.page_text
    assert hidden.texts("header") == unknown.texts("header")
    assert [line.split("=")[0] for line in hidden.headers.getlist("Set-Cookie")] == [
        line.split("=")[0] for line in unknown.headers.getlist("Set-Cookie")
    ]


@pytest.mark.security(21)
def test_after_a_month_the_row_goes(
    remembered: InvariantClient, app: Flask, transaction: Transaction, reading: Transaction, clock: TimeMachineFixture
) -> None:
    with transaction() as context:
        assert housekeeping.PURGES["remembered_devices"](context) == 0
    clock.shift(timedelta(days=30))
    with transaction() as context:
        assert housekeeping.PURGES["remembered_devices"](context) == 1


@pytest.mark.security(21, 64)
def test_another_kind_of_browser_under_the_cookie_is_told(
    remembered: InvariantClient, new_client: NewClient, mailbox: Mailbox, owner: MadeAccount
) -> None:
    stranger = copy_of(remembered, new_client)
    stranger.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    assert stranger.get("/account").status_code == 200
    assert mailbox.kinds(owner.email) == ["new_device"]
    assert "Firefox Windows" in mailbox.latest("new_device").text
