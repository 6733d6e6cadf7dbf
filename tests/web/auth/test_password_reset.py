"""A forgotten password: the same answer for everybody, one link, one hour, once (SECURITY 8, 11, 13–15)."""

from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from time_machine import TimeMachineFixture

from portal.models.account import Account, PasswordReset
from portal.models.base import db
from portal.models.session import CustomerSession
from portal.services.accounts import passkeys
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth import together

NEW = "seitsemän harmaata hanhea lentää"


@pytest.mark.security(15)
def test_the_mail_after_it_tells_of_passkeys_and_the_answer_does_not(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, transaction: Transaction
) -> None:
    client.submit("/forgot-password", email=owner.email)
    with transaction() as context:
        builders.passkey(context, passkeys.of_account(owner.id), "Varkaan")
    form = open_link(client, mailbox)
    # Said to whoever has a link, with or without passkeys.
    assert "lisätyillä pääsyavaimilla" in form.page_text
    answer = client.follow(client.submit_form(form, new_password=NEW))
    assert "pääsyavai" not in " ".join(answer.texts(".flashes p"))
    mail = mailbox.latest("password_changed")
    assert "yhdellä pääsyavaimella" in mail.text
    assert "/account/passkeys" in mail.links
    assert "Varkaan" not in mail.text


@pytest.mark.security(8)
def test_the_worker_is_woken_for_every_address(
    app: Flask, client: InvariantClient, owner: MadeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[str] = []
    for address in (owner.email, "nobody@example.com"):
        monkeypatch.setitem(app.extensions, "portal.wake_jobs", lambda known=address: woken.append(known))
        client.submit("/forgot-password", email=address)
    assert woken == [owner.email, "nobody@example.com"]


def open_link(client: InvariantClient, mailbox: Mailbox, number: int = -1) -> PageResponse:
    """Ask for nothing; open a link that was mailed, the newest unless a number is given."""
    mails = [mail for mail in mailbox.all() if mail.kind == "reset_password"]
    return client.follow(client.get(mails[number].link))


def test_a_new_password_by_link(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    elsewhere = new_client()
    elsewhere.log_in(owner)
    client.submit("/forgot-password", email="AINO@example.com")
    # A log-in ends the link, so the other browser logged in before.
    form = open_link(client, mailbox)
    assert form.path == "/reset-password" and "lisätyillä pääsyavaimilla" in form.page_text
    answer = client.submit_form(form, new_password=NEW)
    assert (answer.status_code, answer.location) == (303, "/login")
    with reading():
        assert db.session.execute(select(func.count()).select_from(CustomerSession)).scalar_one() == 0
    assert elsewhere.get("/account").status_code == 303
    assert client.get("/account").status_code == 303
    assert mailbox.kinds(owner.email) == ["password_changed"]
    assert client.submit("/login", email=owner.email, password=PASSWORD).status_code == 422
    assert client.submit("/login", email=owner.email, password=NEW).status_code == 303


@pytest.mark.security(8, 15)
def test_every_address_gets_the_same_answer(
    new_client: NewClient, owner: MadeAccount, transaction: Transaction, mailbox: Mailbox
) -> None:
    with transaction() as context:
        employee = builders.staff(context)
        disabled = builders.account(context)
        db.session.execute(update(Account).where(Account.id == disabled.id).values(disabled_at=context.now))
    answers, pages = set(), set()
    for email in (owner.email, "tuntematon@example.com", employee.email, disabled.email):
        browser = new_client()
        answer = browser.submit("/forgot-password", email=email)
        names = tuple(sorted(value.split("=")[0] for value in answer.headers.getlist("Set-Cookie")))
        answers.add((answer.status_code, answer.location, answer.get_data(), names))
        pages.add(browser.follow(answer).page_text)
    assert len(answers) == len(pages) == 1
    assert [(mail.kind, mail.recipient) for mail in mailbox.all()] == [("reset_password", owner.email)]


def test_what_is_no_address_is_said_so(client: InvariantClient) -> None:
    answer = client.submit("/forgot-password", email="aino")
    assert (answer.status_code, answer.fields_in_error) == (422, ["email"])


def test_opening_the_link_uses_nothing_up(client: InvariantClient, owner: MadeAccount, mailbox: Mailbox) -> None:
    client.submit("/forgot-password", email=owner.email)
    for _ in range(3):
        assert open_link(client, mailbox).status_code == 200


def test_a_refused_password_leaves_the_link_alive(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    client.submit("/forgot-password", email=owner.email)
    answer = client.submit_form(open_link(client, mailbox), new_password="Aino Virtanen 1234")
    assert (answer.status_code, answer.fields_in_error) == (422, ["new_password"])
    assert client.submit_form(answer, new_password=NEW).status_code == 303


def test_the_link_works_once(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    client.submit("/forgot-password", email=owner.email)
    form, late = open_link(client, mailbox), new_client()
    again = open_link(late, mailbox)
    assert client.submit_form(form, new_password=NEW).status_code == 303
    assert late.submit_form(again, new_password=NEW + " taas").status_code == 410
    assert late.get("/reset-password").status_code == 410


def test_the_link_ends_after_an_hour(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    client.submit("/forgot-password", email=owner.email)
    clock.shift(timedelta(minutes=59))
    form = open_link(client, mailbox)
    assert form.status_code == 200
    clock.shift(timedelta(minutes=1, seconds=1))
    assert client.submit_form(form, new_password=NEW).status_code == 410


def test_a_newer_link_ends_the_older(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    client.submit("/forgot-password", email=owner.email)
    form = open_link(client, mailbox)
    clock.shift(timedelta(seconds=61))
    new_client().submit("/forgot-password", email=owner.email)
    assert client.submit_form(form, new_password=NEW).status_code == 410
    assert client.submit_form(open_link(client, mailbox), new_password=NEW).status_code == 303


@pytest.mark.security(13, "R12")
def test_the_form_sent_many_times_at_once_is_one_mail_with_a_link_that_works(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    statuses = Counter(
        page.status_code for page in together.press(client, new_client, "/forgot-password", email=owner.email)
    )
    assert statuses == {303: 5, 429: 15}
    with reading():
        assert db.session.execute(select(func.count()).select_from(PasswordReset)).scalar_one() == 1
    assert mailbox.kinds() == ["reset_password"]
    assert open_link(client, mailbox).status_code == 200


def test_a_token_that_waits_in_a_browser_is_forgotten_after_half_an_hour(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    client.submit("/forgot-password", email=owner.email)
    form = open_link(client, mailbox)
    clock.shift(timedelta(minutes=31))
    assert client.submit_form(form, new_password=NEW).status_code == 410
    assert open_link(client, mailbox).status_code == 200


@pytest.mark.parametrize("email", ["aino@example.com", "tuntematon@example.com"])
def test_five_links_a_day(client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture, email: str) -> None:
    statuses = [client.submit("/forgot-password", email=email).status_code for _ in range(6)]
    assert statuses == [303] * 5 + [429]
    clock.shift(timedelta(days=1, seconds=1))
    assert client.submit("/forgot-password", email=email).status_code == 303


def test_twenty_at_once_change_the_password_once(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    reading: Transaction,
    no_throttle: None,
) -> None:
    client.submit("/forgot-password", email=owner.email)
    open_link(client, mailbox)
    answers = together.press(client, new_client, "/reset-password", new_password=NEW)
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * (together.TIMES - 1)
    assert mailbox.kinds() == ["password_changed"]
    with reading():
        assert db.session.execute(select(func.count()).select_from(PasswordReset)).scalar_one() == 1
