"""A customer's second factor: setting up, logging in with it, recovery codes, turning off (SECURITY 11, 15, 22, 24)."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from time_machine import TimeMachineFixture

from portal.models.account import Account
from portal.models.base import db
from portal.models.factor import LoginStep, RecoveryCode
from portal.models.session import CustomerSession
from tests.support.builders import MadeAccount
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.factors import HALF_MINUTE, actions, ask, count, digits, make_codes
from tests.web.auth.together import press

NEW = "seitsemän harmaata hanhea lentää"


def set_up(client: InvariantClient) -> str:
    """Press the button and read the key; returns it."""
    page = client.follow(client.submit("/account/second-factor", "main form:not([action])"))
    return page.texts(".qr__key code")[0].replace(" ", "")


@pytest.mark.security(22, 26)
def test_setting_up(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    elsewhere = new_client()
    elsewhere.log_in(owner)
    client.log_in(owner)
    key = set_up(client)
    refused = client.submit("/account/second-factor/set-up", code="000000")
    assert (refused.status_code, refused.fields_in_error) == (422, ["code"])
    # Nothing changes for log-ins before the first right code.
    assert new_client().log_in(owner).path == "/account"
    with reading():
        stored = db.session.execute(select(Account.totp_pending)).scalar_one()
    assert stored is not None and key not in stored
    cookie = client.get_cookie("portal_customer")
    answer = client.submit_form(refused, code=digits(key))
    assert answer.location == "/account/second-factor/recovery-codes"
    assert client.get_cookie("portal_customer") != cookie
    assert elsewhere.get("/account").status_code == 303
    assert mailbox.kinds(owner.email) == ["second_factor_on"]
    assert "account.second_factor_on" in actions(reading)
    assert "kaksivaiheinen tunnistus on käytössä" in client.follow(answer).texts(".flashes p")[0].lower()
    ask(new_client(), owner)


@pytest.mark.security(26)
def test_the_recovery_codes_come_with_it_and_are_shown_once(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    client.log_in(owner)
    key = set_up(client)
    answer = client.submit("/account/second-factor/set-up", code=digits(key))
    cookies = " ".join(answer.headers.getlist("Set-Cookie"))
    codes = client.follow(answer).texts(".codes code")
    assert len(set(codes)) == 10 and count(reading, RecoveryCode) == 10
    assert cookies and not [code for code in codes if code in cookies]
    again = client.get("/account/second-factor/recovery-codes")
    assert not again.select(".codes") and again.select("main form button")
    # A reload of the last step finds nothing to confirm, and leads there too.
    assert client.get("/account/second-factor/set-up").location == "/account/second-factor/recovery-codes"
    other = new_client()
    assert other.submit_form(ask(other, owner), code=codes[0]).status_code == 303
    assert mailbox.kinds(owner.email) == ["second_factor_on", "recovery_code_used"]
    assert actions(reading).count("account.recovery_codes_made") == 1


@pytest.mark.security(26)
def test_codes_that_were_not_fetched_in_ten_minutes_are_shown_no_more(
    client: InvariantClient, owner: MadeAccount, clock: TimeMachineFixture
) -> None:
    client.log_in(owner)
    client.submit("/account/second-factor/set-up", code=digits(set_up(client)))
    clock.shift(timedelta(minutes=10))
    late = client.get("/account/second-factor/recovery-codes")
    assert (late.status_code, late.select(".codes")) == (200, [])


@pytest.mark.security(26)
def test_a_new_phone_leaves_the_codes_that_are_on_paper(
    inside: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    codes = make_codes(inside)
    answer = inside.submit("/account/second-factor/set-up", code=digits(set_up(inside)))
    assert not inside.follow(answer).select(".codes")
    assert mailbox.kinds(owner.email)[-1] == "second_factor_moved"
    assert [action for action in actions(reading) if "second_factor_" in action] == ["account.second_factor_moved"]
    other = new_client()
    assert other.submit_form(ask(other, owner), code=codes[0]).status_code == 303


@pytest.mark.security(19, 26)
def test_logging_in_takes_both(
    client: InvariantClient, owner: MadeAccount, secret: str, reading: Transaction, clock: TimeMachineFixture
) -> None:
    page = ask(client, owner)
    assert client.get_cookie("portal_customer") is None
    assert client.get("/account").status_code == 303
    token = client.csrf_token(page.path)
    for wrong in ("", "12345", "000000", "AAAA-BBBB-CCCC"):
        refused = client.submit_form(page, code=wrong)
        assert (refused.status_code, refused.fields_in_error) == (422, ["code"])
    answer = client.submit_form(page, code=digits(secret))
    assert answer.location == "/account"
    assert client.get("/account").status_code == 200
    assert client.csrf_token("/account") != token
    assert actions(reading) == [
        "account.password_accepted",
        *["account.second_factor_failed"] * 3,
        "account.login",
    ]
    assert count(reading, LoginStep) == 0


@pytest.mark.security(26)
def test_a_used_code_never_works_again(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, secret: str, clock: TimeMachineFixture
) -> None:
    code = digits(secret)
    assert client.submit_form(ask(client, owner), code=code).status_code == 303
    again = new_client()
    page = ask(again, owner)
    assert again.submit_form(page, code=code).status_code == 422
    clock.shift(HALF_MINUTE)
    assert again.submit_form(page, code=digits(secret)).status_code == 303


@pytest.mark.security(11)
def test_codes_are_throttled_also_when_the_last_is_right(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, secret: str
) -> None:
    page = ask(client, owner)
    for _ in range(5):
        assert client.submit_form(page, code="000000").status_code == 422
    assert client.submit_form(page, code=digits(secret)).status_code == 429
    # Another browser shares the count: it is the account's.
    other = new_client()
    assert other.submit_form(ask(other, owner), code=digits(secret)).status_code == 429


@pytest.mark.security(20)
def test_the_question_waits_ten_minutes(
    client: InvariantClient, owner: MadeAccount, secret: str, clock: TimeMachineFixture
) -> None:
    page = ask(client, owner)
    clock.shift(timedelta(minutes=10, seconds=1))
    late = client.submit_form(page, code=digits(secret))
    assert late.status_code == 410
    assert client.get("/account").status_code == 303


@pytest.mark.security(22)
@pytest.mark.parametrize("way", ["password", "disabled"])
def test_what_ends_the_question(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    secret: str,
    mailbox: Mailbox,
    transaction: Transaction,
    way: str,
) -> None:
    page = ask(client, owner)
    if way == "password":
        other = new_client()
        other.submit("/forgot-password", email=owner.email)
        form = other.follow(other.get(mailbox.latest("reset_password").link))
        assert other.submit_form(form, new_password=NEW).status_code == 303
    else:
        with transaction() as context:
            db.session.get_one(Account, owner.id).disabled_at = context.now
    assert client.submit_form(page, code=digits(secret)).status_code == 410


@pytest.mark.security(15)
def test_a_new_password_by_mail_does_not_skip_it(
    client: InvariantClient, owner: MadeAccount, secret: str, mailbox: Mailbox, clock: TimeMachineFixture
) -> None:
    client.submit("/forgot-password", email=owner.email)
    form = client.follow(client.get(mailbox.latest("reset_password").link))
    client.submit_form(form, new_password=NEW)
    page = client.follow(client.submit("/login", email=owner.email, password=NEW))
    assert page.path.startswith("/login/second-factor")
    assert client.submit_form(page, code=digits(secret)).status_code == 303


@pytest.mark.security(21, 24)
def test_staying_logged_in_is_chosen_before_and_counts_after(
    client: InvariantClient, owner: MadeAccount, secret: str, clock: TimeMachineFixture
) -> None:
    page = ask(client, owner, remember=True)
    assert client.get_cookie("portal_remembered") is None
    client.submit_form(page, code=digits(secret))
    assert client.get_cookie("portal_remembered") is not None
    clock.shift(timedelta(hours=2))
    assert client.get("/account").status_code == 200
    asked = client.follow(client.get("/account/second-factor"))
    assert client.submit_form(asked, password=owner.password).fields_in_error == ["code"]
    assert client.submit_form(asked, password=owner.password, code="000000").fields_in_error == ["code"]
    answer = client.submit_form(asked, password=owner.password, code=digits(secret))
    assert answer.location == "/account/second-factor"


@pytest.mark.security(36)
def test_where_one_wanted_to_go_is_not_forgotten(client: InvariantClient, owner: MadeAccount, secret: str) -> None:
    page = client.get("/login", query_string={"next": "/orders"})
    asked = client.follow(client.submit_form(page, email=owner.email, password=owner.password))
    assert client.submit_form(asked, code=digits(secret)).location == "/orders"


@pytest.mark.security("R12", 26)
def test_twenty_log_ins_with_one_code_are_one(
    client: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    secret: str,
    reading: Transaction,
    clock: TimeMachineFixture,
    no_throttle: None,
) -> None:
    page = ask(client, owner)
    answers = press(client, new_client, page.path, code=digits(secret))
    assert [answer.status_code for answer in answers].count(303) == 1
    assert {answer.status_code for answer in answers} <= {303, 410, 422}
    assert count(reading, CustomerSession) == 1


@pytest.mark.security(22, 24)
def test_turning_off(
    inside: InvariantClient,
    new_client: NewClient,
    owner: MadeAccount,
    mailbox: Mailbox,
    reading: Transaction,
    clock: TimeMachineFixture,
) -> None:
    make_codes(inside)
    clock.shift(timedelta(minutes=11))
    data = {"csrf_token": inside.csrf_token("/account")}
    assert (inside.post("/account/second-factor/off", data=data).location or "").startswith("/confirm-password")
    assert inside.get("/account/second-factor").status_code == 303
    with reading():
        assert db.session.execute(select(Account.totp_seed)).scalar_one() is not None


@pytest.mark.security(22)
def test_turned_off_the_password_is_enough(
    inside: InvariantClient, new_client: NewClient, owner: MadeAccount, mailbox: Mailbox, reading: Transaction
) -> None:
    make_codes(inside)
    answer = inside.submit("/account/second-factor", "form[action$=off]")
    assert answer.location == "/account/second-factor"
    assert count(reading, RecoveryCode) == 0
    assert mailbox.kinds(owner.email)[-1] == "second_factor_off"
    assert new_client().log_in(owner).path == "/account"
    # Without the factor there is nothing to recover from.
    assert inside.get("/account/second-factor/recovery-codes").location == "/account/second-factor"
