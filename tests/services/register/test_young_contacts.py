"""Which contact details are too young to receive a copy: one rule for everybody who asks."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from portal.models.account import EmailChange
from portal.models.base import db
from portal.rules.register import Source
from portal.services.register import provenance, young_contacts
from tests.support import builders
from tests.support.builders import MadeAccount
from tests.support.fixtures import Transaction

NOW = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def owner(transaction: Transaction) -> MadeAccount:
    with transaction(now=NOW - timedelta(days=1)) as context:
        return builders.account(context, phone=None)


def change(transaction: Transaction, owner: MadeAccount, when: datetime, **values: str | None) -> None:
    with transaction(now=when, source=Source.ACCOUNT) as context:
        provenance.set_fields(context, provenance.lock(owner.customer_id), values)


@pytest.mark.parametrize(("age", "young"), [(timedelta(days=30) - MOMENT, True), (timedelta(days=30), False)])
def test_a_change_is_young_for_thirty_days(
    transaction: Transaction, reading: Transaction, owner: MadeAccount, age: timedelta, young: bool
) -> None:
    when = NOW - age
    change(transaction, owner, when, street="Uusikatu 1", first_name="Muu")
    with transaction(now=when) as context:
        row = {"account_id": owner.id, "nonce": bytes(16), "created_at": when, "expires_at": when}
        addresses = {"old_email": "a@example.com", "new_email": "b@example.com", "new_identity": "b@example.com"}
        db.session.execute(insert(EmailChange).values(**row, **addresses, confirmed_at=when))
    with reading(now=NOW) as context:
        assert young_contacts.changed(context, owner.customer_id) == ({"street": when} if young else {})
        assert young_contacts.address_changed(context, owner.customer_id) == (when if young else None)
        assert young_contacts.login_changed(context, owner.customer_id) == (when if young else None)


def test_what_was_given_where_there_was_none_is_young_and_what_came_with_the_record_is_not(
    transaction: Transaction, reading: Transaction, owner: MadeAccount
) -> None:
    with reading(now=NOW) as context:
        assert young_contacts.changed(context, owner.customer_id) == {}
    change(transaction, owner, NOW, phone="+358501112223")
    with reading(now=NOW) as context:
        assert young_contacts.changed(context, owner.customer_id) == {"phone": NOW}
        assert young_contacts.address_changed(context, owner.customer_id) is None
