"""A letter of a request opens by the address of that request alone (SECURITY 33)."""

import pytest

from portal.rules.access_requests import LetterKind
from portal.services.requests import access_request_papers
from tests.support import access_requests, builders
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction
from tests.web.admin.answering import address
from tests.web.admin.conftest import Employee


@pytest.mark.security(33)
def test_a_letter_opens_with_its_own_request_only(
    officer: Employee, asked: MadeRequest, transaction: Transaction
) -> None:
    with transaction() as context:
        other = access_requests.ask(context, builders.account(context).customer_id)
        member = builders.staff(context, "privacy").id
        for request in (asked, other):
            access_requests.write_letter(context, request, LetterKind.EXTENSION, member)
        own, foreign = (access_request_papers.letters(context, request.id)[0].number for request in (asked, other))
    browser, _ = officer()
    assert browser.get(address(asked, f"letters/{own}.pdf")).status_code == 200
    assert browser.get(address(asked, f"letters/{foreign}.pdf")).status_code == 404
