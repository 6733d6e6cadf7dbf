"""Logging in and out: equal answers, equal work, new sessions (SECURITY 3, 5, 6, 10–12, 18, 19, 36)."""

from typing import Any

import bcrypt
import pytest
from flask import Flask
from flask_login import encode_cookie
from sqlalchemy import select, update

from portal.models.account import Account, PasswordReset
from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.session import CustomerSession
from tests.support import builders
from tests.support.builders import PASSWORD, MadeAccount
from tests.support.client import InvariantClient, PageResponse
from tests.support.fixtures import NewClient, Transaction
from tests.support.mailbox import Mailbox
from tests.web.auth.test_sign_up import TYPED

FAILURES = ["unknown", "wrong", "disabled", "unverified", "too long", "corrupt", "corrupt bcrypt"]
# Header values that differ between any two answers, and no more than these.
CHANGING = {"X-Request-Id", "Set-Cookie", "Date"}


def fail(kind: str, browser: InvariantClient, transaction: Transaction) -> PageResponse:
    """Make an account for one way of failing, and fail."""
    return browser.submit("/login", **prepare(kind, browser, transaction))


def prepare(kind: str, browser: InvariantClient, transaction: Transaction) -> dict[str, Any]:
    """Make an account for one way of failing. Returns what to type."""
    email, password = f"{kind.replace(' ', '.')}@example.com", PASSWORD
    if kind == "unverified":
        email, password = TYPED["email"], TYPED["password"]
        browser.submit("/sign-up", **TYPED)
    elif kind != "unknown":
        with transaction() as context:
            made = builders.account(context, email=email)
            changed = update(Account).where(Account.id == made.id)
            if kind == "disabled":
                db.session.execute(changed.values(disabled_at=context.now))
            elif kind == "corrupt":
                db.session.execute(changed.values(password_hash="nonsense"))
            elif kind == "corrupt bcrypt":
                head = db.session.execute(select(Account.password_hash).where(Account.id == made.id)).scalar_one()
                db.session.execute(changed.values(password_hash=head[:20]))
    password = {"wrong": "jokin aivan muu lause", "too long": PASSWORD * 10}.get(kind, password)
    return {"email": email, "password": password}


def count_work(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The cost of every comparison from now on that really hashes; an unreadable hash is refused before any work."""
    costs: list[int] = []
    compare = bcrypt.checkpw

    def counted(password: bytes, hashed: bytes) -> bool:
        result = compare(password, hashed)
        costs.append(int(hashed.split(b"$")[2]))
        return result

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return costs


def without_token(answer: PageResponse) -> str:
    """The page, without what is random in every page."""
    field = answer.soup.find("input", attrs={"name": "csrf_token"})
    email = answer.soup.select_one("#email")
    assert field is not None
    assert email is not None
    return answer.get_data(as_text=True).replace(str(field["value"]), "…").replace(str(email["value"]), "…")


def test_every_failure_looks_the_same(new_client: NewClient, transaction: Transaction) -> None:
    seen = set()
    for kind in FAILURES:
        answer = fail(kind, new_client(), transaction)
        headers = tuple((name, value) for name, value in answer.headers if name not in CHANGING)
        # The length varies with the token and the address that was typed.
        headers = tuple(pair for pair in headers if pair[0] != "Content-Length")
        cookies = tuple(sorted(value.split("=")[0] for value in answer.headers.getlist("Set-Cookie")))
        seen.add((answer.status_code, without_token(answer), headers, cookies))
    assert len(seen) == 1
    assert next(iter(seen))[0] == 422


@pytest.mark.parametrize("kind", FAILURES)
def test_every_failure_does_the_same_work(
    client: InvariantClient, app: Flask, transaction: Transaction, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    costs = count_work(monkeypatch)
    answer = fail(kind, client, transaction)
    assert answer.status_code == 422
    assert costs == [app.config["PORTAL_BCRYPT_COST"]]


@pytest.mark.security(5)
@pytest.mark.parametrize("kind", FAILURES)
def test_after_the_cost_rose_those_who_have_not_logged_in_since_are_no_quicker(
    client: InvariantClient, app: Flask, transaction: Transaction, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    prepared = prepare(kind, client, transaction)
    assert app.config["PORTAL_BCRYPT_COST"] == 4
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 6)
    costs = count_work(monkeypatch)
    assert client.submit("/login", **prepared).status_code == 422
    assert sum(2**cost for cost in costs) == 2**6


def test_a_right_password_does_the_same_work_as_a_wrong_one(
    client: InvariantClient, owner: MadeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = count_work(monkeypatch)
    client.log_in(owner)
    assert len(costs) == 1


def test_an_unreadable_hash_raises_the_alarm(
    client: InvariantClient, transaction: Transaction, reading: Transaction
) -> None:
    fail("corrupt", client, transaction)
    with reading():
        actions = db.session.execute(select(AuditEvent.action).order_by(AuditEvent.seq)).scalars().all()
    assert actions == ["account.hash_corrupt", "account.login_failed"]


def test_an_empty_form_asks_for_what_is_missing(client: InvariantClient) -> None:
    answer = client.submit("/login")
    assert (answer.status_code, answer.fields_in_error) == (422, ["email", "password"])


def test_a_user_name_is_a_log_in(client: InvariantClient, transaction: Transaction, owner: MadeAccount) -> None:
    with transaction():
        db.session.execute(update(Account).values(user_name="Ainokki", user_name_identity="ainokki"))
    assert client.submit("/login", email=" AINOKKI ", password=PASSWORD).location == "/account"


def test_the_address_is_compared_without_capitals(client: InvariantClient, owner: MadeAccount) -> None:
    assert client.submit("/login", email="Aino@EXAMPLE.com", password=PASSWORD).location == "/account"


def test_nothing_planted_survives_a_log_in(client: InvariantClient, owner: MadeAccount) -> None:
    client.set_cookie("portal_customer", "planted-by-somebody-else")
    token = client.csrf_token("/login")
    with client.session_transaction() as planted:
        planted["planted"] = "value"
    client.log_in(owner)
    given = client.get_cookie("portal_customer")
    assert given is not None
    assert given.value != "planted-by-somebody-else"
    assert len(given.value) >= 43
    assert client.csrf_token("/account") != token
    with client.session_transaction() as kept:
        assert "planted" not in kept
    # A form of the page before the log-in is worth nothing any more.
    assert client.post("/logout", data={"csrf_token": token}).status_code == 400


def test_each_log_in_is_a_session_of_its_own(new_client: NewClient, owner: MadeAccount, reading: Transaction) -> None:
    ids = set()
    for _ in range(2):
        browser = new_client()
        browser.log_in(owner)
        cookie = browser.get_cookie("portal_customer")
        assert cookie is not None
        ids.add(cookie.value)
    assert len(ids) == 2
    with reading():
        hashes = db.session.execute(select(CustomerSession.token_hash)).scalars().all()
        assert len(hashes) == 2
        assert not {value.encode() for value in ids} & set(hashes)


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        ("/orders?year=2025", "/orders?year=2025"),
        ("//evil.test", "/account"),
        ("/\t/evil.test", "/account"),
        ("/\\evil.test", "/account"),
        ("https://evil.test/", "/account"),
        ("javascript:alert(1)", "/account"),
        ("/%2f/evil.test", "/account"),
        ("", "/account"),
    ],
)
def test_next_leads_only_to_this_site(client: InvariantClient, owner: MadeAccount, target: str, lands: str) -> None:
    page = client.get("/login", query_string={"next": target})
    answer = client.submit_form(page, email=owner.email, password=owner.password)
    assert answer.location == lands


def test_who_is_logged_in_needs_no_log_in_page(client: InvariantClient, owner: MadeAccount) -> None:
    client.log_in(owner)
    assert client.get("/login").location == "/account"
    assert client.get("/sign-up").location == "/account"


def test_a_page_that_wants_a_log_in_is_reached_after_it(client: InvariantClient, owner: MadeAccount) -> None:
    asked = client.follow(client.get("/account/security"))
    assert client.submit_form(asked, email=owner.email, password=owner.password).location == "/account/security"


@pytest.mark.security(21)
def test_the_cookie_by_which_flask_login_remembers_is_neither_set_nor_read(
    client: InvariantClient, new_client: NewClient, owner: MadeAccount, app: Flask
) -> None:
    client.submit("/login", email=owner.email, password=PASSWORD, remember=True)
    assert {cookie.key for cookie in (client._cookies or {}).values()} <= {
        "portal_form",
        "portal_customer",
        "portal_remembered",
    }
    with app.test_request_context():
        forged = encode_cookie(f"customer:{owner.id}")
    thief = new_client()
    thief.set_cookie("remember_token", forged)
    assert thief.get("/account").status_code == 303


def test_a_weak_hash_is_made_anew(
    client: InvariantClient, app: Flask, owner: MadeAccount, reading: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 5)
    client.log_in(owner)
    with reading():
        assert "$05$" in db.session.execute(select(Account.password_hash)).scalar_one()


@pytest.mark.security(5)
def test_after_the_cost_fell_one_log_in_makes_the_account_as_quick_as_nobody(
    client: InvariantClient, new_client: NewClient, app: Flask, owner: MadeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 5)
    client.log_in(owner)
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 4)
    new_client().log_in(owner)
    costs = count_work(monkeypatch)
    for email in (owner.email, "tuntematon@example.com"):
        assert new_client().submit("/login", email=email, password="jokin aivan muu lause").status_code == 422
    assert costs == [4, 4]


def test_a_log_in_ends_the_link_to_a_new_password(
    client: InvariantClient, owner: MadeAccount, reading: Transaction
) -> None:
    client.submit("/forgot-password", email=owner.email)
    client.log_in(owner)
    with reading():
        assert db.session.execute(select(PasswordReset.ended_at)).scalar_one() is not None


def test_the_owner_hears_of_a_new_device_once(new_client: NewClient, owner: MadeAccount, mailbox: Mailbox) -> None:
    first = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
    second = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36"}
    for agent in (first, first, second, second, first):
        browser = new_client()
        browser.headers = agent
        browser.log_in(owner)
    assert mailbox.kinds() == ["new_device"]
    assert "Chrome Windows" in mailbox.latest("new_device").text


def test_logging_out_ends_the_session_for_good(client: InvariantClient, owner: MadeAccount) -> None:
    client.log_in(owner)
    cookie = client.get_cookie("portal_customer")
    assert cookie is not None
    token = client.csrf_token("/account")
    answer = client.post("/logout", data={"csrf_token": token})
    assert (answer.status_code, answer.location) == (303, "/login")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get_cookie("portal_customer") is None
    assert client.get("/login").texts(".flashes p")
    client.set_cookie("portal_customer", cookie.value)
    assert client.get("/account").location == "/login?next=/account"
    assert client.csrf_token("/login") != token


def test_logging_out_needs_its_token(client: InvariantClient, owner: MadeAccount) -> None:
    client.log_in(owner)
    assert client.post("/logout").status_code == 400
    assert client.get("/account").status_code == 200


def test_a_disabled_account_is_out_on_the_next_request(
    client: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    client.log_in(owner)
    with transaction() as context:
        db.session.execute(update(Account).values(disabled_at=context.now))
    assert client.get("/account").status_code == 303
