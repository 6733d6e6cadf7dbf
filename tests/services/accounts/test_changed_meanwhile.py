"""A password is compared outside any transaction: what changed until its end opens nothing (SECURITY 13, 22, 64)."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.models.account import Account
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.session import CustomerSession, StaffSession
from portal.models.staff import Staff
from portal.rules.context import Context, Visitor
from portal.services.accounts import accounts, login
from portal.services.accounts.password_hashes import hash_password
from portal.services.employees import staff_login
from tests.support import builders
from tests.support.fixtures import Transaction

HERE = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
Change = Callable[[Context], None]


def new_password(context: Context) -> None:
    for table in (Account, Staff):
        db.session.execute(update(table).values(password_hash=hash_password("toinen salasana, joka kelpaa")))


def disabled(context: Context) -> None:
    db.session.execute(update(Account).values(disabled_at=context.now))


def refusals(action: str) -> list[dict[str, object]]:
    return list(db.session.execute(select(AuditEvent.details).where(AuditEvent.action == action)).scalars())


@pytest.mark.security(13, 22, 64)
@pytest.mark.parametrize("change", [new_password, disabled])
def test_a_customer_whose_account_changes_meanwhile_is_not_let_in(
    app: Flask, transaction: Transaction, reading: Transaction, change: Change
) -> None:
    with transaction() as context:
        owner = builders.account(context)
    with reading() as context:
        outcome = login.check(accounts.get(context, owner.id), owner.password)
    assert outcome.succeeded
    with transaction() as context:
        change(context)
    with transaction() as context:
        assert login.finish(context, outcome, HERE) is None
    with reading():
        assert db.session.execute(select(CustomerSession.id)).first() is None
        assert refusals("account.login_failed") == [{"reason": "changed_meanwhile"}]


@pytest.mark.security(22, 26, 64)
def test_an_employee_whose_password_changes_meanwhile_is_not_let_in(
    app: Flask, transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        member = builders.staff(context)
    with reading() as context:
        outcome = staff_login.check(context, member.email, member.password)
    assert outcome.reason is None
    with transaction() as context:
        new_password(context)
    with transaction() as context:
        assert staff_login.finish(context, outcome, HERE) is None
    with reading():
        assert db.session.execute(select(StaffSession.id)).first() is None
        assert refusals("staff.login_failed") == [{"reason": "changed_meanwhile"}]
