"""What a customer follows in the portal is listed before an employee disables the account (decision 24)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from time_machine import TimeMachineFixture

from portal.rules.access_requests import State
from portal.rules.opening_purposes import OpeningPurpose
from portal.services.requests import requests_in_portal
from tests.support import access_requests, builders
from tests.support.fixtures import Transaction

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_what_the_customer_follows_in_the_portal_is_listed_before_it_closes(
    employee: Any, uuid_of: Callable[[int], UUID], transaction: Transaction, time_machine: TimeMachineFixture
) -> None:
    time_machine.move_to(NOON, tick=False)
    with transaction() as context:
        owner = builders.account(context, email="aino@example.com")
    path = f"/admin/customers/{uuid_of(owner.customer_id)}/access"
    colleague = employee("customer_care")[0]
    colleague.submit_form(colleague.follow(colleague.get(path)), purpose=OpeningPurpose.CUSTOMER_CONTACT.value)
    assert "Tarkastuspyynnöt" not in " ".join(colleague.get(path).texts(".notice"))
    with transaction() as context:
        officer = builders.staff(context, "privacy").id
        going_on, answered, refused = (access_requests.ask(context, owner.customer_id) for _ in range(3))
        access_requests.lead_to(context, answered, officer, State.IN_PROGRESS, State.ANSWERED)
        access_requests.lead_to(context, refused, officer, State.IN_PROGRESS, State.REFUSED)
    [notice] = colleague.get(path).texts(".notice")
    assert f"{going_on.reference} : Vastaanotettu" in notice and f"{answered.reference} : Vastattu" in notice
    assert refused.reference not in notice and "Tulosta ja lähetä postitse" in notice
    # When the time of the copy is over there is nothing to fetch any more.
    with transaction(now=NOON + timedelta(days=100)) as context:
        left = requests_in_portal.of_customer(context, owner.customer_id)
    assert [request.reference for request in left] == [going_on.reference]
