"""What is collected and what is not: whole pages of whoever consented, in nobody's way (917/2014 s. 205)."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from portal.models.base import db
from portal.services.choices import usage
from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.queries import statements
from tests.web.matrix.dump import changed, dump
from tests.web.usage.conftest import Noted

CONSENTS = "/privacy/consents"


def plain(client: InvariantClient) -> FlaskClient:
    """The same browser, whose answers the test closes itself."""
    found = client.get_cookie("portal_customer", domain="localhost")
    assert found is not None
    late = client.application.test_client()
    late.set_cookie("portal_customer", found.value, domain="localhost")
    return late


def test_nothing_is_collected_without_a_consent(visitor: InvariantClient, noted: Noted) -> None:
    for path in ("/account", "/orders", "/privacy", "/"):
        visitor.get(path)
    assert noted() == []


def test_the_switch_begins_and_ends_it_with_the_next_page(consenting: InvariantClient, noted: Noted) -> None:
    # The page that was opened to turn the switch came before the consent.
    assert noted() == []
    consenting.get("/orders?q=sukat")
    consenting.get("/privacy/purchase/orders")
    assert noted() == ["orders.history", "privacy.entries"]
    assert consenting.submit(CONSENTS, usage=False).status_code == 303
    assert noted() == []
    consenting.get("/orders")
    assert noted() == []


def test_a_page_that_was_open_while_the_consent_ended_is_not_noted(consenting: InvariantClient, noted: Noted) -> None:
    form = consenting.get(CONSENTS)
    # The answer is made under the consent; it is sent, and noted, after the withdrawal.
    answer = plain(consenting).get("/orders", base_url=consenting.base_url)
    assert answer.status_code == 200
    assert consenting.submit_form(form, usage=False).status_code == 303
    answer.close()
    assert noted() == []


def test_only_whole_pages_that_were_shown_are_noted(
    consenting: InvariantClient, noted: Noted, transaction: Transaction
) -> None:
    assert consenting.get("/orders/VK-404").status_code == 404
    assert consenting.get("/orders?status=gone").status_code == 400
    assert consenting.get("/nothing-here").status_code == 404
    assert consenting.get("/admin/").status_code == 404
    assert consenting.get("/static/css/tokens.css").status_code == 200
    assert consenting.get("/healthz").status_code == 200
    assert consenting.get("/login").status_code == 303
    assert consenting.open("/orders", method="HEAD").status_code == 200
    assert consenting.get("/orders", headers={"Sec-Purpose": "prefetch"}).status_code == 200
    assert consenting.submit("/account/profile/phone", phone="x").status_code == 422
    # The page of that form was shown, and so it alone is noted; nor are the pages of the statistics themselves.
    assert consenting.get("/privacy/usage").status_code == 200
    assert consenting.get("/privacy/usage/delete").status_code == 200
    assert noted() == ["account.change_phone"]


def test_employees_and_strangers_are_never_noted(
    consenting: InvariantClient, noted: Noted, new_client: NewClient, transaction: Transaction
) -> None:
    with transaction() as context:
        employee = builders.staff(context)
    stranger, staff = new_client(), new_client()
    stranger.get("/")
    staff.log_in_staff(employee)
    staff.get("/admin/customers")
    # An employee who is a customer as well, in one browser: the staff area stays out of it.
    found = staff.get_cookie("portal_staff", domain="localhost")
    assert found is not None
    consenting.set_cookie("portal_staff", found.value, domain="localhost")
    assert consenting.get("/admin/").status_code == 200
    assert noted() == []


@pytest.mark.security(35)
def test_opening_a_page_changes_nothing_but_the_log(consenting: InvariantClient, app: Flask) -> None:
    before = dump(app)
    consenting.get("/orders")
    assert changed(before, dump(app)) == {"page_view"}


def test_no_statement_is_added_before_the_page_is_sent(
    visitor: InvariantClient, app: Flask, owner: builders.MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        builders.order(context, owner.customer_id)
    with statements(app) as sent:
        visitor.get("/orders")
    assert len(sent) == 3, sent
    visitor.submit(CONSENTS, usage=True)
    late = plain(visitor)
    with statements(app) as sent:
        answer = late.get("/orders", base_url=visitor.base_url)
        assert answer.status_code == 200
        assert len(sent) == 3, sent
        answer.close()
        assert len([one for one in sent if "page_view" in one]) == 1


@pytest.mark.parametrize("fault", [OperationalError("", {}, Exception()), db.exc.TimeoutError()])
def test_a_note_that_fails_fails_no_page(
    fault: Exception, consenting: InvariantClient, noted: Noted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> bool:
        raise fault

    monkeypatch.setattr(usage, "note", fail)
    assert consenting.get("/orders").status_code == 200
    monkeypatch.undo()
    assert consenting.get("/account").status_code == 200
    assert noted() == ["account.overview"]


@pytest.mark.expects_log_errors
def test_not_even_a_mistake_of_ours_reaches_the_server(
    consenting: InvariantClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "note", None)
    assert consenting.get("/orders").status_code == 200


@pytest.mark.sqlite
def test_a_page_does_not_wait_for_the_write_lock(consenting: InvariantClient, app: Flask, noted: Noted) -> None:
    with app.app_context():
        holder = db.engine.raw_connection()
    holder.execute("BEGIN IMMEDIATE")
    try:
        # The whole run would last longer than this test may if one of them waited.
        for _ in range(20):
            assert consenting.get("/orders").status_code == 200
    finally:
        holder.rollback()
        holder.close()
    assert noted() == []
    consenting.get("/orders")
    assert noted() == ["orders.history"]
