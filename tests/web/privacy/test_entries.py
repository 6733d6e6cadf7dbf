"""The entries of a part: what each is called, and where its heading leads."""

from datetime import UTC, datetime

from sqlalchemy import insert

from portal.models.access_request import AccessRequestNote
from portal.models.base import db
from portal.models.customer import Customer
from portal.rules.access_requests import NoteKind
from portal.rules.consents import KINDS, Action
from portal.services.choices import consent_events
from portal.services.choices.consent_events import Said
from portal.services.register.register_parts import family, parts
from tests.support import access_requests
from tests.support.builders import MadeAccount
from tests.support.canaries import Planter
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction

NUMBERS = ("number", "reference")
# A part of one row stands on the privacy page itself; its page holds what was joined.
NUMBERED = [
    part for part in parts() if not part.single and any(name in t.c for t in family(part.table) for name in NUMBERS)
]


def test_the_numbered_parts_are_those_of_orders_and_requests() -> None:
    tables = {part.table for part in NUMBERED}
    assert {"orders", "order_line", "access_request", "access_request_letter", "access_request_check"} <= tables


def test_a_list_without_anything_in_it_is_no_value(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        access_requests.ask(context, owner.customer_id)
    page = shopper.get("/privacy/requests/access-request")
    assert "Your own words" not in page.texts(".facts--values dt")
    assert all(page.texts(".facts--values dd"))


def test_a_note_between_employees_is_named_and_not_shown_before_somebody_has_reviewed_it(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        for kind in NoteKind:
            values = {"request_id": request.id, "kind": kind.value, "body": f"Words {kind}.", "written_at": context.now}
            db.session.execute(insert(AccessRequestNote).values(**values))
    page = shopper.get("/privacy/requests/access-request-note")
    shown = page.texts(".facts--values dd")
    assert {"Words from_customer.", "Words to_customer."} <= set(shown)
    assert "Words internal." not in page.get_data(as_text=True)
    (said,) = [value for value in shown if "nobody has checked yet" in value]
    assert "Ask for your data in writing" in said


def test_a_file_attached_to_such_a_note_is_listed_without_its_name(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        request = access_requests.ask(context, owner.customer_id)
        for kind in NoteKind:
            access_requests.attach(context, request, kind, name=f"{kind}.pdf")
    page = shopper.get("/privacy/requests/stored-file")
    shown = page.texts(".facts--values dd")
    assert {"from_customer.pdf", "to_customer.pdf"} <= set(shown)
    assert "internal.pdf" not in page.get_data(as_text=True)
    (said,) = [value for value in shown if "nobody has checked yet" in value]
    assert "Ask for your data in writing" in said


def test_entries_are_called_by_the_order_or_request_they_belong_to_and_lead_there(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction(now=datetime.now(UTC)) as context:
        flock = Planter(context).plant()
        db.session.get_one(Customer, flock.customer_id).merged_into_id = owner.customer_id
    planted = {(item.table, item.column): item.value for item in flock.canaries}
    number, reference = planted["orders", "number"], planted["access_request", "reference"]
    for part in NUMBERED:
        order = part.table.startswith("order")
        headings = shopper.get(f"/privacy/{part.category}/{part.slug}").select(".entries h2 a")
        assert {heading.string for heading in headings} == {
            f"Order {number}" if order else f"Access request {reference}"
        }, part
        assert {heading["href"] for heading in headings} == {
            f"/orders/{number}" if order else f"/privacy/access-requests/{reference}"
        }, part
    assert shopper.get(f"/privacy/access-requests/{reference}").status_code == 200


def test_a_proof_is_called_by_the_choice_it_proves(
    shopper: InvariantClient, owner: MadeAccount, transaction: Transaction
) -> None:
    with transaction() as context:
        words = Said("fi", "Luettu teksti", 1)
        for action in (Action.GIVEN, Action.WITHDRAWN):
            consent_events.append(context, owner.customer_id, KINDS["marketing_sms"], action, words)
    headings = shopper.get("/privacy/proof/consent-event").texts(".entries h2")
    what = "Direct marketing by text message"
    assert headings == [f"{what} · Consent withdrawn", f"{what} · Consent given"]
