"""Employees hear of every change of what they log in with, and of new devices, in their language (SECURITY 22, 26)."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from flask import Flask

from portal.services.accounts import passkeys
from portal.services.employees import staff_accounts
from tests.support import builders
from tests.support.builders import MadeStaff
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mail, Mailbox

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
CHROME = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"}
NEW = "seitsemän harmaata hanhea lentää"


@pytest.fixture
def mailbox(reading: Transaction) -> Mailbox:
    return Mailbox(reading)


@pytest.fixture
def member(transaction: Transaction) -> MadeStaff:
    with transaction() as context:
        return builders.staff(context)


def browser(new_client: NewClient, agent: dict[str, str], language: str = "fi") -> InvariantClient:
    made = new_client()
    made.headers = agent
    made.set_cookie("portal_language", language)
    return made


def give_password(client: InvariantClient, member: MadeStaff) -> None:
    assert client.submit("/admin/login", email=member.email, password=member.password).status_code == 303


def told(mailbox: Mailbox, member: MadeStaff) -> Mail:
    """The one message there is."""
    [mail] = mailbox.all()
    assert mail.recipient == member.email
    return mail


@pytest.mark.security(64)
def test_a_new_device_is_told_once_before_the_second_factor(
    new_client: NewClient, member: MadeStaff, mailbox: Mailbox
) -> None:
    for agent in (FIREFOX, FIREFOX, CHROME, CHROME, FIREFOX):
        give_password(browser(new_client, agent), member)
    mail = told(mailbox, member)
    assert mail.kind == "staff_new_device"
    assert "Chrome Windows" in mail.text


def test_a_wrong_password_tells_nothing(new_client: NewClient, member: MadeStaff, mailbox: Mailbox) -> None:
    give_password(browser(new_client, FIREFOX), member)
    answer = browser(new_client, CHROME).submit("/admin/login", email=member.email, password="väärä sana")
    assert (answer.status_code, mailbox.all()) == (422, [])


def test_a_log_out_forgets_no_device(new_client: NewClient, member: MadeStaff, mailbox: Mailbox) -> None:
    client = browser(new_client, FIREFOX)
    for _ in range(2):
        give_password(client, member)
        left = client.post("/admin/logout", data={"csrf_token": client.csrf_token("/admin/second-factor")})
        assert left.status_code == 303
    assert mailbox.all() == []


@pytest.mark.parametrize(
    ("language", "subject"), [("fi", "Kirjautuminen uudesta"), ("sv", "Inloggning"), ("en", "A log-in")]
)
def test_the_language_is_that_of_the_last_whole_log_in(
    new_client: NewClient, member: MadeStaff, mailbox: Mailbox, language: str, subject: str
) -> None:
    client = browser(new_client, FIREFOX, language)
    client.log_in_staff(member)
    # Whoever knows the password alone does not choose the language of the warning.
    give_password(browser(new_client, CHROME, "en" if language == "fi" else "fi"), member)
    mail = told(mailbox, member)
    assert mail.language == language
    assert mail.subject.startswith(subject)


@pytest.mark.security(22, 26)
def test_recovery_codes_made_and_used_are_told(
    employee: Callable[..., tuple[InvariantClient, MadeStaff]], new_client: NewClient, mailbox: Mailbox
) -> None:
    client, member = employee()
    page = client.submit("/admin/account/recovery-codes")
    assert told(mailbox, member).kind == "staff_recovery_codes_made"
    code = page.texts(".codes code, .recovery-codes code, main li code, main code")[0]
    other = new_client()
    give_password(other, member)
    assert other.submit("/admin/second-factor", code=code).status_code == 303
    assert mailbox.kinds(member.email) == ["staff_recovery_codes_made", "staff_recovery_code_used"]


@pytest.mark.security(22, 26)
def test_a_passkey_that_is_removed_is_told(
    employee: Callable[..., tuple[InvariantClient, MadeStaff]], transaction: Transaction, mailbox: Mailbox
) -> None:
    client, member = employee()
    with transaction() as context:
        builders.passkey(context, passkeys.of_staff(member.id))
    assert client.submit("/admin/account/passkeys", "form[action$=remove]").status_code == 303
    assert told(mailbox, member).kind == "staff_passkey_removed"


@pytest.mark.security(22, 26)
def test_an_invitation_that_is_used_is_told_and_knows_its_device(
    app: Flask, new_client: NewClient, transaction: Transaction, mailbox: Mailbox
) -> None:
    with transaction() as context:
        token = staff_accounts.create(context, "kirsi@example.com", "orders")
    guest = browser(new_client, FIREFOX, "sv")
    page = guest.follow(guest.get(f"/admin/invite/{token}"))
    second = guest.follow(guest.submit_form(page, name="Kirsi Lampi", password=NEW))
    key = "".join(second.texts("main code")[0].split())
    assert guest.submit_form(second, code=pyotp.TOTP(key).now()).status_code == 303
    [mail] = mailbox.all("kirsi@example.com")
    assert (mail.kind, mail.language) == ("staff_access_set", "sv")
    member: Any = MadeStaff(0, "kirsi@example.com", NEW, key)
    give_password(browser(new_client, FIREFOX), member)
    assert mailbox.kinds() == ["staff_access_set"]
    give_password(browser(new_client, CHROME), member)
    assert mailbox.kinds() == ["staff_access_set", "staff_new_device"]
