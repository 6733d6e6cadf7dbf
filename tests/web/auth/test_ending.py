"""What a change of the password, the second factor or the address ends: each of it, by each (SECURITY 22)."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from config import Settings
from portal.models.account import Account
from portal.models.base import db
from portal.services.accounts import passkeys
from tests.support import builders
from tests.support.authenticator import new_passkey
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import digits
from tests.web.auth.test_sign_up import TYPED

NEW = "seitsemän harmaata hanhea lentää"


@dataclass(frozen=True)
class Hands:
    """What a change is made with: the owner's browser, and what its journeys need."""

    client: InvariantClient
    owner: MadeAccount
    mailbox: Mailbox
    transaction: Transaction
    base_url: str


def password(hands: Hands) -> None:
    assert hands.client.submit("/account/password", new_password=NEW).status_code == 303


def address(hands: Hands) -> None:
    hands.client.submit("/account/email", email="uusi@example.com")
    form = hands.client.follow(hands.client.get(hands.mailbox.latest("confirm_new_email").link))
    assert hands.client.submit_form(form, password=PASSWORD).status_code == 303


def factor_on(hands: Hands) -> None:
    page = hands.client.follow(hands.client.submit("/account/second-factor"))
    key = "".join(page.texts("main code")[0].split())
    assert hands.client.submit_form(page, code=digits(key)).status_code == 303


def factor_off(hands: Hands) -> None:
    with hands.transaction() as context:
        builders.second_factor(context, hands.owner.id)
    page = hands.client.get("/account/second-factor")
    assert hands.client.submit_form(page, "form[action$=off]").status_code == 303


def passkey_added(hands: Hands) -> None:
    token = hands.client.csrf_token("/account/passkeys")
    options = hands.client.post("/account/passkeys/options", data={"csrf_token": token}).body
    data = {"csrf_token": token, "credential": new_passkey(options, hands.base_url), "name": "Puhelin"}
    assert hands.client.post("/account/passkeys", data=data).status_code == 303


def passkey_removed(hands: Hands) -> None:
    with hands.transaction() as context:
        builders.passkey(context, passkeys.of_account(hands.owner.id))
    assert hands.client.submit("/account/passkeys", "form[action$=remove]").status_code == 303


CHANGES: list[Callable[[Hands], None]] = [
    password,
    address,
    factor_on,
    factor_off,
    passkey_added,
    passkey_removed,
]


@pytest.mark.security(22)
@pytest.mark.parametrize("change", CHANGES)
def test_each_change_ends_sessions_remembered_browsers_and_links(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    transaction: Transaction,
    settings: Settings,
    change: Callable[[Hands], None],
) -> None:
    session, remembered, stranger = new_client(), new_client(), new_client()
    session.log_in(owner)
    remembered.submit("/login", email=owner.email, password=PASSWORD, remember=True)
    kept = remembered.get_cookie("portal_remembered")
    assert kept is not None
    client.log_in(owner)
    stranger.submit("/forgot-password", email=owner.email)
    link = mailbox.latest("reset_password").link
    opened = stranger.follow(stranger.get(link))
    assert opened.status_code == 200

    change(Hands(client, owner, mailbox, transaction, settings.base_url))

    assert client.get("/account").status_code == 200
    assert session.get("/account").status_code == 303
    assert remembered.get("/account").status_code == 303
    # Nor does the value that was kept begin a session where there is none.
    thief = new_client()
    thief.set_cookie("portal_remembered", kept.value)
    assert thief.get("/account").status_code == 303
    assert stranger.submit_form(opened, new_password=NEW + " taas").status_code == 410
    assert new_client().get(link).location == "/reset-password"


@pytest.mark.security(22)
def test_a_reset_ends_sessions_and_remembered_browsers_too(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox
) -> None:
    remembered = new_client()
    client.log_in(owner)
    remembered.submit("/login", email=owner.email, password=PASSWORD, remember=True)
    stranger = new_client()
    stranger.submit("/forgot-password", email=owner.email)
    form = stranger.follow(stranger.get(mailbox.latest("reset_password").link))
    assert stranger.submit_form(form, new_password=NEW).status_code == 303
    assert [browser.get("/account").status_code for browser in (client, remembered)] == [303, 303]


@pytest.mark.security(13, 22, 25)
@pytest.mark.parametrize("by_link", [False, True])
def test_a_new_password_ends_a_change_of_address_that_somebody_may_have_planted(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, by_link: bool
) -> None:
    client.log_in(owner)
    client.submit("/account/email", email="uusi@example.com")
    confirm, cancel = mailbox.latest("confirm_new_email").link, mailbox.latest("email_change_asked").link
    browser = new_client()
    opened = browser.follow(browser.get(confirm))
    if by_link:
        stranger = new_client()
        stranger.submit("/forgot-password", email=owner.email)
        form = stranger.follow(stranger.get(mailbox.latest("reset_password").link))
        assert stranger.submit_form(form, new_password=NEW).status_code == 303
    else:
        assert client.submit("/account/password", new_password=NEW).status_code == 303
        assert "uusi@example.com" not in client.get("/account/security").page_text
    assert browser.submit_form(opened, password=NEW).status_code == 410
    assert browser.follow(browser.get(confirm)).status_code == 410
    # The old mailbox is told that the change is off.
    assert browser.follow(browser.get(cancel)).status_code == 200
    assert not browser.get("/cancel-email").select("main form")


@pytest.mark.security(22)
def test_disabling_an_account_ends_the_links_that_were_mailed(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, transaction: Transaction
) -> None:
    client.log_in(owner)
    client.submit("/account/email", email="uusi@example.com")
    stranger = new_client()
    stranger.submit("/forgot-password", email=owner.email)
    reset = stranger.follow(stranger.get(mailbox.latest("reset_password").link))
    confirm = stranger.follow(stranger.get(mailbox.latest("confirm_new_email").link))
    with transaction() as context:
        db.session.get_one(Account, owner.id).disabled_at = context.now
    answers = [stranger.submit_form(reset, new_password=NEW), stranger.submit_form(confirm, password=PASSWORD)]
    assert [answer.status_code for answer in answers] == [410, 410]


@pytest.mark.security(13, 15)
def test_a_link_to_a_new_password_ends_with_both_factors_not_with_the_first(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, transaction: Transaction
) -> None:
    with transaction() as context:
        secret = builders.second_factor(context, owner.id)
    stranger = new_client()
    stranger.submit("/forgot-password", email=owner.email)
    opened = stranger.follow(stranger.get(mailbox.latest("reset_password").link))
    asked = client.follow(client.submit("/login", email=owner.email, password=PASSWORD))
    assert stranger.get("/reset-password").status_code == 200
    assert client.submit_form(asked, code=digits(secret)).status_code == 303
    assert stranger.submit_form(opened, new_password=NEW).status_code == 410


WAYS = {
    "reset": ("reset_password", {"new_password": NEW}),
    "new address": ("confirm_new_email", {"password": PASSWORD}),
    "sign-up": ("confirm_registration", {"password": TYPED["password"]}),
}


@pytest.mark.security(18, 19)
@pytest.mark.parametrize("way", WAYS)
def test_whoever_is_logged_in_where_a_link_is_opened_is_logged_out_for_good(
    new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, transaction: Transaction, way: str
) -> None:
    """The cookies go, or become those of another customer: a copy of them must be worth nothing either."""
    with transaction() as context:
        other = builders.account(context, email="eero@example.com")
    asking, here = new_client(), new_client()
    here.submit("/login", email=other.email, password=other.password, remember=True)
    if way == "reset":
        asking.submit("/forgot-password", email=owner.email)
    elif way == "sign-up":
        asking.submit("/sign-up", **TYPED)
    else:
        asking.log_in(owner)
        asking.submit("/account/email", email="aino.uusi@example.com")
    kind, typed = WAYS[way]
    form = here.follow(here.get(mailbox.latest(kind).link))
    copy = new_client()
    for cookie in (here._cookies or {}).values():
        copy.set_cookie(cookie.key, cookie.value)
    assert copy.get("/account").status_code == 200
    assert here.submit_form(form, **typed).status_code == 303
    assert copy.get("/account").status_code == 303
    assert here.get_cookie("portal_remembered") is None
