"""Another log-in address: asked for, confirmed at the new one, cancelled from the old one (SECURITY 9, 22, 25)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from portal.models.account import Account, EmailChange
from portal.models.base import db
from portal.models.customer import Customer, Provenance
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth import together

NEW = "Aino.Uusi@example.com"


def ask(client: InvariantClient, owner: MadeAccount, email: str = NEW) -> PageResponse:
    client.log_in(owner)
    return client.submit("/account/email", email=email)


def login_email(reading: Transaction) -> str:
    with reading():
        return db.session.execute(select(Account.email)).scalars().first() or ""


@pytest.mark.security(22, 25)
def test_the_address_changes_when_it_is_confirmed(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    elsewhere = new_client()
    elsewhere.log_in(owner)
    answer = ask(client, owner)
    assert (answer.status_code, answer.location) == (303, "/account/email/check-mail")
    assert [(mail.kind, mail.recipient) for mail in mailbox.all()] == [
        ("email_change_asked", owner.email),
        ("confirm_new_email", NEW),
    ]
    assert login_email(reading) == owner.email
    for path in ("/account/security", "/account/email"):
        assert NEW in client.get(path).page_text

    form = client.follow(client.get(mailbox.latest("confirm_new_email").link))
    done = client.submit_form(form, password=PASSWORD)
    assert done.location == "/account/security"
    assert client.follow(done).status_code == 200
    assert elsewhere.get("/account").status_code == 303
    with reading():
        row = db.session.execute(select(Account.email, Account.email_identity)).one()
        assert row == (NEW, NEW.lower())
        assert db.session.execute(select(Customer.email)).scalar_one() == NEW
        changes = db.session.execute(select(Provenance.field, Provenance.source, Provenance.old_value)).all()
        assert ("email", "account", owner.email) in changes
    assert mailbox.kinds(owner.email)[-1] == "email_changed"
    assert new_client().submit("/login", email=NEW, password=PASSWORD).status_code == 303


@pytest.mark.security(24, 25)
def test_asking_needs_a_proof_of_the_last_ten_minutes(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, clock: TimeMachineFixture, reading: Transaction
) -> None:
    client.log_in(owner)
    form = client.get("/account/email")
    clock.shift(timedelta(minutes=10, seconds=1))
    assert (client.get("/account/email").location or "").startswith("/confirm-password")
    asked = client.submit_form(form, email=NEW)
    assert asked.location == "/confirm-password?next=/account/email"
    assert "Vahvistus onnistui." in client.follow(client.submit(asked.location, password=PASSWORD)).page_text
    assert mailbox.kinds() == []
    with reading():
        assert db.session.execute(select(func.count()).select_from(EmailChange)).scalar_one() == 0


@pytest.mark.security(25)
def test_the_log_in_changes_only_with_the_confirmation(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    def opens(email: str) -> bool:
        return new_client().submit("/login", email=email, password=PASSWORD).status_code == 303

    ask(client, owner)
    form = client.follow(client.get(mailbox.latest("confirm_new_email").link))
    assert (opens(owner.email), opens(NEW)) == (True, False)
    client.submit_form(form, password=PASSWORD)
    assert (opens(owner.email), opens(NEW)) == (False, True)


@pytest.mark.security(22, 25)
def test_the_confirmation_ends_links_and_remembered_browsers(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    remembered = new_client()
    remembered.submit("/login", email=owner.email, password=PASSWORD, remember=True)
    ask(client, owner)
    new_client().submit("/forgot-password", email=owner.email)
    reset = mailbox.latest("reset_password").link
    form = client.follow(client.get(mailbox.latest("confirm_new_email").link))
    client.submit_form(form, password=PASSWORD)
    assert remembered.get("/account").status_code == 303
    stranger = new_client()
    assert stranger.follow(stranger.get(reset)).status_code == 410


@pytest.mark.security(25)
def test_each_mailbox_gets_its_own_link_alone(client: InvariantClient, owner: MadeAccount, mailbox: Mailbox) -> None:
    ask(client, owner)
    asked, to_confirm = mailbox.latest("email_change_asked"), mailbox.latest("confirm_new_email")
    assert (asked.recipient, to_confirm.recipient) == (owner.email, NEW)
    assert "/cancel-email/" in asked.link
    assert not [path for path in asked.links if "/confirm-email/" in path]
    assert not [path for path in to_confirm.links if "/cancel-email/" in path]
    # What the mail to a mistyped address must not say: whose account it is.
    assert owner.email not in to_confirm.text


@pytest.mark.security(25)
def test_whoever_opens_the_link_must_know_the_password(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    ask(client, owner)
    stranger = new_client()
    form = stranger.follow(stranger.get(mailbox.latest("confirm_new_email").link))
    answer = stranger.submit_form(form, password="arvaan jonkin lauseen")
    assert (answer.status_code, answer.fields_in_error) == (422, ["password"])
    assert login_email(reading) == owner.email
    # The owner's own telephone, which is not logged in, may confirm and is not logged in by it.
    done = stranger.submit_form(answer, password=PASSWORD)
    assert (done.status_code, done.location) == (303, "/login")
    assert stranger.get("/account").status_code == 303
    assert login_email(reading) == NEW


@pytest.mark.security(9)
def test_a_taken_address_looks_the_same(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, transaction: Transaction, mailbox: Mailbox
) -> None:
    with transaction() as context:
        holder = builders.account(context, email="varattu@example.com")
    free = ask(client, owner)
    taken = client.submit("/account/email", email="Varattu@example.com")
    assert (free.status_code, free.location, free.get_data()) == (taken.status_code, taken.location, taken.get_data())
    assert mailbox.kinds(holder.email) == ["email_taken"]
    assert mailbox.all(owner.email)[-1].kind == "email_change_asked"


@pytest.mark.security(14, 25)
def test_the_old_mailbox_can_cancel_without_logging_in(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    ask(client, owner)
    confirm = mailbox.latest("confirm_new_email").link
    old_mailbox = new_client()
    link = mailbox.latest("email_change_asked").link
    form = old_mailbox.follow(old_mailbox.get(link))
    assert old_mailbox.follow(old_mailbox.get(link)).status_code == 200
    assert old_mailbox.submit_form(form).location == "/login"
    assert client.follow(client.get(confirm)).status_code == 410
    assert login_email(reading) == owner.email
    # Opened again, the link says that it is done.
    assert not old_mailbox.follow(old_mailbox.get(link)).select("main form")


@pytest.mark.security(25)
def test_after_the_confirmation_the_old_mailbox_is_told_whom_to_turn_to(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    ask(client, owner)
    old_mailbox = new_client()
    form = old_mailbox.follow(old_mailbox.get(mailbox.latest("email_change_asked").link))
    confirm = client.follow(client.get(mailbox.latest("confirm_new_email").link))
    client.submit_form(confirm, password=PASSWORD)
    answer = old_mailbox.submit_form(form)
    assert answer.status_code == 200
    assert "info@mikromafia.fi" in answer.page_text
    assert login_email(reading) == NEW


@pytest.mark.security(25)
def test_the_links_end_in_time(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    ask(client, owner)
    confirm, cancel = mailbox.latest("confirm_new_email").link, mailbox.latest("email_change_asked").link
    clock.shift(timedelta(hours=24, seconds=1))
    assert client.follow(client.get(confirm)).status_code == 410
    assert client.follow(client.get(cancel)).status_code == 200
    clock.shift(timedelta(days=6))
    assert client.follow(client.get(cancel)).status_code == 410


@pytest.mark.security(25)
def test_a_token_of_one_purpose_does_not_serve_another(
    client: InvariantClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    ask(client, owner)
    token = mailbox.latest("email_change_asked").link.rsplit("/", 1)[1]
    assert client.follow(client.get(f"/confirm-email/{token}")).status_code == 410


@pytest.mark.security(25)
def test_a_newer_wish_ends_the_older(client: InvariantClient, owner: MadeAccount, mailbox: Mailbox) -> None:
    ask(client, owner)
    first = mailbox.latest("confirm_new_email").link
    client.submit("/account/email", email="kolmas@example.com")
    assert client.follow(client.get(first)).status_code == 410
    assert client.follow(client.get(mailbox.latest("confirm_new_email").link)).status_code == 200


@pytest.mark.parametrize("email", ["aino@example.com", "ei osoite", "", "a\r\nBcc: b@example.com"])
def test_an_unusable_address_is_said_so(client: InvariantClient, owner: MadeAccount, email: str) -> None:
    client.log_in(owner)
    answer = client.submit("/account/email", extra={"email": email})
    assert (answer.status_code, answer.fields_in_error) == (422, ["email"])


@pytest.mark.security(25)
def test_an_address_that_got_an_account_meanwhile_is_not_taken(
    client: InvariantClient, owner: MadeAccount, transaction: Transaction, mailbox: Mailbox, reading: Transaction
) -> None:
    ask(client, owner)
    form = client.follow(client.get(mailbox.latest("confirm_new_email").link))
    with transaction() as context:
        builders.account(context, email=NEW)
    assert client.submit_form(form, password=PASSWORD).status_code == 410
    with reading():
        assert db.session.execute(select(Account.email).where(Account.id == owner.id)).scalar_one() == owner.email


@pytest.mark.security("R12")
def test_the_same_wish_twenty_times_at_once_is_one(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    client.log_in(owner)
    answers = together.press(client, new_client, "/account/email", email=NEW)
    assert {answer.status_code for answer in answers} == {303}
    assert mailbox.kinds() == ["email_change_asked", "confirm_new_email"]
    with reading():
        assert db.session.execute(select(func.count()).select_from(EmailChange)).scalar_one() == 1


@pytest.mark.security(25, "R12")
def test_twenty_confirmations_at_once_change_it_once(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    no_throttle: None,
) -> None:
    ask(client, owner)
    client.follow(client.get(mailbox.latest("confirm_new_email").link))
    answers = together.press(client, new_client, "/confirm-email", password=PASSWORD)
    # One changes it and renews the session, to which the form of those who come after it no longer belongs.
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 303 and set(statuses[1:]) <= {400, 410}
    assert mailbox.kinds(owner.email).count("email_changed") == 1


@pytest.mark.security(11)
def test_an_account_asks_three_times_in_six_hours(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    client.log_in(owner)
    statuses = [client.submit("/account/email", email=f"uusi{n}@example.com").status_code for n in range(4)]
    assert statuses == [303, 303, 303, 429]
