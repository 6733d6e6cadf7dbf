"""An employee disables a customer's account and enables it again (SECURITY 5, 6, 13, 22, 24, 32, 64)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from portal.mail.links import unsubscribe_link
from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.consent import ConsentEvent
from portal.models.session import CustomerSession, RememberedDevice
from portal.rules.disabling_reasons import DisablingReason
from portal.rules.opening_purposes import OpeningPurpose
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import digits
from tests.web.auth.test_sign_up import TYPED

UuidOf = Callable[[int], UUID]
Events = Callable[[str], list[AuditEvent]]
Power = Callable[..., PageResponse]
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context, email="aino@example.com")


@pytest.fixture
def mailbox(reading: Transaction) -> Mailbox:
    return Mailbox(reading)


@pytest.fixture
def path(owner: MadeAccount, uuid_of: UuidOf) -> str:
    return f"/admin/customers/{uuid_of(owner.customer_id)}/access"


@pytest.fixture
def colleague(employee: Any, path: str) -> InvariantClient:
    """An employee of customer care who has opened the customer."""
    browser: InvariantClient = employee("customer_care")[0]
    asked = browser.follow(browser.get(path))
    assert browser.submit_form(asked, purpose=OpeningPurpose.CUSTOMER_CONTACT.value).location == path
    return browser


@pytest.fixture
def disable(colleague: InvariantClient, path: str) -> Power:
    def done(reason: str = DisablingReason.MISUSE.value) -> PageResponse:
        answer = colleague.submit(path, reason=reason)
        assert answer.location == path.removesuffix("/access")
        return answer

    return done


@pytest.fixture
def enable(colleague: InvariantClient, path: str) -> Power:
    def done() -> PageResponse:
        answer = colleague.submit(path)
        assert answer.location == path.removesuffix("/access")
        return answer

    return done


def stored(reading: Transaction) -> tuple[bool, str | None]:
    with reading():
        row = db.session.execute(select(Account.disabled_at, Account.disabled_reason)).one()
    return row.disabled_at is not None, row.disabled_reason


@pytest.mark.security(22, 64)
def test_everything_ends_on_the_next_request(
    new_client: NewClient,
    colleague: InvariantClient,
    owner: MadeAccount,
    disable: Power,
    mailbox: Mailbox,
    reading: Transaction,
    events: Events,
) -> None:
    browsers = [new_client(), new_client()]
    for browser, remember in zip(browsers, (True, False), strict=True):
        browser.submit("/login", email=owner.email, password=PASSWORD, remember=remember)
        assert browser.get("/account").status_code == 200
    shown = colleague.follow(disable())
    assert "Tili on poistettu käytöstä" in shown.page_text and "Tilin väärinkäyttö" in shown.page_text
    for _ in range(2):
        assert [browser.get("/account").status_code for browser in browsers] == [303, 303]
    with reading():
        for table in (CustomerSession, RememberedDevice):
            assert db.session.execute(select(func.count()).select_from(table)).scalar_one() == 0
    [event] = events("account.disabled")
    assert (event.actor_kind, event.customer_id, event.details) == ("staff", owner.customer_id, {"reason": "misuse"})
    mail = mailbox.latest("account_disabled")
    assert mail.recipient == owner.email
    for words in ("tiliä oli käytetty väärin", "Tilauksesi ja tietosi säilyvät", "oikeutesi säilyvät", "info@"):
        assert words in mail.text and words in mail.html


@pytest.mark.security(5, 6, 22)
def test_a_log_in_tells_nobody_why_it_fails(new_client: NewClient, owner: MadeAccount, disable: Power) -> None:
    disable()
    told = {
        (answer.status_code, tuple(answer.error_summary), tuple(answer.texts("main")))
        for answer in (
            new_client().submit("/login", email=owner.email, password=PASSWORD),
            new_client().submit("/login", email=owner.email, password="jokin aivan muu lause"),
        )
    }
    assert len(told) == 1
    assert next(iter(told))[0] == 422


@pytest.mark.security(15, 22)
def test_a_log_in_between_the_factors_ends_too(
    client: InvariantClient, owner: MadeAccount, disable: Power, transaction: Transaction
) -> None:
    with transaction() as context:
        secret = builders.second_factor(context, owner.id)
    asked = client.follow(client.submit("/login", email=owner.email, password=PASSWORD))
    disable()
    client.submit_form(asked, code=digits(secret))
    assert client.get("/account").status_code == 303


@pytest.mark.security(13, 22)
def test_links_that_were_mailed_end_and_no_new_ones_come(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    disable: Power,
    enable: Power,
    mailbox: Mailbox,
) -> None:
    client.submit("/forgot-password", email=owner.email)
    client.log_in(owner)
    client.submit("/account/email", email="uusi@example.com")
    new_client().submit("/forgot-password", email=owner.email)
    links = [mailbox.latest(kind).link for kind in ("reset_password", "confirm_new_email")]
    disable()
    for link in links:
        assert client.follow(client.get(link)).status_code == 410
    sent = mailbox.kinds()
    # The same answer as ever, and no mail.
    assert new_client().submit("/forgot-password", email=owner.email).status_code == 303
    assert mailbox.kinds() == sent
    enable()
    for link in links:
        assert client.follow(client.get(link)).status_code == 410


@pytest.mark.security(7, 22)
def test_signing_up_with_the_address_changes_nothing_and_the_mail_alone_tells_how_to_get_the_account_back(
    client: InvariantClient, owner: MadeAccount, disable: Power, enable: Power, mailbox: Mailbox, reading: Transaction
) -> None:
    disable()
    answer = client.submit("/sign-up", **{**TYPED, "email": owner.email})
    other = client.submit("/sign-up", **TYPED)
    assert (answer.status_code, answer.location) == (other.status_code, other.location)
    assert mailbox.kinds(owner.email) == ["account_disabled", "already_registered"]
    sent = mailbox.latest("already_registered")
    for part in (sent.text, sent.html):
        assert "on poistanut tilin käytöstä" in part and "info@mikromafia.fi" in part
        assert "/login" not in part and "/forgot-password" not in part
    assert stored(reading) == (True, "misuse")
    # It tells what is so when it leaves.
    enable()
    again = mailbox.latest("already_registered")
    for part in (again.text, again.html):
        assert "poistanut" not in part and "/login" in part and "/forgot-password" in part


def test_marketing_can_still_be_ended_by_the_link_of_a_mail(
    app: Flask, new_client: NewClient, owner: MadeAccount, uuid_of: UuidOf, disable: Power, reading: Transaction
) -> None:
    disable()
    name = uuid_of(owner.customer_id)
    with reading():
        link = unsubscribe_link(owner.customer_id, name).removeprefix(app.config["PORTAL_BASE_URL"])
    answer = new_client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    with reading():
        row = db.session.execute(select(ConsentEvent.kind, ConsentEvent.action)).one()
    assert tuple(row) == ("marketing_email", "forbidden")


def test_enabled_again_it_opens_as_before_and_the_customer_reads_of_it(
    client: InvariantClient,
    owner: MadeAccount,
    disable: Power,
    enable: Power,
    mailbox: Mailbox,
    reading: Transaction,
    events: Events,
) -> None:
    disable()
    enable()
    assert stored(reading) == (False, None)
    [event] = events("account.enabled")
    assert (event.actor_kind, event.customer_id, event.details) == ("staff", owner.customer_id, {})
    # The message that waited is of no use any more; the one about the return goes.
    assert mailbox.kinds() == ["account_enabled"]
    mail = mailbox.latest("account_enabled")
    assert mail.link == "/login" and "palautti tilisi käyttöön" in mail.text and "palautti tilisi käyttöön" in mail.html
    client.log_in(owner)
    shown = client.get("/privacy/activity").page_text
    assert (
        "Tili poistettiin käytöstä" in shown and "Tilin väärinkäyttö" in shown and "Tili palautettiin käyttöön" in shown
    )


@pytest.mark.security("R11")
def test_who_was_second_is_told_and_changes_nothing(
    colleague: InvariantClient, path: str, disable: Power, enable: Power, events: Events, reading: Transaction
) -> None:
    seen_in_use = colleague.get(path)
    disable()
    late = colleague.submit_form(seen_in_use, reason=DisablingReason.TAKEOVER.value)
    assert late.status_code == 409 and "Joku ehti muuttaa tätä" in late.page_text
    assert "Palauta tili käyttöön" in late.h1 and "kaksivaihei" not in late.page_text
    assert stored(reading) == (True, "misuse") and len(events("account.disabled")) == 1
    seen_disabled = colleague.get(path)
    enable()
    late = colleague.submit_form(seen_disabled)
    assert late.status_code == 409 and "Poista tili käytöstä" in late.h1
    assert stored(reading) == (False, None) and len(events("account.enabled")) == 1


@pytest.mark.parametrize("reason", ["", "vaikea asiakas", "customer"])
def test_a_reason_of_the_list_is_a_must(
    colleague: InvariantClient, path: str, reading: Transaction, reason: str
) -> None:
    answer = colleague.post(
        path,
        data={"csrf_token": colleague.csrf_token("/admin/"), "version": "0", "reason": reason},
    )
    assert (answer.status_code, answer.fields_in_error) == (422, ["reason"])
    assert stored(reading) == (False, None)


@pytest.mark.security(24)
def test_it_wants_a_fresh_proof(
    colleague: InvariantClient, path: str, clock: TimeMachineFixture, reading: Transaction
) -> None:
    form = colleague.get(path)
    clock.shift(timedelta(minutes=11))
    assert (colleague.get(path).location or "").startswith("/admin/confirm?next=")
    assert (colleague.submit_form(form, reason="misuse").location or "").startswith("/admin/confirm?next=")
    assert stored(reading) == (False, None)


@pytest.mark.security(32)
@pytest.mark.parametrize("role", ["privacy", "orders", "communications", "auditor"])
def test_other_roles_disable_nobody(employee: Any, path: str, role: str) -> None:
    browser, _made = employee(role)
    assert browser.get(path).status_code == 403


def test_without_a_purpose_nothing_is_disabled(employee: Any, path: str, reading: Transaction) -> None:
    browser, _made = employee("customer_care")
    data = {"csrf_token": browser.csrf_token("/admin/"), "version": "0", "reason": "misuse"}
    assert (browser.post(path, data=data).location or "").startswith(path.replace("/access", "/open"))
    assert stored(reading) == (False, None)


def test_a_customer_without_an_account_has_no_such_page(
    employee: Any, transaction: Transaction, uuid_of: UuidOf
) -> None:
    with transaction() as context:
        customer = builders.customer(context)
    browser, _made = employee("administrator")
    path = f"/admin/customers/{uuid_of(customer)}/access"
    asked = browser.follow(browser.get(path))
    browser.submit_form(asked, purpose=OpeningPurpose.CUSTOMER_CONTACT.value)
    assert browser.get(path).status_code == 404
