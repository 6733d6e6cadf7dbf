"""Managing employees: nobody changes themselves, the last administrator stays, closing acts at once (SECURITY 32)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from portal.models.audit import AuditEvent
from portal.models.base import db
from portal.models.staff import Staff, StaffInvitation
from portal.rules.clock import helsinki_date
from portal.rules.context import Actor, Context
from portal.rules.errors import Denied, RuleBroken
from portal.services.employees import staff_management
from tests.support import builders
from tests.support.builders import MadeStaff
from tests.support.client import InvariantClient
from tests.support.fixtures import NewClient, Transaction
from tests.web.auth.together import press

Events = Callable[[str], list[AuditEvent]]


@pytest.fixture
def boss(employee: Any) -> tuple[InvariantClient, MadeStaff]:
    """An administrator at work."""
    made: tuple[InvariantClient, MadeStaff] = employee("administrator", name="Riikka Salmela")
    return made


@pytest.fixture
def clerk(transaction: Transaction) -> MadeStaff:
    with transaction() as context:
        return builders.staff(context, "customer_care", name="Onni Aalto")


def row(reading: Transaction, staff_id: int) -> Staff:
    with reading():
        found = db.session.get_one(Staff, staff_id)
        db.session.expunge(found)
    return found


def test_the_list_and_the_map(boss: Any, clerk: MadeStaff) -> None:
    browser, _made = boss
    page = browser.get("/admin/staff")
    assert [name.split()[0] for name in page.texts("tbody th")] == ["Onni", "Riikka"]
    grants = browser.get("/admin/staff/roles")
    assert len(grants.select("thead th")) == 7
    assert "Hallita työntekijöitä" in grants.page_text


@pytest.mark.security(24)
def test_changing_wants_a_fresh_proof(boss: Any, clerk: MadeStaff, time_machine: TimeMachineFixture) -> None:
    browser, _made = boss
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=11))
    path = f"/admin/staff/{clerk.id}/role"
    assert browser.get("/admin/staff").status_code == 200
    assert browser.get(path).location == f"/admin/confirm?next={path}"
    data = {"csrf_token": browser.csrf_token("/admin/staff"), "role": "auditor"}
    assert (browser.post(path, data=data).location or "").startswith("/admin/confirm")


@pytest.mark.security(32, 64)
def test_a_role_counts_at_once(boss: Any, clerk: MadeStaff, new_client: NewClient, events: Events) -> None:
    browser, made = boss
    theirs = new_client()
    theirs.log_in_staff(clerk)
    assert theirs.get("/admin/customers").status_code == 200
    page = browser.follow(browser.submit(f"/admin/staff/{clerk.id}/role", role="auditor"))
    assert page.path == f"/admin/staff/{clerk.id}" and page.texts(".flashes p")
    assert theirs.get("/admin/customers").status_code == 403
    (event,) = events("staff.role_changed")
    assert (event.actor_id, event.staff_id) == (made.id, clerk.id)
    assert event.details == {"before": "customer_care", "role": "auditor"}


@pytest.mark.security(22)
def test_closing_logs_out_at_once_and_opening_lets_in_again(
    boss: Any, clerk: MadeStaff, new_client: NewClient, events: Events
) -> None:
    browser, _made = boss
    theirs = new_client()
    theirs.log_in_staff(clerk)
    assert browser.submit(f"/admin/staff/{clerk.id}/access").status_code == 303
    # The session is gone, so that the area is hidden from this browser.
    assert theirs.get("/admin/").status_code == 404
    assert theirs.submit("/admin/login", email=clerk.email, password=clerk.password).status_code == 422
    assert events("staff.disabled")[0].details == {"count": 1}
    assert browser.submit(f"/admin/staff/{clerk.id}/access").status_code == 303
    assert theirs.submit("/admin/login", email=clerk.email, password=clerk.password).status_code == 303
    assert len(events("staff.enabled")) == 1


@pytest.mark.security(22)
@pytest.mark.parametrize(("typed", "kept"), [("2027-12-31", "2027-12-31"), ("31.12.2027", "2027-12-31"), ("", None)])
def test_the_last_day(boss: Any, clerk: MadeStaff, reading: Transaction, typed: str, kept: str | None) -> None:
    browser, _made = boss
    passed = browser.follow(browser.submit(f"/admin/staff/{clerk.id}/end", ends_on="2026-01-31"))
    assert passed.texts(".flashes p")[0].endswith("työntekijä kirjattiin ulos, eikä hän voi kirjautua.")
    answer = browser.submit(f"/admin/staff/{clerk.id}/end", ends_on=typed)
    told = browser.follow(answer).texts(".flashes p")
    assert told == ["Viimeinen päivä tallennettiin." if kept else "Viimeinen päivä poistettiin."]
    ends_on = row(reading, clerk.id).employment_ends_on
    assert (ends_on.isoformat() if ends_on else None) == kept


@pytest.mark.security(46, 48)
@pytest.mark.parametrize("typed", ["yesterday", "2026-02-30", "31.13.2026", "9999-01-01", "0001-01-01", "٣١.١٢.٢٠٢٦"])
def test_a_day_that_is_none_is_an_error_of_its_field(boss: Any, clerk: MadeStaff, typed: str) -> None:
    browser, _made = boss
    answer = browser.submit(f"/admin/staff/{clerk.id}/end", ends_on=typed)
    assert (answer.status_code, answer.fields_in_error) == (422, ["ends_on"])


@pytest.mark.security(32)
@pytest.mark.parametrize("what", ["role", "end", "access", "link"])
def test_nobody_changes_their_own_account(
    boss: Any, clerk: MadeStaff, reading: Transaction, events: Events, what: str
) -> None:
    browser, made = boss
    data = {
        "csrf_token": browser.csrf_token("/admin/staff"),
        "role": "auditor",
        "ends_on": "2027-12-31",
        "open": "no",
    }
    assert browser.post(f"/admin/staff/{made.id}/{what}", data=data).status_code == 403
    own = row(reading, made.id)
    assert (own.role, own.disabled_at, own.employment_ends_on) == ("administrator", None, None)
    assert [event.details["reason"] for event in events("staff.change_refused")] == ["own_account_or_role"]
    assert not browser.get(f"/admin/staff/{made.id}").select("main .summary a")


@pytest.mark.security(32)
@pytest.mark.parametrize("days", [0, 1, 400])
@pytest.mark.parametrize("change", ["role", "disable", "end", "today"])
def test_the_last_administrator_is_protected(
    transaction: Transaction, reading: Transaction, change: str, days: int
) -> None:
    with transaction() as context:
        first = builders.staff(context, "administrator")
        second = builders.staff(context, "administrator")
        # Somebody who was invited and never came cannot administrate.
        db.session.get_one(Staff, builders.staff(context, "administrator").id).password_hash = None
    # Nor does an administrator stay whose last day is set, however far off.
    actor = Actor("staff", first.id)
    with transaction(actor) as context:
        db.session.get_one(Staff, first.id).employment_ends_on = helsinki_date(context.now) + timedelta(days=days)
    acts: dict[str, Callable[[Context], None]] = {
        "role": lambda context: staff_management.change_role(context, second.id, "auditor"),
        "disable": lambda context: staff_management.disable(context, second.id),
        "end": lambda context: staff_management.set_end(context, second.id, "2099-12-31"),
        "today": lambda context: staff_management.set_end(context, second.id, helsinki_date(context.now).isoformat()),
    }

    def act() -> None:
        with transaction(actor) as context:
            acts[change](context)

    with pytest.raises(RuleBroken, match=r"staff\.last_administrator"):
        act()
    kept = row(reading, second.id)
    assert (kept.role, kept.disabled_at, kept.employment_ends_on) == ("administrator", None, None)


Act = Callable[[Context, int], None]


def demote(context: Context, staff_id: int) -> None:
    staff_management.change_role(context, staff_id, "auditor")


def disable(context: Context, staff_id: int) -> None:
    staff_management.disable(context, staff_id)


def until(context: Context, staff_id: int) -> None:
    """A last day that is later for who is younger, so that neither outlasts the other by chance alone."""
    day = helsinki_date(context.now) + timedelta(days=staff_id)
    staff_management.set_end(context, staff_id, day.isoformat())


def let_go(context: Context, staff_id: int) -> None:
    staff_management.set_end(context, staff_id, (context.now.date() - timedelta(days=3)).isoformat())


@pytest.mark.security(32, "R11")
@pytest.mark.parametrize(
    ("first", "second"),
    [(demote, demote), (disable, disable), (demote, disable), (let_go, disable), (until, until), (until, demote)],
)
def test_two_administrators_who_act_on_each_other_leave_one(
    transaction: Transaction, reading: Transaction, first: Act, second: Act
) -> None:
    for _ in range(5):
        with transaction() as context:
            for earlier in db.session.query(Staff).all():
                earlier.role = "auditor"
            pair = [builders.staff(context, "administrator") for _ in range(2)]
        barrier = Barrier(2)

        def act(change: Act, actor: MadeStaff, target: MadeStaff, barrier: Barrier) -> str:
            barrier.wait()
            try:
                with transaction(Actor("staff", actor.id)) as context:
                    change(context, target.id)
            except (Denied, RuleBroken):
                return "refused"
            return "done"

        with ThreadPoolExecutor(2) as pool:
            one, other = pair
            jobs = [pool.submit(act, first, one, other, barrier), pool.submit(act, second, other, one, barrier)]
            outcomes = sorted(job.result() for job in jobs)
        assert outcomes == ["done", "refused"]
        with reading() as context:
            left = db.session.query(Staff).filter_by(role="administrator", disabled_at=None).all()
            assert len([one for one in left if one.employment_ends_on is None]) == 1


@pytest.mark.security(32)
def test_whose_employment_is_over_changes_nobody(transaction: Transaction, reading: Transaction) -> None:
    with transaction() as context:
        gone = builders.staff(context, "administrator", employment_ends_on=helsinki_date(context.now))
        other = builders.staff(context, "administrator")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(Denied), transaction(Actor("staff", gone.id), now=tomorrow) as context:
        staff_management.set_end(context, other.id, "")


@pytest.mark.security(14, 28)
def test_an_invitation_is_a_link_shown_once(boss: Any, new_client: NewClient, reading: Transaction) -> None:
    browser, _made = boss
    refused = browser.submit("/admin/staff/invite", email="kirsi@example", name="")
    assert (refused.status_code, refused.fields_in_error) == (422, ["email", "role"])
    answer = browser.submit("/admin/staff/invite", email="kirsi.lampi@example.com", name="Kirsi Lampi", role="orders")
    (link,) = answer.texts(".one-time-link code")
    assert link.startswith(f"{browser.base_url}/admin/invite/")
    guest = new_client()
    page = guest.follow(guest.get(link.removeprefix(browser.base_url)))
    assert page.path == "/admin/invite"
    # A known employee gets a new link in the same way; pressed twice it is the same.
    with reading():
        number = db.session.query(Staff.id).filter_by(email="kirsi.lampi@example.com").scalar()
    assert browser.submit(f"/admin/staff/{number}/link").texts(".one-time-link code") == [link]


@pytest.mark.security(28)
def test_another_role_a_moment_later_is_no_second_press(boss: Any, transaction: Transaction) -> None:
    browser, _made = boss
    fields = {"email": "kirsi.lampi@example.com", "name": "Kirsi Lampi"}
    (link,) = browser.submit("/admin/staff/invite", **fields, role="orders").texts(".one-time-link code")
    refused = browser.submit("/admin/staff/invite", **fields, role="auditor")
    assert (refused.status_code, refused.fields_in_error) == (422, ["role"])
    assert browser.submit("/admin/staff/invite", **fields, role="orders").texts(".one-time-link code") == [link]
    with transaction() as context:
        db.session.query(Staff).filter_by(role="orders").one().disabled_at = context.now
    closed = browser.submit("/admin/staff/invite", **fields, role="orders")
    assert (closed.status_code, closed.fields_in_error) == (422, ["email"])


@pytest.mark.security("R12")
def test_twenty_presses_make_one_employee_and_one_link(boss: Any, new_client: NewClient, reading: Transaction) -> None:
    browser, _made = boss
    fields = {"email": "kirsi.lampi@example.com", "name": "Kirsi Lampi", "role": "orders"}
    answers = press(browser, new_client, "/admin/staff/invite", **fields)
    assert {answer.status_code for answer in answers} == {200}
    assert len({tuple(answer.texts(".one-time-link code")) for answer in answers}) == 1
    with reading():
        assert db.session.query(Staff).filter_by(role="orders").count() == 1
        assert db.session.query(StaffInvitation).count() == 1


@pytest.mark.security(32, 48)
@pytest.mark.parametrize("number", ["99", "9" * 40, "x", "-1"])
def test_who_is_not_there_is_not_found(boss: Any, number: str) -> None:
    browser, _made = boss
    assert browser.get(f"/admin/staff/{number}").status_code == 404
