"""A message that a customer writes about a request is in the audit log (SECURITY 64)."""

import pytest

from tests.support.access_requests import MadeRequest
from tests.support.audited import audited
from tests.support.client import InvariantClient
from tests.support.fixtures import Transaction
from tests.web.access_requests.conftest import ALL


@pytest.mark.security(64)
def test_a_message_about_a_request(asker: InvariantClient, request_: MadeRequest, reading: Transaction) -> None:
    address = f"{ALL}/{request_.reference}/message"
    asker.submit(address, body="  ")
    assert audited(reading, "access_request.written_to") == []
    asker.submit(address, body="The year 2025.")
    ((customer, _, details),) = audited(reading, "access_request.written_to")
    assert customer is not None and details == {"request": request_.reference}
