"""The demo's customers, their shop numbers and their accounts, as rows."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import insert, select

from portal.cli.demo.changes import values_before
from portal.cli.demo.credentials import Hashes
from portal.cli.demo.orders import DAYS
from portal.cli.demo.people import Person
from portal.models.account import Account
from portal.models.base import db
from portal.models.customer import Customer, CustomerKey
from portal.rules.context import Context
from portal.rules.email_identity import check_email
from portal.rules.register import Source

FIRST_SHOP_NUMBER = 10_401
SEED = 77


def add_customers(context: Context, people: Sequence[Person], shop_id: int) -> dict[Person, int]:
    """Insert the customers with the shop's numbers. Returns their row numbers."""
    chance = Random(SEED)  # noqa: S311 - the demo is meant to be the same every time
    rows = [_customer(context, person, chance) for person in people]
    statement = insert(Customer).returning(Customer.id, sort_by_parameter_order=True)
    ids = dict(zip(people, db.session.execute(statement, rows).scalars().all(), strict=True))
    keys = [
        {"shop_id": shop_id, "external_key": str(FIRST_SHOP_NUMBER + 7 * position), "customer_id": customer_id}
        for position, customer_id in enumerate(ids.values())
    ]
    db.session.execute(insert(CustomerKey), keys)
    return ids


def add_accounts(
    context: Context, people: Sequence[Person], ids: dict[Person, int], hashes: Hashes
) -> dict[Person, int]:
    """Insert the accounts. Returns their row numbers."""
    owners = [person for person in people if person.account and person.email]
    came = {row.id: row.created_at for row in db.session.execute(select(Customer.id, Customer.created_at))}
    rows = [
        {
            "customer_id": ids[person],
            "email": person.email,
            "email_identity": check_email(person.email or "").identity,
            "password_hash": hashes.customer if person is people[0] else hashes.everybody_else,
            "password_changed_at": context.now - timedelta(days=200),
            # They came to the register by opening the account.
            "created_at": came[ids[person]],
        }
        for person in owners
    ]
    statement = insert(Account).returning(Account.id, sort_by_parameter_order=True)
    return dict(zip(owners, db.session.execute(statement, rows).scalars().all(), strict=True))


def _customer(context: Context, person: Person, chance: Random) -> dict[str, object]:
    return {
        "uuid": uuid.UUID(int=chance.getrandbits(128), version=4),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "company": person.company,
        "business_id": person.business_id,
        "email": person.email,
        "email_identity": check_email(person.email).identity if person.email else None,
        "phone": person.phone,
        "street": person.street,
        "postal_code": person.postal_code,
        "city": person.city,
        "country": person.country,
        "language": person.language,
        "source": (Source.REGISTRATION if person.account else Source.ORDER).value,
        "created_at": context.now - timedelta(days=DAYS + chance.randint(1, 200)),
        "version": 1,
        **values_before(person),
    }
