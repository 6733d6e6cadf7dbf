"""One link, several browsers: what is chosen counts in the browser that chose last (SECURITY 26, 28)."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.models.base import db
from portal.models.staff import Staff, StaffInvitation
from portal.services.employees import staff_accounts
from tests.support import builders
from tests.web.admin.test_invitation import PASSWORD, _code

THEIRS = "punainen kettu vuorella"


@pytest.fixture
def token(transaction):
    with transaction() as context:
        return staff_accounts.create(context, "Uusi@Example.com", "administrator")


def _choose(browser, token, password=PASSWORD, name="Uuno Uusi"):
    browser.get(f"/admin/invite/{token}")
    return browser.follow(browser.submit("/admin/invite", name=name, password=password))


def _key(page):
    (key,) = page.texts("main code")
    return key


@pytest.mark.security(26, 28)
def test_who_opened_the_link_first_learns_nothing_of_the_second_factor(client, new_client, token, reading, events):
    """The holder of the link chooses first, the employee after that, and the holder posts once more."""
    holder = new_client()
    seen = _key(_choose(holder, token, THEIRS))
    client.get(f"/admin/invite/{token}")
    begun = client.get("/admin/invite")
    assert "jo valittu" in begun.page_text
    setup = client.follow(client.submit_form(begun, name="Uuno Uusi", password=PASSWORD))
    assert _key(setup) != seen
    # The holder's browser has lost what it chose, the secret included, and is told so.
    assert holder.get("/admin/invite/second-factor").location == "/admin/invite"
    assert len(events("staff.invitation_begun_anew")) == 1
    again = _choose(holder, token, THEIRS)
    assert _key(again) not in (seen, _key(setup))
    # A code of the employee's own secret goes in with nobody else's password.
    refused = client.submit_form(setup, code=_code(setup))
    assert (refused.status_code, refused.location) == (303, "/admin/invite")
    assert "jo valittu" in client.get("/admin/invite").page_text
    with reading():
        assert db.session.query(Staff.password_hash).scalar() is None
    setup = _choose(client, token)
    assert client.submit_form(setup, code=_code(setup)).status_code == 303
    other = new_client()
    for password, status in ((THEIRS, 422), (PASSWORD, 303)):
        assert other.submit("/admin/login", email="uusi@example.com", password=password).status_code == status


@pytest.mark.security(26, 28)
def test_a_browser_that_chose_nothing_sees_no_secret_of_another(client, new_client, token):
    setup = _choose(client, token)
    other = new_client()
    other.get(f"/admin/invite/{token}")
    assert other.get("/admin/invite/second-factor").location == "/admin/invite"
    data = {"csrf_token": other.csrf_token("/admin/invite"), "code": _code(setup)}
    assert other.post("/admin/invite/second-factor", data=data).location == "/admin/invite"
    # It looked and did not choose: what was chosen stands.
    assert client.submit_form(setup, code=_code(setup)).location == "/admin/account/recovery-codes"


@pytest.mark.security(26, 28)
def test_a_second_choice_in_the_same_browser_makes_a_new_secret(client, token, events):
    first = _choose(client, token)
    back = client.get("/admin/invite")
    # Back by mistake: what was chosen and scanned still holds.
    assert "/admin/invite/second-factor" in [link["href"] for link in back.select("main a")]
    assert _key(client.get("/admin/invite/second-factor")) == _key(first)
    other_tab = client.follow(client.submit_form(back, name="Uuno Uusi", password=PASSWORD))
    assert _key(other_tab) != _key(first)
    refused = client.submit_form(first, code=_code(first))
    assert (refused.status_code, refused.fields_in_error) == (422, ["code"])
    assert "QR-koodista" in refused.error_summary[0]
    assert _key(refused) == _key(other_tab)
    assert not events("staff.invitation_begun_anew")
    assert client.submit_form(refused, code=_code(refused)).status_code == 303


@pytest.mark.security(26, 28)
def test_nobody_is_renamed_before_the_last_step(client, transaction, reading):
    with transaction() as context:
        token = staff_accounts.create(context, "uusi@example.com", "auditor", "Uuno Uusi")
    setup = _choose(client, token, name="Pahis Vieras")
    with reading():
        assert db.session.query(Staff.name).scalar() == "Uuno Uusi"
        assert db.session.query(StaffInvitation.name).scalar() == "Pahis Vieras"
    client.submit_form(setup, code=_code(setup))
    with reading():
        assert db.session.query(Staff.name).scalar() == "Pahis Vieras"
        assert db.session.query(StaffInvitation.name, StaffInvitation.choice_hash).one() == (None, None)


@pytest.mark.security(14)
def test_a_link_left_open_for_half_an_hour_is_opened_again(client, token, time_machine):
    start = datetime.now(UTC)
    time_machine.move_to(start, tick=False)
    client.get(f"/admin/invite/{token}")
    time_machine.move_to(start + timedelta(minutes=29), tick=False)
    assert client.follow(client.submit("/admin/invite", name="Uuno Uusi", password=PASSWORD)).select("main svg path")
    # The step that was taken counts as use.
    time_machine.move_to(start + timedelta(minutes=58), tick=False)
    assert client.get("/admin/invite/second-factor").status_code == 200
    time_machine.move_to(start + timedelta(minutes=60), tick=False)
    for path in ("/admin/invite", "/admin/invite/second-factor"):
        page = client.get(path)
        assert (page.status_code, page.texts("h1")) == (410, ["Avaa linkki uudelleen"])
    client.get(f"/admin/invite/{token}")
    # What was chosen before does not come back with the link.
    assert client.get("/admin/invite/second-factor").location == "/admin/invite"
    assert client.get("/admin/invite").status_code == 200


@pytest.mark.security(12)
def test_an_empty_code_is_no_try(client, token, events):
    page = _choose(client, token)
    for _ in range(7):
        page = client.submit_form(page, code="")
        assert (page.status_code, page.fields_in_error) == (422, ["code"])
    assert not events("staff.second_factor_failed")
    assert client.submit_form(page, code=_code(page)).status_code == 303


@pytest.mark.security(12)
def test_wrong_codes_with_a_link_use_up_no_tries_of_the_log_in(client, new_client, transaction):
    with transaction() as context:
        made = builders.staff(context)
        token = staff_accounts.create(context, made.email, "customer_care")
    page = _choose(client, token)
    answers = [client.submit_form(page, code="000000").status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]
    assert new_client().log_in_staff(made).path == "/admin/"
