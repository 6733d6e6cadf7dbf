"""The copy that answers a request: asked for by an employee, seen, and taken with a fresh proof of identity."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.support import access_requests
from tests.support.access_requests import MadeRequest
from tests.support.fixtures import Transaction
from tests.web.admin.answering import address, download
from tests.web.admin.conftest import Employee


def test_a_copy_is_asked_for_and_seen(
    officer: Employee, asked: MadeRequest, reading: Transaction, transaction: Transaction
) -> None:
    browser, _ = officer()
    page = browser.follow(browser.submit(address(asked, "copy")))
    assert "The copy is being made." in page.page_text
    assert "Asked for" in page.select("section[aria-labelledby=copy]")[0].get_text()
    with transaction() as context:
        access_requests.make_copy(context, asked, b"PK the copy")
    shown = browser.get(address(asked)).select("section[aria-labelledby=copy]")[0].get_text()
    assert "5c2b" not in shown and "SHA-256" in shown


@pytest.mark.security(24, 64)
def test_the_copy_is_taken_with_a_fresh_proof_and_logged(
    officer: Employee, asked: MadeRequest, transaction: Transaction, events: Any, time_machine: Any
) -> None:
    browser, member = officer()
    path = address(asked, "copy.zip")
    assert browser.get(path).status_code == 404
    with transaction() as context:
        access_requests.make_copy(context, asked, b"PK the copy")
    answer = download(browser, path)
    assert (answer.mimetype, answer.get_data()) == ("application/zip", b"PK the copy")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    (event,) = events("access_request.copy_taken")
    assert (event.staff_id, event.customer_id, event.details) == (
        member.id, asked.customer_id, {"request": asked.reference},
    )  # fmt: skip
    time_machine.move_to(datetime.now(UTC) + timedelta(minutes=11))
    assert browser.get(path).location == f"/admin/confirm?next={path.removesuffix('/copy.zip')}"
    assert len(events("access_request.copy_taken")) == 1
