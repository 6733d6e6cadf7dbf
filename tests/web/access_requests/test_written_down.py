"""What the customer sent outside the account, as the page of the request tells it."""

from datetime import date

from portal.models.access_request import AccessRequestNote
from portal.models.base import db
from portal.rules.formats import format_datetime
from tests.support.access_requests import MadeRequest
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.web.access_requests.conftest import ALL


def test_what_an_employee_wrote_down_is_told_as_that_with_the_day_on_which_it_came(
    asker: InvariantClient, request_: MadeRequest, employee: int, transaction: Transaction
) -> None:
    own = f"{ALL}/{request_.reference}"
    with transaction() as context:
        written_at = context.now
        shared = {"request_id": request_.id, "kind": "from_customer", "body": "Hello.", "staff_id": employee}
        for known in ({"channel": "letter", "received_on": date(2026, 11, 3)}, {}):
            db.session.add(AccessRequestNote(**shared, written_at=written_at, **known))
    asker.submit(f"{own}/message", body="And hello again.")
    page = asker.get(own)
    assert page.texts("[aria-labelledby=messages] h3") == ["Your letter", "Your message", "You wrote"]
    days = page.texts("[aria-labelledby=messages] .entries__head p")
    assert days[:2] == ["3 November 2026", format_datetime(written_at, "en")]
    assert page.texts("[aria-labelledby=messages] p.muted") == [
        f"Our customer service wrote this down on {format_datetime(written_at, 'en')}.",
        "Our customer service wrote this down at the time above. It may have come earlier.",
    ]
