"""A link is followed where somebody else is logged in: two accounts, one locked at a time (SECURITY R12)."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest
from sqlalchemy import func, select

from portal.models.base import db
from portal.models.session import CustomerSession, RememberedDevice
from portal.services.accounts import accounts
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.mailbox import Mailbox

NEW = "seitsemän harmaata hanhea lentää"
LONG_ENOUGH_TO_WAIT = 0.5


@pytest.mark.security("R12")
@pytest.mark.parametrize("remember", [True, False], ids=["remembered", "this time"])
def test_two_who_reset_in_each_others_browsers_do_not_wait_for_each_other(
    client: InvariantClient,
    owner: MadeAccount,
    transaction: Transaction,
    mailbox: Mailbox,
    reading: Transaction,
    remember: bool,
) -> None:
    with transaction() as context:
        other = builders.account(context, email="eero@example.com")
    client.submit("/forgot-password", email=owner.email)
    client.submit("/login", email=other.email, password=other.password, remember=remember)
    form = client.follow(client.get(mailbox.latest("reset_password").link))
    with ThreadPoolExecutor(1) as pool:
        with transaction() as context:
            accounts.lock(context, other.id)
            waiting = pool.submit(client.submit_form, form, new_password=NEW)
            sleep(LONG_ENOUGH_TO_WAIT)
            assert not waiting.done()
            # As the other person's reset does in the owner's browser: the one that waits must not have locked it.
            accounts.lock(context, owner.id)
        assert waiting.result().location == "/login"
    with reading():
        for table in (CustomerSession, RememberedDevice):
            assert db.session.execute(select(func.count()).select_from(table)).scalar_one() == 0
