"""The one-time link: password, then the second factor; only the last step uses it up (SECURITY 14, 28)."""

from datetime import UTC, datetime, timedelta

import bcrypt
import pyotp
import pytest
from sqlalchemy import select

from config import Limit, Throttles
from portal.models.base import db
from portal.models.factor import StaffRecoveryCode
from portal.models.message import Message
from portal.models.session import StaffSession
from portal.models.staff import Staff, StaffInvitation
from portal.services.accounts import passkeys, recovery_codes
from portal.services.employees import second_factor, staff_accounts
from tests.support import builders
from tests.web.auth import together

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
    shown = client.follow(client.submit_form(setup, code=_code(setup)))
    assert shown.path == "/admin/account/recovery-codes"
    assert [link["href"] for link in shown.select("main .button")] == ["/admin/"]
    with reading():
        made = db.session.query(Staff).one()
        kept = db.session.query(StaffInvitation).one()
        assert (made.email_identity, made.name, made.role) == ("uusi@example.com", "Uuno Uusi", "administrator")
        assert (kept.totp_seed, kept.password_hash) == (None, None)
        assert made.password_hash is not None and PASSWORD not in made.password_hash
    assert [len(events(f"staff.{name}")) for name in ("created", "invited", "invitation_used")] == [1, 1, 1]


@pytest.mark.security(26)
def test_ten_recovery_codes_come_before_the_portal_and_are_shown_once(client, token, events, reading):
    client.get(f"/admin/invite/{token}")
    setup = client.follow(client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD))
    codes = client.follow(client.submit_form(setup, code=_code(setup))).texts(".codes code")
    assert len(set(codes)) == 10
    # Reloaded, it offers new ones; so does the step before, which cannot be taken twice.
    again = client.follow(client.get("/admin/invite/second-factor"))
    assert again.path == "/admin/account/recovery-codes"
    assert not again.select(".codes") and again.select("main form button")
    with reading():
        stored = db.session.execute(select(StaffRecoveryCode.code_hash)).scalars().all()
        employee = db.session.query(Staff).one()
    assert len(stored) == 10
    assert not [code for code in codes for kept in stored if code.replace("-", "").encode() in kept]
    assert len(events("staff.recovery_codes_made")) == 1
    client.post("/admin/logout", data={"csrf_token": client.csrf_token("/admin/")})
    client.submit("/admin/login", email=employee.email, password=PASSWORD)
    assert client.submit("/admin/second-factor", code=codes[0]).location == "/admin/"


@pytest.mark.security(26)
def test_who_is_invited_again_gets_codes_that_end_the_lost_ones(client, token, transaction, reading):
    for number in range(2):
        if number:
            with transaction() as context:
                token = staff_accounts.create(context, "uusi@example.com", "administrator")
        client.get(f"/admin/invite/{token}")
        setup = client.follow(client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD))
        client.submit_form(setup, code=_code(setup))
    with reading():
        assert db.session.query(StaffRecoveryCode).count() == 10


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


@pytest.mark.security(26)
def test_a_new_link_ends_the_codes_and_keys_of_the_lost_phone(client, transaction):
    with transaction() as context:
        boss = builders.staff(context, "administrator", email="uusi@example.com")
        builders.passkey(context, passkeys.of_staff(boss.id))
        old = second_factor.make_recovery_codes(context, boss.id, "a" * 32)
        token = staff_accounts.create(context, "uusi@example.com", "administrator")
    client.get(f"/admin/invite/{token}")
    setup = client.follow(client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD))
    with transaction() as context:
        assert len(passkeys.listing(context, passkeys.of_staff(boss.id))) == 1
    client.submit_form(setup, code=_code(setup))
    with transaction() as context:
        assert recovery_codes.use(context, recovery_codes.of_staff(boss.id), old[0]) is None
        assert not passkeys.listing(context, passkeys.of_staff(boss.id))
        kinds = db.session.execute(select(Message.kind).where(Message.staff_id == boss.id)).scalars().all()
    assert kinds[-1] == "staff_access_renewed"


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
    assert "Kirjoita nimesi." in client.submit("/admin/invite", name=" ", password="x").error_summary
    page = client.submit("/admin/invite", name="R2-D2", password="x")
    assert page.fields_in_error == ["name", "password"]
    assert page.select("input[name=name]")[0]["value"] == "R2-D2"


def test_without_a_link_there_is_no_such_page(client):
    for path in ("/admin/invite", "/admin/invite/second-factor", "/admin/invite/abc"):
        assert client.get(path).status_code == 404


def test_the_second_step_needs_the_first(client, token):
    client.get(f"/admin/invite/{token}")
    assert client.get("/admin/invite/second-factor").location == "/admin/invite"


@pytest.mark.security(10)
def test_the_password_is_counted_before_it_is_hashed(client, app, token, monkeypatch):
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", Throttles(login_identifier=Limit(2, 300)))
    client.get(f"/admin/invite/{token}")
    assert client.submit("/admin/invite", name="Uuno Uusi", password="lyhyt").status_code == 422
    assert client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD).status_code == 303
    hashed = []
    monkeypatch.setattr(bcrypt, "hashpw", lambda password, salt: hashed.append(password))
    answer = client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD)
    assert (answer.status_code, hashed) == (429, [])


@pytest.mark.security(12)
def test_strangers_at_the_log_in_keep_nobody_from_choosing_a_password(client, new_client, token, reading):
    with reading():
        number = db.session.query(Staff.id).scalar()
    stranger = new_client()
    for typed in (f"invitation {number}", f"staff invitation {number}"):
        for _ in range(10):
            assert stranger.submit("/admin/login", email=typed, password=PASSWORD).status_code == 422
    client.get(f"/admin/invite/{token}")
    assert client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD).status_code == 303


@pytest.mark.security("R12")
def test_the_last_step_sent_twenty_times_at_once_opens_one_session(
    client, new_client, app, token, reading, events, monkeypatch
):
    limits = dict.fromkeys(Throttles.__dataclass_fields__, Limit(1000, 300))
    monkeypatch.setitem(app.config, "PORTAL_THROTTLES", Throttles(**limits))
    client.get(f"/admin/invite/{token}")
    setup = client.follow(client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD))
    answers = together.press(client, new_client, "/admin/invite/second-factor", code=_code(setup))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * (together.TIMES - 1)
    assert len(events("staff.invitation_used")) == 1
    with reading():
        assert db.session.query(StaffSession).count() == 1
        assert db.session.query(StaffRecoveryCode).count() == 10


@pytest.mark.security(22)
def test_a_new_link_that_is_used_ends_every_session(client, new_client, transaction):
    with transaction() as context:
        made = builders.staff(context)
    elsewhere = new_client()
    elsewhere.log_in_staff(made)
    with transaction() as context:
        link = staff_accounts.create(context, made.email, "customer_care")
    client.get(f"/admin/invite/{link}")
    setup = client.follow(client.submit("/admin/invite", name="Kaisa Korhonen", password=PASSWORD))
    # The link alone ends nothing: it may have come to the wrong person.
    assert elsewhere.get("/admin/").status_code == 200
    assert client.submit_form(setup, code=_code(setup)).status_code == 303
    # Of a session that was ended nothing is left: the browser is a stranger's again.
    assert elsewhere.get("/admin/").status_code == 404
