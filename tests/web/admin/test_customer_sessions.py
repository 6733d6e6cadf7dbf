"""An employee logs a customer out everywhere at the customer's word (SECURITY 23, 32, 64)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.rules.opening_purposes import OpeningPurpose
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction

UuidOf = Callable[[int], UUID]


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context)


def open_customer(colleague: InvariantClient, path: str) -> None:
    asked = colleague.follow(colleague.get(path))
    assert colleague.submit_form(asked, purpose=OpeningPurpose.CUSTOMER_CONTACT.value).location == path


@pytest.mark.security(23, 64)
def test_everything_ends_at_once(
    employee: Any, new_client: NewClient, owner: MadeAccount, uuid_of: UuidOf, reading: Transaction
) -> None:
    browsers = [new_client(), new_client()]
    for browser, remember in zip(browsers, (True, False), strict=True):
        browser.submit("/login", email=owner.email, password=owner.password, remember=remember)
    colleague, made = employee("customer_care")
    path = f"/admin/customers/{uuid_of(owner.customer_id)}/sessions"
    open_customer(colleague, path)
    page = colleague.get(path)
    assert len(page.select(".devices__line")) == 2
    shown = colleague.follow(colleague.submit_form(page))
    assert not shown.select(".devices__line")
    assert [browser.get("/account").status_code for browser in browsers] == [303, 303]
    assert [browser.get("/account").status_code for browser in browsers] == [303, 303]
    with reading():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "account.session_ended")).one()
        assert (event.actor_kind, event.actor_id, event.customer_id) == ("staff", made.id, owner.customer_id)
        assert event.details == {"count": 2}


@pytest.mark.security(23)
def test_without_a_purpose_nothing_is_shown_or_ended(
    employee: Any, client: InvariantClient, owner: MadeAccount, uuid_of: UuidOf
) -> None:
    client.log_in(owner)
    colleague, _made = employee("customer_care")
    path = f"/admin/customers/{uuid_of(owner.customer_id)}/sessions"
    data = {"csrf_token": colleague.csrf_token("/admin/")}
    assert (colleague.post(path, data=data).location or "").startswith(path.replace("/sessions", "/open"))
    assert client.get("/account").status_code == 200


@pytest.mark.security(32)
def test_who_reads_orders_only_ends_no_sessions(employee: Any, owner: MadeAccount, uuid_of: UuidOf) -> None:
    colleague, _made = employee("orders")
    assert colleague.get(f"/admin/customers/{uuid_of(owner.customer_id)}/sessions").status_code == 403


def test_a_customer_without_an_account_has_no_such_page(
    employee: Any, transaction: Transaction, uuid_of: UuidOf
) -> None:
    with transaction() as context:
        customer = builders.customer(context)
    colleague, _made = employee("customer_care")
    path = f"/admin/customers/{uuid_of(customer)}/sessions"
    open_customer(colleague, path)
    assert colleague.get(path).status_code == 404
