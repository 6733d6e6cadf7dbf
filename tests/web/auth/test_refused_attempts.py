"""Attempts that are refused for being too many show in the audit log: that it began, once, and nothing that was typed
(SECURITY 5, 12, 64)."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import TimeMachineFixture

from config import Limit, Throttles
from portal.models.audit import AuditEvent
from portal.models.base import db
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.queries import statements
from tests.web.auth.test_user_name import NAME, named

__all__ = ["named"]
REFUSED = "attempts.refused"
WINDOW = timedelta(minutes=6)


def told(reading: Transaction) -> list[Any]:
    """The refusals in the log: who, about whom, and what."""
    found = select(AuditEvent).where(AuditEvent.action == REFUSED).order_by(AuditEvent.seq)
    with reading():
        rows = db.session.execute(found).scalars().all()
        assert all(set(row.details) == {"limit", "area"} for row in rows)
        return [(row.actor_kind, row.customer_id, row.details["limit"], row.details["area"]) for row in rows]


@pytest.mark.security(12, 64)
@pytest.mark.parametrize("known", [True, False])
def test_of_many_refused_log_ins_the_log_tells_that_it_began(
    known: bool, client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture, reading: Transaction
) -> None:
    email, customer_id = (owner.email, owner.customer_id) if known else ("tuntematon@example.com", None)
    page = client.get("/login")
    statuses = [client.submit_form(page, email=email, password="väärä").status_code for _ in range(25)]
    assert statuses == [422] * 10 + [429] * 15
    began = ("anonymous", customer_id, "login_identifier", "customers")
    assert told(reading) == [began]
    # The address has tries left for others, and its own limit is another event, again one.
    for number in range(10):
        client.submit_form(page, email=f"arvaus{number}@example.com", password="väärä")
    assert told(reading) == [began, ("anonymous", None, "login_address", "customers")]
    # A window ends, and the next one begins to refuse anew.
    clock.shift(timedelta(minutes=5, seconds=1))
    for _ in range(12):
        client.submit_form(page, email=email, password="väärä")
    assert told(reading)[2:] == [began]


@pytest.mark.security(5, 6)
def test_where_the_refusing_begins_the_work_does_not_tell_whether_there_is_an_account(
    app: Flask, client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    page = client.get("/login")
    works = []
    for email in (owner.email, "tuntematon@example.com"):
        for _ in range(10):
            client.submit_form(page, email=email, password="väärä")
        with statements(app) as sent:
            answer = client.submit_form(page, email=email, password="väärä")
        assert answer.status_code == 429
        # An audit event names the customer where there is one, in the same statement.
        works.append([re.sub(r"(INSERT INTO audit_event) .*", r"\1", statement) for statement in sent])
    assert works[0] == works[1]
    assert works[0].count("INSERT INTO audit_event") == 1


@pytest.mark.security(6, 64)
def test_a_limit_that_may_not_be_told_is_noted_as_a_failure_alone(
    named: InvariantClient, owner: MadeAccount, new_client: NewClient, clock: TimeMachineFixture, reading: Transaction
) -> None:
    clock.shift(WINDOW)
    browser = new_client()
    page = browser.get("/login")
    for _ in range(10):
        browser.submit_form(page, email=owner.email, password="väärä")
    assert browser.submit_form(page, email=NAME, password=PASSWORD).status_code == 422
    assert told(reading) == []


@pytest.mark.security(64)
def test_codes_and_passwords_asked_for_inside_are_told_to_the_owner(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, clock: TimeMachineFixture, reading: Transaction
) -> None:
    client.log_in(owner)
    clock.shift(timedelta(minutes=11))
    statuses = [client.submit("/confirm-password", password="väärä").status_code for _ in range(13)]
    assert statuses == [422] * 10 + [429] * 3
    assert told(reading) == [("customer", owner.customer_id, "login_identifier", "customers")]
    page = client.get("/privacy/activity").page_text
    assert "Liian monta yritystä: niitä ei hetkeen oteta vastaan Raja: yritykset yhdelle tilille" in page


@pytest.mark.security(11, 64)
def test_codes_that_are_tried_on_are_told_of_the_owner_without_naming_who_tried(
    client: InvariantClient,
    owner: MadeAccount,
    transaction: Transaction,
    clock: TimeMachineFixture,
    reading: Transaction,
) -> None:
    with transaction() as context:
        builders.second_factor(context, owner.id)
    client.submit("/login", email=owner.email, password=PASSWORD)
    codes = ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
    statuses = [client.submit("/login/second-factor", code=code).status_code for code in codes]
    assert statuses == [422] * 5 + [429] * 3
    assert told(reading) == [("anonymous", owner.customer_id, "second_factor", "customers")]


@pytest.mark.security(11, 64)
def test_an_account_that_asks_too_often_for_another_address_is_told_of_once(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture, reading: Transaction
) -> None:
    client.log_in(owner)
    statuses = [client.submit("/account/email", email=f"uusi{number}@example.com").status_code for number in range(7)]
    assert statuses == [303] * 3 + [429] * 4
    assert told(reading) == [("customer", owner.customer_id, "verification_mail", "customers")]


@pytest.mark.security(12)
def test_what_is_refused_for_everybody_is_noted_once(
    app: Flask,
    client: InvariantClient,
    clock: TimeMachineFixture,
    reading: Transaction,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", replace(Throttles(), login_everyone=Limit(3, 300)))
    page = client.get("/login")
    for number in range(8):
        client.submit_form(page, email=f"arvaus{number}@example.com", password="väärä")
    assert told(reading) == [("anonymous", None, "login_everyone", "customers")]


@pytest.mark.security(64)
def test_where_employees_log_in_it_is_noted_as_well(
    client: InvariantClient, clock: TimeMachineFixture, reading: Transaction
) -> None:
    page = client.get("/admin/login")
    for _ in range(14):
        client.submit_form(page, email="tuntematon@example.com", password="väärä")
    assert told(reading) == [("anonymous", None, "login_identifier", "staff")]
