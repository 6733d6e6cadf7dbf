"""Which of several requests is the second within twelve months: by their days of receipt."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from portal.models.access_request import AccessRequest
from portal.models.base import db
from portal.rules.access_requests import State
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def test_the_days_of_receipt_decide_which_request_is_the_second(transaction: Transaction, reading: Transaction) -> None:
    with transaction(now=MONDAY) as context:
        owner = builders.account(context).customer_id
        worker = builders.staff(context).id
        first, closed = (access_requests.ask(context, owner) for _ in range(2))
        access_requests.lead_to(context, closed, worker, State.IN_PROGRESS, State.REFUSED)
    with transaction(now=MONDAY) as context:
        # Letters that were found late.
        early, earliest = (
            access_requests.enter(context, owner, received_on=TODAY - timedelta(days=days)) for days in (20, 40)
        )

    def repeated(request: MadeRequest) -> int | None:
        with reading():
            own = select(AccessRequest.earlier_id).where(AccessRequest.id == request.id)
            return db.session.execute(own).scalar_one()

    assert [repeated(request) for request in (earliest, early, first)] == [None, earliest.id, early.id]
    # What was decided was decided on what was known then.
    assert repeated(closed) == first.id
