"""What a known customer lacks and an order tells. Nothing the register holds already is ever overwritten.

A field that somebody emptied on purpose has a history and stays empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, Select, select

from portal.models.account import Account
from portal.models.customer import Customer, Provenance
from portal.models.database import connection
from portal.rules.context import Context
from portal.rules.register import Source
from portal.services.foundation.many_keys import among, listed
from portal.services.imports.details import DETAIL_FIELDS, EMAIL, PHONE, STREET, details_of
from portal.services.imports.received import Received
from portal.services.register import provenance

# What is filled together: parts of an address are never mixed with parts of another one.
_GROUPS = {
    "company": ("company",),
    "business_id": ("business_id",),
    "phone": ("phone",),
    "email": ("email", "email_identity"),
    "street": ("street", "postal_code", "city", "country"),
}
_FIELDS = [name for group in _GROUPS.values() for name in group]


class Completion:
    """Completes the customers of orders that are new or have changed."""

    def __init__(self, context: Context) -> None:
        # The value comes from the customer's order, whoever carries the file in.
        self._context = replace(context, source=Source.ORDER)
        self._rows: Select[*tuple[Any, ...]] = (
            select(Customer.id, Account.id.label("account"), *(getattr(Customer, name) for name in _FIELDS))
            .outerjoin(Account, Account.customer_id == Customer.id)
            .where(among(Customer.id, "listed"))
        )
        self._history: Select[*tuple[Any, ...]] = select(Provenance.customer_id, Provenance.field).where(
            among(Provenance.customer_id, "listed")
        )
        self._taken: Select[*tuple[Any, ...]] = select(Customer.email_identity).where(
            among(Customer.email_identity, "listed")
        )

    def complete(self, orders: Iterable[tuple[int, Received]]) -> None:
        """Fill what is empty in these (customer, order) pairs; the first order of a customer counts."""
        first: dict[int, Received] = {}
        for customer_id, order in orders:
            first.setdefault(customer_id, order)
        told = {row.id: values for row in self._read(self._rows, list(first)) if (values := _told(row, first[row.id]))}
        if not told:
            return
        history = {tuple(row) for row in self._read(self._history, list(told))}
        identities = [values["email_identity"] for values in told.values() if "email_identity" in values]
        taken = {row[0] for row in self._read(self._taken, identities)}
        for customer_id, values in told.items():
            wanted = {name: value for name, value in values.items() if (customer_id, name) not in history}
            if wanted.get("email_identity") in taken:
                # Somebody else has this mailbox already: nobody is matched by it, and it is not shared out again.
                del wanted["email"], wanted["email_identity"]
            if wanted:
                taken.add(wanted.get("email_identity"))
                provenance.set_fields(self._context, provenance.lock(customer_id), wanted)

    def _read(self, statement: Select[*tuple[Any, ...]], keys: Sequence[Any]) -> Sequence[Row[Any]]:
        if not keys:
            return []
        return connection().execute(statement, {"listed": listed(keys)}).all()


def _told(row: Row[Any], order: Received) -> dict[str, Any]:
    """What the order tells of the groups that are empty in a customer's row."""
    person, stored = order[3], order[4]
    cells = {
        "company": person[4],
        "business_id": person[5],
        "phone": stored[PHONE],
        "email": None if row.account else stored[EMAIL],
        "street": stored[STREET],
    }
    fields = [
        name
        for first, group in _GROUPS.items()
        if cells[first] and not any(getattr(row, name) for name in group if name != "country")
        for name in group
    ]
    if not fields:
        return {}
    details = dict(zip(DETAIL_FIELDS, details_of(order), strict=True))
    return {name: details[name] for name in fields if details[name]}
