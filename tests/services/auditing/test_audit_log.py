"""The pages of the audit log: every filter, in both directions, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.access_requests import State
from portal.rules.context import Actor
from portal.rules.errors import RuleBroken
from portal.rules.shown_values import shown_details
from portal.rules.texts import LOCALES, TEXTS
from portal.services.auditing import audit, audit_log
from portal.services.auditing.audit_events import EVENTS
from portal.services.auditing.audit_log import Filters
from tests.support import access_requests, builders
from tests.support.fixtures import Transaction

# Shortly before midnight in Helsinki.
START = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)


@pytest.fixture
def log(transaction: Transaction, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Nine events half an hour apart, by three kinds of actors, about two customers and an employee."""
    monkeypatch.setattr(audit_log, "PAGE_SIZE", 2)
    with transaction() as context:
        one, other = builders.customer(context), builders.customer(context)
        made = builders.staff(context, "auditor", name="Oona Aalto").id
    for number in range(3):
        moment = START + timedelta(minutes=90 * number)
        with transaction(Actor("customer", 7), now=moment) as context:
            audit.record(context, "account.login", customer_id=one, new_device=False)
        with transaction(Actor("staff", made), now=moment + timedelta(minutes=30)) as context:
            audit.record(context, "staff.customer_opened", customer_id=other, purpose="order", role="customer_care")
        with transaction(now=moment + timedelta(minutes=60)) as context:
            audit.record(replace(context), "orders.imported", shop="a", run=1, added=number, changed=0, customers=0)
    return {"one": one, "other": other, "staff": made}


def walk(reading: Transaction, filters: Filters) -> list[int]:
    """The positions on all pages, there and back."""
    with reading() as context:
        page = audit_log.listing(context, filters)
        pages = [page]
        while page.older:
            page = audit_log.listing(context, filters, after=page.older)
            pages.append(page)
        there = [row.seq for each in pages for row in each.rows]
        back = [row.seq for row in reversed(page.rows)]
        while page.newer:
            page = audit_log.listing(context, filters, before=page.newer)
            back += [row.seq for row in reversed(page.rows)]
        assert [row.seq for row in audit_log.everything(context, filters)] == there
    assert back == there[::-1]
    return there


def test_the_log_is_read_newest_first_there_and_back(reading: Transaction, log: dict[str, int]) -> None:
    assert walk(reading, Filters()) == [9, 8, 7, 6, 5, 4, 3, 2, 1]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"action": "account.login"}, [7, 4, 1]),
        ({"action": "account"}, [7, 4, 1]),
        ({"action": "staff"}, [8, 5, 2]),
        ({"action": "consent"}, []),
        ({"actor": "staff"}, [8, 5, 2]),
        ({"actor": "command"}, [9, 6, 3]),
        ({"request": "test"}, [9, 8, 7, 6, 5, 4, 3, 2, 1]),
        ({"request": "another"}, []),
        # 21.30 UTC is 23.30 in Helsinki, and half an hour later another day begins there.
        ({"last": date(2026, 3, 2)}, [1]),
        ({"first": date(2026, 3, 3)}, [9, 8, 7, 6, 5, 4, 3, 2]),
        ({"first": date(2026, 3, 3), "last": date(2026, 3, 2)}, []),
        ({"actor": "staff", "action": "staff", "first": date(2026, 3, 3)}, [8, 5, 2]),
        ({"actor": "job"}, []),
    ],
)
def test_filters_narrow_it_down(
    reading: Transaction, log: dict[str, int], filters: dict[str, Any], found: list[int]
) -> None:
    assert walk(reading, Filters(**filters)) == found


def test_people_narrow_it_down(reading: Transaction, log: dict[str, int]) -> None:
    assert walk(reading, Filters(customer=log["one"])) == [7, 4, 1]
    assert walk(reading, Filters(employee=log["staff"])) == [8, 5, 2]
    assert walk(reading, Filters(customer=log["one"], employee=log["staff"])) == []
    with reading() as context:
        page = audit_log.listing(context, Filters(customer=log["other"]))
        assert page.staff == {log["staff"]: "Oona Aalto"} and list(page.customers) == [log["other"]]


def test_an_access_request_is_found_by_its_reference(reading: Transaction, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.customer(context)
        made, other = access_requests.ask(context, owner), access_requests.ask(context, owner)
        employee = builders.staff(context, "privacy").id
    with transaction(Actor("staff", employee)) as context:
        access_requests.lead_to(context, made, employee, State.IN_PROGRESS)
    with reading() as context:
        for typed in (made.reference, made.reference.lower()):
            rows = audit_log.listing(context, Filters(request=typed)).rows
            assert [row.action for row in rows] == ["access_request.moved", "access_request.received"]
        rows = audit_log.listing(context, Filters(request=other.reference, action="access_request")).rows
        assert [row.action for row in rows] == ["access_request.received"]
        for unknown in ("TP-2020-0001", "TP-1", "TP-x"):
            assert not audit_log.listing(context, Filters(request=unknown)).rows


@pytest.mark.security(44, 48)
@pytest.mark.parametrize(
    "given",
    [
        {"action": "account.unheard_of"},
        {"action": "acc"},
        {"actor": "root"},
        {"employee": "0"},
        {"employee": "9" * 40},
        {"employee": "1e0"},
        {"customer": "1"},
        {"customer": "00000000-0000-0000-0000-000000000007"},
    ],
)
def test_what_no_list_offers_is_refused(reading: Transaction, log: dict[str, int], given: dict[str, str]) -> None:
    with reading() as context, pytest.raises(ValueError):  # noqa: PT011 - each reason is one of the library's or ours
        audit_log.check_filters(context, given)


@pytest.mark.security(44, 48)
@pytest.mark.parametrize(
    "given",
    [
        {"first": "tomorrow"},
        {"last": "0001-01-01"},
        {"last": "9999-12-31"},
        {"request": "a b"},
        {"request": "a" * 41},
        {"request": "a%"},
    ],
)
def test_what_is_typed_and_cannot_be_meant_names_its_field(
    reading: Transaction, log: dict[str, int], given: dict[str, str]
) -> None:
    with reading() as context, pytest.raises(RuleBroken) as refused:
        audit_log.check_filters(context, given)
    assert [problem.field for problem in refused.value.problems] == list(given)


def test_the_address_says_every_filter(reading: Transaction, log: dict[str, int]) -> None:
    with reading() as context:
        uuid = db.session.get_one(Customer, log["one"]).uuid
        given = {
            "action": "account",
            "actor": "customer",
            "employee": str(log["staff"]),
            "customer": str(uuid),
            "first": "2026-03-01",
            "last": "2026-03-02",
            "request": "test",
        }
        filters = audit_log.check_filters(context, given)
    assert filters.used == list(given)
    assert (filters.customer, filters.employee, filters.last) == (log["one"], log["staff"], date(2026, 3, 2))


def test_a_cursor_belongs_to_its_filters(reading: Transaction, log: dict[str, int]) -> None:
    with reading() as context:
        older = audit_log.listing(context, Filters()).older or ""
        for filters in (Filters(actor="customer"), Filters(customer=log["one"]), Filters(first=date(2026, 3, 1))):
            with pytest.raises(ValueError, match="another list"):
                audit_log.listing(context, filters, after=older)
        with pytest.raises(ValueError, match="one direction"):
            audit_log.listing(context, Filters(), after=older, before=older)


def test_a_customer_is_found_by_number(reading: Transaction, log: dict[str, int]) -> None:
    with reading() as context:
        uuid = db.session.get_one(Customer, log["one"]).uuid
        for written in (f"C-{log['one']:06d}", str(log["one"]), f" c-{log['one']} "):
            assert audit_log.customer_of(context, written) == uuid
        for wrong in ("", "C-", "C-999999", "Aino", "9" * 40, "-1", "٣"):
            with pytest.raises(RuleBroken):
                audit_log.customer_of(context, wrong)


def test_reading_is_noted_once_for_each_look(
    transaction: Transaction, reading: Transaction, log: dict[str, int]
) -> None:
    reader, colleague = Actor("staff", log["staff"]), Actor("staff", 99)
    looks = [
        (reader, Filters(), 0),
        (reader, Filters(), 10),
        (reader, Filters(actor="staff"), 11),
        (reader, Filters(customer=log["one"]), 12),
        (reader, Filters(customer=log["other"]), 13),
        (reader, Filters(customer=log["one"]), 14),
        (colleague, Filters(), 15),
        (reader, Filters(), 31),
    ]
    for actor, filters, minutes in looks:
        with transaction(actor, now=START + timedelta(days=1, minutes=minutes)) as context:
            audit_log.note_reading(context, filters)
    with reading() as context:
        rows = list(audit_log.everything(context, Filters(action="audit.read")))[::-1]
    assert [(row.actor_id, row.customer_id, row.details["filters"]) for row in rows] == [
        (log["staff"], None, []),
        (log["staff"], None, ["actor"]),
        (log["staff"], log["one"], ["customer"]),
        (log["staff"], log["other"], ["customer"]),
        (99, None, []),
        (log["staff"], None, []),
    ]


def test_every_event_and_detail_has_words() -> None:
    keys = {key for details in EVENTS.values() for key in details}
    wanted = {f"privacy.detail.{key}" for key in keys} | {f"audit_group.{group}" for group in audit_log.groups()}
    wanted |= {f"audit.{action}" for action in EVENTS} | {f"audit_filter.{name}" for name in Filters().__dict__}
    missing = sorted(wanted - set(TEXTS))
    assert not missing, f"add {missing} to portal/rules/texts/privacy.py or audit.py: readers of the log see it"


@pytest.mark.parametrize("locale", LOCALES)
def test_details_are_told_in_words(locale: str) -> None:
    said = shown_details({"kind": "marketing_email", "choice": "given", "source": "phone"}, locale)
    assert len(said) == 3 and not {"marketing_email", "given", "phone"} & {line.split(": ")[1] for line in said}
    for details in ({"reason": "edited"}, {"kind": "password_changed"}, {"role": "orders"}):
        (line,) = shown_details(details, locale)
        assert line.split(": ")[1] not in details.values()
    assert shown_details({"filters": ["action", "first"]}, "en") == ["Filters used: Event, First day"]
    assert shown_details({"filters": []}, "en") == ["Filters used: –"]
    # A customer reads "you"; an employee reads "the customer".
    for source in ("account", "phone"):
        assert shown_details({"source": source}, locale) != shown_details({"source": source}, locale, for_staff=True)
