"""Before a second factor is removed, an employee reads which contact details were changed lately."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from portal.rules.opening_purposes import OpeningPurpose
from portal.services.register import provenance
from tests.support import builders
from tests.support.fixtures import Transaction


@pytest.mark.security(16)
def test_contact_details_changed_lately_are_named(
    employee: Any, transaction: Transaction, uuid_of: Callable[[int], UUID]
) -> None:
    with transaction() as context:
        owner = builders.account(context, email="aino@example.com")
        builders.second_factor(context, owner.id)
    path = f"/admin/customers/{uuid_of(owner.customer_id)}/second-factor"
    browser = employee("customer_care")[0]
    browser.submit_form(browser.follow(browser.get(path)), purpose=OpeningPurpose.CUSTOMER_CONTACT.value)
    with transaction(now=datetime.now(UTC) - timedelta(days=31)) as context:
        provenance.set_fields(context, provenance.lock(owner.customer_id), {"city": "Tampere"})
    assert not browser.get(path).select(".notice--warn")
    with transaction() as context:
        provenance.set_fields(context, provenance.lock(owner.customer_id), {"phone": "+358501112223"})
    (warning,) = browser.get(path).select(".notice--warn")
    assert "Puhelinnumero" in warning.get_text()
    assert "Postitoimipaikka" not in warning.get_text()
