"""An employee starts a new password of a customer, and never sees or chooses it (SECURITY 16, 32, 64)."""

import io
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from time_machine import TimeMachineFixture

from portal.models.account import Account, PasswordReset
from portal.models.audit import AuditEvent
from portal.models.base import Base, db
from portal.rules.log_lines import ReadableLines
from portal.rules.opening_purposes import OpeningPurpose
from portal.services.foundation import logs
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.mailbox import Mailbox

UuidOf = Callable[[int], UUID]
Events = Callable[[str], list[AuditEvent]]
NEW = "seitsemän harmaata hanhea lentää"


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context, email="aino@example.com")


@pytest.fixture
def mailbox(reading: Transaction) -> Mailbox:
    return Mailbox(reading)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged at any level, as it is written for a person."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ReadableLines())
    handler.addFilter(logs.add_context)
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def opened(colleague: InvariantClient, customer: UUID) -> str:
    """State a purpose; returns the address of the page that sends the link."""
    path = f"/admin/customers/{customer}/password-link"
    asked = colleague.follow(colleague.get(path))
    assert colleague.submit_form(asked, purpose=OpeningPurpose.CUSTOMER_CONTACT.value).location == path
    return path


@pytest.mark.security(16, 64)
def test_the_customer_gets_the_ordinary_link_and_chooses_alone(
    employee: Any, client: InvariantClient, owner: MadeAccount, uuid_of: UuidOf, mailbox: Mailbox, events: Events
) -> None:
    colleague, made = employee("customer_care")
    path = opened(colleague, uuid_of(owner.customer_id))
    page = colleague.get(path)
    assert not page.select("main input:not([type=hidden])")
    done = colleague.submit_form(page)
    assert done.location == path
    shown = colleague.follow(done).page_text
    assert "on matkalla alla olevaan osoitteeseen" in shown and owner.email in shown
    assert "Työntekijä lähetti viimeksi" in shown and "Työntekijä lähetti viimeksi" not in page.page_text
    assert "Kirjautumissivulla pyydetty" not in shown
    [event] = events("account.password_reset_requested")
    assert (event.actor_kind, event.actor_id, event.customer_id) == ("staff", made.id, owner.customer_id)
    mail = mailbox.latest("password_link")
    assert (mail.recipient, mailbox.kinds()) == (owner.email, ["password_link"])
    assert "Asiakaspalvelumme lähetti sinulle tämän linkin." in mail.text
    # Until the customer has chosen, the password is the one it was.
    assert client.submit("/login", email=owner.email, password=PASSWORD).status_code == 303


@pytest.mark.security(13, 16)
def test_the_link_is_the_customers_to_use(
    employee: Any, client: InvariantClient, owner: MadeAccount, uuid_of: UuidOf, mailbox: Mailbox
) -> None:
    colleague, _made = employee("customer_care")
    colleague.submit(opened(colleague, uuid_of(owner.customer_id)))
    form = client.follow(client.get(mailbox.latest("password_link").link))
    assert client.submit_form(form, new_password=NEW).location == "/login"
    assert mailbox.kinds() == ["password_changed"]
    assert client.submit("/login", email=owner.email, password=NEW).status_code == 303


@pytest.mark.security(16, 41, 62)
def test_nothing_an_employee_gets_or_the_portal_keeps_holds_the_token(
    employee: Any,
    owner: MadeAccount,
    uuid_of: UuidOf,
    mailbox: Mailbox,
    reading: Transaction,
    logged: io.StringIO,
) -> None:
    colleague, _made = employee("administrator")
    path = opened(colleague, uuid_of(owner.customer_id))
    page = colleague.get(path)
    pages = (path, path.removesuffix("/password-link"), "/admin/messages", "/admin/audit", "/admin/")
    answers = [page, colleague.submit_form(page), *(colleague.get(after) for after in pages)]
    link = mailbox.latest("password_link").link
    token = link.rsplit("/", 1)[1]
    assert len(token) > 40
    for answer in answers:
        assert token not in answer.body
        assert token not in str(answer.headers)
    assert logged.getvalue()
    assert token not in logged.getvalue()
    with reading():
        kept = [row for table in Base.metadata.sorted_tables for row in db.session.execute(select(table)).all()]
    assert kept
    assert token not in str(kept)


@pytest.mark.security(11, 16)
def test_it_is_counted_with_the_customers_own_wishes(
    employee: Any,
    client: InvariantClient,
    owner: MadeAccount,
    uuid_of: UuidOf,
    mailbox: Mailbox,
) -> None:
    for _ in range(3):
        client.submit("/forgot-password", email=owner.email)
    colleague, _made = employee("customer_care")
    path = opened(colleague, uuid_of(owner.customer_id))
    statuses = [colleague.submit(path).status_code for _ in range(3)]
    assert statuses == [303, 303, 429]
    # The customer's link ended with the employee's, whose presses within a minute are one.
    assert mailbox.kinds() == ["password_link"]
    assert client.submit("/forgot-password", email=owner.email).status_code == 429


@pytest.mark.security(13, 16)
@pytest.mark.parametrize("first", ["customer", "employee"])
def test_a_wish_of_the_other_a_moment_ago_holds_nothing_back(
    employee: Any, client: InvariantClient, owner: MadeAccount, uuid_of: UuidOf, mailbox: Mailbox, first: str
) -> None:
    colleague, _made = employee("customer_care")
    path = opened(colleague, uuid_of(owner.customer_id))
    presses = [
        ("reset_password", lambda: client.submit("/forgot-password", email=owner.email)),
        ("password_link", lambda: colleague.submit(path)),
    ]
    for kind, press in presses if first == "customer" else presses[::-1]:
        press()
        assert mailbox.kinds() == [kind]
        link = mailbox.latest(kind).link
        press()
        assert mailbox.latest(kind).link == link


@pytest.mark.security(13, 16)
def test_it_ends_the_link_before_and_ends_itself(
    employee: Any,
    client: InvariantClient,
    owner: MadeAccount,
    uuid_of: UuidOf,
    mailbox: Mailbox,
    time_machine: TimeMachineFixture,
) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), tick=False)
    client.submit("/forgot-password", email=owner.email)
    older = mailbox.latest("reset_password").link
    time_machine.shift(timedelta(seconds=61))
    colleague, _made = employee("customer_care")
    colleague.submit(opened(colleague, uuid_of(owner.customer_id)))
    newer = mailbox.latest("password_link").link
    told = colleague.get(f"/admin/customers/{uuid_of(owner.customer_id)}/password-link").texts(".summary__row")[2:]
    assert told == [
        "Työntekijä lähetti viimeksi 2.3.2026 klo\u00a014.01",
        "Kirjautumissivulla pyydetty viimeksi 2.3.2026 klo\u00a014.00",
    ]
    assert client.follow(client.get(older)).status_code == 410
    assert client.follow(client.get(newer)).status_code == 200
    client.submit("/login", email=owner.email, password=PASSWORD)
    assert client.follow(client.get(newer)).status_code == 410


@pytest.mark.security(16)
def test_without_a_purpose_nothing_is_sent(
    employee: Any, owner: MadeAccount, uuid_of: UuidOf, mailbox: Mailbox
) -> None:
    colleague, _made = employee("customer_care")
    path = f"/admin/customers/{uuid_of(owner.customer_id)}/password-link"
    data = {"csrf_token": colleague.csrf_token("/admin/")}
    assert (colleague.post(path, data=data).location or "").startswith(path.replace("/password-link", "/open"))
    assert mailbox.kinds() == []


@pytest.mark.security(16)
def test_a_purpose_ends_and_with_it_the_page(
    employee: Any, owner: MadeAccount, uuid_of: UuidOf, mailbox: Mailbox, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), tick=False)
    colleague, _made = employee("customer_care")
    path = opened(colleague, uuid_of(owner.customer_id))
    form = colleague.get(path)
    for _ in range(3):
        # The employee is at work, so that the session goes on.
        time_machine.shift(timedelta(minutes=11))
        colleague.get("/admin/")
    assert "/open" in (colleague.submit_form(form).location or "")
    assert mailbox.kinds() == []


@pytest.mark.security(32)
@pytest.mark.parametrize("role", ["privacy", "orders", "communications", "auditor"])
def test_other_roles_start_no_password(employee: Any, owner: MadeAccount, uuid_of: UuidOf, role: str) -> None:
    colleague, _made = employee(role)
    assert colleague.get(f"/admin/customers/{uuid_of(owner.customer_id)}/password-link").status_code == 403


@pytest.mark.security(16)
def test_a_field_chooses_neither_password_nor_address(
    employee: Any, client: InvariantClient, owner: MadeAccount, uuid_of: UuidOf, mailbox: Mailbox
) -> None:
    colleague, _made = employee("customer_care")
    path = opened(colleague, uuid_of(owner.customer_id))
    forged = {"new_password": NEW, "password": NEW, "email": "toinen@example.com", "recipient": "toinen@example.com"}
    assert colleague.submit(path, extra=forged).status_code == 303
    assert [mail.recipient for mail in mailbox.all()] == [owner.email]
    assert client.submit("/login", email=owner.email, password=NEW).status_code == 422


def test_a_customer_without_an_account_is_explained(
    employee: Any, transaction: Transaction, uuid_of: UuidOf, mailbox: Mailbox
) -> None:
    with transaction() as context:
        customer = builders.customer(context)
    colleague, _made = employee("customer_care")
    path = opened(colleague, uuid_of(customer))
    page = colleague.get(path)
    assert "/sign-up" in page.page_text
    assert not page.select("main form")
    answer = colleague.post(path, data={"csrf_token": colleague.csrf_token("/admin/")})
    assert (answer.status_code, len(answer.error_summary), mailbox.kinds()) == (422, 1, [])


def test_a_disabled_account_gets_no_link(
    employee: Any, owner: MadeAccount, transaction: Transaction, reading: Transaction, uuid_of: UuidOf
) -> None:
    with transaction() as context:
        db.session.execute(update(Account).where(Account.id == owner.id).values(disabled_at=context.now))
    colleague, _made = employee("customer_care")
    path = opened(colleague, uuid_of(owner.customer_id))
    assert not colleague.get(path).select("main form")
    answer = colleague.post(path, data={"csrf_token": colleague.csrf_token("/admin/")})
    assert (answer.status_code, len(answer.error_summary)) == (422, 1)
    with reading():
        assert db.session.execute(select(PasswordReset.id)).first() is None
