"""The copy that answers a request is asked for before the decision, also when both come at once."""

import pytest
from sqlalchemy import func, select

from portal.models.base import db
from portal.models.data_copy import DataCopy
from portal.rules.access_requests import State
from portal.rules.errors import RuleBroken
from portal.services import request_copies, request_openings
from tests.support import access_requests, builders
from tests.support.fixtures import Transaction


@pytest.mark.security("R11")
def test_no_copy_is_asked_for_once_somebody_else_has_decided(
    transaction: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction() as context:
        member = builders.staff(context)
        asked = access_requests.ask(context, builders.account(context).customer_id)
        # What an employee read who was about to ask for a copy when a colleague decided.
        read = request_openings.find(context, asked.reference)
        access_requests.lead_to(context, asked, member.id, State.IN_PROGRESS, State.REFUSED)
    monkeypatch.setattr(request_openings, "require", lambda _context, _reference: read)
    with pytest.raises(RuleBroken) as broken, transaction() as context:
        request_copies.ask(context, asked.reference)
    assert [problem.code for problem in broken.value.problems] == ["access_request.decided"]
    with transaction():
        assert db.session.execute(select(func.count()).select_from(DataCopy)).scalar_one() == 0
