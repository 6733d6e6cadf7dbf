"""An employee's recovery codes: made after both factors, each good for one log-in (SECURITY 24, 26)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from time_machine import TimeMachineFixture

from portal.models.audit import AuditEvent
from tests.support.fixtures import NewClient

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PATH = "/admin/account/recovery-codes"


@pytest.mark.security(26, 64)
def test_a_code_stands_in_for_the_telephone_once(
    employee: Any, new_client: NewClient, events: Callable[[str], list[AuditEvent]], time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    colleague, made = employee("auditor")
    codes = colleague.submit(PATH).texts(".codes code")
    assert len(set(codes)) == 10
    assert "10" in colleague.get("/admin/account").texts(".summary__value")[0]
    for expected in (303, 422):
        browser = new_client()
        asked = browser.follow(browser.submit("/admin/login", email=made.email, password=made.password))
        assert browser.submit_form(asked, code=codes[0]).status_code == expected
    (event,) = events("staff.recovery_code_used")
    assert event.details == {"left": 9}
    assert len(events("staff.recovery_codes_made")) == 1


@pytest.mark.security(24)
def test_codes_are_made_after_a_fresh_proof_alone(employee: Any, time_machine: TimeMachineFixture) -> None:
    time_machine.move_to(NOON, tick=False)
    colleague, _made = employee("auditor")
    time_machine.move_to(NOON + timedelta(minutes=11), tick=False)
    assert colleague.get(PATH).location == f"/admin/confirm?next={PATH}"
