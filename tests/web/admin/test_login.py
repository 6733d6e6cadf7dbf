"""Employees log in with a password and a code; nothing tells which of them was wrong, and no code works twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import bcrypt
import pytest

from portal.models.base import db
from portal.models.staff import Staff
from tests.support.builders import customer, staff
from tests.support.sameness import told
from tests.web.auth.test_login import count_work

NOW = datetime(2026, 11, 23, 9, 0, 5, tzinfo=UTC)


@pytest.mark.security(12)
def test_an_empty_code_is_no_try(client, transaction, events):
    with transaction() as context:
        made = staff(context)
    page = client.follow(client.submit("/admin/login", email=made.email, password=made.password))
    for _ in range(7):
        page = client.submit_form(page, code="")
        assert (page.status_code, page.error_summary) == (422, ["Kirjoita koodi."])
    assert not events("staff.second_factor_failed")
    assert client.submit_form(page, code=made.code(datetime.now(UTC))).status_code == 303


@pytest.mark.security(26)
def test_the_second_factor_comes_before_every_page(client, transaction):
    with transaction() as context:
        made = staff(context)
    asked = client.follow(client.submit("/admin/login", email=made.email, password=made.password))
    assert asked.path.startswith("/admin/second-factor")
    for path in ("/admin/", "/admin/customers", "/admin/orders"):
        assert client.get(path).location.startswith("/admin/second-factor")
    home = client.follow(client.submit_form(asked, code=made.code(datetime.now(UTC))))
    assert home.path == "/admin/"


@pytest.mark.security(6)
@pytest.mark.parametrize(
    "case", ["unknown", "wrong", "disabled", "left", "half made", "unreadable", "too long", "not an address"]
)
def test_every_failure_looks_the_same(client, new_client, transaction, case):
    details: dict[str, dict[str, Any]] = {
        "disabled": {"disabled_at": NOW},
        "left": {"employment_ends_on": datetime.now(UTC).date() - timedelta(days=2)},
        "half made": {"totp_seed": None},
        "unreadable": {"password_hash": "p1$broken"},
    }
    with transaction() as context:
        reference = staff(context)
        made = staff(context)
        for name, value in details.get(case, {}).items():
            setattr(db.session.get_one(Staff, made.id), name, value)
    email = {"unknown": "nobody@example.com", "not an address": "kaisa"}.get(case, made.email)
    password = made.password if case in details else "aivan väärä sana tähän"
    password = "x" * 500 if case == "too long" else password
    answer = client.submit("/admin/login", email=email, password=password)
    wanted = new_client().submit("/admin/login", email=reference.email, password="aivan väärä sana tähän")
    assert answer.status_code == wanted.status_code == 422
    assert answer.error_summary == wanted.error_summary
    assert answer.error_summary == ["Sähköpostiosoite tai salasana on väärä. Tarkista ne ja yritä uudelleen."]
    assert told(answer, email) == told(wanted, reference.email)
    names = [sorted(line.split("=")[0] for line in page.headers.getlist("Set-Cookie")) for page in (answer, wanted)]
    assert names[0] == names[1]


@pytest.mark.security(5)
def test_everybody_costs_one_hash(client, transaction, monkeypatch):
    with transaction() as context:
        made, gone, unset = staff(context), staff(context, disabled_at=NOW), staff(context)
        db.session.get_one(Staff, unset.id).password_hash = None
    checked: list[bytes] = []
    real = bcrypt.checkpw

    def counted(password: bytes, hashed: bytes) -> bool:
        checked.append(hashed[:7])
        return real(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    for email in (made.email, gone.email, unset.email, "nobody@example.com", "not an address"):
        for password in ("aivan väärä sana tähän", "x" * 500):
            checked.clear()
            assert client.submit("/admin/login", email=email, password=password).status_code == 422
            assert checked == [b"$2b$04$"], email


def test_a_hash_that_cannot_be_read_is_a_failed_login_and_an_alert(client, transaction, events):
    with transaction() as context:
        made = staff(context)
        db.session.get_one(Staff, made.id).password_hash = "p1$broken"
    assert client.submit("/admin/login", email=made.email, password=made.password).status_code == 422
    assert [event.staff_id for event in events("staff.hash_corrupt")] == [made.id]


@pytest.mark.security(3)
def test_a_weak_hash_is_made_anew(client, app, transaction, reading, monkeypatch):
    with transaction() as context:
        made = staff(context)
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 5)
    assert client.log_in_staff(made).path == "/admin/"
    with reading():
        assert "$05$" in db.session.query(Staff.password_hash).scalar()


@pytest.mark.security(5)
def test_after_the_cost_rose_everybody_still_costs_the_same(app, client, transaction, monkeypatch):
    with transaction() as context:
        made, gone = staff(context), staff(context, disabled_at=NOW)
    monkeypatch.setitem(app.config, "PORTAL_BCRYPT_COST", 6)
    costs = count_work(monkeypatch)
    for email in (made.email, gone.email, "nobody@example.com", "not an address"):
        for password in ("aivan väärä sana tähän", "x" * 513):
            costs.clear()
            assert client.submit("/admin/login", email=email, password=password).status_code == 422
            assert sum(2**cost for cost in costs) == 2**6, email


@pytest.mark.security(1, 47)
def test_a_password_longer_than_any_is_not_looked_at(client, transaction, events):
    """To put 200 000 marks in order would hold up everybody for minutes."""
    with transaction() as context:
        made = staff(context)
    assert client.submit("/admin/login", email=made.email, password="e" + "\u0301\u0316" * 300).status_code == 422
    assert [event.details["reason"] for event in events("staff.login_failed")] == ["too_long"]


@pytest.mark.security(26)
def test_a_used_code_never_works_again(new_client, transaction, time_machine):
    with transaction() as context:
        made = staff(context)
    time_machine.move_to(NOW, tick=False)
    assert new_client().log_in_staff(made, NOW).path == "/admin/"
    again = new_client()
    asked = again.follow(again.submit("/admin/login", email=made.email, password=made.password))
    refused = again.submit_form(asked, code=made.code(NOW))
    assert (refused.status_code, refused.fields_in_error) == (422, ["code"])
    # The step before the used one lies in the window too, and is as worthless.
    assert again.submit_form(refused, code=made.code(NOW - timedelta(seconds=30))).status_code == 422
    time_machine.move_to(NOW + timedelta(seconds=30), tick=False)
    assert again.submit_form(refused, code=made.code(NOW + timedelta(seconds=30))).status_code == 303


@pytest.mark.security(11)
def test_codes_are_throttled_also_when_the_last_one_is_right(client, transaction, events):
    with transaction() as context:
        made = staff(context)
    asked = client.follow(client.submit("/admin/login", email=made.email, password=made.password))
    for _ in range(5):
        assert client.submit_form(asked, code="000000").status_code == 422
    stopped = client.submit_form(asked, code=made.code(datetime.now(UTC)))
    assert stopped.status_code == 429 and int(stopped.headers["Retry-After"]) > 0
    assert len(events("staff.second_factor_failed")) == 5


@pytest.mark.security(21, 29)
def test_employees_are_never_remembered(client):
    assert not client.get("/admin/login").select("input[type=checkbox]")


@pytest.mark.security(10)
def test_passwords_are_throttled_by_name_known_or_not(client):
    for _ in range(10):
        assert client.submit("/admin/login", email="nobody@example.com", password="x").status_code == 422
    assert client.submit("/admin/login", email="Nobody@Example.com", password="x").status_code == 429


@pytest.mark.security(19)
def test_each_step_gives_a_new_session_and_token(client, transaction):
    with transaction() as context:
        made = staff(context)
    before = client.csrf_token("/admin/login")
    answer = client.submit("/admin/login", email=made.email, password=made.password)
    first = client.get_cookie("portal_staff").value
    asked = client.follow(answer)
    middle = client.csrf_token(asked.path)
    client.submit_form(asked, code=made.code(datetime.now(UTC)))
    assert client.get_cookie("portal_staff").value != first
    assert len({before, middle, client.csrf_token("/admin/")}) == 3


@pytest.mark.security(36)
@pytest.mark.parametrize(
    "target", ["//evil.test", "/account", "/admin/../account", "https://evil.test/admin/", "/admin/login"]
)
def test_next_leads_only_into_the_area(client, transaction, target):
    with transaction() as context:
        made = staff(context)
    page = client.get("/admin/login", query_string={"next": target})
    asked = client.follow(client.submit_form(page, email=made.email, password=made.password))
    assert client.submit_form(asked, code=made.code(datetime.now(UTC))).location == "/admin/"


@pytest.mark.security(22)
def test_an_ended_employment_acts_on_the_next_request(employee, transaction):
    browser, made = employee()
    with transaction():
        db.session.get_one(Staff, made.id).employment_ends_on = datetime.now(UTC).date() - timedelta(days=2)
    assert browser.get("/admin/").location.startswith("/admin/login")


@pytest.mark.security(40)
def test_log_out_ends_the_session_and_clears_what_the_browser_kept(employee):
    browser, _made = employee()
    token = browser.csrf_token("/admin/")
    cookie = browser.get_cookie("portal_staff").value
    answer = browser.post("/admin/logout", data={"csrf_token": token})
    assert answer.location == "/admin/login"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    browser.set_cookie("portal_staff", cookie)
    assert browser.get("/admin/").status_code == 404


@pytest.mark.security(29)
def test_a_customers_session_opens_nothing_here(client, transaction):
    with transaction() as context:
        customer(context)
    assert client.get("/admin/").status_code == 404


@pytest.mark.security(30)
def test_a_role_without_the_permission_is_refused_and_audited(employee, events):
    browser, made = employee("auditor")
    assert browser.get("/admin/").status_code == 200
    assert browser.get("/admin/customers").status_code == 403
    (event,) = events("staff.permission_denied")
    assert (event.staff_id, event.details) == (made.id, {"permission": "customers.search"})
