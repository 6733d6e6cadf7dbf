"""What changes an account and what hangs on it locks the account first: two at once wait, and none fails."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from time import sleep

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from portal.models.account import EmailChange, PasswordReset
from portal.models.base import db
from portal.models.session import CustomerSession, RememberedDevice
from portal.rules.context import Actor, Context, Visitor
from portal.rules.errors import RuleBroken
from portal.rules.register import Source
from portal.services.accounts import (
    account_disabling,
    accounts,
    customer_passkeys,
    email_change,
    passkeys,
    password_reset,
    remembering,
    session_list,
    sessions,
)
from portal.services.accounts.password_hashes import hash_password
from portal.services.accounts.sessions import Principal
from portal.services.foundation.links import LinkEnded
from portal.services.unit_of_work import unit_of_work
from tests.support import builders
from tests.support.authenticator import Device
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

HERE = Visitor("192.0.2.7", "192.0.2.0/24", "Firefox Linux")
LONG_ENOUGH_TO_WAIT = 0.3
Act = Callable[[Context], object]


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context)


def _confirm(context: Context, owner: MadeAccount) -> Act:
    email_change.request(context, owner.id, "toinen@example.org")
    change = db.session.execute(select(EmailChange.id)).scalar_one()
    return lambda now: email_change.confirm(now, change)


def _finish(context: Context, owner: MadeAccount) -> Act:
    password_reset.request(context, owner.email)
    reset, hashed = db.session.execute(select(PasswordReset.id)).scalar_one(), hash_password("viisi uutta pyörää")
    return lambda now: password_reset.finish(now, reset, hashed)


def _resume(context: Context, owner: MadeAccount) -> Act:
    _, value = remembering.begin(context, owner.id, HERE)
    return lambda now: remembering.resume(now, value, HERE)


def _log_out(context: Context, owner: MadeAccount) -> Act:
    device, _ = remembering.begin(context, owner.id, HERE)
    principal = _inside(context, owner, device)
    return lambda now: sessions.end(now, principal)


def _inside(context: Context, owner: MadeAccount, device: int | None = None) -> Principal:
    """Who is logged in, in a browser that is remembered or not."""
    token = sessions.start_customer(context, owner.id, HERE, device_id=device)
    number, now = sessions.number_of(token) or 0, context.now
    return Principal("customer", owner.id, number, "", now, now, owner.customer_id)


def _end_everything(context: Context, owner: MadeAccount) -> Act:
    _log_out(context, owner)
    return lambda now: session_list.end_everything(now, owner.id)


def _end_one(context: Context, owner: MadeAccount) -> Act:
    _log_out(context, owner)
    device = db.session.execute(select(RememberedDevice.id)).scalar_one()
    return lambda now: session_list.end_one(now, owner.id, f"device-{device}")


def _use_passkey(context: Context, owner: MadeAccount) -> Act:
    device = Device()
    builders.passkey(context, passkeys.of_account(owner.id), device=device)
    options = passkeys.options_to_prove(context, "browser")
    challenge = passkeys.take_challenge(context, "browser", "prove")
    answer = device.sign(options, current_app.config["PORTAL_BASE_URL"])
    return lambda now: customer_passkeys.log_in(now, challenge, answer, HERE)


def _remove_passkey(context: Context, owner: MadeAccount) -> Act:
    builders.passkey(context, passkeys.of_account(owner.id))
    number = passkeys.listing(context, passkeys.of_account(owner.id))[0].id
    sessions.start_customer(context, owner.id, HERE)
    principal = _inside(context, owner)
    return lambda now: customer_passkeys.remove(now, principal, str(number))


def _ask(context: Context, owner: MadeAccount) -> Act:
    return lambda now: email_change.request(now, owner.id, "toinen@example.org")


@pytest.mark.security("R12")
@pytest.mark.parametrize(
    ("prepare", "ended"),
    [
        (_confirm, LinkEnded),
        (_finish, LinkEnded),
        (_resume, None),
        (_log_out, None),
        (_end_everything, None),
        (_end_one, None),
        (_use_passkey, RuleBroken),
        (_remove_passkey, None),
        (_ask, None),
    ],
)
def test_disabling_comes_first_and_what_was_on_its_way_finds_nothing(
    app: Flask,
    owner: MadeAccount,
    transaction: Transaction,
    prepare: Callable[[Context, MadeAccount], Act],
    ended: type[Exception] | None,
) -> None:
    with transaction() as context:
        act = prepare(context, owner)

    def at_once() -> object:
        context = Context(Actor("customer", owner.id), datetime.now(UTC), Source.ACCOUNT, "test")
        try:
            with app.app_context(), unit_of_work(context):
                act(context)
        except (LinkEnded, RuleBroken) as refused:
            return type(refused)
        return None

    with ThreadPoolExecutor(1) as pool:
        with transaction() as context:
            accounts.lock(context, owner.id)
            other = pool.submit(at_once)
            # Until it waits for the account; had it locked anything else before, neither could go on.
            sleep(LONG_ENOUGH_TO_WAIT)
            assert not other.done()
            account_disabling.disable(context, owner.customer_id, "takeover", 0)
        assert other.result() is ended
    with transaction() as context:
        account_disabling.enable(
            context, owner.customer_id, account_disabling.state(context, owner.customer_id).version
        )
        # Nothing of it lives again.
        assert email_change.waiting_address(context, owner.id) is None
        assert accounts.get(context, owner.id).email == owner.email
        for table in (CustomerSession, RememberedDevice):
            assert db.session.execute(select(table.id)).first() is None
