"""A new pepper comes and the old one goes: recovery codes go on as long as it is there, and are not counted afterwards
(SECURITY 67)."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import update
from time_machine import TimeMachineFixture

from config import Settings
from portal import create_app
from portal.models.base import db
from portal.models.factor import RecoveryCode
from portal.rules.context import Actor, Context
from portal.rules.register import Source
from portal.services.accounts import recovery_codes
from portal.services.accounts.factor_owners import Owner
from tests.support import builders
from tests.support.client import InvariantClient
from tests.support.databases import Database
from tests.support.fixtures import Transaction
from tests.web.auth.factors import HALF_MINUTE, ask, digits

NEW = "rotated-pepper-0123456789-abcdefghijklmnop"
Portal = Callable[..., Flask]


@pytest.fixture
def portal(settings: Settings, database: Database) -> Iterator[Portal]:
    """Makes the portal as it starts with other peppers, over the same database."""
    made: list[Flask] = []

    def start(*peppers: str) -> Flask:
        made.append(create_app(replace(settings, password_pepper=peppers)))
        return made[-1]

    yield start
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(autouse=True)
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), tick=False)
    return time_machine


def left(app: Flask, owner: Owner) -> int:
    """How many codes the portal counts."""
    with app.app_context():
        context = Context(Actor("anonymous"), datetime.now(UTC), Source.REGISTRATION, "test")
        return recovery_codes.left(context, owner)


@pytest.mark.security(67)
def test_codes_of_a_pepper_that_is_gone_are_not_counted(
    settings: Settings, transaction: Transaction, portal: Portal, clock: TimeMachineFixture
) -> None:
    with transaction() as context:
        account = builders.account(context, email="aino@example.com")
        secret, owner = builders.second_factor(context, account.id), recovery_codes.of_account(account.id)
        codes, _ = recovery_codes.make(context, owner, "0" * 32)
    both = InvariantClient(portal(NEW, *settings.password_pepper), settings.base_url)
    # Logging in with one of them renews the password's hash.
    assert both.submit_form(ask(both, account), code=codes[0]).status_code == 303
    assert left(both.application, owner) == 9
    alone = InvariantClient(portal(NEW), settings.base_url)
    assert left(alone.application, owner) == 0
    asked = ask(alone, account)
    assert alone.submit_form(asked, code=codes[1]).status_code == 422
    clock.shift(HALF_MINUTE)
    assert alone.submit_form(asked, code=digits(secret)).status_code == 303
    page = alone.get("/account/second-factor")
    assert page.select('main a[href="/account/second-factor/recovery-codes"]')
    assert "Sinulla ei ole varakoodeja" in page.page_text


@pytest.mark.security(67)
def test_codes_from_before_it_was_kept_are_counted_as_before(app: Flask, transaction: Transaction) -> None:
    with transaction() as context:
        owner = recovery_codes.of_account(builders.account(context).id)
        recovery_codes.make(context, owner, "0" * 32)
        db.session.execute(update(RecoveryCode).values(pepper_id=None))
    assert left(app, owner) == 10
