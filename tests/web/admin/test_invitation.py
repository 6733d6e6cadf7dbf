"""The one-time link: password, then the second factor; only the last step uses it up (SECURITY 14, 28)."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from portal.models.base import db
from portal.models.staff import Staff, StaffInvitation
from portal.services.employees import staff_accounts

PASSWORD = "harmaa lokki avaimella"


@pytest.fixture
def token(transaction):
    with transaction() as context:
        return staff_accounts.create(context, "Uusi@Example.com", "administrator")


def _code(page):
    (key,) = page.texts("main code")
    return pyotp.TOTP(key.replace(" ", "")).at(datetime.now(UTC))


def test_a_new_employee_gets_in(client, token, reading, events):
    start = client.get(f"/admin/invite/{token}")
    assert start.location == "/admin/invite"
    chosen = client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD)
    setup = client.follow(chosen)
    assert setup.path == "/admin/invite/second-factor"
    assert setup.select("main svg path")
    home = client.follow(client.submit_form(setup, code=_code(setup)))
    assert home.path == "/admin/"
    with reading():
        made = db.session.query(Staff).one()
        kept = db.session.query(StaffInvitation).one()
        assert (made.email_identity, made.name, made.role) == ("uusi@example.com", "Uuno Uusi", "administrator")
        assert (kept.totp_seed, kept.password_hash) == (None, None)
        assert made.password_hash is not None and PASSWORD not in made.password_hash
    assert [len(events(f"staff.{name}")) for name in ("created", "invited", "invitation_used")] == [1, 1, 1]


@pytest.mark.security(14)
def test_looking_at_the_link_uses_nothing_up_and_using_it_ends_it(client, new_client, token):
    for _ in range(3):
        client.get(f"/admin/invite/{token}")
        assert client.get("/admin/invite").status_code == 200
    setup = client.follow(client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD))
    wrong = client.submit_form(setup, code="12345")
    assert (wrong.status_code, wrong.fields_in_error) == (422, ["code"])
    assert client.submit_form(wrong, code=_code(wrong)).status_code == 303
    other = new_client()
    other.get(f"/admin/invite/{token}")
    assert other.get("/admin/invite").status_code == 410


def test_a_newer_link_and_time_end_it(client, token, transaction, time_machine):
    with transaction() as context:
        newer = staff_accounts.create(context, "uusi@example.com", "administrator")
    client.get(f"/admin/invite/{token}")
    assert client.get("/admin/invite").status_code == 410
    client.get(f"/admin/invite/{newer}")
    assert client.get("/admin/invite").status_code == 200
    time_machine.move_to(datetime.now(UTC) + timedelta(hours=72, seconds=1))
    assert client.get("/admin/invite").status_code == 410


@pytest.mark.security(1)
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("lyhyt1", "vähintään 8"),
        ("salasana1", "arvataan"),
        ("mikromafia2026", "nimeen"),
        ("x" * 129, "128"),
    ],
)
def test_a_password_that_will_not_do_is_refused_with_its_reason(client, token, typed, message):
    client.get(f"/admin/invite/{token}")
    page = client.submit("/admin/invite", name="Uuno Uusi", password=typed)
    assert (page.status_code, page.fields_in_error) == (422, ["password"])
    assert message in page.error_summary[0]


def test_every_wrong_field_is_named_and_the_name_is_kept(client, token):
    client.get(f"/admin/invite/{token}")
    page = client.submit("/admin/invite", name="R2-D2", password="x")
    assert page.fields_in_error == ["name", "password"]
    assert page.select("input[name=name]")[0]["value"] == "R2-D2"


def test_without_a_link_there_is_no_such_page(client):
    for path in ("/admin/invite", "/admin/invite/second-factor", "/admin/invite/abc"):
        assert client.get(path).status_code == 404


def test_the_second_step_needs_the_first(client, token):
    client.get(f"/admin/invite/{token}")
    assert client.get("/admin/invite/second-factor").location == "/admin/invite"
