"""A new encryption key comes and the old one goes: second factors go on, and one whose key is gone stops nobody who has
a recovery code (SECURITY 67)."""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import Text, select
from time_machine import TimeMachineFixture

from config import Settings
from portal import create_app
from portal.models.account import Account
from portal.models.base import Base, db
from portal.models.staff import Staff
from portal.rules.log_lines import entry
from portal.rules.register import Withheld
from portal.services.accounts import customer_factor, key_rotation, recovery_codes
from portal.services.employees import second_factor, staff_accounts
from tests.support import builders
from tests.support.audited import audited
from tests.support.builders import MadeAccount, MadeStaff
from tests.support.client import InvariantClient
from tests.support.databases import Database
from tests.support.fixtures import Transaction
from tests.web.auth.factors import HALF_MINUTE, ask, digits

NEW = "rotated-encryption-0123456789-abcdefghijklmnop"
SUBMISSION = "0" * 32
Portal = Callable[..., Flask]


@pytest.fixture
def portal(settings: Settings, database: Database) -> Iterator[Portal]:
    """Makes the portal as it starts with other encryption keys, over the same database."""
    with ExitStack() as opened:
        yield lambda *keys: opened.enter_context(_running(replace(settings, encryption_keys=keys)))


@contextmanager
def _running(settings: Settings) -> Iterator[Flask]:
    made = create_app(settings)
    yield made
    with made.app_context():
        db.engine.dispose()


@pytest.fixture
def old(settings: Settings) -> str:
    return settings.encryption_keys[0]


@pytest.fixture(autouse=True)
def clock(time_machine: TimeMachineFixture) -> TimeMachineFixture:
    time_machine.move_to(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), tick=False)
    return time_machine


@pytest.fixture
def account(transaction: Transaction) -> MadeAccount:
    with transaction() as context:
        return builders.account(context, email="aino@example.com")


@pytest.fixture
def secret(account: MadeAccount, transaction: Transaction) -> str:
    with transaction() as context:
        return builders.second_factor(context, account.id)


@pytest.fixture
def member(transaction: Transaction) -> MadeStaff:
    with transaction() as context:
        return builders.staff(context, "administrator")


def enters(app: Flask, base_url: str, account: MadeAccount, code: str) -> bool:
    """Whether password and code open the account."""
    browser = InvariantClient(app, base_url)
    return browser.submit_form(ask(browser, account), code=code).status_code == 303


def rotate(app: Flask) -> tuple[int, str]:
    result = app.test_cli_runner().invoke(args=["keys", "rotate"])
    return result.exit_code, result.output


def test_every_encrypted_column_is_rotated() -> None:
    # Secrets that are compared are hashes of a known length; what must be read again has none.
    secret = {
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Text) and getattr(column.info["register"], "withheld", None) is Withheld.SECRET
    }
    assert {column.property.columns[0] for column in key_rotation.ENCRYPTED} == secret


@pytest.mark.security(67)
def test_after_the_command_the_old_key_may_go(
    client: InvariantClient,
    account: MadeAccount,
    secret: str,
    member: MadeStaff,
    transaction: Transaction,
    reading: Transaction,
    portal: Portal,
    old: str,
    monkeypatch: pytest.MonkeyPatch,
    clock: TimeMachineFixture,
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    with transaction() as context:
        others = [builders.account(context) for _ in range(4)]
        for other in others:
            builders.second_factor(context, other.id)
        customer_factor.begin(context, others[0].id)
        token = staff_accounts.create(context, "uusi@example.com", "auditor")
        choice = staff_accounts.keep_choice(context, token, "", "Uuno Uusi", "unused")
    assert rotate(portal(NEW, old)) == (0, "8 encrypted anew, 0 had the newest key already.\n")
    assert [details for *_, details in audited(transaction, "keys.rotated")] == [{"count": 8}]
    after = portal(NEW)
    assert rotate(after) == (0, "0 encrypted anew, 8 had the newest key already.\n")
    assert enters(after, client.base_url, account, digits(secret))
    clock.shift(HALF_MINUTE)
    assert InvariantClient(after, client.base_url).log_in_staff(member, datetime.now(UTC)).path == "/admin/"
    with reading() as context, after.app_context():
        assert staff_accounts.chosen(context, token, choice)


@pytest.mark.security(67)
def test_a_right_code_is_enough_for_its_own_secret(
    client: InvariantClient,
    account: MadeAccount,
    secret: str,
    member: MadeStaff,
    portal: Portal,
    old: str,
    clock: TimeMachineFixture,
) -> None:
    both, after = portal(NEW, old), portal(NEW)
    for app in (both, after):
        assert enters(app, client.base_url, account, digits(secret))
        assert InvariantClient(app, client.base_url).log_in_staff(member, datetime.now(UTC)).path == "/admin/"
        clock.shift(HALF_MINUTE)


@pytest.mark.security(67)
@pytest.mark.expects_log_errors
def test_a_secret_whose_key_is_gone_is_a_wrong_code_and_a_recovery_code_opens(
    client: InvariantClient,
    account: MadeAccount,
    secret: str,
    transaction: Transaction,
    reading: Transaction,
    portal: Portal,
    old: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with transaction() as context:
        codes = customer_factor.make_recovery_codes(context, account.id, SUBMISSION)
    after = portal(NEW)
    with caplog.at_level(logging.ERROR):
        assert not enters(after, client.base_url, account, digits(secret))
    [line] = [entry(record) for record in caplog.records if record.name == "portal.services.accounts.totp"]
    assert "PORTAL_ENCRYPTION_KEYS" in str(line["text"])
    with reading():
        seed = db.session.execute(select(Account.totp_seed)).scalar_one()
    assert seed is not None
    assert not [text for text in (secret, seed, account.email) if text in caplog.text]
    status, told = rotate(after)
    assert status == 1
    assert f"account {account.id}, totp_seed" in told
    # The owner turns the factor off, and on again under the new key.
    browser = InvariantClient(after, client.base_url)
    browser.submit_form(ask(browser, account), code=codes[0])
    browser.submit("/account/second-factor", form="form[action$='/off']")
    form = browser.follow(browser.submit("/account/second-factor"))
    assert form.path == "/account/second-factor/set-up"
    [key] = form.texts("main code")
    assert browser.submit_form(form, code=digits(key.replace(" ", ""))).status_code == 303
    # The key is put back: nothing is lost of those who have not come yet.
    assert rotate(portal(NEW, old)) == (0, "0 encrypted anew, 1 had the newest key already.\n")


@pytest.mark.security(67)
@pytest.mark.expects_log_errors
def test_what_was_begun_under_a_key_that_is_gone_begins_anew(
    client: InvariantClient, account: MadeAccount, transaction: Transaction, reading: Transaction, portal: Portal
) -> None:
    with transaction() as context:
        customer_factor.begin(context, account.id)
        token = staff_accounts.create(context, "uusi@example.com", "auditor")
        choice = staff_accounts.keep_choice(context, token, "", "Uuno Uusi", "unused")
    after = portal(NEW)
    browser = InvariantClient(after, client.base_url)
    browser.log_in(account)
    assert browser.follow(browser.get("/account/second-factor/set-up")).path == "/account/second-factor"
    assert browser.follow(browser.submit("/account/second-factor")).path == "/account/second-factor/set-up"
    with reading() as context, after.app_context(), pytest.raises(staff_accounts.NotChosen):
        staff_accounts.chosen(context, token, choice)


@pytest.mark.security(67)
@pytest.mark.expects_log_errors
def test_an_employee_whose_key_is_gone_uses_a_recovery_code_or_a_new_link(
    client: InvariantClient, member: MadeStaff, transaction: Transaction, reading: Transaction, portal: Portal
) -> None:
    with transaction() as context:
        codes = second_factor.make_recovery_codes(context, member.id, SUBMISSION)
    after = portal(NEW)
    browser = InvariantClient(after, client.base_url)
    asked = browser.follow(browser.submit("/admin/login", email=member.email, password=member.password))
    refused = browser.submit_form(asked, code=member.code(datetime.now(UTC)))
    assert (refused.status_code, refused.fields_in_error) == (422, ["code"])
    assert browser.submit_form(refused, code=recovery_codes.grouped(codes[0])).location == "/admin/"
    invited = after.test_cli_runner().invoke(args=["staff", "create", member.email, "--role", "administrator"])
    colleague = InvariantClient(after, client.base_url)
    colleague.get("/admin/invite/" + invited.output.strip().rsplit("/", 1)[1])
    setup = colleague.follow(
        colleague.submit("/admin/invite", name="Kaisa Korhonen", password="harmaa lokki avaimella")
    )
    [key] = setup.texts("main code")
    assert colleague.submit_form(setup, code=digits(key.replace(" ", ""))).status_code == 303
    with reading():
        assert db.session.execute(select(Staff.totp_seed)).scalar_one() is not None
