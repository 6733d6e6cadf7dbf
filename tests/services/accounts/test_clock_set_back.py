"""Nothing that was made while the clock was ahead lives on after it was set back (SECURITY R20)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.models.base import db
from portal.models.message import Message
from portal.models.staff import Staff
from portal.rules.context import Visitor
from portal.rules.errors import NotFound
from portal.services.accounts import login_steps, passkeys, password_reset, sessions
from portal.services.employees import staff_accounts
from tests.support import builders
from tests.support.fixtures import Transaction

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
VISITOR = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
# Seconds ahead of the clock as it is, and whether what was made then still counts.
AHEAD = [(0, True), (240, True), (360, False), (365 * 86400, False)]


@pytest.mark.security("R20")
@pytest.mark.parametrize(("seconds", "counts"), AHEAD)
def test_sessions_and_proofs(transaction: Transaction, seconds: int, counts: bool) -> None:
    made = NOW + timedelta(seconds=seconds)
    with transaction(now=made) as context:
        customer = sessions.start_customer(context, builders.account(context).id, VISITOR)
        staff = sessions.start_staff(context, builders.staff(context).id, VISITOR, second_factor=True)
    with transaction(now=NOW):
        found = sessions.customer_principal(customer, NOW), sessions.staff_principal(staff, NOW)
        assert [principal is not None for principal in found] == [counts, counts]
        proven = sessions.customer_principal(customer, made)
        assert proven is not None and proven.fresh(NOW) is counts


@pytest.mark.security("R20")
def test_a_last_use_in_the_future_keeps_no_session_from_being_idle(transaction: Transaction) -> None:
    with transaction(now=NOW) as context:
        token = sessions.start_customer(context, builders.account(context).id, VISITOR)
        principal = sessions.customer_principal(token, NOW)
        assert principal is not None
        sessions.touch(replace(context, now=NOW + timedelta(hours=12)), principal)
    with transaction(now=NOW):
        assert sessions.customer_principal(token, NOW + timedelta(hours=11)) is None


@pytest.mark.security("R20")
@pytest.mark.parametrize(("seconds", "counts"), AHEAD)
def test_what_waits_for_a_second_step(transaction: Transaction, seconds: int, counts: bool) -> None:
    with transaction(now=NOW + timedelta(seconds=seconds)) as context:
        passkeys.options_to_prove(context, "tab")
        step = login_steps.begin(context, builders.account(context).id)
        token = staff_accounts.create(context, "uusi@example.com", "auditor")
    with transaction(now=NOW) as context:
        for read in (lambda: login_steps.account_of(context, step), lambda: staff_accounts.invitation(context, token)):
            if counts:
                assert read()
            else:
                with pytest.raises(NotFound):
                    read()
        assert (passkeys.take_challenge(context, "tab", "prove") is not None) is counts


@pytest.mark.security("R20")
@pytest.mark.parametrize(("seconds", "same"), AHEAD)
def test_a_link_that_was_sent_is_no_reason_to_send_none(transaction: Transaction, seconds: int, same: bool) -> None:
    with transaction(now=NOW + timedelta(seconds=seconds)) as context:
        account = builders.account(context, email="aino@example.com")
        password_reset.request(context, account.email)
        staff_accounts.create(context, "uusi@example.com", "auditor")
    with transaction(now=NOW) as context:
        password_reset.request(context, account.email)
        sent = select(func.count()).where(Message.kind == "reset_password")
        assert db.session.execute(sent).scalar_one() == (1 if same else 2)
        staff_id = db.session.execute(select(Staff.id).where(Staff.email == "uusi@example.com")).scalar_one()
        made = staff_accounts.link_just_made(context, staff_id, within=timedelta(minutes=1))
        assert (made is not None) is same
