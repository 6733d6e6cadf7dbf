"""What a customer does to the account is in the audit log, each thing by its own event (SECURITY 64)."""

import pytest

from config import Settings
from portal.services.accounts import passkeys
from tests.support import builders
from tests.support.audited import audited
from tests.support.authenticator import new_passkey
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.test_email_change import ask
from tests.web.auth.test_sign_up import TYPED, open_link


@pytest.mark.security(64)
def test_signing_up(client: InvariantClient, mailbox: Mailbox, reading: Transaction) -> None:
    client.submit("/sign-up", **TYPED)
    assert audited(reading, "account.registration_started") == [(None, None, {})]
    client.submit_form(open_link(client, mailbox), password=TYPED["password"])
    ((customer, _, _),) = audited(reading, "account.registered")
    assert customer is not None


@pytest.mark.security(64)
def test_a_new_address(client: InvariantClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction) -> None:
    ask(client, owner)
    assert audited(reading, "account.email_change_requested") == [(owner.customer_id, None, {})]
    form = client.follow(client.get(mailbox.latest("confirm_new_email").link))
    client.submit_form(form, password=PASSWORD)
    assert audited(reading, "account.email_changed") == [(owner.customer_id, None, {})]


@pytest.mark.security(64)
def test_a_new_address_that_is_cancelled(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    ask(client, owner)
    old_mailbox = new_client()
    old_mailbox.submit_form(old_mailbox.follow(old_mailbox.get(mailbox.latest("email_change_asked").link)))
    assert audited(reading, "account.email_change_cancelled") == [(owner.customer_id, None, {})]
    assert audited(reading, "account.email_changed") == []


@pytest.mark.security(64)
def test_a_fresh_proof(client: InvariantClient, owner: MadeAccount, reading: Transaction) -> None:
    client.log_in(owner)
    assert audited(reading, "account.reauthenticated") == []
    assert client.submit("/confirm-password", password=owner.password).status_code == 303
    assert audited(reading, "account.reauthenticated") == [(owner.customer_id, None, {})]


@pytest.mark.security(64)
def test_passkeys(client: InvariantClient, owner: MadeAccount, settings: Settings, reading: Transaction) -> None:
    client.log_in(owner)
    token = client.csrf_token("/account/passkeys")
    options = client.post("/account/passkeys/options", data={"csrf_token": token}).body
    data = {"csrf_token": token, "credential": new_passkey(options, settings.base_url), "name": "Puhelin"}
    assert client.post("/account/passkeys", data=data).status_code == 303
    assert audited(reading, "account.passkey_added") == [(owner.customer_id, None, {})]
    assert client.submit("/account/passkeys", "form[action$=remove]").status_code == 303
    assert audited(reading, "account.passkey_removed") == [(owner.customer_id, None, {})]


@pytest.mark.security(64)
def test_the_second_factor_turned_off(inside: InvariantClient, owner: MadeAccount, reading: Transaction) -> None:
    inside.submit("/account/second-factor", "form[action$=off]")
    assert audited(reading, "account.second_factor_off") == [(owner.customer_id, None, {})]


@pytest.mark.security(64)
def test_a_passkey_that_is_not_there_is_no_event(
    client: InvariantClient, owner: MadeAccount, transaction: Transaction, reading: Transaction
) -> None:
    with transaction() as context:
        builders.passkey(context, passkeys.of_account(owner.id), "Oma")
    client.log_in(owner)
    token = client.csrf_token("/account/passkeys")
    client.post("/account/passkeys/remove", data={"csrf_token": token, "line": "99"})
    assert audited(reading, "account.passkey_removed") == []
