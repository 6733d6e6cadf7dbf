"""Inside the account: proving again who one is, and changing the password (SECURITY 19, 22, 24)."""

from datetime import timedelta

import bcrypt
import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import TimeMachineFixture

from config import Limit, Throttles
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.session import CustomerSession
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth import together
from tests.web.auth.factors import actions

NEW = "seitsemän harmaata hanhea lentää"


def session_id(client: InvariantClient) -> str:
    cookie = client.get_cookie("portal_customer")
    assert cookie is not None
    return cookie.value


def test_the_page_says_what_one_logs_in_with(client: InvariantClient, owner: MadeAccount) -> None:
    client.log_in(owner)
    page = client.get("/account/security")
    assert owner.email in page.page_text
    links = {str(link["href"]) for link in page.select("main a")}
    assert {"/account/email", "/account/password"} <= links


def test_a_delicate_page_asks_for_the_password_after_ten_minutes(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    client.log_in(owner)
    clock.shift(timedelta(minutes=10))
    assert client.get("/account/password").status_code == 200
    clock.shift(timedelta(seconds=1))
    asked = client.get("/account/password")
    assert asked.location == "/confirm-password?next=/account/password"
    before, token = session_id(client), client.csrf_token("/account")
    answer = client.submit_form(client.follow(asked), password=PASSWORD)
    assert answer.location == "/account/password"
    assert session_id(client) != before
    assert client.csrf_token("/account") != token
    assert client.get("/account/password").status_code == 200
    old = client.application.test_client()
    old.set_cookie("portal_customer", before)
    assert old.get("/account/security", base_url=client.base_url).status_code == 303


@pytest.mark.parametrize(
    ("button", "page"),
    [
        ("/account/second-factor/off", "/account/second-factor"),
        ("/account/passkeys/remove", "/account/passkeys"),
        ("/account/passkeys/options", "/account/passkeys"),
        ("/account/user-name/remove", "/account/user-name"),
    ],
)
def test_a_button_pressed_after_ten_minutes_leads_back_to_its_page(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture, button: str, page: str
) -> None:
    client.log_in(owner)
    token = client.csrf_token(page)
    clock.shift(timedelta(minutes=10, seconds=1))
    asked = client.post(button, data={"csrf_token": token})
    assert asked.location == f"/confirm-password?next={page}"
    answer = client.submit_form(client.follow(asked), password=PASSWORD)
    assert answer.location == page
    assert client.get(page).status_code == 200


def test_a_button_of_an_ended_session_offers_its_page_again(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    client.log_in(owner)
    token = client.csrf_token("/account/sessions")
    clock.shift(timedelta(hours=2))
    refused = client.post("/account/sessions/others", data={"csrf_token": token})
    assert refused.status_code == 400
    assert "/account/sessions" in {link.get("href") for link in refused.select("main a")}


def test_a_wrong_password_is_no_proof(client: InvariantClient, owner: MadeAccount, reading: Transaction) -> None:
    client.log_in(owner)
    before = session_id(client)
    answer = client.submit("/confirm-password", password="jokin aivan muu lause")
    assert (answer.status_code, answer.fields_in_error) == (422, ["password"])
    assert session_id(client) == before
    with reading():
        actions = db.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars().all()
    assert actions == ["account.login", "account.reauthentication_failed"]


@pytest.mark.security(10, 12)
def test_proving_is_counted_like_the_log_ins_and_apart_from_them(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount
) -> None:
    client.log_in(owner)
    statuses = [client.submit("/confirm-password", password="jokin muu lause").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]
    assert client.get("/account/security").status_code == 200
    assert new_client().submit("/login", email=owner.email, password=PASSWORD).status_code == 303


def test_next_of_a_proof_stays_here(client: InvariantClient, owner: MadeAccount) -> None:
    client.log_in(owner)
    page = client.get("/confirm-password", query_string={"next": "//evil.test"})
    assert client.submit_form(page, password=PASSWORD).location == "/account/security"


def test_a_new_password_ends_everything_but_this_session(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    elsewhere = new_client()
    elsewhere.log_in(owner)
    client.log_in(owner)
    new_client().submit("/forgot-password", email=owner.email)
    link = mailbox.latest("reset_password").link
    before = session_id(client)
    answer = client.submit("/account/password", new_password=NEW)
    assert (answer.status_code, answer.location) == (303, "/account/security")
    assert client.follow(answer).texts(".flashes p")
    assert session_id(client) != before
    assert elsewhere.get("/account").status_code == 303
    with reading():
        assert db.session.execute(select(func.count()).select_from(CustomerSession)).scalar_one() == 1
    stranger = new_client()
    assert stranger.follow(stranger.get(link)).status_code == 410
    assert mailbox.kinds(owner.email) == ["password_changed"]
    assert stranger.submit("/login", email=owner.email, password=NEW).status_code == 303


def test_a_password_of_ones_own_name_is_refused(client: InvariantClient, owner: MadeAccount) -> None:
    client.log_in(owner)
    for weak in ("aino virtanen aino", "lyhyt", "salasana salasana", "mikromafia oy 2026", "x" * 129):
        answer = client.submit("/account/password", new_password=weak)
        assert (answer.status_code, answer.fields_in_error) == (422, ["new_password"])


@pytest.mark.security("R12")
def test_the_form_sent_twenty_times_at_once_changes_the_password_once(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    reading: Transaction,
    no_throttle: None,
) -> None:
    client.log_in(owner)
    answers = together.press(client, new_client, "/account/password", new_password=NEW)
    # One that is looked at after the first was done comes with a session id that was renewed meanwhile: the log-in page
    # sends the browser, which has the new one by then, on to where it wanted to go. Where the session is renewed while
    # it is looked at, its form belongs to the one before.
    late = "/login?next=/account/password"
    places = {(answer.status_code, answer.location) for answer in answers}
    assert {(303, "/account/security")} <= places <= {(303, "/account/security"), (303, late), (400, None)}
    assert mailbox.kinds() == ["password_changed"]
    assert actions(reading).count("account.password_changed") == 1
    assert new_client().submit("/login", email=owner.email, password=NEW).status_code == 303


@pytest.mark.security(10)
def test_choosing_a_password_is_counted_before_it_is_hashed(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client.log_in(owner)
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", Throttles(login_identifier=Limit(2, 300)))
    # What no rule allows is judged, and costs a try.
    assert client.submit("/account/password", new_password="lyhyt").status_code == 422
    assert client.submit("/account/password", new_password=NEW).status_code == 303
    stranger = new_client()
    stranger.submit("/forgot-password", email=owner.email)
    by_link = stranger.follow(stranger.get(mailbox.latest("reset_password").link))
    hashed: list[bytes] = []
    monkeypatch.setattr(bcrypt, "hashpw", lambda password, salt: hashed.append(password))
    answers = [
        client.submit("/account/password", new_password=NEW + " taas"),
        stranger.submit_form(by_link, new_password=NEW + " taas"),
    ]
    assert [answer.status_code for answer in answers] == [429, 429]
    assert all(0 < int(answer.headers["Retry-After"]) <= 301 for answer in answers)
    assert not hashed
