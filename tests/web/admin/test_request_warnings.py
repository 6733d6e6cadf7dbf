"""What the page of a request warns of before it is answered: a changed text, young details, another name, lateness."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.rules.access_requests import State
from portal.rules.register import Source
from portal.services.register import provenance
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction
from tests.web.admin.answering import address, entered, lead, step_of
from tests.web.admin.conftest import Employee


def test_a_text_that_was_changed_behind_our_back_is_noticed(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, _ = officer()
    assert "checked: the text is unaltered" in browser.get(address(asked)).page_text
    with transaction():
        columns = AccessRequest.__table__.columns
        like = dict(db.session.execute(select(*columns).where(AccessRequest.id == asked.id)).one()._mapping)
        forged = {**like, "reference": "TP-2026-0777", "statement": "Jotakin muuta", "submission": "0" * 32}
        db.session.execute(insert(AccessRequest).values(**{k: v for k, v in forged.items() if k != "id"}))
    page = browser.get("/admin/requests/TP-2026-0777")
    assert "The request is not as it was signed" in page.page_text
    assert "checked: the text is unaltered" not in page.page_text


def test_contact_details_changed_lately_are_named(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    browser, member = officer()
    changed = {"street": "Uusikatu 9", "postal_code": "00100"}
    with transaction(now=datetime.now(UTC) - timedelta(days=31)) as context:
        provenance.set_fields(context, provenance.lock(asked.customer_id), {"phone": "+358501112223"})
    assert "Contact details were changed lately" not in browser.get(address(asked)).page_text
    with transaction(source=Source.PHONE) as context:
        provenance.set_fields(context, provenance.lock(asked.customer_id), changed)
    (warning,) = browser.get(address(asked)).select(".notice--warn")
    assert "Street" in warning.get_text()
    assert "Phone" not in warning.get_text()
    # Nothing is sent any more.
    lead(transaction, asked, member, State.IN_PROGRESS, State.REFUSED)
    assert "Contact details were changed lately" not in browser.get(address(asked)).page_text


def test_a_signature_of_another_name_leads_to_the_question(officer: Employee, transaction: Transaction) -> None:
    with transaction() as context:
        owner = builders.account(context, first_name="Áile", last_name="Ŋuorgŧŧa", email="aile@example.org")
        same = access_requests.ask(context, owner.customer_id, name="  áile   ŊUORGŦŦA")
        other = access_requests.ask(context, owner.customer_id, name="Aku Ankka")
    browser, member = officer(same)
    assert "The signature is not the registered name" not in browser.get(address(same)).page_text
    page = browser.get(address(other))
    (warning,) = page.select(".notice--warn")
    assert "Aku Ankka" in warning.get_text() and "Áile Ŋuorgŧŧa" in warning.get_text()
    assert warning.select(f"a[href='{step_of(other, 'identity-question')}']")
    lead(transaction, other, member, State.IDENTITY_CHECK, State.IN_PROGRESS)
    assert not browser.get(address(other)).select(".notice--warn")


def test_a_request_whose_time_is_over_says_how_late_it_is(officer: Employee, transaction: Transaction) -> None:
    browser, member = officer()
    late = entered(transaction, member.id, 60)
    browser.submit(address(late, "open"))
    (warning,) = browser.get(address(late)).select(".notice--bad")
    assert "days late" in warning.get_text()
    lead(transaction, late, member, State.IN_PROGRESS, State.REFUSED)
    assert not browser.get(address(late)).select(".notice--bad")
