"""What a disabled account does to what was under way: a closing, and a sign-up with its address (SECURITY 22)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from portal.mail.kinds import CLOSING_GRACE
from portal.models.account import Account
from portal.models.base import db
from portal.services import housekeeping
from portal.services.accounts import account_disabling
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.test_sign_up import TYPED

Power = Callable[[], None]


@pytest.fixture
def disable(owner: MadeAccount, transaction: Transaction) -> Power:
    def done() -> None:
        with transaction() as context:
            account_disabling.disable(context, owner.customer_id, "takeover", 0)

    return done


@pytest.fixture
def enable(owner: MadeAccount, transaction: Transaction) -> Power:
    def done() -> None:
        with transaction() as context:
            now = account_disabling.state(context, owner.customer_id)
            account_disabling.enable(context, owner.customer_id, now.version)

    return done


@pytest.mark.security(22)
def test_a_closing_waits_and_its_two_weeks_begin_anew(
    client: InvariantClient,
    owner: MadeAccount,
    disable: Power,
    enable: Power,
    mailbox: Mailbox,
    transaction: Transaction,
    clock: TimeMachineFixture,
) -> None:
    def closed() -> int:
        with transaction() as context:
            return housekeeping.PURGES["closed_accounts"](context)

    client.log_in(owner)
    client.submit("/account/close")
    disable()
    assert "Sulkeminen odottaa" in mailbox.latest("account_disabled").text
    clock.shift(CLOSING_GRACE + timedelta(days=1))
    assert closed() == 0
    enable()
    assert mailbox.kinds()[-2:] == ["account_enabled", "account_closing"]
    clock.shift(CLOSING_GRACE - timedelta(seconds=1))
    assert closed() == 0
    clock.shift(timedelta(seconds=1))
    assert closed() == 1


@pytest.mark.security(22)
def test_a_registration_that_waits_opens_no_second_account(
    client: InvariantClient, owner: MadeAccount, disable: Power, mailbox: Mailbox, transaction: Transaction
) -> None:
    """Somebody signed up with an address that became the log-in of an account which is disabled by now."""
    client.submit("/sign-up", **TYPED)
    with transaction():
        row = db.session.get_one(Account, owner.id)
        row.email = row.email_identity = TYPED["email"]
    disable()
    form = client.follow(client.get(mailbox.latest("confirm_registration").link))
    client.submit_form(form, password=TYPED["password"])
    with transaction():
        assert db.session.execute(select(func.count()).select_from(Account)).scalar_one() == 1
    assert client.get("/account").status_code == 303
