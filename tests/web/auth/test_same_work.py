"""What must not tell who has an account asks the database the same for everybody (SECURITY 7–9)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update
from time_machine import TimeMachineFixture

from portal.models.account import Account
from portal.models.base import db
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.forms import fill, find_form
from tests.support.queries import statements
from tests.support.sameness import told
from tests.web.auth.test_sign_up import TYPED

_EVENT = re.compile(r"(INSERT INTO audit_event) .*")


def work(app: Flask, browser: InvariantClient, path: str, **fields: Any) -> tuple[list[str], Any]:
    """What the database is asked while the form is taken, and what the answer tells."""
    page = browser.get(path)
    submission = fill(find_form(page.soup, None), page.path, fields)
    with statements(app) as sent:
        answer = browser.post(submission.action, data=submission.data)
    assert answer.status_code == 303
    # An audit event names the customer where there is one, in the same statement.
    return [_EVENT.sub(r"\1", statement) for statement in sent], told(answer)


@pytest.fixture
def disabled(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        made = builders.account(context, email="suljettu@example.com")
        db.session.execute(update(Account).where(Account.id == made.id).values(disabled_at=context.now))
    return made


@pytest.mark.security(8)
def test_a_new_password_is_asked_for_with_the_same_work(
    app: Flask,
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    disabled: MadeAccount,
    transaction: Transaction,
    clock: TimeMachineFixture,
) -> None:
    with transaction() as context:
        employee = builders.staff(context)
    # The very first event of the audit log looks for one before it.
    client.submit("/forgot-password", email="ensimmainen@example.com")
    emails = (owner.email, "tuntematon@example.com", disabled.email, employee.email)
    # The second time the known address has an open link, the third time one that is ended by a newer one.
    for seconds in (0, 30, 61):
        clock.shift(timedelta(seconds=seconds))
        known, *others = (work(app, new_client(), "/forgot-password", email=email) for email in emails)
        assert [sent for sent in others if sent != known] == []
        assert len([statement for statement in known[0] if statement.startswith("INSERT INTO password_reset")]) == 1


@pytest.mark.security(7)
def test_signing_up_is_the_same_work_for_a_taken_address(
    app: Flask,
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    disabled: MadeAccount,
    no_throttle: None,
) -> None:
    client.submit("/sign-up", **TYPED)
    emails = ("vapaa@example.com", owner.email, disabled.email)
    for _press in range(2):
        free, *taken = (work(app, new_client(), "/sign-up", **{**TYPED, "email": email}) for email in emails)
        assert [sent for sent in taken if sent != free] == []


@pytest.mark.security(9)
def test_changing_the_address_is_the_same_work_for_a_taken_one(
    app: Flask, client: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        holder = builders.account(context, email="varattu@example.com")
    client.log_in(owner)
    client.submit("/account/email", email="ensimmainen@example.com")
    free, taken = (work(app, client, "/account/email", email=email) for email in ("vapaa@example.com", holder.email))
    assert free == taken
