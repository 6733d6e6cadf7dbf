"""What an answer in writing left out no page of the register shows, just as no copy by self-service holds it."""

from itertools import combinations

import pytest
from flask import Flask
from sqlalchemy import insert

from portal.models.access_request import AccessRequestNote
from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.access_requests import NoteKind, State
from portal.rules.context import Actor
from portal.rules.opening_purposes import OpeningPurpose
from portal.services.register import customer_openings
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.builders import Line, MadeAccount, MadeStaff
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.support.queries import statements

NOTES = "/privacy/requests/access-request-note"
SECRET = "The neighbour Veikko told us about it."
WHY = "Not shown because it would reveal information about another person"
SOURCES_OF_EVENTS = ("security_log.audit_event", "security_log.customer_opening", "security_log.provenance")
LAW = "Not shown because the law restricts it"


@pytest.fixture
def member(transaction: Transaction) -> MadeStaff:
    with transaction() as context:
        return builders.staff(context, "privacy")


@pytest.fixture
def asked(transaction: Transaction, owner: MadeAccount, member: MadeStaff) -> MadeRequest:
    """A request about which the customer's household has written what somebody else said."""
    with transaction(Actor("staff", member.id)) as context:
        request = access_requests.ask(context, owner.customer_id)
        values = {
            "kind": NoteKind.FROM_CUSTOMER.value,
            "body": SECRET,
            "written_at": context.now,
            "staff_id": member.id,
        }
        db.session.execute(insert(AccessRequestNote).values(request_id=request.id, **values))
    return request


def answer_in_part(
    transaction: Transaction, request: MadeRequest, member: MadeStaff, left_out: dict[str, str], *then: State
) -> None:
    with transaction() as context:
        access_requests.lead_to(context, request, member.id, State.IN_PROGRESS)
        access_requests.make_copy(context, request, left_out=left_out)
        access_requests.lead_to(context, request, member.id, *(then or (State.PARTLY_ANSWERED,)))


def test_a_part_left_out_is_named_with_the_reason_and_the_way_to_ask_and_shown_nowhere(
    shopper: InvariantClient, transaction: Transaction, asked: MadeRequest, member: MadeStaff
) -> None:
    # Nobody has decided yet: the customer's own data are shown.
    assert SECRET in shopper.get(NOTES).page_text
    answer_in_part(transaction, asked, member, {"requests.access_request_note": "other_persons"})
    overview, page = shopper.get("/privacy"), shopper.get(NOTES)
    assert SECRET not in overview.page_text and SECRET not in page.page_text
    assert WHY in overview.page_text and WHY in page.page_text
    (link,) = overview.select(f'.counts a[href="{NOTES}"]')
    assert link.parent is not None and "(" not in link.parent.get_text()
    assert "ask for it in a new access request" in page.page_text
    assert page.select('main a[href="/privacy/access-requests"]')
    assert "Nothing is stored" not in page.page_text


def test_an_answer_that_gives_everything_shows_it_again(
    shopper: InvariantClient, transaction: Transaction, asked: MadeRequest, member: MadeStaff, owner: MadeAccount
) -> None:
    answer_in_part(transaction, asked, member, {"requests.access_request_note": "other_persons"})
    with transaction() as context:
        again = access_requests.ask(context, owner.customer_id)
        access_requests.lead_to(context, again, member.id, State.IN_PROGRESS, State.ANSWERED)
    assert SECRET in shopper.get(NOTES).page_text
    assert WHY not in shopper.get(NOTES).page_text


def test_of_somebody_else_nothing_is_left_out(
    shopper: InvariantClient, transaction: Transaction, asked: MadeRequest, member: MadeStaff
) -> None:
    with transaction() as context:
        other = access_requests.ask(context, builders.account(context).customer_id)
    answer_in_part(transaction, other, member, {"requests.access_request_note": "other_persons"})
    assert SECRET in shopper.get(NOTES).page_text


def test_the_views_of_employees_are_left_out_of_the_list_of_events_and_of_their_count(
    shopper: InvariantClient, transaction: Transaction, asked: MadeRequest, member: MadeStaff, owner: MadeAccount
) -> None:
    with transaction(Actor("staff", member.id)) as context:
        name = db.session.get_one(Customer, owner.customer_id).uuid
        customer_openings.open_customer(context, name, OpeningPurpose.DATA_REQUEST)
    events, overview = shopper.get("/privacy/activity"), shopper.get("/privacy")
    assert "A request for one's own data" in events.page_text
    assert "Our employees have opened your details once" in overview.page_text
    answer_in_part(transaction, asked, member, {"security_log.customer_opening": "restricted_by_law"})
    events, overview = shopper.get("/privacy/activity"), shopper.get("/privacy")
    assert "A request for one's own data" not in events.page_text and LAW in events.page_text
    assert "Logged in" in events.page_text
    assert "have opened your details" not in overview.page_text
    assert "No employee has opened your details." not in overview.page_text


@pytest.mark.parametrize("query", ["", "?show=views"])
@pytest.mark.parametrize("left_out", [some for size in (1, 2, 3) for some in combinations(SOURCES_OF_EVENTS, size)])
def test_the_list_of_events_opens_whatever_was_left_out_of_it(
    shopper: InvariantClient,
    transaction: Transaction,
    asked: MadeRequest,
    member: MadeStaff,
    owner: MadeAccount,
    left_out: tuple[str, ...],
    query: str,
) -> None:
    with transaction(Actor("staff", member.id)) as context:
        name = db.session.get_one(Customer, owner.customer_id).uuid
        customer_openings.open_customer(context, name, OpeningPurpose.DATA_REQUEST)
    answer_in_part(transaction, asked, member, dict.fromkeys(left_out, "restricted_by_law"))
    events = shopper.get(f"/privacy/activity{query}")
    assert events.status_code == 200
    assert (LAW in events.page_text) == (not query or left_out != ("security_log.provenance",))
    opened = "A request for one's own data" in events.page_text
    assert opened == ("security_log.customer_opening" not in left_out)
    logged_in = "Logged in" in events.page_text
    assert logged_in == ("security_log.audit_event" not in left_out and not query)


def test_a_row_borrows_nothing_from_a_part_that_was_left_out(
    shopper: InvariantClient, transaction: Transaction, asked: MadeRequest, member: MadeStaff, owner: MadeAccount
) -> None:
    with transaction() as context:
        builders.order(context, owner.customer_id, external_id="10248", lines=(Line("Lamp"),))
    lines = "/privacy/purchase/order-line"
    assert "VK-10248" in shopper.get(lines).page_text
    answer_in_part(transaction, asked, member, {"purchase.orders": "other_persons"})
    page = shopper.get(lines)
    assert "Lamp" in page.page_text and "VK-10248" not in page.page_text


def test_what_is_left_out_is_not_even_read(
    app: Flask, shopper: InvariantClient, transaction: Transaction, asked: MadeRequest, member: MadeStaff
) -> None:
    answer_in_part(transaction, asked, member, {"requests.access_request_note": "other_persons"})
    with statements(app) as asked_of_database:
        shopper.get(NOTES)
    assert not [statement for statement in asked_of_database if "access_request_note" in statement]
